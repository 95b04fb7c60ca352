/**
 * Ranks and rank correlations. Not a statistics library.
 */
import { mean } from "./statistics.js";

/** Ranks from 1 for the smallest, equal values share the mean of their ranks, [value]. */
export function averageRanks(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Array<number>(order.length).fill(0);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] as number] === values[order[first] as number]) last++;
    for (let place = first; place <= last; place++) ranks[order[place] as number] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranks;
}

/** Ranks from 1 for the largest; equal values share one rank and the next distinct value takes the next, [value]. */
export function denseRanksDescending(values: ArrayLike<number>): number[] {
  const distinct = [...new Set(Array.from(values))].sort((a, b) => b - a);
  return Array.from(values, (value) => distinct.indexOf(value) + 1);
}

/** Pearson's correlation; NaN when one side is constant. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [centerA, centerB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [(a[index] as number) - centerA, (b[index] as number) - centerB];
    product += left * right;
    squareA += left * left;
    squareB += right * right;
  }
  return product / Math.sqrt(squareA * squareB);
}

/** Spearman's rank correlation, ties by average ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(averageRanks(a), averageRanks(b));
}

/** Kendall's τ-b: ties count in neither numerator nor their own side's denominator. NaN when one side is constant. */
export function kendallTauB(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [score, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const signA = Math.sign((a[i] as number) - (a[j] as number));
      const signB = Math.sign((b[i] as number) - (b[j] as number));
      score += signA * signB;
      untiedA += Math.abs(signA);
      untiedB += Math.abs(signB);
    }
  return score / Math.sqrt(untiedA * untiedB);
}
