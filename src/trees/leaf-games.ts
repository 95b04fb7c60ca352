/**
 * A tree as a sum of leaf games. For one row, the game of a leaf is its weight times a product over the features on its path:
 * v(S) = w · ∏ᵢ (i ∈ S ? onesᵢ : zerosᵢ), where ones is 1 when the row passes all tests of feature i on the path and 0 otherwise, and zeros is
 * the share of absent rows that pass them: by the covers of the training rows (path-dependent), or of one background row (interventional).
 * With aᵢ(t) = zerosᵢ + t·(onesᵢ − zerosᵢ), Shapley's weights s!(d−1−s)!/d! are the integrals ∫ tˢ(1−t)^(d−1−s) dt, so that
 *   φᵢ = w·(onesᵢ − zerosᵢ)·∫₀¹ ∏_{k≠i} a_k(t) dt,  and for the interaction index likewise with two factors left out.
 * The integrand is a polynomial, hence exact by ⌈d/2⌉ Gauss–Legendre nodes; all its terms are positive, so that nothing cancels (the usual
 * extend-and-unwind recurrences subtract). O(leaves · depth²) a tree; interactions O(leaves · depth³).
 * Source: the games of Lundberg et al. 2018, arXiv:1802.03888, and Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9.
 */
import { childOf, isLeaf } from "./decide.js";
import { gaussLegendre } from "../base/gauss-legendre.js";
import type { Tree } from "./types.js";

/** The features on the way to a leaf for which the row and the absent rows differ; arrays are reused from leaf to leaf. */
export interface LeafGame {
  leaf: number;
  /** length of the arrays in use */
  players: number;
  readonly features: Int32Array; // [player]
  readonly ones: Float64Array; // [player], 0 or 1
  readonly zeros: Float64Array; // [player], in [0, 1]
}

/** For a node the share of absent rows that pass its test. */
export type PassShare = (tree: Tree, node: number) => number;

/** Shares by the training rows. The covers must have been checked. */
export const shareByCover: PassShare = (tree, node) => {
  const cover = tree.cover as Float64Array;
  const [passed, failed] = [cover[tree.passed[node] as number] as number, cover[tree.failed[node] as number] as number];
  return passed / (passed + failed);
};

/** All or nothing, as one background row goes. */
export const shareByRow = (background: Float64Array): PassShare => (tree, node) => (childOf(tree, node, background) === tree.passed[node] ? 1 : 0);

/** Calls `visit` for each leaf that the row or the absent rows can come to. */
export function leafGames(tree: Tree, row: Float64Array, share: PassShare, visit: (game: LeafGame) => void): void {
  const most = Math.min(row.length, tree.mode.length) + 1;
  const place = new Int32Array(row.length).fill(-1); // [feature] → place on the path
  const path = { features: new Int32Array(most), ones: new Float64Array(most), zeros: new Float64Array(most) };
  const game: LeafGame = { leaf: 0, players: 0, features: new Int32Array(most), ones: new Float64Array(most), zeros: new Float64Array(most) };

  const emit = (leaf: number, length: number): void => {
    game.leaf = leaf;
    game.players = 0;
    for (let at = 0; at < length; at++) {
      if (path.ones[at] === path.zeros[at]) continue; // both 1: a player without influence
      game.features[game.players] = path.features[at] as number;
      game.ones[game.players] = path.ones[at] as number;
      game.zeros[game.players++] = path.zeros[at] as number;
    }
    visit(game);
  };
  const walk = (node: number, length: number): void => {
    if (isLeaf(tree, node)) return emit(node, length);
    const feature = tree.feature[node] as number;
    const known = place[feature] as number;
    const at = known < 0 ? length : known;
    const [one, zero] = known < 0 ? [1, 1] : [path.ones[at] as number, path.zeros[at] as number];
    const taken = childOf(tree, node, row);
    const passShare = share(tree, node);
    path.features[at] = feature;
    place[feature] = at;
    for (const [child, part] of [[tree.passed[node] as number, passShare], [tree.failed[node] as number, 1 - passShare]] as const) {
      path.ones[at] = child === taken ? one : 0;
      path.zeros[at] = zero * part;
      if (path.ones[at] !== 0 || path.zeros[at] !== 0) walk(child, known < 0 ? length + 1 : length);
    }
    path.ones[at] = one;
    path.zeros[at] = zero;
    if (known < 0) place[feature] = -1;
  };
  walk(0, 0);
}

/** v(nobody) of a game of weight 1. */
export function emptyValue({ players, zeros }: LeafGame): number {
  let product = 1;
  for (let player = 0; player < players; player++) product *= zeros[player] as number;
  return product;
}

/** Shapley values of a game of weight 1, into `scores` [player]. */
export function leafShapley({ players, ones, zeros }: LeafGame, scores: Float64Array): void {
  scores.fill(0, 0, players);
  const { points, weights } = gaussLegendre(Math.ceil(players / 2));
  points.forEach((t, node) => {
    let product = weights[node] as number;
    for (let player = 0; player < players; player++) product *= between(ones, zeros, player, t);
    for (let player = 0; player < players; player++) scores[player]! += product / between(ones, zeros, player, t);
  });
  for (let player = 0; player < players; player++) scores[player]! *= (ones[player] as number) - (zeros[player] as number);
}

/** Half the Shapley interaction index of each pair of a game of weight 1, into `pairs` [player · players + player], first < second. */
export function leafInteractions({ players, ones, zeros }: LeafGame, pairs: Float64Array): void {
  pairs.fill(0, 0, players * players);
  const { points, weights } = gaussLegendre(Math.ceil(players / 2));
  points.forEach((t, node) => {
    let product = (weights[node] as number) / 2;
    for (let player = 0; player < players; player++) product *= between(ones, zeros, player, t);
    for (let first = 0; first < players; first++) {
      const without = product / between(ones, zeros, first, t);
      for (let second = first + 1; second < players; second++) pairs[first * players + second]! += without / between(ones, zeros, second, t);
    }
  });
  const difference = (player: number): number => (ones[player] as number) - (zeros[player] as number);
  for (let first = 0; first < players; first++) for (let second = first + 1; second < players; second++) pairs[first * players + second]! *= difference(first) * difference(second);
}

/** Never 0 for 0 < t < 1: a leaf where both are 0 is not visited. */
function between(ones: Float64Array, zeros: Float64Array, player: number, t: number): number {
  const zero = zeros[player] as number;
  return zero + t * ((ones[player] as number) - zero);
}
