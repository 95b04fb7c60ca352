/**
 * Which links of an attention row are worth a line: the heaviest, until they carry a given share of the row. Not a threshold on single weights,
 * which would leave rows of even attention empty.
 * Source: Hoover, Strobelt and Gehrmann 2020 (exBERT): a link is drawn while the sum of those before it is below the share, so that the one
 * which crosses it is drawn.
 */

/** Weights are float32: a share that is reached within their rounding is reached. */
const ROUNDING = 1e-6;

/** Where a row is cut: links above `weight` are drawn, and of those that have it the first `ties`. */
export interface MassCut {
  readonly weight: number;
  readonly ties: number;
}

/**
 * @param weights not negative, in any order; they are sorted in place
 * @param share of their sum, 0 to 1
 */
export function massCut(weights: Float32Array, share: number): MassCut {
  weights.sort(); // ascending
  const wanted = share < 1 ? (1 - ROUNDING) * share * weights.reduce((sum, weight) => sum + weight, 0) : Infinity;
  let [carried, at] = [0, weights.length];
  while (at > 0 && weights[at - 1]! > 0 && carried < wanted) carried += weights[--at]!;
  const weight = weights[at] ?? Infinity;
  let ties = 0;
  while (weights[at + ties] === weight) ties++;
  return { weight, ties };
}

/** Positions of the links of one row that carry `share` of it, in the row's order. */
export function linksByMass(row: ArrayLike<number>, share: number): number[] {
  const weights = Float32Array.from(row);
  const { weight, ties } = massCut(weights.slice(), share);
  let left = ties;
  return Array.from(weights.keys()).filter((at) => weights[at]! > weight || (weights[at] === weight && left-- > 0));
}
