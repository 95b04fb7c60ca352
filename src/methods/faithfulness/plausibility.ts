/**
 * Agreement of an explanation with words that people marked as the reason. Plausible is not faithful: a wrong model can have plausible reasons.
 * Sources: DeYoung et al. 2020 (ERASER); preset `ferret` as that library computes it.
 */
import { ranking } from "./erasure.js";

export interface Overlap {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly iou: number;
}

function overlap(chosen: ReadonlySet<number>, rationale: ReadonlySet<number>): Overlap {
  const both = [...chosen].filter((token) => rationale.has(token)).length;
  const precision = chosen.size ? both / chosen.size : 0;
  const recall = rationale.size ? both / rationale.size : 0;
  const union = chosen.size + rationale.size - both;
  return { precision, recall, f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0, iou: union ? both / union : 0 };
}

/** Trapezoid area under the precision–recall curve, starting at recall 0, precision 1; tied scores enter together. */
export function rationaleAuprc(rationale: readonly number[], scores: readonly number[]): number {
  const positives = rationale.filter(Boolean).length;
  if (positives === 0) return Number.NaN;
  const order = ranking(scores);
  let [area, hits, precision, recall] = [0, 0, 1, 0];
  for (let place = 0; place < order.length; ) {
    const tied = scores[order[place] as number];
    for (; place < order.length && scores[order[place] as number] === tied; place++) hits += rationale[order[place] as number] ? 1 : 0;
    const [nextPrecision, nextRecall] = [hits / place, hits / positives];
    area += ((nextRecall - recall) * (nextPrecision + precision)) / 2;
    [precision, recall] = [nextPrecision, nextRecall];
  }
  return area;
}

/** `top` tokens with a positive score against the rationale; AUPRC with negative scores as 0. rationale: 0 or 1, [token] */
export function plausibility(rationale: readonly number[], scores: readonly number[], top = 5): Overlap & { readonly auprc: number } {
  const chosen = ranking(scores).filter((token) => (scores[token] as number) > 0).slice(0, top);
  const marked = rationale.flatMap((bit, token) => (bit ? [token] : []));
  return { ...overlap(new Set(chosen), new Set(marked)), auprc: rationaleAuprc(rationale, scores.map((score) => Math.max(0, score))) };
}

export interface SpanPair {
  readonly predicted: readonly (readonly [number, number])[]; // token spans, end excluded
  readonly rationale: readonly (readonly [number, number])[];
}

export interface SpanScores {
  readonly microF1: number;
  readonly macroF1: number;
}

const tokensOf = (spans: SpanPair["predicted"]): Set<number> => new Set(spans.flatMap(([start, end]) => Array.from({ length: end - start }, (_, offset) => start + offset)));
const f1Of = (precision: number, recall: number): number => (precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0);

/** Spans match when their intersection over union reaches the threshold; macro F1 is the F1 of the averaged precision and recall, as ERASER computes it. */
export function spanMatch(instances: readonly SpanPair[], threshold = 0.5): SpanScores {
  const rows = instances.map(({ predicted, rationale }) => {
    const best = predicted.map(([start, end]) => Math.max(0, ...rationale.map(([from, to]) => {
      const both = Math.max(0, Math.min(end, to) - Math.max(start, from));
      return both / (end - start + to - from - both);
    })));
    return { hits: best.filter((iou) => iou >= threshold).length, predicted: predicted.length, rationale: rationale.length };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const share = (hits: number, all: number): number => (all ? hits / all : 0);
  return {
    microF1: f1Of(share(sum(({ hits }) => hits), sum(({ predicted }) => predicted)), share(sum(({ hits }) => hits), sum(({ rationale }) => rationale))),
    macroF1: f1Of(sum(({ hits, predicted }) => share(hits, predicted)) / rows.length, sum(({ hits, rationale }) => share(hits, rationale)) / rows.length),
  };
}

/** Tokens of all spans; macro F1 is the mean of the instances' F1. */
export function tokenMatch(instances: readonly SpanPair[]): SpanScores {
  const rows = instances.map(({ predicted, rationale }) => {
    const [chosen, marked] = [tokensOf(predicted), tokensOf(rationale)];
    return { ...overlap(chosen, marked), both: [...chosen].filter((token) => marked.has(token)).length, chosen: chosen.size, marked: marked.size };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const both = sum((row) => row.both);
  return { microF1: f1Of(both / sum((row) => row.chosen), both / sum((row) => row.marked)), macroF1: sum((row) => row.f1) / rows.length };
}
