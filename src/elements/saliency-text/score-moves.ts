/** Which weights moved between two versions of a text: their tokens matched in order, those without a match gone or new. Draws nothing. */
import { commonSubsequence } from "../../base/common-subsequence.js";

export interface Scored {
  readonly text: string;
  readonly score: number;
}

export interface ScoreMove {
  readonly text: string;
  /** null where the token is not there */
  readonly before: number | null;
  readonly after: number | null;
  /** after − before, an absent one counting as 0 */
  readonly difference: number;
}

/** The largest moves first. */
export function scoreMoves(before: readonly Scored[], after: readonly Scored[]): ScoreMove[] {
  const pairs = commonSubsequence(before.map(({ text }) => text), after.map(({ text }) => text));
  const [left, right] = [new Set(pairs.map(([index]) => index)), new Set(pairs.map(([, index]) => index))];
  const moves: ScoreMove[] = [
    ...pairs.map(([from, to]) => ({ text: after[to]!.text, before: before[from]!.score, after: after[to]!.score, difference: after[to]!.score - before[from]!.score })),
    ...before.flatMap(({ text, score }, index) => (left.has(index) ? [] : [{ text, before: score, after: null, difference: -score }])),
    ...after.flatMap(({ text, score }, index) => (right.has(index) ? [] : [{ text, before: null, after: score, difference: score }])),
  ];
  return moves.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}
