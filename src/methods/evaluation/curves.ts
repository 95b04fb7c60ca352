/**
 * What the views of an evaluation draw: confusion matrix, ROC and precision–recall curves, counts at thresholds, calibration. Points only.
 */
import type { CalibrationBin, ClassCurves } from "../../explanation/evaluation.js";
import { rankedClasses, type RowFacts } from "./row-facts.js";
import { CALIBRATION_BINS } from "./slice-metrics.js";

/** More points of a curve than these cannot be told apart. */
const MOST_POINTS = 200;

/** [label][predicted] */
export function confusionMatrix({ labels, predicted, classes, count }: RowFacts): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < count; row++) matrix[labels[row]!]![predicted[row]!]!++;
  return matrix;
}

/** Evenly chosen, the ends kept. */
const thinned = <T>(points: readonly T[]): T[] => (points.length <= MOST_POINTS ? [...points] : Array.from({ length: MOST_POINTS }, (_, index) => points[Math.round((index * (points.length - 1)) / (MOST_POINTS - 1))]!));

/** Of every ranked class; tied scores enter together. */
export function classCurves(facts: RowFacts): ClassCurves[] {
  const { labels, probabilities, classes, orders, count } = facts;
  return rankedClasses(facts).map((index, place) => {
    const order = orders[place]!;
    const score = (at: number): number => probabilities[order[at]! * classes + index]!;
    let real = 0;
    for (let row = 0; row < count; row++) if (labels[row] === index) real++;
    const roc: number[][] = [[0, 0]];
    const precisionRecall: number[][] = [];
    const thresholds = new Array<number[]>(101);
    let [hits, at] = [0, 0];
    let threshold = 100;
    while (at < count) {
      const tied = score(at);
      for (; threshold >= 0 && threshold / 100 > tied; threshold--) thresholds[threshold] = [hits, at - hits, real - hits, count - real - (at - hits)];
      for (; at < count && score(at) === tied; at++) if (labels[order[at]!] === index) hits++;
      if (real > 0 && real < count) roc.push([(at - hits) / (count - real), hits / real]);
      if (real > 0) precisionRecall.push([hits / real, hits / at]);
    }
    for (; threshold >= 0; threshold--) thresholds[threshold] = [hits, at - hits, real - hits, count - real - (at - hits)];
    return { label: index, roc: roc.length > 1 ? thinned(roc) : [], precisionRecall: thinned(precisionRecall), thresholds };
  });
}

/** Claimed probability against how often the claim is right, in bins of equal width. */
export function calibrationBins({ count, confidence, labels, predicted }: RowFacts): CalibrationBin[] {
  const bins = Array.from({ length: CALIBRATION_BINS }, (_, bin) => ({ low: bin / CALIBRATION_BINS, high: (bin + 1) / CALIBRATION_BINS, count: 0, confidence: 0, accuracy: 0 }));
  for (let row = 0; row < count; row++) {
    const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor(confidence[row]! * CALIBRATION_BINS))]!;
    bin.count++;
    bin.confidence += confidence[row]!;
    if (labels[row] === predicted[row]) bin.accuracy++;
  }
  return bins.map((bin) => (bin.count === 0 ? bin : { ...bin, confidence: Math.min(1, bin.confidence / bin.count), accuracy: bin.accuracy / bin.count }));
}
