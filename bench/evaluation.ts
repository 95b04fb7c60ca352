/**
 * Evaluation of a CSV by the built-in model, against the plain model runs that it cannot avoid: the same tokens through a session with
 * onnxruntime-web's defaults, in batches of 16 of alike lengths (every tenth batch is timed and counted ten times). Usage: evaluation ROWS
 */
import { writeFileSync, rmSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-web";
import { configure } from "../src/engine/locations.js";
import { loadModel } from "../src/engine/load-model.js";
import type { EvaluationExplanation } from "../src/explanation/types.js";
import { texts } from "./texts.js";

const count = Number(process.argv[2] ?? 20_000);
const [BATCH, SHARE] = [16, 10];
configure({ threads: 1 });
ort.env.wasm.numThreads = 1;

const folder = mkdtempSync(join(tmpdir(), "bench-evaluation-"));
const file = join(folder, "rows.csv");
const rows = Array.from({ length: count }, (_, row) => `${row} ${texts[row % texts.length]!} ${texts[(row * 7 + Math.floor(row / texts.length)) % texts.length]!}`);
writeFileSync(file, ["text,label,source", ...rows.map((text, row) => `"${text.replaceAll('"', '""')}",${row % 2},${row % 3 ? "web" : "mail"}`)].join("\n"));

const model = await loadModel("./models/sentiment/", { backend: "wasm" });
const request = { kind: "evaluation", text: "", data: file } as const;
const timed = async (slices: string): Promise<{ seconds: number; found: EvaluationExplanation }> => {
  const begun = performance.now();
  const found = (await model.explain({ ...request, slices })) as EvaluationExplanation;
  return { seconds: (performance.now() - begun) / 1000, found };
};
const { seconds: first, found } = await timed("lang, length, contains(not|不), source × lang");
const { seconds: again } = await timed("lang, length, source");

const tokens: number[][] = [];
for (const text of rows) tokens.push((await model.tokenize({ text })).map(({ id }) => id));
tokens.sort((a, b) => a.length - b.length);
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync("models/sentiment/onnx/model.onnx")), { executionProviders: ["wasm"], logSeverityLevel: 3 });
let plain = 0;
for (let at = -BATCH; at < tokens.length; at += BATCH * SHARE) {
  const batch = tokens.slice(Math.max(0, at), Math.max(0, at) + BATCH);
  const length = batch.at(-1)!.length;
  const dims = [batch.length, length];
  const fill = (value: (row: number, place: number) => number) => BigInt64Array.from({ length: batch.length * length }, (_, index) => BigInt(value(Math.floor(index / length), index % length)));
  const feeds = { input_ids: new ort.Tensor("int64", fill((row, place) => batch[row]![place] ?? 0), dims), attention_mask: new ort.Tensor("int64", fill((row, place) => (place < batch[row]!.length ? 1 : 0)), dims) };
  const begun = performance.now();
  await session.run(feeds);
  if (at >= 0) plain += (SHARE * (performance.now() - begun)) / 1000; // the first run only warms up
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify([{
  rows: found.data.rows, "slices shown": found.slices.length, "slices searched": found.worst.tested, "plain runs, s": plain, "evaluation, s": first, "evaluation ÷ plain": first / plain,
  "other slices, same data, s": again, "other slices ÷ plain": again / plain,
}]));
process.exit(0);
