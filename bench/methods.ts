/**
 * Integrated gradients of the built-in model over 50 texts: how many gradient evaluations the completeness gap of 1 % takes.
 */
import { loadModel } from "../src/engine/load-model.js";
import { times } from "./settings.js";
import { texts } from "./texts.js";

const model = await loadModel("./models/sentiment/", { backend: "wasm" });
const gaps: number[] = [];
const counts: number[] = [];
for (const text of texts.slice(0, times(texts.length, 5))) {
  const { quality } = await model.attribute({ text, method: "integrated-gradients" });
  const of = (name: string): number => quality.find((entry) => entry.name === name)?.value ?? Number.NaN;
  gaps.push(of("completeness-gap"));
  counts.push(of("evaluations"));
}
await model.dispose();
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
console.log(
  JSON.stringify([
    {
      method: "integrated-gradients", texts: gaps.length,
      "gradient evaluations, mean": mean(counts), "most": Math.max(...counts),
      "gap, mean": mean(gaps), "gap, largest": Math.max(...gaps), "texts with a gap above 1 %": gaps.filter((gap) => !(gap <= 0.01)).length,
    },
  ]),
);
process.exit(0);
