/**
 * p-values corrected for how many were looked at. Not a test: whoever makes the p-values says which.
 * Sources: Holm 1979 (the chance of one false finding or more); Benjamini and Hochberg 1995 (the expected share of false findings).
 */
import type { CorrectionName } from "../../explanation/evaluation.js";

const ascending = (values: readonly number[]): number[] => values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));

/** Step down: the k-th smallest (k from 0) times m − k, never below one before it, at most 1. */
export function holm(values: readonly number[]): number[] {
  const corrected = new Array<number>(values.length);
  let largest = 0;
  ascending(values).forEach((index, place) => {
    largest = Math.max(largest, Math.min(1, (values.length - place) * (values[index] as number)));
    corrected[index] = largest;
  });
  return corrected;
}

/** Step up: the k-th smallest (k from 1) times m ÷ k, never above one after it, at most 1. */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const corrected = new Array<number>(values.length);
  let smallest = 1;
  ascending(values).reverse().forEach((index, place) => {
    smallest = Math.min(smallest, ((values.length / (values.length - place)) * (values[index] as number)));
    corrected[index] = smallest;
  });
  return corrected;
}

export const corrections: Readonly<Record<CorrectionName, (values: readonly number[]) => number[]>> = { holm, "benjamini-hochberg": benjaminiHochberg, none: (values) => [...values] };
