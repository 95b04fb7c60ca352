/**
 * SmoothGrad and VarGrad: gradients at the input with seeded Gaussian noise, averaged (what stays of a gradient that flickers) or their
 * variance (where it flickers). Not an attribution with a baseline: the scores need not add up to anything.
 *
 * Sources: Smilkov et al. 2017 (arXiv:1706.03825); VarGrad: Adebayo et al. 2018 (arXiv:1810.03292), population variance.
 */
import { LexiscopeError } from "../base/errors.js";
import { Random } from "../base/random.js";
import { mean, norm, standardError } from "../base/statistics.js";
import { inBatches, requireFinite } from "./batches.js";
import type { Attribution, Gradient, MethodOptions, Units } from "./types.js";
import { checkUnits, unitDots, unitSums } from "./units.js";

export interface NoiseOptions extends MethodOptions {
  /** noisy inputs; 25 by default */
  readonly samples?: number;
  /** standard deviation of the noise, in the input's own unit; 0.1 by default */
  readonly sigma?: number;
  readonly seed?: number;
}

export interface SmoothGradOptions extends NoiseOptions {
  /** "mean" of the gradients (default), or "square": the mean of their squares, which has no sign */
  readonly moment?: "mean" | "square";
  /** "input" (default): times the input, summed over the unit's features; "sum": summed alone */
  readonly aggregate?: "input" | "sum";
}

export type SampledAttribution = Attribution & { readonly samplingError?: number };

/** `input` with noise; sample i is the same whatever the batch. */
export function noisy(input: ArrayLike<number>, sigma: number, seed: number, sample: number): Float64Array {
  const random = new Random(seed, sample + 1);
  return Float64Array.from(input, (value) => value + sigma * random.normal());
}

export function checkNoise({ samples = 25, sigma = 0.1, seed = 0 }: NoiseOptions): { samples: number; sigma: number; seed: number } {
  if (!Number.isInteger(samples) || samples < 1) throw new LexiscopeError("bad-input", `samples must be a positive integer, not ${samples}`);
  if (!(sigma >= 0 && Number.isFinite(sigma))) throw new LexiscopeError("bad-input", `sigma must be a number of at least 0, not ${sigma}`);
  return { samples, sigma, seed };
}

/** Gradients of the input itself and of `total` other rows → f(x) and, row by row, `take(gradient, row)`. */
export async function gradientsAround<T>(
  gradient: Gradient, input: ArrayLike<number>, total: number, row: (sample: number) => ArrayLike<number>, options: MethodOptions, take: (gradient: ArrayLike<number>, row: ArrayLike<number>) => T,
): Promise<{ value: number; taken: T[] }> {
  const taken: T[] = [];
  let value = NaN;
  await inBatches(total + 1, options, async (first, count) => {
    const rows = Array.from({ length: count }, (_, index) => (first + index === 0 ? input : row(first + index - 1)));
    const found = await gradient(rows, options.signal);
    if (found.values.length !== count || found.gradients.length !== count) throw new LexiscopeError("runtime", `gradient answered ${found.gradients.length} rows for a batch of ${count}`);
    requireFinite(found.values, "the score");
    found.gradients.forEach((each, index) => {
      requireFinite(each, "the gradient");
      if (first + index === 0) value = found.values[0]!;
      else taken.push(take(each, rows[index]!));
    });
  });
  return { value, taken };
}

/** Means over the samples with their standard errors; no errors from a single sample. samples: [sample][unit] */
export function averaged(samples: readonly (readonly number[])[], units: number): { scores: number[]; errors?: number[]; samplingError?: number } {
  const columns = Array.from({ length: units }, (_, unit) => samples.map((sample) => sample[unit]!));
  const scores = columns.map(mean);
  if (samples.length < 2) return { scores };
  const errors = columns.map(standardError);
  const size = norm(scores);
  return { scores, errors, samplingError: size > 0 ? norm(errors) / size : 0 };
}

/** Mean over noisy inputs of the gradient (or its square) → [unit]. samples + 1 gradients, the one at the input itself for f(x). */
export async function smoothGrad(gradient: Gradient, input: ArrayLike<number>, units: Units, options: SmoothGradOptions = {}): Promise<SampledAttribution> {
  checkUnits(input.length, units);
  const { samples, sigma, seed } = checkNoise(options);
  const power = options.moment === "square" ? 2 : 1;
  const weights = options.aggregate === "sum" ? Float64Array.from(input, () => 1) : input;
  const { value, taken } = await gradientsAround(gradient, input, samples, (sample) => noisy(input, sigma, seed, sample), options, (found) =>
    unitDots(power === 1 ? found : Float64Array.from(found, (slope) => slope ** power), weights, units),
  );
  return { ...averaged(taken, units.count), value, evaluations: { predict: 0, gradient: samples + 1 } };
}

/** Population variance over noisy inputs of the gradient, summed over the unit's features → [unit]. Keeps all gradients: samples × features numbers. */
export async function varGrad(gradient: Gradient, input: ArrayLike<number>, units: Units, options: NoiseOptions = {}): Promise<SampledAttribution> {
  checkUnits(input.length, units);
  const { samples, sigma, seed } = checkNoise(options);
  const { value, taken } = await gradientsAround(gradient, input, samples, (sample) => noisy(input, sigma, seed, sample), options, (found) => Float64Array.from(found));
  const means = Array.from(input, (_, feature) => taken.reduce((sum, found) => sum + found[feature]!, 0) / samples);
  const squares = taken.map((found) => unitSums(units, (feature) => (found[feature]! - means[feature]!) ** 2));
  return { ...averaged(squares, units.count), value, evaluations: { predict: 0, gradient: samples + 1 } };
}
