/** What every view of an evaluation gets: the numbers, the words, what a person has chosen, and how to say that something else is chosen. */
import type { EvaluationExplanation, MetricName } from "../../explanation/evaluation.js";
import type { MetricsWords, View } from "./metrics-words.js";
import type { SliceOrder } from "./slice-order.js";

/** What a person has chosen. */
export interface Chosen {
  readonly view: View;
  readonly metric: MetricName;
  /** name of the slice whose examples are shown; null: all rows */
  readonly slice: string | null;
  readonly order: SliceOrder;
  readonly filter: string;
  /** position among the curves */
  readonly curve: number;
  /** per cent */
  readonly threshold: number;
  /** what a false alarm costs, in misses */
  readonly cost: number;
}

export interface ViewContext {
  readonly explanation: EvaluationExplanation;
  readonly words: MetricsWords;
  readonly lang: string;
  readonly chosen: Chosen;
  readonly choose: (change: Partial<Chosen>) => void;
  /** the list of these examples */
  readonly examples: (positions: readonly number[]) => unknown;
}
