/**
 * Sums and norms over the features of each unit (a token's embedding is one unit). Plain arithmetic; the kernels do the same on a device.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Units } from "./types.js";

/** Throws unless a row of `length` features divides into the units. */
export function checkUnits(length: number, { count, width }: Units, what = "input"): void {
  if (length !== count * width) {
    throw new LexiscopeError("bad-input", `${what} has ${length} features, but ${count} units of width ${width} need ${count * width}`);
  }
}

/** Σ over the features of each unit of value(feature) → [unit] */
export function unitSums({ count, width }: Units, value: (feature: number) => number): number[] {
  return Array.from({ length: count }, (_, unit) => {
    let total = 0;
    for (let feature = unit * width; feature < (unit + 1) * width; feature++) total += value(feature);
    return total;
  });
}

/** Norm of each unit's features → [unit]; "l1" sums absolute values, "l2" is Euclid's. */
export function unitNorms(row: ArrayLike<number>, units: Units, order: "l1" | "l2"): number[] {
  if (order === "l1") return unitSums(units, (feature) => Math.abs(row[feature] as number));
  return unitSums(units, (feature) => (row[feature] as number) ** 2).map(Math.sqrt);
}

/** Dot product of two rows unit by unit → [unit] */
export function unitDots(a: ArrayLike<number>, b: ArrayLike<number>, units: Units): number[] {
  return unitSums(units, (feature) => (a[feature] as number) * (b[feature] as number));
}
