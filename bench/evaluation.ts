/**
 * Evaluation of a CSV by the built-in model, against the plain model runs that it cannot avoid: the same tokens through a session with
 * onnxruntime-web's defaults, in batches of 16 of alike lengths (every tenth batch is timed and counted ten times). Usage: evaluation ROWS
 */
import { writeFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure } from "../src/engine/locations.js";
import { loadModel } from "../src/engine/load-model.js";
import type { EvaluationExplanation } from "../src/explanation/types.js";
import { plainBatches } from "./plain-batches.js";
import { plainSession, subjects } from "./subject.js";
import { texts } from "./texts.js";

const count = Number(process.argv[2] ?? 20_000);
/** Of so many plain batches one is timed. */
const SHARE = 10;
configure({ threads: 1 });

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
const plain = await plainBatches(await plainSession(subjects.sentiment(), 1), tokens, SHARE);
rmSync(folder, { recursive: true });
console.log(JSON.stringify([{
  rows: found.data.rows, "slices shown": found.slices.length, "slices searched": found.worst.tested, "plain runs, s": plain, "evaluation, s": first, "evaluation ÷ plain": first / plain,
  "other slices, same data, s": again, "other slices ÷ plain": again / plain,
}]));
process.exit(0);
