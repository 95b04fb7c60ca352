/**
 * Exact Shapley values and interactions: every coalition is evaluated, so at most 12 players. Not an estimate.
 * Source: Shapley 1953; interaction index: Grabisch & Roubens 1999, halved and laid out as SHAP does.
 */
import { predictRows } from "../batches.js";
import type { Memory } from "../refining.js";
import { checkPlayers, coalition, shapleyValues, type Game, type GameOptions, type ShapleyValues } from "./game.js";
import { played } from "./remembered.js";

export const MOST_EXACT_PLAYERS = 12;

/** |S|!·(n − |S| − 1)! ÷ n! for each size of S */
function sizeWeights(players: number): number[] {
  const weights = [1 / players];
  for (let size = 1; size < players; size++) weights.push(((weights[size - 1] as number) * size) / (players - size));
  return weights;
}

async function allValues(game: Game, players: number, options: GameOptions): Promise<number[]> {
  checkPlayers(players, MOST_EXACT_PLAYERS);
  return predictRows(game, 2 ** players, (mask) => coalition(mask, players), options);
}

function countBits(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest; rest &= rest - 1) bits++;
  return bits;
}

function scoresOf(values: readonly number[], players: number): number[] {
  const weights = sizeWeights(players);
  const scores = new Array<number>(players).fill(0);
  values.forEach((value, mask) => {
    for (let player = 0; player < players; player++) {
      if (mask & (1 << player)) continue;
      scores[player] = (scores[player] as number) + (weights[countBits(mask)] as number) * ((values[mask | (1 << player)] as number) - value);
    }
  });
  return scores;
}

/** 2^players evaluations; nothing is known before the last, so there is nothing to refine. `memory`: what a run that was stopped left */
export async function exactShapley(game: Game, players: number, { memory, ...options }: GameOptions & { readonly memory?: Memory | undefined } = {}): Promise<ShapleyValues> {
  const values = await allValues(played(game, memory).game, players, options);
  return shapleyValues(scoresOf(values, players), new Array<number>(players).fill(0), values.at(-1) as number, values[0] as number, values.length);
}

/**
 * Interactions, [player][player]: off the diagonal half the Shapley interaction index, on it what remains, so that each row sums to the
 * player's Shapley value.
 */
export async function shapleyInteractions(game: Game, players: number, options: GameOptions = {}): Promise<{ interactions: number[][]; scores: number[] }> {
  const values = await allValues(game, players, options);
  const scores = scoresOf(values, players);
  const interactions = scores.map((score, row) => scores.map((_, column) => (row === column ? score : 0)));
  if (players === 1) return { interactions, scores };
  const weights = sizeWeights(players - 1);
  for (let first = 0; first < players; first++)
    for (let second = first + 1; second < players; second++) {
      const [one, other] = [1 << first, 1 << second];
      let index = 0;
      for (let mask = 0; mask < values.length; mask++) {
        if (mask & (one | other)) continue;
        const difference = (values[mask | one | other] as number) - (values[mask | one] as number) - (values[mask | other] as number) + (values[mask] as number);
        index += (weights[countBits(mask)] as number) * difference;
      }
      const half = index / 2;
      for (const [row, column] of [[first, second], [second, first]] as const) {
        const cells = interactions[row] as number[];
        cells[column] = half;
        cells[row] = (cells[row] as number) - half;
      }
    }
  return { interactions, scores };
}
