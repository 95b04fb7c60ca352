// What works with any ONNX file: npm run zoo -- FOLDER-OR-FILE. Prints a file's anatomy, whether attention comes out (run, rows summing to 1,
// and softmax(cap(QKᵀ·scale) + bias) against the pattern), whether the gradient does (against central differences), and otherwise the reason.
// A tool for whoever works on the patterns and rules; what users get is `lexiscope inspect`.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import * as ort from "onnxruntime-web";

const root = fileURLToPath(new URL("..", import.meta.url));
const [place] = process.argv.slice(2);
if (place === undefined) {
  console.error("usage: npm run zoo -- FOLDER-OR-FILE");
  process.exit(2);
}
const TOKENS = 6;
const LARGEST = 1e7; // elements of an input
ort.env.wasm.numThreads = 1;

const lexiscope = await bundle(`
  export { decodeModel } from "./src/onnx/decode.js";
  export { encodeModel, appendOutputs } from "./src/onnx/encode.js";
  export { takeBranches } from "./src/graph/branches.js";
  export { FIXED } from "./src/engine/instrument.js";
  export { Graph } from "./src/graph/graph.js";
  export { dissect } from "./src/anatomy/dissect.js";
  export { summarize } from "./src/anatomy/describe.js";
  export { differentiate, gradientPath } from "./src/autodiff/index.js";
  export { lower } from "./src/lowering/index.js";
`);

let failures = 0;
for (const file of filesAt(place)) {
  console.log(`\n${relative(process.cwd(), file) || file}`);
  for (const line of await examine(file)) console.log(`  ${line}`);
}
process.exitCode = failures > 0 ? 1 : 0;

