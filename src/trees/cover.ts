/**
 * Whether the covers of a file are covers. Converters write the attribute `nodes_hitrates` with 1 everywhere, or leave it out; path-dependent
 * Tree SHAP needs the number (or weight) of training rows that came through each node.
 */
import type { Tree } from "./types.js";

/** Covers are written as float32 or as short decimals; a child's share is taken of the sum of both children. */
const TOLERANCE = 1e-3;

/** Why the covers cannot be used, or null when they can. */
export function missingCover(trees: readonly Tree[]): string | null {
  const split = trees.filter((tree) => tree.mode.length > 1); // a tree of one leaf needs none
  if (split.length === 0) return null;
  const covers = split.flatMap(({ cover }) => (cover ? [cover] : []));
  if (covers.length < split.length) return "the file does not say how many training rows came through each node";
  if (covers.every((cover) => cover.every((value) => value === 0 || value === 1))) return "its nodes_hitrates are all 0 or 1, as converters write them when they do not know";
  for (const [index, tree] of trees.entries()) {
    const wrong = tree.mode.findIndex((mode, node) => mode !== "LEAF" && !isSum(tree.cover as Float64Array, node, tree));
    if (wrong >= 0) return `its nodes_hitrates are not counts of training rows: in tree ${index} a node has ${tree.cover?.[wrong]}, its children ${tree.cover?.[tree.passed[wrong] as number]} and ${tree.cover?.[tree.failed[wrong] as number]}`;
  }
  return null;
}

function isSum(cover: Float64Array, node: number, tree: Tree): boolean {
  const [whole, left, right] = [node, tree.passed[node] as number, tree.failed[node] as number].map((at) => cover[at] as number) as [number, number, number];
  return left >= 0 && right >= 0 && left + right > 0 && Number.isFinite(left + right) && Math.abs(whole - (left + right)) <= TOLERANCE * (left + right);
}
