/**
 * DeepLift's multipliers of a plain network: linear layers and elementwise functions, one after the other, ending in one number. For toys and small
 * black boxes; a model's graph has its own table (`autodiff/rescale.ts`).
 */
import { LexiscopeError } from "../base/errors.js";
import type { Multipliers } from "./deep-lift.js";

export type Layer =
  | { readonly weights: readonly (readonly number[])[]; readonly bias?: readonly number[] } // [out][in], [out]
  | { readonly f: (x: number) => number; readonly slope: (x: number) => number };

/** Changes of at most this size count as none: the slope stands for Δout ÷ Δin, as in Captum. */
const LEAST = 1e-10;

function applied(layer: Layer, input: readonly number[]): number[] {
  if ("f" in layer) return input.map(layer.f);
  const { weights, bias } = layer;
  if (weights.some((row) => row.length !== input.length)) throw new LexiscopeError("bad-input", `a linear layer does not take ${input.length} numbers`);
  return weights.map((row, out) => row.reduce((total, weight, index) => total + weight * input[index]!, bias?.[out] ?? 0));
}

/** Throws `bad-input` when widths do not fit, or the last layer gives more than one number. */
export function layeredMultipliers(layers: readonly Layer[]): Multipliers {
  const forward = (input: ArrayLike<number>): number[][] => layers.reduce<number[][]>((values, layer) => [...values, applied(layer, values.at(-1)!)], [Array.from(input)]);
  return (input, baseline) => {
    const [at, from] = [forward(input), forward(baseline)];
    if (at.at(-1)!.length !== 1) throw new LexiscopeError("bad-input", `the last layer gives ${at.at(-1)!.length} numbers, not one`);
    const back = (multipliers: readonly number[], layer: Layer, index: number): number[] => {
      const [x, start, y, end] = [at[index]!, from[index]!, at[index + 1]!, from[index + 1]!];
      if (!("f" in layer)) return x.map((_, feature) => layer.weights.reduce((total, row, out) => total + row[feature]! * multipliers[out]!, 0));
      return multipliers.map((each, unit) => each * (Math.abs(x[unit]! - start[unit]!) > LEAST ? (y[unit]! - end[unit]!) / (x[unit]! - start[unit]!) : layer.slope(x[unit]!)));
    };
    const multipliers = layers.reduceRight<number[]>(back, [1]);
    return Promise.resolve({ value: at.at(-1)![0]!, baselineValue: from.at(-1)![0]!, multipliers });
  };
}
