// How much memory a large export takes while it is loaded: node bench/large-file.mjs [MEGABYTES]. Writes a model of that size to the temporary
// folder (a word table of a quarter of it, then matrices of 768 × 3072), loads it in a process of its own on wasm, predicts once, and prints the
// process's highest resident size above that of a process that loads a small model, divided by the file's size. Needs dist/ (npm run build).
import { spawnSync } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const LIMIT = 1.3;
const [WIDTH, INNER, CHUNK] = [768, 3072, 8 * 2 ** 20];

if (process.argv[2] === "--load") {
  const { loadModel } = await import("../dist/index.js");
  const before = process.memoryUsage().rss;
  const model = await loadModel(process.argv[3], { backend: "wasm" });
  const { logits } = await model.predict({ text: "the film was good" });
  console.log(JSON.stringify({ before, most: process.resourceUsage().maxRSS * 1024, finite: logits.every(Number.isFinite) }));
} else {
  const megabytes = Number(process.argv[2] ?? 500);
  const folder = mkdtempSync(join(tmpdir(), "lexiscope-large-"));
  try {
    const tokenizer = join(root, "test/engine/fixtures/gpt2");
    for (const name of ["tokenizer.json", "tokenizer_config.json"]) copyFileSync(join(tokenizer, name), join(folder, name));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ architectures: ["ToyForSequenceClassification"] }));
    const file = join(folder, "model.onnx");
    writeModel(file, megabytes * 1e6);
    const size = statSync(file).size;
    const [small, large] = [load(tokenizer), load(folder)];
    const ratio = (large.most - small.most) / size;
    console.log(`${(size / 1e6).toFixed(0)} MB: at most ${((large.most - small.most) / 1e6).toFixed(0)} MB more than with a small model, ${ratio.toFixed(2)} × the file (limit ${LIMIT})`);
    process.exitCode = large.finite && ratio <= LIMIT ? 0 : 1;
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
}

function load(folder) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--load", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Written piece by piece: ids → words → (MatMul, MatMul)* → mean → classes. */
function writeModel(path, bytes) {
  const words = Math.floor(bytes / 4 / WIDTH / 4);
  const pairs = Math.max(1, Math.round((bytes - words * WIDTH * 4) / (2 * WIDTH * INNER * 4)));
  const tensors = [["words", [words, WIDTH]], ["head", [WIDTH, 3]]];
  const nodes = [node("Gather", ["words", "input_ids"], ["x0"])];
  for (let pair = 0; pair < pairs; pair++) {
    tensors.push([`up${pair}`, [WIDTH, INNER]], [`down${pair}`, [INNER, WIDTH]]);
    nodes.push(node("MatMul", [`x${pair}`, `up${pair}`], [`h${pair}`]), node("Tanh", [`h${pair}`], [`t${pair}`]), node("MatMul", [`t${pair}`, `down${pair}`], [`x${pair + 1}`]));
  }
  const axes = field(5, [...text(1, "axes"), ...varintField(8, 1), ...varintField(20, 7)]);
  const keepdims = field(5, [...text(1, "keepdims"), ...varintField(3, 0), ...varintField(20, 2)]);
  nodes.push(node("ReduceMean", [`x${pairs}`], ["mean"], [axes, keepdims]), node("MatMul", ["mean", "head"], ["logits"]));
  const heads = tensors.map(([name, shape]) => [...shape.flatMap((extent) => varintField(1, extent)), ...varintField(2, 1), ...text(8, name)]);
  const sizes = tensors.map(([, shape]) => shape.reduce((product, extent) => product * extent, 4));
  const bodies = tensors.map((_, at) => heads[at].length + varint(9 * 8 + 2).length + varint(sizes[at]).length + sizes[at]);
  const input = [...text(1, "input_ids"), ...field(2, field(1, [...varintField(1, 7), ...field(2, [...field(1, text(2, "batch")), ...field(1, text(2, "token"))])]))];
  const output = [...text(1, "logits"), ...field(2, field(1, [...varintField(1, 1), ...field(2, [...field(1, text(2, "batch")), ...field(1, varintField(1, 3))])]))];
  const rest = [...nodes.flat(), ...text(2, "large"), ...field(11, input), ...field(12, output)];
  const graph = rest.length + bodies.reduce((sum, body) => sum + varint(5 * 8 + 2).length + varint(body).length + body, 0);
  const out = openSync(path, "w");
  const write = (values) => writeSync(out, Uint8Array.from(values));
  write([...varintField(1, 8), ...field(8, varintField(2, 17)), ...varint(7 * 8 + 2), ...varint(graph), ...rest]);
  const noise = Float32Array.from({ length: CHUNK / 4 }, (_, index) => Math.sin(index * 12.9898) / 30);
  tensors.forEach((_, at) => {
    write([...varint(5 * 8 + 2), ...varint(bodies[at]), ...heads[at], ...varint(9 * 8 + 2), ...varint(sizes[at])]);
    for (let done = 0; done < sizes[at]; done += CHUNK) writeSync(out, new Uint8Array(noise.buffer, 0, Math.min(CHUNK, sizes[at] - done)));
  });
  closeSync(out);
}

function varint(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}
function varintField(number, value) {
  return [...varint(number * 8), ...varint(value)];
}
function field(number, bytes) {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}
function text(number, value) {
  return field(number, [...new TextEncoder().encode(value)]);
}
function node(opType, inputs, outputs, attributes = []) {
  return field(1, [...inputs.flatMap((name) => text(1, name)), ...outputs.flatMap((name) => text(2, name)), ...text(4, opType), ...attributes.flat()]);
}
