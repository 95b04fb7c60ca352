/**
 * Exact Tree SHAP: Shapley values and interactions of a tree ensemble's raw margins. Path-dependent without background rows (an absent feature
 * goes both ways, in the shares of the training rows), interventional with them (an absent feature takes a background row's value). It explains the
 * margin before post_transform, never probabilities, and the features of the ensemble, not those of nodes before it.
 * Source: Lundberg et al. 2018, arXiv:1802.03888; Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9.
 */
import { LexiscopeError } from "../base/errors.js";
import { prepareRow } from "./decide.js";
import { treeMargins } from "./evaluate.js";
import { addInterventional } from "./interventional.js";
import { emptyValue, leafGames, leafInteractions, leafShapley, shareByCover, shareByRow, type PassShare } from "./leaf-games.js";
import type { Tree, TreeEnsemble } from "./types.js";

export interface TreeShapOptions {
  /** rows [row][feature] that absent features are taken from, each as likely as the others: interventional; without them, path-dependent */
  readonly background?: readonly ArrayLike<number>[];
  /** a single margin (place among the ensemble's `targets`); all of them without it */
  readonly target?: number;
}

export interface TreeShap {
  readonly scores: number[][]; // [target][feature]
  /** the margin with all features absent; base + Σ scores = margin */
  readonly base: number[]; // [target]
  readonly margin: number[]; // [target]
}

export interface TreeShapInteractions extends TreeShap {
  /** off the diagonal half the Shapley interaction index, on it what remains of the feature's score: rows sum to `scores` */
  readonly interactions: number[][][]; // [target][feature][feature]
}

/**
 * Shapley values of each feature for one row.
 * @param row [feature], NaN for a missing value
 * @returns scores [target][feature], base [target], margin [target], in units of the margin; one target when `target` is given
 * @throws unsupported for MIN and MAX ensembles, and without background rows where the file has no covers; bad-input for rows of another length
 */
export function treeShap(ensemble: TreeEnsemble, row: ArrayLike<number>, options: TreeShapOptions = {}): TreeShap {
  const { prepared, backgrounds, wanted, trees, scale, start } = prepare(ensemble, row, options);
  const scores = Array.from({ length: ensemble.targets }, () => new Float64Array(prepared.length));
  if (backgrounds) {
    for (const background of backgrounds) for (const tree of trees) addInterventional(tree, prepared, background, scale / backgrounds.length, scores);
  } else {
    for (const tree of trees) {
      addLeafGames(tree, prepared, shareByCover, scale, (slot, feature, value) => ((scores[tree.targets[slot] as number] as Float64Array)[feature]! += value), start);
    }
  }
  return { scores: wanted.map((target) => Array.from(scores[target] as Float64Array)), ...ends(start, wanted) };
}

/**
 * Shapley interaction values of each pair of features for one row, laid out as SHAP does, together with the Shapley values. Costs the square of a
 * tree's depth more than `treeShap`, and with background rows that for each of them.
 * @param row [feature], NaN for a missing value
 * @returns interactions [target][feature][feature], and what `treeShap` returns
 * @throws as `treeShap`
 */
export function treeShapInteractions(ensemble: TreeEnsemble, row: ArrayLike<number>, options: TreeShapOptions = {}): TreeShapInteractions {
  const shap = treeShap(ensemble, row, options);
  const { prepared, backgrounds, wanted, trees, scale } = prepare(ensemble, row, options);
  const size = prepared.length;
  const tables = new Map(wanted.map((target) => [target, Array.from({ length: size }, () => new Float64Array(size))]));
  const shares = backgrounds ? backgrounds.map((background) => ({ share: shareByRow(background), part: scale / backgrounds.length })) : [{ share: shareByCover, part: scale }];
  for (const { share, part } of shares) for (const tree of trees) addPairs(tree, prepared, share, part, tables);
  const interactions = wanted.map((target, index) => {
    const table = tables.get(target) as Float64Array[];
    table.forEach((cells, feature) => (cells[feature] = (shap.scores[index]?.[feature] as number) - cells.reduce((sum, cell) => sum + cell, 0)));
    return table.map((cells) => Array.from(cells));
  });
  return { ...shap, interactions };
}

interface Ends {
  readonly base: Float64Array; // [target]
  readonly margin: readonly number[]; // [target]
}

interface Prepared {
  readonly prepared: Float64Array; // [feature]
  readonly backgrounds: readonly Float64Array[] | null; // [row][feature]
  readonly wanted: readonly number[];
  /** those that add to a wanted target */
  readonly trees: readonly Tree[];
  /** of every leaf weight */
  readonly scale: number;
  readonly start: Ends;
}

