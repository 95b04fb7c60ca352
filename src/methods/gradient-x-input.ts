/**
 * Gradient × input: the first-order share of each unit in the score, signed. Exact for a linear model, misleading where the score
 * saturates; integrated gradients mend that at the cost of more evaluations.
 *
 * Source: Shrikumar et al. 2016 (arXiv:1605.01713).
 */
import { gradientOfRow } from "./batches.js";
import { normalise } from "./normalise.js";
import type { Normalisation } from "./normalise.js";
import type { Attribution, Gradient, MethodOptions, Units } from "./types.js";
import { checkUnits, unitDots } from "./units.js";

export interface GradientXInputOptions extends MethodOptions {
  readonly normalise?: Normalisation;
}

/** Σ over the unit's features of x·∂f/∂x → [unit]. One gradient evaluation. */
export async function gradientXInput(gradient: Gradient, input: ArrayLike<number>, units: Units, options: GradientXInputOptions = {}): Promise<Attribution> {
  checkUnits(input.length, units);
  const found = await gradientOfRow(gradient, input, options);
  const scores = normalise(unitDots(found.gradient, input, units), options.normalise ?? "none");
  return { scores, value: found.value, evaluations: { predict: 0, gradient: 1 } };
}
