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
import { Stages, type Refining } from "./refining.js";
import type { Attribution, Gradient, Units } from "./types.js";
import { checkUnits, unitDots, unitSums } from "./units.js";

export interface NoiseOptions extends Refining<SampledAttribution> {
  /** noisy inputs; 25 by default */
  readonly samples?: number;
  /** standard deviation of the noise, in the input's own unit; 0.1 by default */
  readonly sigma?: number;
  readonly seed?: number;
}

/** With a memory `evaluations` counts what was evaluated now or before. */
export type SampledAttribution = Attribution & { readonly samplingError?: number };

export interface SmoothGradOptions extends NoiseOptions {
  /** "mean" of the gradients (default), or "square": the mean of their squares, which has no sign */
  readonly moment?: "mean" | "square";
  /** "input" (default): times the input, summed over the unit's features; "sum": summed alone */
  readonly aggregate?: "input" | "sum";
}

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

/** f(x) and what was taken of the gradient of each sample, [sample]. */
export interface Around {
  readonly value: number;
  readonly taken: ArrayLike<number>[];
}

/**
 * Gradients of the input itself and of `total` other rows → f(x) and, row by row, `take(gradient, row, sample)`, which is what the memory keeps.
 * `after`: what is known when a stage of the budget is reached.
 */
export async function gradientsAround(
  gradient: Gradient, input: ArrayLike<number>, total: number, row: (sample: number) => ArrayLike<number>, { memory = new Map(), onProgress, ...options }: NoiseOptions,
  take: (gradient: ArrayLike<number>, row: ArrayLike<number>, sample: number) => ArrayLike<number>, after?: (known: Around) => void,
): Promise<Around> {
  const INPUT = -1;
  const missing = [INPUT, ...Array.from({ length: total }, (_, sample) => sample)].filter((sample) => !memory.has(String(sample)));
  const known = (count: number): Around => ({ value: memory.get(String(INPUT)) as number, taken: Array.from({ length: count }, (_, sample) => memory.get(String(sample)) as ArrayLike<number>) });
  const stages = new Stages(total, 2);
  await inBatches(missing.length, { ...options, onProgress: (done) => onProgress?.(total + 1 - missing.length + done, total + 1) }, async (first, count) => {
    const samples = missing.slice(first, first + count);
    const rows = samples.map((sample) => (sample === INPUT ? input : row(sample)));
    const found = await gradient(rows, options.signal);
    if (found.values.length !== count || found.gradients.length !== count) throw new LexiscopeError("runtime", `gradient answered ${found.gradients.length} rows for a batch of ${count}`);
    requireFinite(found.values, "the score");
    found.gradients.forEach((each, index) => {
      requireFinite(each, "the gradient");
      const sample = samples[index]!;
      memory.set(String(sample), sample === INPUT ? found.values[index]! : take(each, rows[index]!, sample));
    });
    const next = missing[first + count] ?? total;
    if (stages.reached(next)) after?.(known(next));
  });
  return known(total);
}

/** Means over the samples with their standard errors; no errors from a single sample. samples: [sample][unit] */
export function averaged(samples: readonly ArrayLike<number>[], units: number): { scores: number[]; errors?: number[]; samplingError?: number } {
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
  const { onPartial } = options;
  const power = options.moment === "square" ? 2 : 1;
  const weights = options.aggregate === "sum" ? Float64Array.from(input, () => 1) : input;
  const answer = ({ value, taken }: Around): SampledAttribution => ({ ...averaged(taken, units.count), value, evaluations: { predict: 0, gradient: taken.length + 1 } });
  const take = (found: ArrayLike<number>): number[] => unitDots(power === 1 ? found : Float64Array.from(found, (slope) => slope ** power), weights, units);
  return answer(await gradientsAround(gradient, input, samples, (sample) => noisy(input, sigma, seed, sample), options, take, onPartial && ((known) => onPartial(answer(known), known.taken.length / samples))));
}

/** Population variance over noisy inputs of the gradient, summed over the unit's features → [unit]. Keeps all gradients: samples × features numbers. */
export async function varGrad(gradient: Gradient, input: ArrayLike<number>, units: Units, options: NoiseOptions = {}): Promise<SampledAttribution> {
  checkUnits(input.length, units);
  const { samples, sigma, seed } = checkNoise(options);
  const { onPartial } = options;
  const answer = ({ value, taken }: Around): SampledAttribution => {
    const means = Array.from(input, (_, feature) => taken.reduce((sum, found) => sum + found[feature]!, 0) / taken.length);
    const squares = taken.map((found) => unitSums(units, (feature) => (found[feature]! - means[feature]!) ** 2));
    return { ...averaged(squares, units.count), value, evaluations: { predict: 0, gradient: taken.length + 1 } };
  };
  const take = (found: ArrayLike<number>): ArrayLike<number> => (found instanceof Float32Array ? found.slice() : Float64Array.from(found));
  return answer(await gradientsAround(gradient, input, samples, (sample) => noisy(input, sigma, seed, sample), options, take, onPartial && ((known) => onPartial(answer(known), known.taken.length / samples))));
}
