/**
 * Directional differences: what f does when the whole input moves a little along random ±1 directions. They are what an approximate
 * gradient is made of where no gradient rule exists. The engine answers with kernels and reads back one number a unit and direction;
 * `directionsOf(predict, input, units)` makes them from a plain function.
 */
import { LexiscopeError } from "../base/errors.js";
import { randomSign } from "../base/hash.js";
import { norm } from "../base/statistics.js";
import type { Predict, Units } from "./types.js";
import { checkUnits, unitSums } from "./units.js";

export interface DirectionalDifferences {
  readonly units: Units;
  /** h, in the input's own unit: how far f is taken along a direction */
  readonly step: number;
  /** f(x) */
  value(signal?: AbortSignal): Promise<number>;
  /** for the directions first … first + count − 1: f(x + h·d), and for each unit Σ over its features of d·x; products[direction][unit] */
  sample(first: number, count: number, signal?: AbortSignal): Promise<{ values: number[]; products: number[][] }>;
}

export interface DirectionsOptions {
  /** 0 by default */
  readonly seed?: number;
  /** h as a share of the input's root mean square; .01 by default: below it the rounding of float32 shows, above it the curvature */
  readonly relativeStep?: number;
}

export const RELATIVE_STEP = 0.01;

/** h for an input: a share of its root mean square; the share itself when the input is all zeros. */
export function stepFor(input: ArrayLike<number>, relativeStep = RELATIVE_STEP): number {
  if (!(relativeStep > 0 && Number.isFinite(relativeStep))) throw new LexiscopeError("bad-input", `step must be a positive number, not ${relativeStep}`);
  const rootMeanSquare = norm(input) / Math.sqrt(input.length);
  return rootMeanSquare > 0 ? relativeStep * rootMeanSquare : relativeStep;
}

export function directionsOf(predict: Predict, input: ArrayLike<number>, units: Units, options: DirectionsOptions = {}): DirectionalDifferences {
  checkUnits(input.length, units);
  const seed = options.seed ?? 0;
  const step = stepFor(input, options.relativeStep);
  const moved = (direction: number) => Float64Array.from(input, (value, feature) => value + step * randomSign(seed, direction, feature));
  return {
    units,
    step,
    async value(signal) {
      return (await predict([input], signal))[0] as number;
    },
    async sample(first, count, signal) {
      const directions = Array.from({ length: count }, (_, index) => first + index);
      const values = await predict(directions.map(moved), signal);
      const products = directions.map((direction) => unitSums(units, (feature) => randomSign(seed, direction, feature) * (input[feature] as number)));
      return { values, products };
    },
  };
}
