/**
 * Approximate gradient × input by differences along each unit's own features: what f does when one unit is scaled a little. The derivative of
 * f along x_u is Σ x·∂f/∂x over the unit, the very score wanted, so four forward passes a unit replace the thousands of random directions that a
 * wide embedding would need. Approximate: the step is finite and float32 rounds; the error is measured, not assumed.
 *
 * Source: five-point central difference, Abramowitz and Stegun 25.3.6.
 */
import { LexiscopeError } from "../base/errors.js";
import { norm } from "../base/statistics.js";
import type { ApproximateAttribution } from "./approximate-gradient.js";
import { predictRows } from "./batches.js";
import type { MethodOptions, Predict, Units } from "./types.js";
import { checkUnits } from "./units.js";

export interface UnitDifferencesOptions extends MethodOptions {
  /** h: by which share of itself a unit is moved; .02 by default */
  readonly relativeStep?: number;
}

export const UNIT_STEP = 0.02;

/** Where f is taken, in steps, and the weights of the five-point and of the two-point central difference. */
const STENCIL = [
  { at: -2, fine: 1 / 12, coarse: 0 },
  { at: -1, fine: -8 / 12, coarse: -1 / 2 },
  { at: 1, fine: 8 / 12, coarse: 1 / 2 },
  { at: 2, fine: -1 / 12, coarse: 0 },
] as const;

/**
 * Estimate of Σ over the unit's features of x·∂f/∂x → [unit], and as its error what the finer stencil changed (truncation and rounding; a fair bound while steps are small).
 * 4·units + 1 forward evaluations.
 */
export async function unitDifferences(predict: Predict, input: ArrayLike<number>, units: Units, options: UnitDifferencesOptions = {}): Promise<ApproximateAttribution> {
  checkUnits(input.length, units);
  const step = options.relativeStep ?? UNIT_STEP;
  if (!(step > 0 && step <= 0.2)) throw new LexiscopeError("bad-input", `step must be a share from 0 to .2 of a unit, not ${step}`);
  const moved = (index: number): ArrayLike<number> => {
    if (index === 0) return input;
    const unit = Math.floor((index - 1) / STENCIL.length);
    const factor = 1 + step * (STENCIL[(index - 1) % STENCIL.length] as (typeof STENCIL)[number]).at;
    const row = Float64Array.from(input);
    for (let feature = unit * units.width; feature < (unit + 1) * units.width; feature++) row[feature] = (row[feature] as number) * factor;
    return row;
  };
  const [value, ...values] = await predictRows(predict, STENCIL.length * units.count + 1, moved, options);
  const difference = (unit: number, weights: "fine" | "coarse"): number =>
    STENCIL.reduce((total, point, index) => total + point[weights] * (values[STENCIL.length * unit + index] as number), 0) / step;
  const scores = Array.from({ length: units.count }, (_, unit) => difference(unit, "fine"));
  const errors = scores.map((score, unit) => Math.abs(score - difference(unit, "coarse")));
  const size = norm(scores);
  return { scores, errors, samplingError: size > 0 ? norm(errors) / size : 0, value: value as number, evaluations: { predict: values.length + 1, gradient: 0 } };
}
