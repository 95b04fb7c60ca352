/**
 * Exact tests of counts: Fisher's of two shares, McNemar's of two models on the same rows. Not for metrics that are no shares: those are
 * tested over resamples. Sums run over every possible table, by logarithms of factorials, so that 20,000 rows do not overflow.
 * Sources: Fisher 1922; McNemar 1947, exact binomial form.
 */

const logFactorials: number[] = [0];

/** ln n!, remembered. */
function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++) logFactorials.push((logFactorials[next - 1] as number) + Math.log(next));
  return logFactorials[n] as number;
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Tables as likely as the one that was seen differ from it by rounding only. */
const AS_LIKELY = 1 + 1e-7;

/**
 * p of `hits` of `count` in a part against the rest, given `allHits` of `all`: one-sided "more" (the part has at least so many), "fewer", or
 * "differs" (all tables that are no likelier than this one).
 */
export function fisherExact(hits: number, count: number, allHits: number, all: number, alternative: "more" | "fewer" | "differs" = "differs"): number {
  const [first, last] = [Math.max(0, count - (all - allHits)), Math.min(count, allHits)];
  const whole = logChoose(all, count);
  const chance = (k: number): number => Math.exp(logChoose(allHits, k) + logChoose(all - allHits, count - k) - whole);
  const seen = chance(hits) * AS_LIKELY;
  let sum = 0;
  if (alternative === "differs") for (let k = first; k <= last; k++) { const one = chance(k); if (one <= seen) sum += one; }
  else for (let k = alternative === "more" ? hits : first; k <= (alternative === "more" ? last : hits); k++) sum += chance(k);
  return Math.min(1, sum);
}

/** Two-sided p of `onlyA` rows that only the first model gets right against `onlyB` that only the second does; 1 when there are none. */
export function mcNemarExact(onlyA: number, onlyB: number): number {
  const all = onlyA + onlyB;
  let sum = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k++) sum += Math.exp(logChoose(all, k) - all * Math.LN2);
  return Math.min(1, 2 * sum);
}
