/**
 * Metrics of predictions against labels. Plain arithmetic on arrays: no model, no slices.
 * Sources: as named; LIT and TFMA definitions where they differ from the textbook are said so.
 */
import { pearson, spearman } from "../../base/ranks.js";
import { mean, sum } from "../../base/statistics.js";

export interface ClassMetrics {
  readonly accuracy: number;
  /** micro-averaged over the labels that are not `nullLabel` */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly logLoss: number; // nats
  readonly brier: number; // Σ over classes of squared errors, mean over rows
}

/** probabilities: [row][class]; the prediction is the largest, the first among equals. */
export function classMetrics(labels: readonly number[], probabilities: readonly (readonly number[])[], nullLabel = -1): ClassMetrics {
  const predicted = probabilities.map((row) => row.indexOf(Math.max(...row)));
  const count = (test: (label: number, prediction: number) => boolean): number => labels.filter((label, row) => test(label, predicted[row] as number)).length;
  const hits = count((label, prediction) => label === prediction && label !== nullLabel);
  const claimed = count((_, prediction) => prediction !== nullLabel);
  const real = count((label) => label !== nullLabel);
  const precision = claimed ? hits / claimed : 0;
  const recall = real ? hits / real : 0;
  return {
    accuracy: count((label, prediction) => label === prediction) / labels.length,
    precision,
    recall,
    f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0,
    logLoss: mean(probabilities.map((row, index) => -Math.log(Math.max(row[labels[index] as number] ?? 0, Number.MIN_VALUE)))),
    brier: mean(probabilities.map((row, index) => row.reduce((sum, p, label) => sum + (p - (label === labels[index] ? 1 : 0)) ** 2, 0))),
  };
}

/** Area under the ROC curve: the chance that a positive outranks a negative, ties half. null when a class is missing. */
export function auc(positive: readonly boolean[], scores: readonly number[]): number | null {
  const order = scores.map((_, row) => row).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let [wins, negatives, positives] = [0, 0, 0];
  for (let first = 0; first < order.length; ) {
    let [tiedPositives, tiedNegatives] = [0, 0];
    const score = scores[order[first] as number];
    for (; first < order.length && scores[order[first] as number] === score; first++) if (positive[order[first] as number]) tiedPositives++; else tiedNegatives++;
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives && negatives ? wins / (positives * negatives) : null;
}

/** Average precision (a step sum, not the trapezoid area); tied scores enter together. null without positives. */
export function averagePrecision(positive: readonly boolean[], scores: readonly number[]): number | null {
  const order = scores.map((_, row) => row).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const total = positive.filter(Boolean).length;
  if (total === 0) return null;
  let [sum, hits] = [0, 0];
  for (let place = 0; place < order.length; ) {
    const score = scores[order[place] as number];
    const before = hits;
    for (; place < order.length && scores[order[place] as number] === score; place++) if (positive[order[place] as number]) hits++;
    sum += ((hits - before) / total) * (hits / place);
  }
  return sum;
}

/** Expected calibration error of the claimed probabilities, equal-width bins. */
export function calibrationError(correct: readonly boolean[], confidences: readonly number[], bins = 15): number {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, correct: 0 }));
  confidences.forEach((confidence, row) => {
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))] as (typeof sums)[number];
    bin.count++;
    bin.confidence += confidence;
    bin.correct += correct[row] ? 1 : 0;
  });
  return sums.reduce((error, bin) => error + Math.abs(bin.confidence - bin.correct), 0) / Math.max(1, confidences.length);
}

export function regressionMetrics(labels: readonly number[], predictions: readonly number[]): { mse: number; pearson: number; spearman: number } {
  return { mse: mean(labels.map((label, row) => (label - (predictions[row] as number)) ** 2)), pearson: pearson(labels, predictions), spearman: spearman(labels, predictions) };
}

/** Shares of the weight whose prediction (> .5) changes between two models; TFMA's flip metrics. */
export function flipRates(base: readonly number[], other: readonly number[], weights: readonly number[] = base.map(() => 1)): { symmetric: number; negativeToPositive: number; positiveToNegative: number; negativeToNegative: number; positiveToPositive: number } {
  const total = sum(weights);
  const share = (from: boolean, to: boolean): number => weights.reduce((sum, weight, row) => sum + ((base[row] as number) > 0.5 === from && (other[row] as number) > 0.5 === to ? weight : 0), 0) / total;
  const [negativeToPositive, positiveToNegative] = [share(false, true), share(true, false)];
  return { symmetric: negativeToPositive + positiveToNegative, negativeToPositive, positiveToNegative, negativeToNegative: share(false, false), positiveToPositive: share(true, true) };
}

/** Jensen–Shannon divergence in nats. */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const part = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => (value > 0 ? sum + value * Math.log((2 * value) / (value + (b[index] as number))) : sum), 0);
  return (part(p, q) + part(q, p)) / 2;
}

/** Two predictions a pair: how often the predicted class changes, and how far the distributions move. */
export function pairMetrics(pairs: readonly (readonly [readonly number[], readonly number[]])[]): { swapRate: number; meanDivergence: number } {
  const top = (row: readonly number[]): number => row.indexOf(Math.max(...row));
  return { swapRate: mean(pairs.map(([p, q]) => (top(p) === top(q) ? 0 : 1))), meanDivergence: mean(pairs.map(([p, q]) => jensenShannon(p, q))) };
}

/**
 * The cheapest threshold among 0, .01, …, 1: cost = false positives · ratio + false negatives, positive when strictly above, the first minimum.
 * Source: LIT's thresholder (its ends behave as margins of ∓5).
 */
export function bestThreshold(labels: readonly boolean[], scores: readonly number[], ratio = 1): { threshold: number; cost: number } {
  let best = { threshold: 0, cost: Infinity };
  for (let percent = 0; percent <= 100; percent++) {
    const threshold = percent / 100;
    const margin = percent === 0 ? -5 : percent === 100 ? 5 : Math.log(threshold / (1 - threshold));
    const isPositive = (score: number): boolean => Math.log(score / (1 - score)) > margin;
    const cost = labels.reduce((sum, label, row) => sum + (isPositive(scores[row] as number) ? (label ? 0 : ratio) : label ? 1 : 0), 0);
    if (cost < best.cost) best = { threshold, cost };
  }
  return best;
}
