/**
 * What methods that ask a model many times cost, against the plain runs that they cannot avoid: a session with onnxruntime-web's defaults on the
 * untouched file, one thread. Plain runs are timed before and after ours, in the same process. Usage: explanations "MODEL NAME"
 */
import { configure } from "../src/engine/locations.js";
import type { LanguageModel } from "../src/engine/types.js";
import type { AttributionExplanation } from "../src/explanation/types.js";
import { median } from "./median.mjs";
import { loadSubject } from "./model-folder.js";
import { times } from "./settings.js";
import { plainSession, subjects, type SubjectName } from "./subject.js";
import { textOfTokens } from "./texts.js";

const TOKENS = 32;
const BATCH = 16;
configure({ threads: 1 });

const name = process.argv[2] as SubjectName;
const model: LanguageModel = await loadSubject(name);
const run = await plainSession(subjects[name](), 1);
const text = await textOfTokens(model, TOKENS);
const ids = (await model.tokenize({ text })).map(({ id }) => id);

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};
const plainRuns = async (rows: readonly (readonly number[])[]): Promise<number[]> => {
  const taken: number[] = [];
  for (let round = 0; round < times(50, 3); round++) taken.push(await timed(() => run(rows)));
  return taken;
};

const asked = [
  { method: "lime", options: { samples: times(1000, 64), mask: "delete" } },
  { method: "lime", options: { samples: times(1000, 64), mask: "mask" } },
  { method: "partition-shap", options: { evaluations: times(500, 32), mask: "mask" } },
] as const;

const table = [];
const batch = Array.from({ length: BATCH }, () => ids);
await model.predict({ text });
for (const rows of [[ids], batch]) await plainRuns(rows); // the first runs are slower: the runtime is still being compiled
for (const { method, options } of asked) {
  const single = await plainRuns([ids]);
  const batched = await plainRuns(batch);
  let found: AttributionExplanation | undefined;
  const ours = await timed(async () => (found = (await model.explain({ kind: "attribution", text, method, options })) as AttributionExplanation));
  single.push(...(await plainRuns([ids])));
  batched.push(...(await plainRuns(batch)));
  const count = "samples" in options ? options.samples : options.evaluations;
  const [alone, together] = [median(single), median(batched) / BATCH];
  table.push({
    model: name, tokens: ids.length, method, absent: options.mask === "delete" ? "deleted" : "masked", rows: count, "rows really run": found!.quality.find((each) => each.name === "evaluations")!.value,
    "plain run, ms": alone, "ours, s": ours / 1000, "ours ÷ single plain runs": ours / (count * alone), "ours ÷ the same rows batched": ours / (count * together),
  });
}
await model.dispose();
console.log(JSON.stringify(table));
process.exit(0);
