/**
 * Gradient norm: how strongly the score reacts to a small change of each unit. A saliency, not an attribution: it has no sign.
 *
 * Source: Simonyan et al. 2013 (arXiv:1312.6034); L2 over an embedding as in Li et al. 2016 (arXiv:1506.01066).
 */
import { gradientOfRow } from "./batches.js";
import { normalise } from "./normalise.js";
import type { Normalisation } from "./normalise.js";
import type { Attribution, Gradient, MethodOptions, Units } from "./types.js";
import { checkUnits, unitNorms } from "./units.js";

export interface GradientNormOptions extends MethodOptions {
  /** "l2" (default): Euclid's norm over the unit's features; "l1": the sum of absolute values */
  readonly aggregate?: "l1" | "l2";
  readonly normalise?: Normalisation;
}

/** ‖∂f/∂x_u‖ for each unit u → [unit]. One gradient evaluation. */
export async function gradientNorm(gradient: Gradient, input: ArrayLike<number>, units: Units, options: GradientNormOptions = {}): Promise<Attribution> {
  checkUnits(input.length, units);
  const found = await gradientOfRow(gradient, input, options);
  const scores = normalise(unitNorms(found.gradient, units, options.aggregate ?? "l2"), options.normalise ?? "none");
  return { scores, value: found.value, evaluations: { predict: 0, gradient: 1 } };
}
