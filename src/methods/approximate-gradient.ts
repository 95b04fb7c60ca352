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
import type { Attribution, MethodOptions } from "./types.js";

export interface ApproximateGradientOptions extends MethodOptions {
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
  const value = await differences.value(options.signal);
  requireFinite([value], "the score");
  const samples = Array.from({ length: units.count }, () => new Float64Array(total)); // [unit][direction]
  await inBatches(total, options, async (first, count) => {
    const { values, products } = await differences.sample(first, count, options.signal);
    if (values.length !== count || products.length !== count) throw new LexiscopeError("runtime", `differences answered ${values.length} rows for a batch of ${count}`);
    requireFinite(values, "the score near the input");
    values.forEach((found, index) => {
      const slope = (found - value) / step;
      samples.forEach((sample, unit) => (sample[first + index] = slope * (products[index]?.[unit] as number)));
    });
  });
  const scores = samples.map(mean);
  requireFinite(scores, "the approximate gradient");
  const errors = samples.map(standardError);
  const size = norm(scores);
  return { scores, errors, samplingError: size > 0 ? norm(errors) / size : 0, value, evaluations: { predict: total + 1, gradient: 0 } };
}
