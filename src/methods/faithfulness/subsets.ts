/**
 * What the prediction loses without random sets of units: the perturbations of infidelity and of faithfulness correlation, where a perturbation is
 * "these units are not there". Not the continuous noise of images: half a word does not exist.
 * Sources: Yeh et al. 2019, arXiv:1901.09392 (infidelity; its "difference to baseline" perturbation of random subsets); Bhatt et al. 2020, arXiv:2005.00631.
 */
import { pearson } from "../../base/ranks.js";
import { Random } from "../../base/random.js";
import { sum } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import type { Game, GameOptions } from "../shapley/game.js";

export interface SubsetDrops {
  /** 1 where a unit is taken out, [subset][unit] */
  readonly perturbations: readonly (readonly number[])[];
  /** f(x) − f(x without them), [subset] */
  readonly drops: readonly number[];
}

/** `size`: units taken out each time; 0 for a size that is uniform in 1 … units. */
export async function subsetDrops(predict: Game, units: number, count: number, size: number, seed: number, options: GameOptions = {}): Promise<SubsetDrops> {
  const random = new Random(seed, 1);
  const perturbations = Array.from({ length: count }, () => {
    const out = new Set(random.sample(units, size === 0 ? 1 + random.integer(units) : Math.min(size, units)));
    return Array.from({ length: units }, (_, unit) => (out.has(unit) ? 1 : 0));
  });
  const all = new Uint8Array(units).fill(1);
  const [whole, ...without] = (await predictRows(predict, count + 1, (index) => (index === 0 ? all : Uint8Array.from(perturbations[index - 1]!, (out) => 1 - out)), options)) as [number, ...number[]];
  return { perturbations, drops: without.map((value) => whole - value) };
}

/** What the scores of the units taken out promise that the prediction loses, [subset]. */
function promised(scores: readonly number[], { perturbations }: SubsetDrops): number[] {
  return perturbations.map((perturbation) => perturbation.reduce((total, out, unit) => total + out * scores[unit]!, 0));
}

/**
 * Infidelity with the best scale for the scores (Yeh et al., section 3; Captum's `normalize`), as a share of what there is to explain: 0 when the
 * scores tell every drop up to one factor, 1 when they tell nothing. NaN when the prediction never moves.
 */
export function relativeInfidelity(scores: readonly number[], subsets: SubsetDrops): number {
  const promises = promised(scores, subsets);
  const { drops } = subsets;
  const [told, size, moved] = [sum(promises.map((value, index) => value * drops[index]!)), sum(promises.map((value) => value ** 2)), sum(drops.map((value) => value ** 2))];
  if (moved === 0) return NaN;
  return size === 0 ? 1 : Math.max(0, 1 - told ** 2 / (size * moved));
}

/** Pearson's correlation of promised and real drops. NaN when one side is constant. */
export function faithfulnessCorrelation(scores: readonly number[], subsets: SubsetDrops): number {
  return pearson(promised(scores, subsets), subsets.drops);
}
