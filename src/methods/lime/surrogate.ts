/**
 * LIME's surrogate: a weighted linear model on presence bits, on all players or on a few that are selected first.
 * Source: Ribeiro et al. 2016; selection as in LIME's lime_base.py.
 */
import { weightedLasso, weightedRidge, type LinearFit } from "../../base/linear.js";

export interface SurrogateSamples {
  readonly rows: readonly ArrayLike<number>[]; // presence, [sample][player]
  readonly values: readonly number[]; // the model's score, [sample]
  readonly weights: readonly number[]; // [sample]
}

export interface Surrogate {
  readonly scores: number[]; // [player]; 0 for players not selected
  readonly intercept: number;
  readonly r2: number;
  /** what the surrogate says of the original text */
  readonly localPrediction: number;
  readonly selected: readonly number[];
}

export interface SurrogateOptions {
  readonly model?: "ridge" | "lasso";
  /** strength of the penalty; 1 by default */
  readonly alpha?: number;
  /** how many players the surrogate may use; all by default */
  readonly features?: number;
  /** "auto": forward for up to 6 features, else the largest weights of a ridge fit */
  readonly selection?: "auto" | "forward" | "highest-weights" | "none";
}

const FORWARD_LIMIT = 6;
const SELECTION_ALPHA = 0.01;

/** Greedy: the player that raises the weighted R² of an unpenalised fit most, the first among equals. */
function forwardSelection(samples: SurrogateSamples, count: number): number[] {
  const players = samples.rows[0]?.length ?? 0;
  const chosen: number[] = [];
  while (chosen.length < count) {
    let best = { player: -1, r2: -Infinity };
    for (let player = 0; player < players; player++) {
      if (chosen.includes(player)) continue;
      const { r2 } = weightedRidge(samples, 1e-9, [...chosen, player]);
      if (r2 > best.r2 + 1e-12) best = { player, r2 };
    }
    chosen.push(best.player);
  }
  return chosen;
}

function highestWeights(samples: SurrogateSamples, count: number): number[] {
  const { coefficients } = weightedRidge(samples, SELECTION_ALPHA);
  return coefficients
    .map((coefficient, player) => ({ player, size: Math.abs(coefficient) }))
    .sort((a, b) => b.size - a.size || a.player - b.player)
    .slice(0, count)
    .map(({ player }) => player);
}

function select(samples: SurrogateSamples, { features, selection = "auto" }: SurrogateOptions): number[] {
  const players = samples.rows[0]?.length ?? 0;
  if (selection === "none" || features === undefined || features >= players) return Array.from({ length: players }, (_, player) => player);
  const forward = selection === "forward" || (selection === "auto" && features <= FORWARD_LIMIT);
  return (forward ? forwardSelection : highestWeights)(samples, features);
}

export function fitSurrogate(samples: SurrogateSamples, options: SurrogateOptions = {}): Surrogate {
  const players = samples.rows[0]?.length ?? 0;
  const alpha = options.alpha ?? 1;
  const selected = options.model === "lasso" ? Array.from({ length: players }, (_, player) => player) : select(samples, options);
  const fit: LinearFit = options.model === "lasso" ? weightedLasso(samples, alpha) : weightedRidge(samples, alpha, selected);
  const scores = new Array<number>(players).fill(0);
  selected.forEach((player, index) => (scores[player] = fit.coefficients[index] as number));
  return { scores, intercept: fit.intercept, r2: fit.r2, localPrediction: scores.reduce((sum, score) => sum + score, fit.intercept), selected };
}
