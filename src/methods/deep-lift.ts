/**
 * DeepLift, rescale rule: what each unit contributes to f(x) − f(x'), by multipliers that a network's nonlinearities take from both ends at once
 * (Δout ÷ Δin) instead of a slope at one. One pass, exact where the network is made of linear maps and elementwise functions; where two
 * activations are multiplied (attention) the multiplier is the gradient, and the completeness gap tells what that costs.
 *
 * Source: Shrikumar, Greenside and Kundaje 2017, arXiv:1704.02685.
 */
import { throwIfAborted } from "../base/errors.js";
import { requireFinite } from "./batches.js";
import { completenessGap } from "./integrated-gradients.js";
import { normalise, type Normalisation } from "./normalise.js";
import type { Attribution, MethodOptions, Units } from "./types.js";
import { checkUnits, unitDots, unitSums } from "./units.js";

/** f at both ends, and for each feature the multiplier that takes its change to its share of f(x) − f(x'). */
export type Multipliers = (input: ArrayLike<number>, baseline: ArrayLike<number>, signal?: AbortSignal) => Promise<{ value: number; baselineValue: number; multipliers: ArrayLike<number> }>;

export interface DeepLiftOptions extends MethodOptions {
  /** false: the multipliers alone, summed over the unit's features; they add up to nothing */
  readonly multiply?: boolean;
  readonly normalise?: Normalisation;
}

/** Σ over the unit's features of multiplier·(x − x') → [unit]. One pass over both ends, counted as two gradients. */
export async function deepLift(multipliersOf: Multipliers, input: ArrayLike<number>, baseline: ArrayLike<number>, units: Units, options: DeepLiftOptions = {}): Promise<Attribution> {
  checkUnits(input.length, units);
  checkUnits(baseline.length, units, "baseline");
  throwIfAborted(options.signal);
  const { value, baselineValue, multipliers } = await multipliersOf(input, baseline, options.signal);
  throwIfAborted(options.signal);
  checkUnits(multipliers.length, units, "the row of multipliers");
  requireFinite([value, baselineValue], "the score");
  requireFinite(multipliers, "the multiplier");
  options.onProgress?.(1, 1);
  const scores = options.multiply === false
    ? unitSums(units, (feature) => multipliers[feature]!)
    : unitDots(multipliers, Float64Array.from(input, (each, feature) => each - baseline[feature]!), units);
  return {
    scores: normalise(scores, options.normalise ?? "none"), value, baselineValue, evaluations: { predict: 0, gradient: 2 },
    ...(options.multiply !== false && { completenessGap: completenessGap(scores, value, baselineValue) }),
  };
}
