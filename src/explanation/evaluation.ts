/**
 * A model's metrics on labelled data, by slice. Not of one text: `input.text` is "" and there are no tokens. It holds what the views need (curves,
 * a confusion matrix, examples of each slice), not the rows: a stored evaluation of 20,000 rows is as small as one of 200.
 */
import { array, asFields, boolean, fail, integer, number, numbers, object, oneOf, string, type Check, type Fields } from "./check.js";
import type { ExplanationBase } from "./common.js";

/**
 * Precision, recall and F1 are of the positive class, or means over the classes that occur; AUC likewise, each class against the rest. log-loss is in
 * nats, brier sums squared errors over the classes (0 to 2), calibration-error is expected calibration error over 15 bins of equal width.
 */
export const METRICS = ["accuracy", "precision", "recall", "f1", "auc", "log-loss", "brier", "calibration-error"] as const;
export type MetricName = (typeof METRICS)[number];

/** `wilson`: Wilson's where the metric is a share, percentiles of the bootstrap elsewhere; `bootstrap`, `jackknife`: as TFMA computes them. */
export const INTERVALS = ["wilson", "bootstrap", "jackknife", "percentile"] as const;
export type IntervalName = (typeof INTERVALS)[number];
export const CORRECTIONS = ["holm", "benjamini-hochberg", "none"] as const;
export type CorrectionName = (typeof CORRECTIONS)[number];

/** A number with its 95 % interval; the ends are absent where there is no interval. */
export interface Estimate {
  /** null: not defined on these rows */
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
}

export interface MetricReport extends Estimate {
  /** less the metric of all rows */
  readonly difference?: number;
  /** of that difference, corrected for the number of slices; absent where it cannot be tested */
  readonly p?: number;
  /** of the second model */
  readonly other?: number | null;
  /** the second model's less the first's; p is corrected likewise */
  readonly change?: Estimate & { readonly p?: number };
}

export interface SliceReport {
  /** "" is all rows */
  readonly name: string;
  readonly count: number;
  /** too few rows: no metrics */
  readonly suppressed?: true;
  readonly metrics: Readonly<Partial<Record<MetricName, MetricReport>>>;
  /** positions in `examples`: the wrong ones first, the most confidently wrong before the others */
  readonly examples: readonly number[];
}

export interface WorstSlice {
  readonly name: string;
  readonly count: number;
  readonly errors: number;
  /** one-sided, Fisher's exact test against the other rows, after Benjamini and Hochberg over all that were tested */
  readonly p: number;
  readonly examples: readonly number[];
}

export interface EvaluationExample {
  /** in the file, from 1 */
  readonly line: number;
  readonly text: string;
  readonly label: number;
  readonly predicted: number;
  /** of the predicted class */
  readonly probability: number;
  /** what the second model predicts */
  readonly other?: number;
}

/** Of one class against the rest. */
export interface ClassCurves {
  readonly label: number;
  /** [false positive rate, true positive rate], from (0, 0) to (1, 1) */
  readonly roc: readonly (readonly number[])[];
  /** [recall, precision] */
  readonly precisionRecall: readonly (readonly number[])[];
  /** at 0, .01, … 1: [true positives, false positives, false negatives, true negatives]; positive is at or above */
  readonly thresholds: readonly (readonly number[])[];
}

export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** means over the bin; 0 in an empty one */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Comparison {
  readonly model: { readonly reference: string; readonly name: string };
  readonly bothRight: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly bothWrong: number;
  /** two-sided, exact */
  readonly mcNemar: number;
  /** share of rows with another prediction */
  readonly flipRate: number;
  /** positions in `examples`: right by the first model and wrong by the second, and the other way round */
  readonly lost: readonly number[];
  readonly won: readonly number[];
}

export interface GateReport {
  readonly text: string;
  readonly value: number | null;
  readonly count: number;
  readonly passed: boolean;
  /** why there is no value: no rows, too few, not defined on them */
  readonly reason: "" | "empty" | "small" | "undefined";
}

export interface EvaluationExplanation extends ExplanationBase {
  readonly kind: "evaluation";
  readonly data: {
    readonly source: string;
    readonly textColumn: string;
    readonly labelColumn: string;
    /** rows that were used */
    readonly rows: number;
    /** those cut at what the model takes */
    readonly truncated: number;
    /** how many were skipped, and the first of them with the reason */
    readonly skipped: number;
    readonly broken: readonly { readonly line: number; readonly reason: string }[];
  };
  /** the class that precision, recall, F1 and AUC are of; null: all classes, each with the same say */
  readonly positive: number | null;
  readonly options: { readonly interval: IntervalName; readonly correction: CorrectionName; readonly minimum: number; readonly resamples: number; readonly seed: number; readonly slices?: string };
  readonly whole: SliceReport;
  readonly slices: readonly SliceReport[];
  readonly worst: { readonly tested: number; readonly level: number; readonly slices: readonly WorstSlice[] };
  /** [label][predicted] */
  readonly confusion: readonly (readonly number[])[];
  readonly curves: readonly ClassCurves[];
  readonly calibration: readonly CalibrationBin[];
  readonly comparison?: Comparison;
  readonly gates: readonly GateReport[];
  readonly examples: readonly EvaluationExample[];
}

const count = integer(0);
const share = number(0, 1);
const orNull = (check: Check): Check => (value, path) => value === null || check(value, path);

/** Checks the fields of this kind. */
export function evaluation(fields: Fields): void {
  const labels = (fields.model as { labels: unknown[] }).labels.length;
  const label = integer(0, labels - 1);
  array(object({ line: count, text: string, label, predicted: label, probability: share, "other?": label }))(fields.examples, "examples");
  const positions = array(integer(0, (fields.examples as unknown[]).length - 1));
  const ends = { "low?": number(), "high?": number() };
  const metric = object({ value: orNull(number()), ...ends, "difference?": number(), "p?": share, "other?": orNull(number()), "change?": object({ value: orNull(number()), ...ends, "p?": share }) });
  const metrics: Check = (value, path) => {
    for (const [name, one] of Object.entries(asFields(value, path))) {
      if (!METRICS.includes(name as MetricName)) fail(`${path}.${name}`, `one of ${METRICS.join(", ")}`, name);
      metric(one, `${path}.${name}`);
    }
  };
  const slice = object({ name: string, count, "suppressed?": oneOf(true), metrics, examples: positions });
  const pairs = array(numbers(2, "a point", 0, 1));
  object({
    data: object({ source: string, textColumn: string, labelColumn: string, rows: count, truncated: count, skipped: count, broken: array(object({ line: count, reason: string })) }),
    positive: orNull(label),
    options: object({ interval: oneOf(...INTERVALS), correction: oneOf(...CORRECTIONS), minimum: count, resamples: count, seed: integer(), "slices?": string }),
    whole: slice, slices: array(slice),
    worst: object({ tested: count, level: share, slices: array(object({ name: string, count, errors: count, p: share, examples: positions })) }),
    confusion: array(numbers(labels, "one a label", 0), labels, "one a label"),
    curves: array(object({ label, roc: pairs, precisionRecall: pairs, thresholds: array(numbers(4, "counts", 0), 101, "one a threshold") })),
    calibration: array(object({ low: share, high: share, count, confidence: share, accuracy: share })),
    "comparison?": object({
      model: object({ reference: string, name: string }), bothRight: count, onlyFirst: count, onlySecond: count, bothWrong: count, mcNemar: share, flipRate: share, lost: positions, won: positions,
    }),
    gates: array(object({ text: string, value: orNull(number()), count, passed: boolean, reason: oneOf("", "empty", "small", "undefined") })),
  })(fields, "");
}
