/**
 * Two groups measured in the same places (the same template with another word): the mean difference with a bootstrap interval, an exact or sampled
 * sign-flip test, and effect sizes; and in plain terms why such a sample cannot carry a conclusion. The places are those that were written: an interval
 * says how much they disagree, not how the language as a whole behaves.
 * Sources: Efron 1979 (percentile bootstrap of the pairs); Fisher 1935, Pitman 1937 (sign flips of paired differences); Cohen 1988 (d of differences);
 * Cliff 1993 (delta).
 */
import { Random } from "../../base/random.js";
import { mean, variance } from "../../base/statistics.js";
import { percentileInterval } from "../evaluation/intervals.js";

export interface PairedComparison {
  /** pairs */
  readonly n: number;
  /** mean of a − b */
  readonly difference: number;
  /** bootstrap, percentiles; both NaN for fewer than two pairs */
  readonly low: number;
  readonly high: number;
  /** two-sided, of sign flips; 1 for no pairs */
  readonly p: number;
  /** all 2ⁿ sign flips were counted; otherwise they were sampled */
  readonly exact: boolean;
  /** mean difference ÷ standard deviation of the differences; NaN for fewer than two pairs, infinite where all differences are alike */
  readonly cohenD: number;
  /** share of all a above all b, minus share below: −1 to 1 */
  readonly cliffDelta: number;
}

export interface ComparisonOptions {
  readonly seed?: number;
  /** of the bootstrap; 2000 when not given */
  readonly resamples?: number;
  readonly confidence?: number;
}

/** Up to 2¹⁴ sign flips are counted. */
const COUNTED_PAIRS = 14;
const SAMPLED_FLIPS = 20_000;
/** Sums that differ by rounding only count as equal. */
const AS_LARGE = 1 - 1e-9;

function signFlips(differences: readonly number[], seed: number): { readonly p: number; readonly exact: boolean } {
  const n = differences.length;
  const seen = Math.abs(differences.reduce((sum, value) => sum + value, 0)) * AS_LARGE;
  const reaches = (signs: (index: number) => boolean): boolean => Math.abs(differences.reduce((sum, value, index) => sum + (signs(index) ? value : -value), 0)) >= seen;
  if (n <= COUNTED_PAIRS) {
    let count = 0;
    for (let mask = 0; mask < 2 ** n; mask++) if (reaches((index) => Boolean(mask & (1 << index)))) count++;
    return { p: count / 2 ** n, exact: true };
  }
  const random = new Random(seed, 1);
  let count = 1; // the sample itself: p is never 0
  for (let sample = 0; sample < SAMPLED_FLIPS; sample++) if (reaches(() => random.bits() >= 2 ** 31)) count++;
  return { p: count / (SAMPLED_FLIPS + 1), exact: false };
}

/** Percentile interval of the mean, by drawing with replacement; NaN for fewer than two values. */
export function meanInterval(values: readonly number[], { seed = 0, resamples = 2000, confidence = 0.95 }: ComparisonOptions = {}): { readonly low: number; readonly high: number } {
  if (values.length < 2) return { low: NaN, high: NaN };
  const random = new Random(seed);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[random.integer(values.length)]!;
    return sum / values.length;
  });
  return percentileInterval(means, confidence);
}

export function cliffDelta(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const left of a) for (const right of b) sum += Math.sign(left - right);
  return a.length * b.length === 0 ? 0 : sum / (a.length * b.length);
}

/** `a` and `b` are paired: equally many, in the same order. */
export function pairedComparison(a: readonly number[], b: readonly number[], options: ComparisonOptions = {}): PairedComparison {
  const differences = a.map((value, index) => value - b[index]!);
  const difference = differences.length === 0 ? 0 : mean(differences);
  const spread = differences.length < 2 ? NaN : Math.sqrt(variance(differences));
  return {
    n: differences.length, difference, ...meanInterval(differences, options), ...signFlips(differences, options.seed ?? 0),
    cohenD: spread === 0 && difference === 0 ? 0 : difference / spread, cliffDelta: cliffDelta(a, b),
  };
}

/**
 * Why a comparison carries no conclusion: "few": so few pairs that no result could be significant at this level; "zero": the interval includes zero;
 * "chance": the test does not reach the level; "many": it does, but not after correction for all comparisons made.
 */
export type Caution = "few" | "zero" | "chance" | "many";

/** `adjusted`: p after correction. Empty where the difference stands. */
export function cautionsOf({ n, low, high, p }: PairedComparison, adjusted: number, alpha = 0.05): Caution[] {
  const cautions: Caution[] = [];
  if (n === 0 || 2 ** (1 - n) > alpha) cautions.push("few");
  if (!(low > 0 || high < 0)) cautions.push("zero");
  if (p > alpha) cautions.push("chance");
  else if (adjusted > alpha) cautions.push("many");
  return cautions;
}
