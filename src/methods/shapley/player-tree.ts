/** The tree of a text's players for partition SHAP: words join to phrases and sentences, and only at last the two texts of a pair. */
import type { Player } from "../players.js";
import type { PlayerTree } from "./partition.js";
import { tokenTree } from "./token-tree.js";

const shifted = (tree: PlayerTree, by: number): PlayerTree => (typeof tree === "number" ? tree + by : [shifted(tree[0], by), shifted(tree[1], by)]);

/** Players that continue a word (their tokens touch, and no mark or Chinese character is between) are written with `##`. */
function written(players: readonly Player[], ends: (player: Player) => { readonly start: number; readonly end: number }): string[] {
  return players.map((player, index) => {
    const before = players[index - 1];
    const continues = before !== undefined && ends(before).end === ends(player).start && /[\p{L}\p{N}_]$/u.test(before.text) && /^(?!\p{Script=Han})[\p{L}\p{N}_]/u.test(player.text);
    return continues ? `##${player.text}` : player.text;
  });
}

/** `spans`: of the tokens in their text */
export function playerTree(players: readonly Player[], spans: readonly { readonly start: number; readonly end: number }[]): PlayerTree {
  const ends = ({ tokens }: Player) => ({ start: spans[tokens[0]!]!.start, end: spans[tokens.at(-1)!]!.end });
  const trees = [0, 1].flatMap((segment) => {
    const own = players.filter((player) => player.segment === segment);
    return own.length === 0 ? [] : [shifted(tokenTree(written(own, ends)), players.indexOf(own[0]!))];
  });
  return trees.length === 2 ? [trees[0]!, trees[1]!] : trees[0]!;
}
