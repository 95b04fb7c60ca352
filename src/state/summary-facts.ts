/**
 * What may be said of a summary's numbers, decided: which words carry the prediction, whether leaving one out changes it, whether the ranking is
 * better than chance. Every sentence rests on a field of these facts; no word is chosen here.
 */
import type { LeftOut, SummaryExplanation } from "../explanation/types.js";
import { faithfulnessVerdict } from "../methods/faithfulness/verdict.js";

/** A lead of less than this is narrow: five points less for the first and five more for the second turn it. */
const NARROW = 0.1;
/** So many words are named at most, or fewer when they carry half of the weight. */
const NAMED = 3;
const HALF = 0.5;

export interface SummaryFacts {
  /** how the model answers: one of its labels, a token of its vocabulary, labels that do not exclude one another, or a number */
  readonly answers: "label" | "token" | "labels" | "score";
  /** the prediction with its probability or score, and the next one, where there is one */
  readonly first: { readonly label: string; readonly value: number };
  readonly second: { readonly label: string; readonly value: number } | null;
  readonly narrow: boolean;
  /** the target is what is predicted */
  readonly explainsPrediction: boolean;
  /** units with most weight for the target, and their share of all weight for it */
  readonly support: readonly number[];
  readonly share: number;
  /** the unit with most weight against it; null when none speaks against */
  readonly against: number | null;
  /** left out alone: how many were, those that change the prediction, and the one with the largest effect on the target */
  readonly tried: number;
  readonly turning: readonly LeftOut[];
  readonly strongest: LeftOut | null;
  /** the smallest set of the heaviest that changes the prediction; null when none of those tried does */
  readonly together: LeftOut | null;
  /** how many were left out together at most */
  readonly triedTogether: number;
  /** the ranking against random ones; "untellable": too few words, or none of them changes anything */
  readonly ranking: "above" | "within" | "untellable";
}

export function summaryFacts({ prediction, model, measure, target, value, label, units, leftOut, trust }: SummaryExplanation): SummaryFacts {
  const { labels, probabilities, logits } = prediction;
  const isProbable = probabilities.length > 0;
  const exclusive = isProbable && Math.abs(probabilities.reduce((sum, each) => sum + each, 0) - 1) < 1e-3;
  const numbers = isProbable ? probabilities : logits;
  const order = labels.map((_, index) => index).sort((a, b) => numbers[b]! - numbers[a]! || a - b);
  const [first, second] = order.map((index) => ({ label: labels[index]!, value: numbers[index]! }));
  const answers = model.labels.length === 0 ? "token" : !isProbable || measure === "score" ? "score" : exclusive ? "label" : "labels";
  const known = answers === "token" || answers === "label" ? (second ?? null) : null;
  const forIt = units.map((_, index) => index).filter((index) => units[index]!.score > 0).sort((a, b) => units[b]!.score - units[a]!.score || a - b);
  const all = forIt.reduce((sum, index) => sum + units[index]!.score, 0);
  const support: number[] = [];
  let held = 0;
  for (const index of forIt) {
    if (support.length === NAMED || held >= HALF * all) break;
    support.push(index);
    held += units[index]!.score;
  }
  const heaviestAgainst = units.reduce((least, unit, index) => (unit.score < (units[least]?.score ?? 0) ? index : least), -1);
  const alone = leftOut.filter((out) => out.units.length === 1);
  const sets = leftOut.filter((out) => out.units.length > 1);
  const effect = (out: LeftOut) => Math.abs(out.value - value);
  const verdict = faithfulnessVerdict([trust.area], trust.chance, units.length);
  return {
    answers, first: first ?? { label, value }, second: known, narrow: known !== null && first!.value - known.value < NARROW,
    explainsPrediction: !target.contrast && target.label === label,
    support, share: all > 0 ? held / all : 0, against: heaviestAgainst === -1 ? null : heaviestAgainst,
    tried: alone.length, turning: answers === "score" ? [] : alone.filter((out) => out.label !== label),
    strongest: [...alone].sort((a, b) => effect(b) - effect(a))[0] ?? null,
    together: answers === "score" ? null : (sets.find((out) => out.label !== label) ?? null), triedTogether: Math.max(0, ...sets.map((out) => out.units.length)),
    ranking: verdict.outcome === "best" ? "above" : verdict.outcome === "none" ? "within" : "untellable",
  };
}
