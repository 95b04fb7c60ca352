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
import type { Memory } from "./refining.js";
import { averaged, checkNoise, gradientsAround, noisy, type Around, type NoiseOptions, type SampledAttribution } from "./smoothgrad.js";
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
  const take = (found: ArrayLike<number>, _: ArrayLike<number>, sample: number): number[] => {
    const { baseline, end } = draw(sample);
    return unitSums(units, (feature) => found[feature]! * (end[feature]! - baseline[feature]!));
  };
  const { memory = new Map() as Memory, onPartial } = options;
  const baselineValue = mean(await baselineValues(gradient, baselines, memory, options));
  const answer = ({ value, taken }: Around): SampledAttribution => {
    const found = averaged(taken, units.count);
    return { ...found, value, baselineValue, completenessGap: completenessGap(found.scores, value, baselineValue), evaluations: { predict: 0, gradient: taken.length + 1 + baselines.length } };
  };
  const partial = onPartial && ((known: Around) => onPartial(answer(known), known.taken.length / samples));
  return answer(await gradientsAround(gradient, input, samples, (index) => pointOf(draw(index)), { ...options, memory }, take, partial));
}

async function baselineValues(gradient: Gradient, baselines: readonly ArrayLike<number>[], memory: Memory, { signal }: NoiseOptions): Promise<ArrayLike<number>> {
  const known = memory.get("baselines");
  if (typeof known === "object") return known;
  throwIfAborted(signal);
  const { values } = await gradient(baselines, signal);
  requireFinite(values, "the baseline's score");
  memory.set("baselines", values);
  return values;
}
