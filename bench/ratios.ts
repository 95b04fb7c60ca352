/**
 * One process, one thread count, one model: medians of interleaved runs of a plain session and of ours (prediction, with attention, with the
 * exact gradient), as JSON on the last line. Usage: ratios THREADS "MODEL NAME" LENGTHS
 */
import { configure } from "../src/engine/locations.js";
import { median } from "./median.mjs";
import { times } from "./settings.js";
import { ours, plain, subjects, type SubjectName } from "./subject.js";

const [threadsText, name, lengthsText] = process.argv.slice(2) as [string, SubjectName, string];
const threads = Number(threadsText);
configure({ threads });

const bytes = subjects[name]();
const runPlain = await plain(bytes, threads);
const session = await ours(bytes);
const rows = [];
for (const length of lengthsText.split(",").map(Number)) {
  const contenders = { plain: () => runPlain(length), predict: () => session.predict(length), attention: () => session.attention(length), gradient: () => session.gradient(length) };
  const taken: Record<keyof typeof contenders, number[]> = { plain: [], predict: [], attention: [], gradient: [] };
  const rounds = times(length >= 512 ? 7 : length >= 128 ? 15 : 31);
  for (let round = -2; round < rounds; round++)
    for (const [contender, run] of Object.entries(contenders) as [keyof typeof contenders, () => Promise<unknown>][]) {
      const start = performance.now();
      await run();
      if (round >= 0) taken[contender].push(performance.now() - start);
    }
  // ratios are medians of the ratios of one round, so that a slow moment of the machine falls on both
  const ratio = (a: keyof typeof contenders, b: keyof typeof contenders): number => median(taken[a].map((time, round) => time / taken[b][round]!));
  rows.push({
    model: name, threads, tokens: length,
    "plain ms": median(taken.plain),
    "prediction ÷ plain": ratio("predict", "plain"),
    "with attention ÷ prediction": ratio("attention", "predict"),
    "(forward + gradient) ÷ forward": ratio("gradient", "predict"),
    "(forward + gradient) ÷ plain": ratio("gradient", "plain"),
  });
}
console.log(JSON.stringify(rows));
process.exit(0);
