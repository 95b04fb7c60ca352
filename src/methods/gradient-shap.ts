/**
 * GradientSHAP (expected gradients): gradients at random points between the input and baselines, times the way from one to the other. An
 * unbiased estimate of integrated gradients averaged over the baselines; it adds up to f(x) − mean f(x') only as far as the samples reach.
 *
 * Sources: Erion et al. 2021, doi:10.1038/s42256-021-00343-w; Lundberg and Lee 2017 (arXiv:1705.07874); noise on the input as in Captum.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { Random } from "../base/random.js";
import { mean } from "../base/statistics.js";
import { requireFinite } from "./batches.js";
import { completenessGap } from "./integrated-gradients.js";
import { averaged, checkNoise, gradientsAround, noisy, type NoiseOptions, type SampledAttribution } from "./smoothgrad.js";
import type { Gradient, Units } from "./types.js";
import { checkUnits, unitSums } from "./units.js";

/** Mean over samples of ∇f(x' + α(x − x'))·(x − x'), x' one of `baselines`, α uniform → [unit]. samples + 1 + baselines gradients. `sigma`: 0 by default */
export async function gradientShap(gradient: Gradient, input: ArrayLike<number>, baselines: readonly ArrayLike<number>[], units: Units, options: NoiseOptions = {}): Promise<SampledAttribution> {
  checkUnits(input.length, units);
  if (baselines.length === 0) throw new LexiscopeError("bad-input", "gradientShap needs at least one baseline");
  for (const baseline of baselines) checkUnits(baseline.length, units, "baseline");
  const { samples, sigma, seed } = checkNoise({ ...options, sigma: options.sigma ?? 0 });
  const draw = (sample: number) => {
    const random = new Random(seed, -sample - 1);
    const baseline = baselines[random.integer(baselines.length)]!;
    const end = sigma === 0 ? input : noisy(input, sigma, seed, sample);
    const alpha = random.uniform();
    return { baseline, end, alpha };
  };
  const pointOf = ({ baseline, end, alpha }: ReturnType<typeof draw>) => Float64Array.from(baseline, (from, feature) => from + alpha * (end[feature]! - from));
  let sample = 0;
  const { value, taken } = await gradientsAround(gradient, input, samples, (index) => pointOf(draw(index)), options, (found) => {
    const { baseline, end } = draw(sample++);
    return unitSums(units, (feature) => found[feature]! * (end[feature]! - baseline[feature]!));
  });
  throwIfAborted(options.signal);
  const { values } = await gradient(baselines, options.signal);
  requireFinite(values, "the baseline's score");
  const baselineValue = mean(values);
  const found = averaged(taken, units.count);
  return { ...found, value, baselineValue, completenessGap: completenessGap(found.scores, value, baselineValue), evaluations: { predict: 0, gradient: samples + 1 + baselines.length } };
}
