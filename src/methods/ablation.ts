/**
 * Ablation: what the score loses when a group of units is put at its baseline, all at once. The whole loss is given to every unit of
 * the group. Not Shapley values: groups are never combined, so the scores need not add up to f(x) − f(x').
 *
 * Source: Captum FeatureAblation; leave-one-out as in Li et al. 2016 (arXiv:1612.08220).
 */
import { LexiscopeError } from "../base/errors.js";
import { predictRows } from "./batches.js";
import type { Attribution, MethodOptions, Predict, Units } from "./types.js";
import { checkUnits } from "./units.js";

/** `input` with the features of the given units taken from `baseline`; any number array type becomes a plain array. */
export function withUnitsAt(input: ArrayLike<number>, baseline: ArrayLike<number>, members: readonly number[], { width }: Units): number[] {
  const row = Array.from(input);
  for (const unit of members) for (let feature = unit * width; feature < (unit + 1) * width; feature++) row[feature] = baseline[feature] as number;
  return row;
}

/** f(x) and, for each set of units, f(x with these units at the baseline): sets.length + 1 forward evaluations. */
export async function scoresWithout(
  predict: Predict, input: ArrayLike<number>, baseline: ArrayLike<number>, units: Units, sets: readonly (readonly number[])[], options: MethodOptions,
): Promise<{ value: number; without: number[] }> {
  checkUnits(input.length, units);
  checkUnits(baseline.length, units, "baseline");
  const row = (index: number) => (index === 0 ? input : withUnitsAt(input, baseline, sets[index - 1] as readonly number[], units));
  const [value, ...without] = await predictRows(predict, sets.length + 1, row, options);
  return { value: value as number, without };
}

export interface AblationOptions extends MethodOptions {
  /** group number of each unit, [unit]; by default each unit is a group of its own */
  readonly groups?: readonly number[];
}

/** f(x) − f(x with the unit's group at the baseline) → [unit]. One forward evaluation a group and one for x. */
export async function ablation(predict: Predict, input: ArrayLike<number>, baseline: ArrayLike<number>, units: Units, options: AblationOptions = {}): Promise<Attribution> {
  const groups = options.groups ?? Array.from({ length: units.count }, (_, unit) => unit);
  if (groups.length !== units.count) throw new LexiscopeError("bad-input", `groups names ${groups.length} units, but there are ${units.count}`);
  const members = new Map<number, number[]>();
  groups.forEach((group, unit) => members.set(group, [...(members.get(group) ?? []), unit]));
  const sets = [...members.values()];
  const { value, without } = await scoresWithout(predict, input, baseline, units, sets, options);
  const scores = new Array<number>(units.count).fill(0);
  sets.forEach((set, index) => set.forEach((unit) => (scores[unit] = value - (without[index] as number))));
  return { scores, value, evaluations: { predict: sets.length + 1, gradient: 0 } };
}
