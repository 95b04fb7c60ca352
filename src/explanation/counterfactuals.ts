/** Changed texts that turn a prediction round, or come nearest to it. Their type and its check. */
import { array, boolean, integer, number, object, oneOf, record, string, type Fields } from "./check.js";
import type { ExplanationBase, Target } from "./common.js";
import { option, predicted, target } from "./parts.js";

export const COUNTERFACTUAL_METHODS = ["hotflip", "ablation", "minimal"] as const;
export type CounterfactualMethod = (typeof COUNTERFACTUAL_METHODS)[number];

/** A span of the text that is replaced. */
export interface CounterfactualChange {
  /** 1 in the second text */
  readonly segment: number;
  /** in the text as it was, UTF-16 units, [start, end) */
  readonly start: number;
  readonly end: number;
  /** what stands there instead; "" where it is deleted */
  readonly text: string;
}

export interface Counterfactual {
  readonly method: CounterfactualMethod;
  readonly text: string;
  readonly textPair?: string;
  /** in the text's order, none overlaps another */
  readonly changes: readonly CounterfactualChange[];
  /** whether the prediction is another one; false only for the nearest of a method that found none */
  readonly flipped: boolean;
  /** what is predicted now */
  readonly label: string;
  /** of the label that was predicted before: its probability now, or the score of a model with one output */
  readonly value: number;
  /** value minus the one before */
  readonly difference: number;
  /** how far the prediction is from turning: below zero it has */
  readonly margin: number;
  /** of HotFlip: what the gradient promised that the margin would change by */
  readonly estimate?: number;
  readonly prediction: { readonly labels: readonly string[]; readonly logits: readonly number[]; readonly probabilities: readonly number[] };
}

export interface CounterfactualsExplanation extends ExplanationBase {
  readonly kind: "counterfactuals";
  readonly preset: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** model calls that were allowed, and made */
  readonly budget: number;
  readonly calls: number;
  /** what was predicted, and against what it has to lose */
  readonly target: Target;
  readonly measure: "probability" | "score";
  readonly value: number;
  readonly margin: number;
  readonly prediction: Counterfactual["prediction"];
  /** what each method did: model calls made, and why it ended */
  readonly methods: readonly { readonly name: CounterfactualMethod; readonly calls: number; readonly ended: "complete" | "results" | "budget" | "failed"; readonly reason?: string }[];
  /** those that flip first, fewest changes first */
  readonly results: readonly Counterfactual[];
}

export function counterfactuals(fields: Fields): void {
  const method = oneOf(...COUNTERFACTUAL_METHODS);
  object({
    preset: string, options: record(option), budget: integer(1), calls: integer(0), target, measure: oneOf("probability", "score"), value: number(), margin: number(), prediction: predicted,
    methods: array(object({ name: method, calls: integer(0), ended: oneOf("complete", "results", "budget", "failed"), "reason?": string })),
  })(fields, "");
  const { text, textPair = "" } = fields.input as { text: string; textPair?: string };
  const change = (found: unknown, path: string): void => {
    object({ segment: oneOf(0, 1), text: string })(found, path);
    const length = [text, textPair][(found as CounterfactualChange).segment]!.length;
    object({ start: integer(0, length) })(found, path);
    object({ end: integer((found as CounterfactualChange).start, length) })(found, path);
  };
  array(object({
    method, text: string, "textPair?": string, changes: array(change), flipped: boolean, label: string, value: number(), difference: number(), margin: number(), "estimate?": number(), prediction: predicted,
  }))(fields.results, "results");
}
