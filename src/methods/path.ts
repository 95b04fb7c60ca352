/**
 * A `Path` from plain functions: the straight line from a baseline to the input, for toys, tests and black boxes. The engine has its
 * own, which keeps the points on the device.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Gradient, Path, Predict, Units } from "./types.js";
import { checkUnits, unitSums } from "./units.js";

export interface PathOptions {
  /** false: the integrand is the gradient alone, without the factor (x − x'); the scores are mean gradients and completeness does not hold */
  readonly multiply?: boolean;
}

/** gradient and predict answer rows of units.count · units.width features; input and baseline are such rows. */
export function pathOf(
  gradient: Gradient, predict: Predict, input: ArrayLike<number>, baseline: ArrayLike<number>, units: Units, { multiply = true }: PathOptions = {},
): Path {
  checkUnits(input.length, units);
  checkUnits(baseline.length, units, "baseline");
  const change = Float64Array.from(input, (value, feature) => value - (baseline[feature] as number)); // [feature]
  // both ends are the given rows to the last bit, so that f(x) on the path is f(x)
  const point = (alpha: number): ArrayLike<number> => {
    if (alpha === 0) return baseline;
    if (alpha === 1) return input;
    return Float64Array.from(change, (value, feature) => (baseline[feature] as number) + alpha * value);
  };
  return {
    units,
    async values(alphas, signal) {
      const values = await predict(alphas.map(point), signal);
      return expectRows(values, alphas.length, "predict");
    },
    async integrand(alphas, signal) {
      const { values, gradients } = await gradient(alphas.map(point), signal);
      expectRows(gradients, alphas.length, "gradient");
      const factor = multiply ? (feature: number) => change[feature] as number : () => 1;
      const integrand = gradients.map((row) => unitSums(units, (feature) => (row[feature] as number) * factor(feature)));
      return { values: expectRows(values, alphas.length, "gradient"), integrand };
    },
  };
}

function expectRows<T>(rows: T[], wanted: number, what: string): T[] {
  if (rows.length !== wanted) throw new LexiscopeError("runtime", `${what} answered ${rows.length} rows for a batch of ${wanted}`);
  return rows;
}
