/**
 * Interventional Tree SHAP of one tree for one row against one background row, in a single pass: where both rows go the same way there is
 * nothing to decide; where they part, the split's feature is either in the coalition (the way of the row) or out of it (the way of the
 * background), once for the whole path. With p features in and q out, a leaf gives w·(p−1)!q!/(p+q)! to those in and −w·p!(q−1)!/(p+q)! to
 * those out; the sums come back up the tree, so that each node is visited at most once. O(nodes).
 * Source: Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9, independent Tree SHAP.
 */
import { childOf, isLeaf } from "./decide.js";
import type { Tree } from "./types.js";

const UNDECIDED = 0;
const IN = 1;
const OUT = 2;

/** Shapley's weight of a leaf for one of the `own` features on its side, with `other` on the other side: (own − 1)!·other! ÷ (own + other)! */
function sideWeight(own: number, other: number): number {
  let weight = 1 / own;
  for (let step = 1; step <= other; step++) weight *= step / (own + step);
  return weight;
}

/** Adds `scale` times the tree's Shapley values to scores[target][feature]. */
export function addInterventional(tree: Tree, row: Float64Array, background: Float64Array, scale: number, scores: readonly Float64Array[]): void {
  const slots = tree.targets.length;
  const sides = new Uint8Array(row.length); // [feature]
  const levels: { readonly inside: Float64Array; readonly outside: Float64Array }[] = [];
  const sumsAt = (level: number) => (levels[level] ??= { inside: new Float64Array(slots), outside: new Float64Array(slots) });

  /** Sums over the leaves below `node`, into the sums of `level`: what each feature that is in, or out, gets. */
  const walk = (start: number, inside: number, outside: number, level: number): void => {
    const sums = sumsAt(level);
    sums.inside.fill(0);
    sums.outside.fill(0);
    let node = start;
    while (!isLeaf(tree, node)) {
      const [own, other] = [childOf(tree, node, row), childOf(tree, node, background)];
      const feature = tree.feature[node] as number;
      const side = sides[feature] as number;
      if (own !== other && side === UNDECIDED) return fork(feature, own, other, inside, outside, level);
      node = own === other || side === IN ? own : other;
    }
    const [gain, loss] = [inside > 0 ? scale * sideWeight(inside, outside) : 0, outside > 0 ? -scale * sideWeight(outside, inside) : 0];
    for (let entry = tree.leafStart[node] as number; entry < (tree.leafStart[node + 1] as number); entry++) {
      const [slot, weight] = [tree.leafSlot[entry] as number, tree.leafWeight[entry] as number];
      sums.inside[slot] = gain * weight;
      sums.outside[slot] = loss * weight;
    }
  };
  const fork = (feature: number, own: number, other: number, inside: number, outside: number, level: number): void => {
    const sums = sumsAt(level);
    for (const [side, child] of [[IN, own], [OUT, other]] as const) {
      sides[feature] = side;
      walk(child, inside + (side === IN ? 1 : 0), outside + (side === OUT ? 1 : 0), level + 1);
      const below = sumsAt(level + 1);
      for (let slot = 0; slot < slots; slot++) {
        const target = scores[tree.targets[slot] as number] as Float64Array;
        target[feature]! += ((side === IN ? below.inside : below.outside)[slot] as number);
        sums.inside[slot]! += below.inside[slot] as number;
        sums.outside[slot]! += below.outside[slot] as number;
      }
    }
    sides[feature] = UNDECIDED;
  };
  walk(0, 0, 0, 0);
}
