/**
 * A `Gradient` from a `Predict` by simultaneous perturbation, so that every gradient method can be tried on a black box. Approximate:
 * whoever shows the result must say so. `approximateGradient` is the method that also knows its error.
 */
import { randomSign } from "../base/hash.js";
import { DEFAULT_DIRECTIONS } from "./approximate-gradient.js";
import { predictRows } from "./batches.js";
import { stepFor } from "./directions.js";
import type { DirectionsOptions } from "./directions.js";
import type { Gradient, MethodOptions, Predict } from "./types.js";

export interface GradientOfOptions extends DirectionsOptions, Omit<MethodOptions, "signal"> {
  readonly directions?: number;
}

/** directions + 1 forward evaluations a row; the same seed gives the same directions for every row. */
export function gradientOf(predict: Predict, options: GradientOfOptions = {}): Gradient {
  const total = options.directions ?? DEFAULT_DIRECTIONS;
  const seed = options.seed ?? 0;
  const one = async (input: ArrayLike<number>, signal?: AbortSignal): Promise<{ value: number; gradient: Float64Array }> => {
    const step = stepFor(input, options.relativeStep);
    const point = (index: number) => (index === 0 ? input : Float64Array.from(input, (value, feature) => value + step * randomSign(seed, index - 1, feature)));
    const [value, ...values] = await predictRows(predict, total + 1, point, signal ? { ...options, signal } : options);
    const gradient = new Float64Array(input.length);
    values.forEach((found, direction) => {
      const slope = (found - (value as number)) / step / total;
      for (let feature = 0; feature < gradient.length; feature++) gradient[feature] = (gradient[feature] as number) + slope * randomSign(seed, direction, feature);
    });
    return { value: value as number, gradient };
  };
  return async (inputs, signal) => {
    const rows = [];
    for (const input of inputs) rows.push(await one(input, signal));
    return { values: rows.map(({ value }) => value), gradients: rows.map(({ gradient }) => gradient) };
  };
}
