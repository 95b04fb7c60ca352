/**
 * Occlusion: a window slides over the units and puts them at the baseline; each unit gets the mean loss of the windows that cover it.
 * With a window of one unit it is leave-one-out. Needs no gradient, only predictions. Scores need not add up to f(x) − f(x').
 *
 * Source: Zeiler and Fergus 2014 (arXiv:1311.2901); windows as in Captum's Occlusion.
 */
import { LexiscopeError } from "../base/errors.js";
import { scoresWithout } from "./ablation.js";
import { normalise } from "./normalise.js";
import type { Normalisation } from "./normalise.js";
import type { Attribution, MethodOptions, Predict, Units } from "./types.js";

export interface OcclusionOptions extends MethodOptions {
  /** units a window covers; 1 by default */
  readonly window?: number;
  /** units from one window to the next, at most the window so that every unit is covered; 1 by default */
  readonly stride?: number;
  readonly normalise?: Normalisation;
}

/** ⌈(count − window) ÷ stride⌉ + 1 windows over `count` units; the last one may be cut short. */
export function windows(count: number, window: number, stride: number): number[][] {
  if (!Number.isInteger(window) || window < 1) throw new LexiscopeError("bad-input", `window must be a positive integer, not ${window}`);
  if (!Number.isInteger(stride) || stride < 1 || stride > window) {
    throw new LexiscopeError("bad-input", `stride must be an integer from 1 to the window (${window}), not ${stride}`);
  }
  if (count === 0) return [];
  const number = Math.ceil(Math.max(0, count - window) / stride) + 1;
  return Array.from({ length: number }, (_, index) => {
    const first = index * stride;
    return Array.from({ length: Math.min(window, count - first) }, (_, offset) => first + offset);
  });
}

/** Mean over the windows that cover the unit of f(x) − f(x with the window at the baseline) → [unit]. */
export async function occlusion(predict: Predict, input: ArrayLike<number>, baseline: ArrayLike<number>, units: Units, options: OcclusionOptions = {}): Promise<Attribution> {
  const sets = windows(units.count, options.window ?? 1, options.stride ?? 1);
  const { value, without } = await scoresWithout(predict, input, baseline, units, sets, options);
  const totals = new Array<number>(units.count).fill(0);
  const covers = new Array<number>(units.count).fill(0);
  sets.forEach((set, index) => {
    for (const unit of set) {
      totals[unit] = (totals[unit] as number) + value - (without[index] as number);
      covers[unit] = (covers[unit] as number) + 1;
    }
  });
  const scores = totals.map((total, unit) => total / (covers[unit] as number));
  return { scores: normalise(scores, options.normalise ?? "none"), value, evaluations: { predict: sets.length + 1, gradient: 0 } };
}
