/** A faithfulness report as plain text. */
import type { FaithfulnessExplanation } from "../explanation/types.js";
import { verdictOf, type Verdict } from "../methods/faithfulness/verdict.js";
import { table } from "./table.js";

const outcomes: Readonly<Record<Verdict["outcome"], string>> = {
  best: "", none: "no method ranks the words better than chance", "one-unit": "one word only: no ranking can be told from another", flat: "no word changes the prediction: no ranking can be told from another",
  "no-method": "no method gave an answer",
};

/** The verdict in one line, with the number of random rankings behind it. */
function verdictText(explanation: FaithfulnessExplanation): string {
  const { methods, random } = explanation;
  const verdict = verdictOf(explanation);
  if (verdict.outcome !== "best") return outcomes[verdict.outcome];
  const best = verdict.best.map((index) => methods[index]!.method.name).join(" and ");
  return `best: ${best}, ahead of ${methods[verdict.best[0]!]!.beats} of ${random.rankings} random rankings; ${verdict.aboveChance.length} of ${methods.length} methods above chance`;
}

/** The report as a table, with the band of chance below the methods and the verdict above them. */
export function faithfulnessText(explanation: FaithfulnessExplanation): string {
  const { metrics, methods, random } = explanation;
  const cell = (value: number | null | undefined, interval?: { readonly low: number; readonly high: number }): string =>
    value === null || value === undefined ? "–" : `${value.toFixed(3)}${interval ? ` ±${((interval.high - interval.low) / 2).toFixed(3)}` : ""}`;
  const rows = [
    ...methods.map(({ method, values, beats, failed, over }) => [method.preset ? `${method.name}:${method.preset}` : method.name, ...metrics.map((metric) => (failed ? "–" : cell(values[metric], over?.intervals[metric]))), failed ? "failed" : String(beats)]),
    ...(["low", "high"] as const).map((edge) => [`random, ${edge === "low" ? "5 %" : "95 %"}`, ...metrics.map((metric) => cell(random.values[metric]?.[edge])), ""]),
  ];
  const failures = methods.flatMap(({ method, failed }) => (failed ? [`${method.name}: ${failed}`] : []));
  const { corpus, sample, seed } = explanation;
  const drawn = corpus && sample ? [`${sample.lines.length} of ${corpus.rows} texts of ${corpus.reference}, seed ${seed}${sample.skipped > 0 ? `, ${sample.skipped} left out` : ""}; ±: 95 % over the texts`] : [];
  return [`faithfulness${explanation.preset && ` as ${explanation.preset} judges`} · ${verdictText(explanation)}`, ...drawn, "", table(["method", ...metrics, "beats"], rows), "", ...failures].join("\n");
}
