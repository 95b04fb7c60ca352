/**
 * An evaluation from rows, labels and probabilities: slices, intervals, gates, curves, worst slices, the comparison of two models, and the
 * examples that a reader looks at. It calls no model and reads no file.
 */
import type { Comparison, EvaluationExample, EvaluationExplanation, SliceReport } from "../../explanation/evaluation.js";
import { judge, type Assertion } from "./assertions.js";
import { calibrationBins, classCurves, confusionMatrix } from "./curves.js";
import { estimates, type EstimateOptions } from "./estimates.js";
import { mcNemarExact } from "./exact-tests.js";
import { rowFacts, type RowFacts } from "./row-facts.js";
import type { SliceRule } from "./slice-language.js";
import { rowsOf, slicesOfRules, type SliceTable } from "./slicing.js";
import { worstSlices } from "./worst-slices.js";

export interface EvaluationInput {
  readonly table: SliceTable;
  /** of the file, from 1, [row] */
  readonly lines: readonly number[];
  readonly labels: ArrayLike<number>; // [row]
  readonly probabilities: Float64Array; // [row, class]
  readonly classes: number;
  /** the class that precision, recall, F1 and AUC are of; null: all */
  readonly positive: number | null;
  /** of a second model */
  readonly other?: { readonly reference: string; readonly name: string; readonly probabilities: Float64Array } | null;
}

export interface EvaluationPlan extends EstimateOptions {
  readonly slices: readonly SliceRule[];
  readonly assertions: readonly Assertion[];
  /** slices of fewer rows get no metrics */
  readonly minimum: number;
  /** columns that are no features: the text, the label */
  readonly except: readonly string[];
  /** look for the worst slices */
  readonly search: boolean;
}

export type Evaluation = Pick<EvaluationExplanation, "positive" | "options" | "whole" | "slices" | "worst" | "confusion" | "curves" | "calibration" | "comparison" | "gates" | "examples">;

/** Examples of all slices together, and of one. */
const MOST_EXAMPLES = 600;
const MOST_OF_SLICE = 12;

/** The rows that slices show, each kept once. */
class Examples {
  readonly list: EvaluationExample[] = [];
  readonly #places = new Map<number, number>();

  constructor(readonly input: EvaluationInput, readonly facts: RowFacts, readonly other: RowFacts | null, readonly most: number) {}

  /** The wrong ones first, the label's probability rising; the same text once. */
  of(rows: ArrayLike<number>): number[] {
    const { labels, predicted, logLoss } = this.facts;
    const wrong = (row: number): number => (labels[row] === predicted[row] ? 0 : 1);
    const kept = new Map<string, number>();
    for (const row of Array.from(rows).sort((a, b) => wrong(b) - wrong(a) || logLoss[b]! - logLoss[a]! || a - b)) {
      const text = this.input.table.texts[row]!;
      if (!kept.has(text)) kept.set(text, row);
      if (kept.size === this.most) break;
    }
    return [...kept.values()].map((row) => this.#place(row));
  }

  #place(row: number): number {
    let place = this.#places.get(row);
    if (place === undefined) {
      const { labels, predicted, confidence } = this.facts;
      place = this.list.push({
        line: this.input.lines[row]!, text: this.input.table.texts[row]!, label: labels[row]!, predicted: predicted[row]!, probability: Math.min(1, confidence[row]!),
        ...(this.other && { other: this.other.predicted[row]! }),
      }) - 1;
      this.#places.set(row, place);
    }
    return place;
  }
}

function compared(a: RowFacts, b: RowFacts, model: Comparison["model"], examples: Examples): Comparison {
  const all = Array.from({ length: a.count }, (_, row) => row);
  const right = (facts: RowFacts, row: number): boolean => facts.predicted[row] === facts.labels[row];
  const rows = (first: boolean, second: boolean): number[] => all.filter((row) => right(a, row) === first && right(b, row) === second);
  const [lost, won] = [rows(true, false), rows(false, true)];
  return {
    model: { reference: model.reference, name: model.name },
    bothRight: rows(true, true).length, onlyFirst: lost.length, onlySecond: won.length, bothWrong: rows(false, false).length,
    mcNemar: mcNemarExact(lost.length, won.length), flipRate: all.filter((row) => a.predicted[row] !== b.predicted[row]).length / Math.max(1, a.count),
    lost: examples.of(lost), won: examples.of(won),
  };
}

/** Throws `bad-input` for a slice by a column that is not there. Rows: at least one. */
export async function evaluate(input: EvaluationInput, plan: EvaluationPlan): Promise<Evaluation> {
  const { table, labels, probabilities, classes, positive, other = null } = input;
  const { minimum, interval, correction, resamples, seed } = plan;
  const facts = rowFacts(labels, probabilities, classes, positive);
  const otherFacts = other && rowFacts(labels, other.probabilities, classes, positive);
  const named = [{ name: "", rows: Uint32Array.from(table.texts, (_, row) => row) }, ...slicesOfRules(table, plan.slices)];
  const gated = plan.assertions.map(({ slice }) => (slice ? { name: slice.text, rows: rowsOf(table, slice.rule) } : named[0]!));
  const judged = [...named, ...gated.filter((one) => one !== named[0])].filter(({ name, rows }) => name === "" || rows.length >= Math.max(1, minimum));
  // Gates are no further questions: only the slices that are shown count for the correction.
  const shown = judged.filter((one) => named.includes(one));
  const hidden = judged.filter((one) => !named.includes(one));
  const found = new Map((await estimates(facts, otherFacts, shown.map(({ rows }) => rows), plan)).map((metrics, index) => [shown[index]!, metrics]));
  if (hidden.length > 0) (await estimates(facts, otherFacts, [named[0]!.rows, ...hidden.map(({ rows }) => rows)], plan)).slice(1).forEach((metrics, index) => found.set(hidden[index]!, metrics));
  const examples = new Examples(input, facts, otherFacts, Math.max(3, Math.min(MOST_OF_SLICE, Math.floor(MOST_EXAMPLES / named.length))));
  const measured = (slice: (typeof named)[number]): SliceReport => {
    const metrics = found.get(slice);
    return { name: slice.name, count: slice.rows.length, ...(!metrics && { suppressed: true as const }), metrics: metrics ?? {}, examples: [] };
  };
  const report = (slice: (typeof named)[number]): SliceReport => ({ ...measured(slice), examples: found.has(slice) ? examples.of(slice.rows) : [] });
  const wrong = Uint8Array.from({ length: facts.count }, (_, row) => (facts.labels[row] === facts.predicted[row] ? 0 : 1));
  const { tested, level, slices: worst } = plan.search ? worstSlices(table, wrong, { minimum: Math.max(1, minimum), except: plan.except }) : { tested: 0, level: 0.05, slices: [] };
  return {
    positive, options: { interval, correction, minimum, resamples, seed },
    whole: report(named[0]!), slices: named.slice(1).map(report),
    worst: { tested, level, slices: worst.map(({ name, rows, errors, p }) => ({ name, count: rows.length, errors, p, examples: examples.of(rows) })) },
    confusion: confusionMatrix(facts), curves: classCurves(facts), calibration: calibrationBins(facts),
    ...(otherFacts && other && { comparison: compared(facts, otherFacts, other, examples) }),
    gates: plan.assertions.map((assertion, index) => judge(assertion, measured(gated[index]!))),
    examples: examples.list,
  };
}
