/**
 * A text as what explanations are judged on: what the model says of it without some of its units, as probability and as score. Each set of
 * units is run once, on token ids, in batches; nothing is tokenized again. Not a method of attribution (those have `text-game.ts`).
 */
import { LexiscopeError } from "../base/errors.js";
import { argmax } from "../base/statistics.js";
import type { Target, Token, Unit } from "../explanation/types.js";
import type { JudgedText } from "../methods/faithfulness/judge.js";
import { coalitionText, playersOfTokens, type Absence, type Player } from "../methods/players.js";
import { sigmoid, softmax } from "../methods/probabilities.js";
import { score } from "../methods/target.js";
import type { Answering, Encoded, Facts } from "./answering.js";
import { batchedScores, TOGETHER } from "./batched-scores.js";
import type { TextInput } from "./requests.js";

export interface Said {
  readonly score: number;
  readonly probability: number;
  /** the index that scores most, and what it is given */
  readonly best: number;
  readonly bestProbability: number;
}

export interface ModelText extends JudgedText {
  readonly players: readonly Player[];
  readonly removal: "mask" | "pad" | "unknown" | "delete";
  /** what the model says with these units present, [set][unit] of 0 and 1 */
  readonly say: (rows: readonly ArrayLike<number>[], signal?: AbortSignal) => Promise<Said[]>;
  /** sets that the model was really run on */
  readonly evaluations: () => number;
}

/** What the model gives as the target's probability; against a contrast, of the two alone. The score itself where there is one only (a cosine, a regression). */
export function probabilityOf({ config }: Pick<Facts, "config">, logits: ArrayLike<number>, target: Target): number {
  if (target.contrast) return sigmoid(logits[target.index]! - logits[target.contrast.index]!);
  if (logits.length === 1) return logits[0]!;
  return config["problem_type"] === "multi_label_classification" ? sigmoid(logits[target.index]!) : softmax(logits)[target.index]!;
}

/** The first of these that the tokenizer has stands for what is absent; where it has none, absent tokens are deleted. */
function absenceOf({ facts: { tokenizer } }: Answering, wanted: "mask" | "pad" | "delete"): { readonly removal: ModelText["removal"]; readonly absence: Absence } {
  const { maskId, padId, unknownId } = tokenizer;
  const orders = { mask: ["mask", "pad", "unknown"], pad: ["pad", "mask", "unknown"], delete: [] } as const;
  const ids = { mask: maskId, pad: padId, unknown: unknownId };
  const removal = orders[wanted].find((name) => ids[name] !== null) ?? "delete";
  return { removal, absence: removal === "delete" ? "delete" : ids[removal]! };
}

/** Throws `bad-input` when nothing of the text can be left out, `unsupported` when nothing would be left of it. */
export function judgedText(
  model: Answering, input: TextInput, encoded: Encoded, target: Target, wanted: { readonly unit: "word" | "token"; readonly removal: "mask" | "pad" | "delete"; readonly rationale?: readonly (readonly [number, number])[] | undefined },
): ModelText {
  const { tokens, row, position } = encoded;
  const players = playersOfTokens(tokens, input.text, { textPair: input.textPair, unit: wanted.unit, maskId: model.facts.tokenizer.maskId });
  const { removal, absence } = absenceOf(model, wanted.removal);
  const textOf = (present: ArrayLike<number>) => coalitionText({ ...row, position }, players, present, absence);
  if (textOf(players.map(() => 0)).ids.length === 0) {
    throw new LexiscopeError("unsupported", "nothing is left of this text without its words: this tokenizer adds no special tokens and has none that could stand for a missing one", { phase: "explain" });
  }
  const known = new Map<string, Said>();
  const say: ModelText["say"] = async (rows, signal) => {
    const keys = rows.map((present) => Array.from(present).join(""));
    const fresh = new Map(keys.flatMap((key, index) => (known.has(key) ? [] : [[key, rows[index]!] as const])));
    if (fresh.size > 0) {
      const texts = [...fresh.values()].map(textOf);
      const found = await model.ask(async (runner) => batchedScores(await model.posed(runner, encoded, signal), texts, signal), signal);
      [...fresh.keys()].forEach((key, index) => {
        const logits = found[index]!;
        const best = argmax(logits);
        const bestProbability = probabilityOf(model.facts, logits, { index: best, label: "" });
        known.set(key, { score: score(logits, target), probability: probabilityOf(model.facts, logits, target), best, bestProbability });
      });
    }
    return keys.map((key) => known.get(key)!);
  };
  const marked = (player: Player): boolean => (wanted.rationale ?? []).some(([start, end]) => player.segment === 0 && player.tokens.some((token) => tokens[token]!.start < end && start < tokens[token]!.end));
  return {
    units: players.length, players, removal, say,
    evaluations: () => known.size,
    rationale: wanted.rationale ? players.map((player) => (marked(player) ? 1 : 0)) : null,
    score: async (rows, signal) => (await say(rows, signal)).map((said) => said.score),
    probability: async (rows, signal) => (await say(rows, signal)).map((said) => said.probability),
  };
}

/** Rows a call of a game. */
export const JUDGED_TOGETHER = 4 * TOGETHER;

/** What people marked lies inside of the text. Throws `bad-input`. */
export function checkRationale(text: string, rationale: readonly (readonly [number, number])[]): void {
  for (const [start, end] of rationale) {
    if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length) continue;
    throw new LexiscopeError("bad-input", `rationale [${start}, ${end}] is no span of this text of ${text.length} characters`, { phase: "request" });
  }
}

/** Sum of its tokens' scores, a unit; [unit] */
export function unitScores(players: readonly Player[], scores: readonly number[]): number[] {
  return players.map(({ tokens }) => tokens.reduce((total, token) => total + scores[token]!, 0));
}

/** The players as an explanation holds them. */
export function unitsOf(players: readonly Player[], tokens: readonly Token[]): Unit[] {
  return players.map((player) => ({ text: player.text, start: tokens[player.tokens[0]!]!.start, end: tokens[player.tokens.at(-1)!]!.end, tokens: player.tokens }));
}
