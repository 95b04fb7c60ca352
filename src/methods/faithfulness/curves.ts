/**
 * Deletion and insertion curves: the prediction while the units that an explanation ranks first are taken out one share after the other, and while
 * they alone are put in. The area between the two says in one number how well the ranking finds what the model uses: it is comprehensiveness less
 * sufficiency, over all shares. Nothing is compared here; see `judge.ts`.
 * Sources: Samek et al. 2017, arXiv:1509.06321 (deletion by rank); Petsiuk et al. 2018, arXiv:1806.07421 (insertion).
 */
import { predictRows } from "../batches.js";
import type { Game, GameOptions } from "../shapley/game.js";
import { ranking } from "./erasure.js";

export interface ErasureCurves {
  /** the prediction with the first share of the ranking taken out, [point]; point p is the share p ÷ (points − 1) */
  readonly deletion: number[];
  /** the prediction of the first share alone, [point] */
  readonly insertion: number[];
}

/** Scores → curves of `points` points, both ends included. Point p stands for the nearest whole number of units. */
export async function erasureCurves(predict: Game, scores: readonly number[], points: number, options: GameOptions = {}): Promise<ErasureCurves> {
  const order = ranking(scores);
  const row = (point: number, keep: 0 | 1): Uint8Array => {
    const present = new Uint8Array(order.length).fill(1 - keep);
    for (const unit of order.slice(0, Math.round((point * order.length) / (points - 1)))) present[unit] = keep;
    return present;
  };
  const values = await predictRows(predict, 2 * points, (index) => row(index % points, index < points ? 0 : 1), options);
  return { deletion: values.slice(0, points), insertion: values.slice(points) };
}

/** Trapezoid area under a curve over shares from 0 to 1. */
export function areaUnder(curve: readonly number[]): number {
  return curve.slice(1).reduce((area, value, index) => area + (value + curve[index]!) / 2, 0) / (curve.length - 1);
}
