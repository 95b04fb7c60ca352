/**
 * All metrics of some of the rows, each row counted as often as a resample drew it. The same numbers as `metrics.ts` gives for whole arrays,
 * but without an allocation a call: a bootstrap calls this tens of thousands of times. A metric that is not defined (no positive row, say) is NaN.
 */
import { METRICS } from "../../explanation/evaluation.js";
import { rankedClasses, type RowFacts } from "./row-facts.js";

/** Equal-width bins of the claimed probability. */
export const CALIBRATION_BINS = 15;

/** Rows of a slice: in the order of the data, and in the order of each ranked class. */
export interface SliceRows {
  readonly rows: Uint32Array;
  readonly orders: readonly Uint32Array[];
}

/** `rows`: ascending. */
export function sliceRows(facts: RowFacts, rows: Uint32Array): SliceRows {
  const inside = new Uint8Array(facts.count);
  for (const row of rows) inside[row] = 1;
  return { rows, orders: rows.length === facts.count ? facts.orders : facts.orders.map((order) => order.filter((row) => inside[row] === 1)) };
}

/** → [metric], in the order of METRICS, into `out`. `weights`: how often each row of the data counts; once when absent. */
export function sliceMetrics(facts: RowFacts, slice: SliceRows, weights: Uint8Array | null = null, out = new Float64Array(METRICS.length)): Float64Array {
  const { classes, labels, predicted, logLoss, brier, confidence } = facts;
  const real = new Float64Array(classes);
  const claimed = new Float64Array(classes);
  const hits = new Float64Array(classes);
  const bins = new Float64Array(CALIBRATION_BINS); // Σ confidence − Σ correct, [bin]
  let [total, correct, loss, square] = [0, 0, 0, 0];
  for (const row of slice.rows) {
    const weight = weights === null ? 1 : weights[row]!;
    if (weight === 0) continue;
    const [label, prediction, sure] = [labels[row]!, predicted[row]!, confidence[row]!];
    const bin = Math.min(CALIBRATION_BINS - 1, Math.floor(sure * CALIBRATION_BINS));
    total += weight;
    real[label]! += weight;
    claimed[prediction]! += weight;
    loss += weight * logLoss[row]!;
    square += weight * brier[row]!;
    bins[bin]! += weight * sure;
    if (label !== prediction) continue;
    correct += weight;
    hits[label]! += weight;
    bins[bin]! -= weight;
  }
  const [precision, recall, f1] = facts.positive === null ? macro(hits, claimed, real) : ofClass(hits[facts.positive]!, claimed[facts.positive]!, real[facts.positive]!);
  let gap = 0;
  for (const bin of bins) gap += Math.abs(bin);
  out.set([correct / total, precision, recall, f1, rankingArea(facts, slice, weights), loss / total, square / total, gap / total]);
  return out;
}

type Three = [precision: number, recall: number, f1: number];

/** NaN where nothing is claimed, or nothing is real. */
const ofClass = (hits: number, claimed: number, real: number): Three => [hits / claimed, hits / real, (2 * hits) / (claimed + real)];

/** The mean over the classes that occur; one that is never claimed, or never real, counts 0, as scikit-learn does. */
function macro(hits: Float64Array, claimed: Float64Array, real: Float64Array): Three {
  const sums: Three = [0, 0, 0];
  let occurring = 0;
  for (let index = 0; index < hits.length; index++) {
    if (claimed[index]! + real[index]! === 0) continue;
    occurring++;
    ofClass(hits[index]!, claimed[index]!, real[index]!).forEach((value, place) => (sums[place]! += Number.isNaN(value) ? 0 : value));
  }
  return [sums[0] / occurring, sums[1] / occurring, sums[2] / occurring];
}

/** Area under the ROC curve, of each ranked class against the rest, and the mean of those that have rows on both sides. */
function rankingArea(facts: RowFacts, slice: SliceRows, weights: Uint8Array | null): number {
  let [sum, defined] = [0, 0];
  rankedClasses(facts).forEach((index, place) => {
    const area = areaOf(facts, slice.orders[place]!, index, weights);
    if (Number.isNaN(area)) return;
    sum += area;
    defined++;
  });
  return sum / defined;
}

function areaOf({ labels, probabilities, classes }: RowFacts, order: Uint32Array, index: number, weights: Uint8Array | null): number {
  let [wins, positives, negatives] = [0, 0, 0];
  for (let place = 0; place < order.length; ) {
    const score = probabilities[order[place]! * classes + index]!;
    let [tiedPositives, tiedNegatives] = [0, 0];
    for (; place < order.length && probabilities[order[place]! * classes + index] === score; place++) {
      const weight = weights === null ? 1 : weights[order[place]!]!;
      if (labels[order[place]!] === index) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    wins += tiedNegatives * (positives + tiedPositives / 2); // the likeliest come first: those before outrank these
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return wins / (positives * negatives);
}
