/**
 * A cooperative game: players are present or absent, and a coalition is worth what the model says of the input with the absent players
 * masked. Whoever makes the game decides what masking means. `Predict` serves: its rows are presence bits, [player] of 0 and 1.
 */
import { LexiscopeError } from "../../base/errors.js";
import { sum } from "../../base/statistics.js";
import type { Refining } from "../refining.js";
import type { MethodOptions, Predict } from "../types.js";

export type Game = Predict;

export interface ShapleyValues {
  readonly scores: number[]; // [player]
  /** standard errors, [player]; zeros when nothing was sampled */
  readonly errors: number[];
  readonly value: number; // everybody present
  readonly baselineValue: number; // nobody present
  /** |Σ scores − (value − baselineValue)|: 0 but for rounding in a method that is efficient */
  readonly efficiencyGap: number;
  /** coalitions that were evaluated; with a memory the different ones among them, now or before */
  readonly evaluations: number;
}

export type GameOptions = MethodOptions;

export type ShapleyOptions = Refining<ShapleyValues>;

export function checkPlayers(players: number, most = Infinity): void {
  if (!Number.isInteger(players) || players < 1) throw new LexiscopeError("bad-input", `a game needs at least one player, not ${players}`);
  if (players > most) throw new LexiscopeError("bad-input", `${players} players are too many here (at most ${most}): take permutation-shap or kernel-shap, which sample, or partition-shap; or a shorter text, or words instead of tokens`);
}

export function shapleyValues(scores: number[], errors: number[], value: number, baselineValue: number, evaluations: number): ShapleyValues {
  return { scores, errors, value, baselineValue, efficiencyGap: Math.abs(sum(scores) - (value - baselineValue)), evaluations };
}

/** Presence bits of the players whose bit is set in `mask`. */
export function coalition(mask: number, players: number): Uint8Array {
  return Uint8Array.from({ length: players }, (_, player) => (mask >> player) & 1);
}
