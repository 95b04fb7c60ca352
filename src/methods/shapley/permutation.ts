/**
 * Shapley values from random orders of the players, each walked forwards and backwards (antithetic), with a standard error for each player.
 * Efficient whatever the budget. More budget continues where the last one stopped.
 * Source: Castro et al. 2009; antithetic walk as in SHAP's permutation explainer.
 */
import { LexiscopeError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { mean, standardError } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import { checkPlayers, shapleyValues, type Game, type GameOptions, type ShapleyValues } from "./game.js";

export interface PermutationOptions extends GameOptions {
  readonly seed?: number;
}

/** Whole permutations that a budget of evaluations pays for, counted as SHAP counts them: 2·players + 1 each. */
export function permutationsFor(evaluations: number, players: number): number {
  return Math.floor(evaluations / (2 * players + 1));
}

export class PermutationShapley {
  private readonly random: Random;
  private readonly contributions: number[][]; // [player][permutation]
  private ends: { value: number; baselineValue: number } | null = null;
  private evaluations = 0;

  constructor(private readonly game: Game, private readonly players: number, seed = 0) {
    checkPlayers(players);
    this.random = new Random(seed);
    this.contributions = Array.from({ length: players }, () => []);
  }

  /** Adds `count` random permutations. */
  async extend(count: number, options: GameOptions = {}): Promise<ShapleyValues> {
    if (!Number.isInteger(count) || count < 1) throw new LexiscopeError("bad-input", `${count} permutations: give a larger budget (one costs ${2 * this.players + 1} evaluations)`);
    return this.walk(Array.from({ length: count }, () => this.random.permutation(this.players)), options);
  }

  /** Adds the given orders of the players. */
  async walk(orders: readonly (readonly number[])[], options: GameOptions = {}): Promise<ShapleyValues> {
    const { value, baselineValue } = (this.ends ??= await this.evaluateEnds(options));
    const steps = this.players - 1; // coalitions strictly between nobody and everybody
    const walks = orders.flatMap((order) => [order, [...order].reverse()]);
    const between = await predictRows(this.game, walks.length * steps, (row) => this.present((walks[Math.floor(row / steps)] as readonly number[]).slice(0, (row % steps) + 1)), options);
    this.evaluations += between.length;
    orders.forEach((order, index) => {
      const sums = new Array<number>(this.players).fill(0);
      [order, [...order].reverse()].forEach((walk, direction) => {
        const first = (2 * index + direction) * steps;
        const path = [baselineValue, ...between.slice(first, first + steps), value];
        walk.forEach((player, step) => (sums[player] = (sums[player] as number) + (path[step + 1] as number) - (path[step] as number)));
      });
      sums.forEach((sum, player) => this.contributions[player]?.push(sum / 2));
    });
    const errors = this.contributions.map((samples) => (samples.length > 1 ? standardError(samples) : 0));
    return shapleyValues(this.contributions.map(mean), errors, value, baselineValue, this.evaluations);
  }

  private async evaluateEnds(options: GameOptions): Promise<{ value: number; baselineValue: number }> {
    const everybody = Array.from({ length: this.players }, (_, player) => player);
    const [baselineValue, value] = await predictRows(this.game, 2, (row) => this.present(row === 0 ? [] : everybody), { ...(options.signal && { signal: options.signal }) });
    this.evaluations += 2;
    return { value: value as number, baselineValue: baselineValue as number };
  }

  private present(members: readonly number[]): Uint8Array {
    const row = new Uint8Array(this.players);
    for (const player of members) row[player] = 1;
    return row;
  }
}

/** `evaluations`: the budget, 500 by default; at least one permutation is walked. */
export async function permutationShapley(game: Game, players: number, { seed = 0, evaluations = 500, ...options }: PermutationOptions & { readonly evaluations?: number } = {}): Promise<ShapleyValues> {
  return new PermutationShapley(game, players, seed).extend(Math.max(1, permutationsFor(evaluations, players)), options);
}
