/**
 * Partition SHAP: Owen values along a binary tree of the players (words in phrases in sentences), the largest differences opened first until
 * the budget is used up; what is left on an inner node is shared by its leaves. Owen values are not Shapley values unless the tree or the game
 * allows it. Ties are broken by position in the text, so the result is the same every time.
 * Source: Owen 1977; search order and budget as in SHAP's partition explainer.
 */
import { LexiscopeError } from "../../base/errors.js";
import { predictRows } from "../batches.js";
import { Stages, type Refining } from "../refining.js";
import { shapleyValues, type Game, type ShapleyValues } from "./game.js";
import { played } from "./remembered.js";

/** A player's number, or two subtrees. */
export type PlayerTree = number | readonly [PlayerTree, PlayerTree];

/** Partial results have no errors: nothing is sampled. What they do not know yet lies in `unopened`. */
export interface PartitionOptions extends Refining<PartitionResult> {
  /** budget, the two evaluations of nobody and everybody included; opening a node costs two. 500 by default */
  readonly evaluations?: number;
  /** nodes opened together; 1 keeps strictly to the order, more fills the model's batches. 4 by default */
  readonly together?: number;
}

export interface PartitionResult extends ShapleyValues {
  /** nodes where the budget ended, with the value that their leaves share */
  readonly unopened: readonly { readonly players: readonly number[]; readonly value: number }[];
  /** the tree with the Owen value of each node, down to where the budget opened none */
  readonly hierarchy: ValuedPart;
}

/** A node of the tree. Its score is the sum of its children's, and of its players' */
export interface ValuedPart {
  readonly players: readonly number[];
  readonly score: number;
  /** absent for a player, and for a node that was never opened */
  readonly children?: readonly [ValuedPart, ValuedPart];
}

/** One part of the tree, while some players outside it are present: worth `after − before`, counted with `weight`. */
interface Part {
  readonly tree: PlayerTree;
  readonly present: Uint8Array; // of the players outside
  readonly before: number;
  readonly after: number;
  readonly weight: number;
  readonly order: number;
}

export function playersOf(tree: PlayerTree): number[] {
  return typeof tree === "number" ? [tree] : [...playersOf(tree[0]), ...playersOf(tree[1])];
}

function withPlayers(present: Uint8Array, tree: PlayerTree): Uint8Array {
  const row = Uint8Array.from(present);
  for (const player of playersOf(tree)) row[player] = 1;
  return row;
}

/** Scores are added up from below, so that sums are exact. `opened`: the inner nodes that were opened at least once */
function valued(tree: PlayerTree, opened: ReadonlySet<PlayerTree>, scores: readonly number[]): ValuedPart {
  if (typeof tree === "number") return { players: [tree], score: scores[tree]! };
  const children = [valued(tree[0], opened, scores), valued(tree[1], opened, scores)] as const;
  const whole = { players: [...children[0].players, ...children[1].players], score: children[0].score + children[1].score };
  return opened.has(tree) ? { ...whole, children } : whole;
}

export async function partitionShapley(game: Game, tree: PlayerTree, { onPartial, memory, ...options }: PartitionOptions = {}): Promise<PartitionResult> {
  const players = playersOf(tree);
  if (new Set(players).size !== players.length || Math.max(...players) !== players.length - 1) throw new LexiscopeError("bad-input", "the tree must hold each player once, numbered from 0");
  const budget = options.evaluations ?? 500;
  const together = Math.max(1, options.together ?? 4);
  const nobody = new Uint8Array(players.length);
  const quiet = { ...options, onProgress: () => undefined };
  const { game: play, count, moved } = played(game, memory);
  const [baselineValue, value] = (await predictRows(play, 2, (row) => (row === 0 ? nobody : withPlayers(nobody, tree)), quiet)) as [number, number];
  let evaluations = 2;
  let made = 0;

  const settled = new Array<number>(players.length).fill(0); // [player], without what lies in the queue
  const nodes = new Set<PlayerTree>();
  const queue: Part[] = [];
  const add = (part: Omit<Part, "order">): void => {
    if (typeof part.tree === "number") settled[part.tree] = settled[part.tree]! + (part.after - part.before) * part.weight;
    else queue.push({ ...part, order: made++ });
  };
  add({ tree, present: nobody, before: baselineValue, after: value, weight: 1 });

  const result = (): PartitionResult => {
    const scores = [...settled];
    const unopened = queue.map(({ tree: node, before, after, weight }) => ({ players: playersOf(node), value: (after - before) * weight }));
    for (const { players: leaves, value: shared } of unopened) for (const player of leaves) scores[player] = scores[player]! + shared / leaves.length;
    return { ...shapleyValues(scores, scores.map(() => 0), value, baselineValue, count(evaluations)), unopened, hierarchy: valued(tree, nodes, scores) };
  };
  const stages = new Stages(budget);
  const inOrder = (a: Part, b: Part): number => Math.abs(b.after - b.before) * b.weight - Math.abs(a.after - a.before) * a.weight || a.order - b.order;
  queue.sort(inOrder);
  while (queue.length && evaluations + 2 <= budget) {
    const opened = queue.splice(0, Math.min(together, Math.floor((budget - evaluations) / 2)));
    const rows = opened.flatMap(({ tree: node, present }) => (typeof node === "number" ? [] : [withPlayers(present, node[0]), withPlayers(present, node[1])]));
    const found = await predictRows(play, rows.length, (row) => rows[row]!, quiet);
    evaluations += rows.length;
    opened.forEach(({ tree: node, present, before, after, weight }, index) => {
      if (typeof node === "number") return;
      nodes.add(node);
      const [left, right] = node;
      const [onlyLeft, onlyRight] = [found[2 * index] as number, found[2 * index + 1] as number];
      const [withLeft, withRight] = [rows[2 * index] as Uint8Array, rows[2 * index + 1] as Uint8Array];
      add({ tree: left, present, before, after: onlyLeft, weight: weight / 2 });
      add({ tree: left, present: withRight, before: onlyRight, after, weight: weight / 2 });
      add({ tree: right, present, before, after: onlyRight, weight: weight / 2 });
      add({ tree: right, present: withLeft, before: onlyLeft, after, weight: weight / 2 });
    });
    queue.sort(inOrder);
    if (onPartial && queue.length > 0 && moved() && stages.reached(evaluations)) onPartial(result(), evaluations / budget);
    options.onProgress?.(evaluations, budget);
  }
  return result();
}
