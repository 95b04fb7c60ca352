/** A text as a game that the model plays: a coalition is worth the target's score of the text without the absent players. */
import { LexiscopeError } from "../../base/errors.js";
import { coalitionText, playersOfTokens, type Absence, type Player } from "../../methods/players.js";
import type { Memory } from "../../methods/refining.js";
import type { Game } from "../../methods/shapley/game.js";
import { score } from "../../methods/target.js";
import { batchedScores, TOGETHER } from "../batched-scores.js";
import { writtenFrom } from "../inputs.js";
import { fillerId, type Subject } from "../subject.js";

/** Coalitions asked for at once when their texts differ in length, so that alike ones find each other. */
const SORTED_TOGETHER = 128;

export interface TextGame {
  readonly game: Game;
  readonly players: readonly Player[];
  /** coalitions that were evaluated before: their worth depends on neither method nor seed */
  readonly memory: Memory;
  /** rows a call */
  readonly batch: number;
}

/** Options `players` and `mask`. Throws `bad-input` when there is no player, `unsupported` when absence cannot be written. */
export function textGame<B>(subject: Subject<B>): TextGame {
  const { runner, input, row, tokens, position, target, fillers, options } = subject;
  const players = playersOfTokens(tokens, input.text, { textPair: input.textPair, unit: options["players"] as "word" | "token" | "bag", maskId: fillers.mask });
  const wanted = options["mask"] as "mask" | "pad" | "delete";
  const absence: Absence = wanted === "delete" ? "delete" : fillerId(subject, wanted, "mask=delete");
  const textOf = (present: ArrayLike<number>) => coalitionText({ ...row, position }, players, present, absence);
  if (writtenFrom(textOf(players.map(() => 0)), runner.model.anatomy.decoder !== null) === 0) {
    throw new LexiscopeError("unsupported", "nothing is left of this text without its words: this tokenizer adds no special tokens; choose option mask=mask or mask=pad", { phase: "explain" });
  }
  const game = async (rows: readonly ArrayLike<number>[], signal?: AbortSignal): Promise<number[]> =>
    (await batchedScores(runner, rows.map(textOf), signal)).map((scores) => score(scores, target));
  return { game, players, memory: subject.recall(["coalitions", options["players"], wanted]), batch: absence === "delete" ? SORTED_TOGETHER : TOGETHER };
}
