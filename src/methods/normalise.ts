/**
 * What a preset does to the scores at the very end. Our own default is "none": a score keeps the target's unit.
 */
import { norm, sum } from "../base/statistics.js";

export type Normalisation = "none" | "sum" | "l1" | "l2" | "lit";

const FLOAT32_EPSILON = 2 ** -23;

/** Divides by the given size; all zeros stay zeros. */
function over(scores: readonly number[], size: number): number[] {
  return size === 0 ? [...scores] : scores.map((value) => value / size);
}

const absoluteSum = (scores: readonly number[]): number => sum(scores.map(Math.abs));

/** LIT adds float32's epsilon to every score before it divides by the L1 norm. */
function lit(scores: readonly number[]): number[] {
  const shifted = scores.map((value) => value + FLOAT32_EPSILON);
  return over(shifted, absoluteSum(shifted));
}

export const normalisations: Readonly<Record<Normalisation, (scores: readonly number[]) => number[]>> = {
  none: (scores) => [...scores],
  sum: (scores) => over(scores, sum(scores)),
  l1: (scores) => over(scores, absoluteSum(scores)),
  l2: (scores) => over(scores, norm(scores)),
  lit,
};

/** [unit] → [unit] */
export function normalise(scores: readonly number[], how: Normalisation): number[] {
  return normalisations[how](scores);
}
