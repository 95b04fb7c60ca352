/**
 * Whether attention ranks tokens as gradients and ablation do: rank correlation of the row that the prediction is read from. A low number does not
 * say which of the two is wrong.
 * Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", arXiv:2005.00928, section 4: Spearman's rank correlation of
 * raw attention, rollout and flow with blank-out scores and input gradients. They take models and texts of their own; here it is one text.
 */
import { mean } from "../../base/statistics.js";
import { spearman } from "../../base/ranks.js";
import type { Map2 } from "./rollout.js";

/** The weights that a prediction is read from: of one query, or, where it is a mean over tokens, of all on average. [key] */
export function readRow(weights: Map2, query: number | "mean"): number[] {
  return query === "mean" ? weights[0]!.map((_, key) => mean(weights.map((row) => row[key]!))) : [...weights[query]!];
}

/**
 * Spearman's ρ of weights and the magnitudes of scores, ties by average ranks; NaN when one side is constant or fewer than two tokens count.
 *
 * @param counts which tokens are compared: those of the text, not those that the tokenizer added
 */
export function rankAgreement(weights: readonly number[], scores: readonly number[], counts: readonly boolean[]): number {
  const kept = weights.flatMap((_, token) => (counts[token] ? [token] : []));
  return kept.length < 2 ? NaN : spearman(kept.map((token) => weights[token]!), kept.map((token) => Math.abs(scores[token]!)));
}
