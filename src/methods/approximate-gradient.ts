/**
 * Approximate gradient × input by simultaneous perturbation: an unbiased estimate (but for terms in h²) from forward passes alone, with its
 * sampling error beside every score. For models where an operator stops the exact gradient. It is not the gradient: the error falls only
 * with the square root of the number of directions, and grows with the number of features, so the error is always reported. For the embeddings of
 * a transformer `unitDifferences` is far better; this one is for what has no units to speak of, and for comparison.
 *
 * Source: Spall 1992, "Multivariate stochastic approximation using a simultaneous perturbation gradient approximation", doi:10.1109/9.119632.
 */
import { LexiscopeError } from "../base/errors.js";
import { mean, norm, standardError } from "../base/statistics.js";
import { inBatches, requireFinite } from "./batches.js";
import type { DirectionalDifferences } from "./directions.js";
import { Stages, type Memory, type Refining } from "./refining.js";
import type { Attribution } from "./types.js";

export interface ApproximateGradientOptions extends Refining<ApproximateAttribution> {
  /** number of random directions, at least 2; 256 by default */
  readonly directions?: number;
}

export interface ApproximateAttribution extends Attribution {
  /** standard errors of the scores (of `unitDifferences`: their measured errors), [unit] */
  readonly errors: number[];
  /** ‖errors‖ ÷ ‖scores‖: the relative error of the whole picture; above 1 it shows noise */
  readonly samplingError: number;
}

export const DEFAULT_DIRECTIONS = 256;

/**
 * Estimate of Σ over the unit's features of x·∂f/∂x → [unit]: the mean over directions d of (f(x + h·d) − f(x)) ÷ h · Σ d·x.
 * directions + 1 forward evaluations.
 */
export async function approximateGradient(differences: DirectionalDifferences, options: ApproximateGradientOptions = {}): Promise<ApproximateAttribution> {
  const total = options.directions ?? DEFAULT_DIRECTIONS;
  if (!Number.isInteger(total) || total < 2) throw new LexiscopeError("bad-input", `directions must be an integer of at least 2, not ${total}`);
  const { units, step } = differences;
  const { memory = new Map() as Memory, onPartial, onProgress, signal } = options;
  const value = (memory.get("value") as number | undefined) ?? (await differences.value(signal));
  requireFinite([value], "the score");
  memory.set("value", value);
  const answer = (count: number): ApproximateAttribution => {
    const known = Array.from({ length: count }, (_, direction) => memory.get(String(direction)) as ArrayLike<number>); // [direction][unit]
    const columns = Array.from({ length: units.count }, (_, unit) => Float64Array.from(known, (sample) => sample[unit]!));
    const scores = columns.map(mean);
    requireFinite(scores, "the approximate gradient");
    const errors = columns.map(standardError);
    const size = norm(scores);
    return { scores, errors, samplingError: size > 0 ? norm(errors) / size : 0, value, evaluations: { predict: count + 1, gradient: 0 } };
  };
  let begin = 0; // directions are known from the first on, without gaps
  while (begin < total && memory.has(String(begin))) begin++;
  const stages = new Stages(total, 2);
  await inBatches(total - begin, { ...options, onProgress: (done) => onProgress?.(begin + done, total) }, async (offset, count) => {
    const first = begin + offset;
    const { values, products } = await differences.sample(first, count, signal);
    if (values.length !== count || products.length !== count) throw new LexiscopeError("runtime", `differences answered ${values.length} rows for a batch of ${count}`);
    requireFinite(values, "the score near the input");
    values.forEach((found, index) => memory.set(String(first + index), products[index]!.map((product) => ((found - value) / step) * product)));
    if (onPartial && stages.reached(first + count)) onPartial(answer(first + count), (first + count) / total);
  });
  return answer(total);
}