function prepare(ensemble: TreeEnsemble, row: ArrayLike<number>, { background, target }: TreeShapOptions): Prepared {
  const { aggregate, targets, missingCover, baseValues, node } = ensemble;
  if (aggregate === "MIN" || aggregate === "MAX") throw new LexiscopeError("unsupported", `tree shap explains sums and averages of trees; this ensemble has aggregate_function ${aggregate}`, { phase: "explain", node });
  if (target !== undefined && !(Number.isInteger(target) && target >= 0 && target < targets)) throw new LexiscopeError("bad-input", `no target ${target}: the ensemble has ${targets}, from 0`, { phase: "explain" });
  if (background?.length === 0) throw new LexiscopeError("bad-input", "no background rows: give at least one, or leave background out for path-dependent tree shap", { phase: "explain" });
  if (!background && missingCover !== null) throw new LexiscopeError("unsupported", `no path-dependent tree shap: ${missingCover}; give background rows (interventional tree shap)`, { phase: "explain", node });
  const wanted = target === undefined ? Array.from({ length: targets }, (_, index) => index) : [target];
  const prepared = prepareRow(ensemble, row);
  const backgrounds = background ? background.map((each, index) => sameLength(prepareRow(ensemble, each, `background row ${index}`), prepared, index)) : null;
  const base = Float64Array.from(baseValues);
  if (background) {
    const margins = treeMargins(ensemble, background);
    base.forEach((_, index) => (base[index] = margins.reduce((sum, values) => sum + (values[index] as number), 0) / margins.length));
  }
  return {
    prepared, backgrounds, wanted,
    trees: ensemble.trees.filter((tree) => tree.targets.some((each) => wanted.includes(each))),
    scale: aggregate === "AVERAGE" ? 1 / ensemble.trees.length : 1,
    start: { base, margin: treeMargins(ensemble, [row])[0] as number[] },
  };
}

function sameLength(background: Float64Array, row: Float64Array, index: number): Float64Array {
  if (background.length !== row.length) throw new LexiscopeError("bad-input", `background row ${index} has ${background.length} features, the row ${row.length}`, { phase: "explain" });
  return background;
}

const ends = ({ base, margin }: Ends, wanted: readonly number[]): Pick<TreeShap, "base" | "margin"> => ({
  base: wanted.map((target) => base[target] as number),
  margin: wanted.map((target) => margin[target] as number),
});

/** Shapley values of the leaf games, handed to `add`; what they are worth with nobody goes to the base. */
function addLeafGames(tree: Tree, row: Float64Array, share: PassShare, scale: number, add: (slot: number, feature: number, value: number) => void, { base }: Ends): void {
  const values = new Float64Array(Math.min(row.length, tree.mode.length));
  leafGames(tree, row, share, (game) => {
    const empty = emptyValue(game);
    leafShapley(game, values);
    forEachWeight(tree, game.leaf, (slot, weight) => {
      base[tree.targets[slot] as number]! += scale * weight * empty;
      for (let player = 0; player < game.players; player++) add(slot, game.features[player] as number, scale * weight * (values[player] as number));
    });
  });
}

/** Pairs of the leaf games, on both sides of the diagonal of tables[target]. */
function addPairs(tree: Tree, row: Float64Array, share: PassShare, scale: number, tables: ReadonlyMap<number, Float64Array[]>): void {
  let pairs = new Float64Array(0);
  leafGames(tree, row, share, (game) => {
    const { players, features } = game;
    if (pairs.length < players * players) pairs = new Float64Array(players * players);
    leafInteractions(game, pairs);
    forEachWeight(tree, game.leaf, (slot, weight) => {
      const table = tables.get(tree.targets[slot] as number);
      if (!table) return;
      for (let first = 0; first < players; first++)
        for (let second = first + 1; second < players; second++) {
          const value = scale * weight * (pairs[first * players + second] as number);
          const [one, other] = [features[first] as number, features[second] as number];
          table[one]![other]! += value;
          table[other]![one]! += value;
        }
    });
  });
}

function forEachWeight(tree: Tree, leaf: number, visit: (slot: number, weight: number) => void): void {
  for (let entry = tree.leafStart[leaf] as number; entry < (tree.leafStart[leaf + 1] as number); entry++) visit(tree.leafSlot[entry] as number, tree.leafWeight[entry] as number);
}