async function bundle(contents) {
  const folder = mkdtempSync(join(tmpdir(), "lexiscope-zoo-"));
  const outfile = join(folder, "zoo.mjs");
  try {
    await build({ stdin: { contents, resolveDir: root, loader: "ts" }, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesAt(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true }).filter((name) => name.endsWith(".onnx")).sort().map((name) => join(path, name));
}

async function examine(file) {
  const bytes = new Uint8Array(readFileSync(file));
  let graph, anatomy, lowered, refused, decided;
  try {
    const model = lexiscope.decodeModel(bytes);
    const taken = lexiscope.takeBranches(model, lexiscope.FIXED);
    decided = taken !== model;
    graph = lexiscope.Graph.of(taken);
    ({ lowered, refused } = lexiscope.lower(graph));
    anatomy = lexiscope.dissect(graph);
  } catch (error) {
    failures++; // whatever the file is, finding nothing is an answer and an exception is not
    return [`FAILED: ${error.stack ?? error}`];
  }
  const rewritten = lowered.length > 0 || decided ? lexiscope.encodeModel(graph.toModel()) : bytes;
  return [
    ...(decided ? ["a branch was taken whose condition is known"] : []),
    ...counted(lowered).map(([name, count]) => `taken apart: ${count} × ${name}`),
    ...(lowered.length > 0 ? [await outcome("scores", () => checkScores(bytes, rewritten, graph, anatomy))] : []),
    ...refused.map(({ node, reason }) => `not taken apart: ${reason} (node "${node}")`),
    ...lexiscope.summarize(anatomy),
    await outcome("attention", () => checkAttention(rewritten, graph, anatomy)), await outcome("gradient", () => checkGradient(rewritten, anatomy)),
  ];
}

function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
}

// what taking apart changed, in the scores
async function checkScores(before, after, graph, anatomy) {
  if (anatomy.logits === null) return "none";
  const feeds = feedsOf(graph, anatomy);
  const [{ data: was }, { data: is }] = [(await run(before, feeds, [anatomy.logits.value]))[anatomy.logits.value], (await run(after, feeds, [anatomy.logits.value]))[anatomy.logits.value]];
  const largest = was.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  return `as before within ${(is.reduce((most, score, i) => Math.max(most, Math.abs(score - was[i])), 0) / largest).toExponential(1)} of the largest`;
}

async function outcome(what, check) {
  try {
    return `-> ${what}: ${await check()}`;
  } catch (error) {
    return `-> ${what}: no: ${String(error.message ?? error).replace(/^no gradient: /, "").split("\n")[0].slice(0, 300)}`;
  }
}

async function checkAttention(bytes, graph, anatomy) {
  if (anatomy.attention.length === 0) return "none";
  const outputs = new Set(graph.graphOutputs.map(({ name }) => name));
  const names = anatomy.attention.flatMap(({ probabilities, query, key, bias }) => [probabilities, query, key, bias]).filter((name) => name !== null && name !== "");
  const initializers = new Set(names.filter((name) => graph.initializer(name) !== undefined));
  const exposed = lexiscope.appendOutputs(bytes, [...new Set(names)].filter((name) => !outputs.has(name) && !initializers.has(name)));
  const values = await run(exposed, feedsOf(graph, anatomy), [...new Set(names)].filter((name) => !initializers.has(name)));
  let [rows, worst, formulas] = [0, 0, 0];
  for (const block of anatomy.attention) {
    const pattern = values[block.probabilities];
    const keys = pattern.dims.at(-1);
    for (let i = 0; i < pattern.data.length; i += keys) rows = Math.max(rows, Math.abs(1 - pattern.data.subarray(i, i + keys).reduce((a, b) => a + b, 0)));
    if (block.query === null || block.scale === null || block.extra.length > 0 || initializers.has(block.bias)) continue;
    formulas++;
    const computed = pattern.type === "float32" ? softmaxOf(block, values[block.query], values[block.key], block.bias === null ? null : values[block.bias]) : pattern.data;
    for (let i = 0; i < computed.length; i++) worst = Math.max(worst, Math.abs(computed[i] - pattern.data[i]));
  }
  if (Object.values(values).some(({ type }) => type !== "float32")) return `${anatomy.attention.length} patterns (not float32, numbers not compared)`;
  return `${anatomy.attention.length} patterns, rows sum to 1 within ${rows.toExponential(1)}; ${formulas} also from Q and K, within ${worst.toExponential(1)}`;
}

// softmax(cap(QKᵀ·scale) + bias) [batch, head, query, key]
function softmaxOf({ keyTransposed, scale, softcap }, query, key, bias) {
  const [batch, heads, queries, size] = query.dims;
  const keys = key.dims[keyTransposed ? 3 : 2];
  const result = new Float32Array(batch * heads * queries * keys);
  const at = (dims, index) => dims.reduce((offset, extent, axis) => offset * extent + (extent === 1 ? 0 : index[index.length - dims.length + axis]), 0);
  for (let b = 0; b < batch; b++) for (let h = 0; h < heads; h++) for (let q = 0; q < queries; q++) {
    const scores = Array.from({ length: keys }, (_, k) => {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += query.data[at(query.dims, [b, h, q, i])] * key.data[at(key.dims, keyTransposed ? [b, h, i, k] : [b, h, k, i])];
      const score = softcap > 0 ? softcap * Math.tanh((dot * scale) / softcap) : dot * scale;
      return score + (bias === null ? 0 : bias.data[at(bias.dims, [b, h, q, k])]);
    });
    const top = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - top));
    const sum = powers.reduce((a, c) => a + c, 0);
    powers.forEach((power, k) => (result[((b * heads + h) * queries + q) * keys + k] = power / sum));
  }
  return result;
}

