/**
 * Shapley values from random orders of the players, each walked forwards and backwards (antithetic), with a standard error for each player.
 * Efficient whatever the budget. More budget continues where the last one stopped.
 * Source: Castro et al. 2009; antithetic walk as in SHAP's permutation explainer.
 */
import { LexiscopeError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { mean, standardError } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import { Stages, type Memory } from "../refining.js";
import { checkPlayers, shapleyValues, type Game, type ShapleyOptions, type ShapleyValues } from "./game.js";
import { played, type Played } from "./remembered.js";

export interface PermutationOptions extends ShapleyOptions {
  readonly seed?: number;
}

type WalkOptions = Omit<ShapleyOptions, "memory">;

/** Whole permutations that a budget of evaluations pays for, counted as SHAP counts them: 2·players + 1 each. */
export function permutationsFor(evaluations: number, players: number): number {
  return Math.floor(evaluations / (2 * players + 1));
}

export class PermutationShapley {
  private readonly random: Random;
  private readonly contributions: number[][] = []; // [permutation][player]
  private ends: { value: number; baselineValue: number } | null = null;
  private evaluations = 0;

  private readonly played: Played;

  /** `memory`: what an earlier one of this game left is not evaluated again */
  constructor(game: Game, private readonly players: number, seed = 0, memory?: Memory) {
    checkPlayers(players);
    this.random = new Random(seed);
    this.played = played(game, memory);
  }

  /** Adds `count` random permutations. */
  async extend(count: number, options: WalkOptions = {}): Promise<ShapleyValues> {
    if (!Number.isInteger(count) || count < 1) throw new LexiscopeError("bad-input", `${count} permutations: give a larger budget (one costs ${2 * this.players + 1} evaluations)`);
    return this.walk(Array.from({ length: count }, () => this.random.permutation(this.players)), options);
  }

  /** Adds the given orders of the players. Shares of partial results are of these. */
  async walk(orders: readonly (readonly number[])[], { onPartial, ...options }: WalkOptions = {}): Promise<ShapleyValues> {
    const { game, count, moved } = this.played;
    const { value, baselineValue } = (this.ends ??= await this.evaluateEnds(game, options));
    const steps = this.players - 1; // coalitions strictly between nobody and everybody
    const walks = orders.flatMap((order) => [order, [...order].reverse()]);
    const before = { evaluations: this.evaluations, contributions: [...this.contributions] };
    const contributionsOf = (order: number, between: readonly number[]): number[] => {
      const sums = new Array<number>(this.players).fill(0);
      [2 * order, 2 * order + 1].forEach((walk) => {
        const path = [baselineValue, ...between.slice(walk * steps, (walk + 1) * steps), value];
        walks[walk]!.forEach((player, step) => (sums[player] = sums[player]! + path[step + 1]! - path[step]!));
      });
      return sums.map((sum) => sum / 2);
    };
    const answer = (walked: number, between: readonly number[]): ShapleyValues => {
      const all = [...before.contributions, ...orders.slice(0, walked).map((_, order) => contributionsOf(order, between))];
      const columns = Array.from({ length: this.players }, (_, player) => all.map((each) => each[player]!));
      const errors = columns.map((samples) => (samples.length > 1 ? standardError(samples) : 0));
      return shapleyValues(columns.map(mean), errors, value, baselineValue, count(before.evaluations + 2 * walked * steps));
    };
    const stages = new Stages(orders.length, Math.max(0, 2 - before.contributions.length));
    const partial = (between: readonly number[]): void => {
      const walked = Math.floor(between.length / (2 * steps));
      if (moved() && stages.reached(walked)) onPartial?.(answer(walked, between), walked / orders.length);
    };
    const between = await predictRows(game, walks.length * steps, (row) => this.present(walks[Math.floor(row / steps)]!.slice(0, (row % steps) + 1)), options, onPartial && partial);
    this.evaluations += between.length;
    this.contributions.push(...orders.map((_, order) => contributionsOf(order, between)));
    return answer(orders.length, between);
  }

  private async evaluateEnds(game: Game, { signal }: WalkOptions): Promise<{ value: number; baselineValue: number }> {
    const everybody = Array.from({ length: this.players }, (_, player) => player);
    const [baselineValue, value] = await predictRows(game, 2, (row) => this.present(row === 0 ? [] : everybody), { ...(signal && { signal }) });
    this.evaluations += 2;
    return { value: value!, baselineValue: baselineValue! };
  }

  private present(members: readonly number[]): Uint8Array {
    const row = new Uint8Array(this.players);
    for (const player of members) row[player] = 1;
    return row;
  }
}

/** `evaluations`: the budget, 500 by default; at least one permutation is walked. */
export async function permutationShapley(game: Game, players: number, { seed = 0, evaluations = 500, memory, ...options }: PermutationOptions & { readonly evaluations?: number } = {}): Promise<ShapleyValues> {
  return new PermutationShapley(game, players, seed, memory).extend(Math.max(1, permutationsFor(evaluations, players)), options);
}
