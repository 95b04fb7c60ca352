/**
 * Which method serves best, decided by the area between its curves against the band of random rankings. A method within the band is no better than
 * chance on this text, whatever the other numbers say; with one unit, or when nothing moves the prediction, no ranking can be told from another.
 */
import type { FaithfulnessExplanation, JudgedMethod } from "../../explanation/faithfulness.js";
import type { Band } from "./judge.js";

/** Areas closer than this share of what chance does (the width of the band) are one: so small a difference tells no method from another. */
const CLOSE = 0.02;
/** A band narrower than this holds rankings that the model cannot tell apart: float32's own noise. */
const NOISE = 1e-6;

/** Over a corpus: a p after correction above it may be chance. */
const LEVEL = 0.05;
/** Whether a method is better than chance has one side; the p that is stored has two. */
const TWO_SIDED = 2 * LEVEL;

export type Verdict =
  /** methods by their place in the list, the best first: those that share the largest area, and all above the band */
  | { readonly outcome: "best"; readonly best: readonly number[]; readonly aboveChance: readonly number[] }
  | { readonly outcome: "none" | "one-unit" | "flat" | "no-method" };

/** `areas`: [method], null where a method gave no answer; `chance`: the areas' band of random rankings; `units`: of the text, the most of a corpus */
export function faithfulnessVerdict(areas: readonly (number | null)[], chance: Band | null, units: number): Verdict {
  const judged = areas.flatMap((area, index) => (area === null ? [] : [{ area, index }])).sort((a, b) => b.area - a.area || a.index - b.index);
  if (judged.length === 0 || !chance) return { outcome: "no-method" };
  if (units < 2) return { outcome: "one-unit" };
  const most = judged[0]!.area;
  const width = chance.high - chance.low;
  if (width <= NOISE && Math.abs(most - chance.mean) <= NOISE) return { outcome: "flat" };
  const above = judged.filter(({ area }) => area > chance.high + NOISE);
  if (above.length === 0) return { outcome: "none" };
  return { outcome: "best", best: above.filter(({ area }) => area >= most - CLOSE * width).map(({ index }) => index), aboveChance: above.map(({ index }) => index) };
}

/** Over a corpus a method is above chance when it is so after correction; those above chance that the texts cannot tell from the first share its place. */
export function verdictOverTexts(methods: readonly Pick<JudgedMethod, "values" | "over">[]): Verdict {
  const answered = methods.flatMap(({ values, over }, index) => (typeof values["area"] === "number" && over?.chance ? [{ area: values["area"], chance: over.chance, best: over.best, index }] : []));
  if (answered.length === 0) return { outcome: "no-method" };
  const above = answered.filter(({ chance: { low, adjusted } }) => low !== null && low > 0 && adjusted <= TWO_SIDED).sort((a, b) => b.area - a.area || a.index - b.index);
  if (above.length === 0) return { outcome: "none" };
  const level = above.filter(({ best }, place) => place === 0 || !best || best.adjusted > LEVEL || (best.high ?? 0) >= 0);
  return { outcome: "best", best: level.map(({ index }) => index), aboveChance: above.map(({ index }) => index) };
}

/** Of a report: on a text by its band of chance, on a corpus text by text. */
export function verdictOf({ methods, random, units, corpus }: Pick<FaithfulnessExplanation, "methods" | "random" | "units" | "corpus">): Verdict {
  return corpus ? verdictOverTexts(methods) : faithfulnessVerdict(methods.map(({ values }) => values["area"] ?? null), random.values["area"] ?? null, units.length);
}