async function checkGradient(bytes, { embeddings, logits }) {
  if (embeddings === null || logits === null) return "no: nothing to differentiate, or nothing to differentiate by";
  const graph = lexiscope.Graph.of(lexiscope.decodeModel(bytes));
  const { nodes, refused } = lexiscope.gradientPath(graph, logits.value, embeddings.value);
  if (refused.length > 0) return `no: ${[...new Set(refused.map(({ reason }) => reason))].join("; ")}`;
  if (graph.dtype(embeddings.value) !== "float32") return `${nodes.length} nodes on the path have rules (${graph.dtype(embeddings.value)}, numbers not compared)`;
  // an offset added to the lookup: differences of the scores along it are what the gradient has to say
  graph.addInput("zoo_offset", "float32", graph.shape(embeddings.value));
  const [moved] = graph.emit("Add", [embeddings.value, "zoo_offset"]);
  const adder = graph.producer(moved);
  graph.replaceUses(embeddings.value, moved, (node) => node === adder);
  lexiscope.differentiate(graph, { of: logits.value, wrt: moved, seed: "zoo_seed", into: "zoo_gradient" });
  graph.addOutput(embeddings.value);
  const model = lexiscope.encodeModel(graph.toModel());
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3, graphOptimizationLevel: "basic" });
  try {
    const feeds = feedsOf(graph, { embeddings });
    const ids = feeds[embeddings.ids];
    const dims = [...ids.dims, embeddings.width];
    const size = dims.reduce((a, b) => a * b, 1);
    const scores = (await run(bytes, feeds, [logits.value]))[logits.value].dims;
    const one = new Float32Array(scores.reduce((a, b) => a * b, 1)); // the last score of the last token
    one[one.length - 1] = 1;
    const seed = new ort.Tensor("float32", one, scores);
    const evaluate = async (offset) => {
      const results = await session.run({ ...feeds, zoo_offset: new ort.Tensor("float32", offset, dims), zoo_seed: seed });
      return { score: results[logits.value].data.at(-1), gradient: results.zoo_gradient.data };
    };
    const random = generator(7);
    const direction = Float32Array.from({ length: size }, () => random() - 0.5);
    const { gradient } = await evaluate(new Float32Array(size));
    const analytic = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
    const step = 2e-3; // larger steps cross the corners of ReLU, smaller ones drown in float32
    const [up, down] = [await evaluate(direction.map((d) => d * step)), await evaluate(direction.map((d) => -d * step))];
    const numeric = (up.score - down.score) / (2 * step);
    // rounding makes the scores a staircase: the gradient goes straight through it, differences see the steps
    const steps = graph.nodes.some(({ opType }) => opType === "DynamicQuantizeLinear" || opType === "QuantizeLinear");
    return `${steps ? "straight through rounding, which differences cannot check" : "exact"}, ${nodes.length} nodes; along a random direction ${analytic.toPrecision(5)}, by central differences ${numeric.toPrecision(5)}`;
  } finally {
    await session.release();
  }
}

async function run(bytes, feeds, names) {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3, graphOptimizationLevel: "basic" });
  try {
    return await session.run(feeds, names);
  } finally {
    await session.release();
  }
}

/** Random ids; everything else by what it is for: rows of other tables count up from 0, other integers are 1 (masks), caches are empty. */
function feedsOf(graph, { embeddings }) {
  const random = generator(1);
  const feeds = {};
  for (const { name, type } of graph.graphInputs) {
    if (graph.initializer(name) !== undefined || name.startsWith("zoo_")) continue;
    const dims = (type?.shape ?? [1, TOKENS]).map((dim, axis) => (typeof dim === "number" && dim > 0 ? dim : /past/i.test(String(dim)) && !/total|\+/.test(String(dim)) ? 0 : axis === 0 ? 1 : TOKENS));
    const size = dims.reduce((a, b) => a * b, 1);
    if (size > LARGEST) throw new Error(`input "${name}" of shape [${dims.join(", ")}] is too large to make up`);
    const length = dims.at(-1);
    const fill = name === embeddings?.ids ? () => Math.floor(random() * Math.max(1, embeddings.vocabulary ?? 2)) : /position/i.test(name) ? (i) => i % length : /type|segment/i.test(name) ? () => 0 : /ids/i.test(name) ? () => Math.floor(random() * 3) : () => 1;
    const values = Array.from({ length: size }, (_, i) => fill(i));
    const dtype = type?.dtype ?? "int64";
    feeds[name] = new ort.Tensor(dtype, dtype === "int64" ? BigInt64Array.from(values, BigInt) : dtype === "float16" ? new Uint16Array(size).fill(0x3c00) : values, dims);
  }
  return feeds;
}

function generator(seed) {
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}
