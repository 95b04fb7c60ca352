/**
 * LIME: a linear surrogate of any model around one text, from texts with words taken out. What taking out means (deleting, masking, every
 * occurrence or one position) is the game's business. Weights move from seed to seed: the spread over seeds is part of the result.
 * Source: Ribeiro, Singh & Guestrin 2016, "Why Should I Trust You?" (arXiv:1602.04938).
 */
import { LexiscopeError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { mean, sum, variance } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import { Stages, type Refining } from "../refining.js";
import type { Game } from "../shapley/game.js";
import { played } from "../shapley/remembered.js";
import { limeKernel } from "./kernels.js";
import { fitSurrogate, type Surrogate, type SurrogateOptions, type SurrogateSamples } from "./surrogate.js";

export interface LimeOptions extends Refining<LimeResult>, SurrogateOptions {
  /** perturbed texts, the original included; 1000 by default */
  readonly samples?: number;
  readonly seed?: number;
  /** width of the distance kernel, on a scale where a text without any common word is 100 away; 25 by default */
  readonly width?: number;
  /** "count": the number of removed words is uniform, as LIME draws; "coin": each word by a fair coin, as Captum draws */
  readonly masks?: "count" | "coin";
  /** refits on so many parts of the samples, at most, to show how far the weights move; 5 by default, 0 for none; at least 3 where that is allowed */
  readonly parts?: number;
  /** weight of one perturbed row; by default LIME's kernel on the share of words kept */
  readonly kernel?: (row: ArrayLike<number>) => number;
}

export interface LimeResult extends Surrogate {
  /** standard errors from refits on disjoint parts of the samples, [player] */
  readonly errors: number[];
  readonly value: number; // the model's score of the original
  /** perturbed texts; with a memory the different ones among them */
  readonly evaluations: number;
}

/** One random presence row. `count`: 1 … n words removed, so the empty text occurs. */
export function drawMask(random: Random, players: number, masks: "count" | "coin"): Uint8Array {
  const row = new Uint8Array(players).fill(1);
  if (masks === "coin") return row.map(() => random.integer(2));
  for (const player of random.sample(players, 1 + random.integer(players))) row[player] = 0;
  return row;
}

export async function lime(game: Game, players: number, options: LimeOptions = {}): Promise<LimeResult> {
  const { samples: count = 1000, seed = 0, width = 25, masks = "count", onPartial, memory } = options;
  if (!Number.isInteger(players) || players < 1) throw new LexiscopeError("bad-input", `lime needs at least one word, not ${players}`);
  if (!Number.isInteger(count) || count < 2) throw new LexiscopeError("bad-input", `samples must be an integer of at least 2, not ${count}`);
  const random = new Random(seed);
  const rows = [new Uint8Array(players).fill(1), ...Array.from({ length: count - 1 }, () => drawMask(random, players, masks))];
  const kernel = options.kernel ?? ((row: ArrayLike<number>) => limeKernel(sum(row), players, width));
  const { game: play, count: evaluations, moved } = played(game, memory);
  const fitted = (values: readonly number[]): LimeResult => {
    const samples = { rows: rows.slice(0, values.length), values, weights: rows.slice(0, values.length).map(kernel) };
    const fit = fitSurrogate(samples, options);
    return { ...fit, errors: partErrors(samples, fit, options), value: values[0]!, evaluations: evaluations(values.length) };
  };
  const stages = new Stages(count, PART_LIMIT * (Math.min(players, options.features ?? players) + 2));
  const partial = (values: readonly number[]): void => {
    if (moved() && stages.reached(values.length)) onPartial?.(fitted(values), values.length / count);
  };
  return fitted(await predictRows(play, count, (row) => rows[row]!, options, onPartial && partial));
}

/** Parts below which their spread says nothing. */
const PART_LIMIT = 3;

/** Refits on every parts-th sample; the spread of k estimates on n/k samples each, scaled to all n. Zeros where the samples are too few. */
function partErrors(samples: SurrogateSamples, fit: Surrogate, { parts: most = 5, alpha: strength = 1, model }: LimeOptions): number[] {
  const none = fit.scores.map(() => 0);
  const parts = Math.min(most, Math.floor(samples.rows.length / (fit.selected.length + 2)));
  if (parts < Math.max(2, Math.min(PART_LIMIT, most))) return none;
  const alpha = strength * (model === "lasso" ? 1 : 1 / parts);
  const estimates = Array.from({ length: parts }, (_, part) => {
    const kept = samples.rows.flatMap((_, row) => (row % parts === part ? [row] : []));
    const subset = { rows: kept.map((row) => fit.selected.map((player) => samples.rows[row]![player]!)), values: kept.map((row) => samples.values[row]!), weights: kept.map((row) => samples.weights[row]!) };
    return fitSurrogate(subset, { ...(model && { model }), alpha }).scores;
  });
  fit.selected.forEach((player, index) => (none[player] = Math.sqrt(variance(estimates.map((scores) => scores[index]!)) / parts)));
  return none;
}

/** How far the weights move over seeds: mean and standard deviation of each player's weight, [player]. */
export async function limeSpread(game: Game, players: number, seeds: readonly number[], options: LimeOptions = {}): Promise<{ means: number[]; deviations: number[] }> {
  const runs: number[][] = [];
  for (const seed of seeds) runs.push((await lime(game, players, { ...options, seed })).scores);
  const of = (player: number): number[] => runs.map((scores) => scores[player] as number);
  const playersList = Array.from({ length: players }, (_, player) => player);
  return { means: playersList.map((player) => mean(of(player))), deviations: playersList.map((player) => Math.sqrt(variance(of(player)))) };
}
