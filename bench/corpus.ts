/**
 * A corpus of many texts: reading it (a vector and a prediction of each, with progress) against the plain batched runs of the same tokens that it cannot
 * avoid; then what a query takes, against one prediction. The texts are the built-in corpus's, each with several openings. Usage: corpus ROWS
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "../src/engine/load-model.js";
import { configure } from "../src/engine/locations.js";
import type { ExamplesExplanation } from "../src/explanation/examples.js";
import { median } from "./median.mjs";
import { plainBatches } from "./plain-batches.js";
import { times } from "./settings.js";
import { plainSession, subjects } from "./subject.js";
import { texts as queries } from "./texts.js";

const openings = [
  "", "Honestly: ", "To be fair: ", "As I said before: ", "A second look: ", "My view in short: ", "For what it is worth: ", "After a week: ", "Once more: ", "Let me be plain: ",
  "Seen twice by now. ", "Asked by friends, I say: ", "Nothing to add but this: ", "Written on the train home. ", "A note to myself: ", "Third try. ", "In a word or two: ", "With some distance: ", "My brother's words: ", "No joke: ",
];
const count = Number(process.argv[2] ?? 10_000);
/** Of so many plain batches one is timed. */
const SHARE = 5;
configure({ threads: 1 });

const reviews = JSON.parse(readFileSync("corpora/reviews.json", "utf8")) as { text: string; label: string }[];
const rows = Array.from({ length: count }, (_, row) => ({ ...reviews[row % reviews.length]!, text: `${openings[Math.floor(row / reviews.length) % openings.length]!}${reviews[row % reviews.length]!.text}` }));
const folder = mkdtempSync(join(tmpdir(), "bench-corpus-"));
const file = join(folder, "corpus.json");
writeFileSync(file, JSON.stringify(rows));

const model = await loadModel("./models/sentiment/", { backend: "wasm" });
const tokens: number[][] = [];
for (const { text } of rows) tokens.push((await model.tokenize({ text })).map(({ id }) => id));
const run = await plainSession(subjects.sentiment(), 1);
const before = await plainBatches(run, tokens, SHARE);

/** Milliseconds till the list of examples is known, and till it is drawn with the attributions of all of them. */
async function query(text: string, onReading = (): void => undefined): Promise<{ list: number; whole: number; rows: number }> {
  const begun = performance.now();
  let list = 0;
  const found = (await model.explain({ kind: "examples", corpus: file, text }, {
    onProgress: ({ partial, loaded, total }) => {
      if (partial && loaded < total && total < count) list ||= performance.now() - begun;
      else onReading();
    },
  })) as ExamplesExplanation;
  return { list, whole: performance.now() - begun, rows: found.corpus.rows };
}

let heard = 0;
const reading = await query(queries[0]!, () => void heard++);
const after = await plainBatches(run, tokens, SHARE);
const asked: { list: number; whole: number; prediction: number }[] = [];
for (const text of queries.slice(1, 1 + times(20, 2))) {
  const begun = performance.now();
  await model.predict({ text });
  const prediction = performance.now() - begun;
  asked.push({ prediction, ...(await query(text)) });
}
rmSync(folder, { recursive: true });
const of = (field: keyof (typeof asked)[number]): number => median(asked.map((each) => each[field]));
const plain = (before + after) / 2;
console.log(JSON.stringify([{
  texts: reading.rows, "plain batched runs, s": plain, "reading and first query, s": reading.whole / 1000, "reading ÷ plain": reading.whole / 1000 / plain, "progress told": heard,
  "prediction, ms": of("prediction"), "list of a query, ms": of("list"), "list ÷ prediction": median(asked.map(({ list, prediction }) => list / prediction)), "query with attributions, ms": of("whole"),
}]));
process.exit(0);
