/** A bias probe as plain text: groups, then differences with why they carry a conclusion or not. */
import type { BiasExplanation } from "../explanation/types.js";
import { number, table } from "./table.js";

const cautions = { few: "too few pairs", zero: "interval includes zero", chance: "chance alone makes such a difference often", many: "too many comparisons for it" } as const;

export function biasText({ groups, fillings, summaries, comparisons, target }: BiasExplanation): string {
  const range = (low: number | null, high: number | null) => (low === null || high === null ? "" : `${number(low)} to ${number(high)}`);
  const means = summaries.map(({ group, measure, n, mean, low, high }) => [groups[group]!, measure, `${n}`, number(mean), range(low, high)]);
  const differences = comparisons.map(({ group, measure, n, difference, low, high, adjusted, cohenD, cautions: found }) => [
    `${groups[group]!} − ${groups[0]!}`, measure, `${n}`, number(difference), range(low, high), cohenD === null ? "" : number(cohenD), number(adjusted), found.length === 0 ? "differs" : found.map((caution) => cautions[caution]).join("; "),
  ]);
  return `bias probe · ${fillings.length} texts · target ${target.label}\n\n${table(["group", "measure", "n", "mean", "95 %"], means)}\n\n${table(["difference", "measure", "pairs", "mean", "95 %", "d", "p", "says"], differences)}`;
}
