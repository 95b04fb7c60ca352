/** The facts of a summary: what was predicted, on which words it rests, what would change it, how far that can be trusted. Its type and its check. */
import { array, integer, number, object, oneOf, string, type Check, type Fields } from "./check.js";
import type { ExplanationBase, MethodInfo, Target, Unit } from "./common.js";
import { methodInfo, predicted, target } from "./parts.js";

/** A word with its weight for the target. */
export interface WeighedUnit extends Unit {
  readonly score: number;
}

/** What the model said when these words were left out, for real. */
export interface LeftOut {
  /** places among `units` */
  readonly units: readonly number[];
  /** the target's probability or score without them */
  readonly value: number;
  /** what the model predicts then, and with which probability or score */
  readonly label: string;
  readonly labelValue: number;
}

export interface SummaryExplanation extends ExplanationBase {
  readonly kind: "summary";
  readonly method: MethodInfo;
  readonly target: Target;
  readonly prediction: { readonly labels: readonly string[]; readonly logits: readonly number[]; readonly probabilities: readonly number[] };
  readonly measure: "probability" | "score";
  /** the target's probability or score of the whole text */
  readonly value: number;
  /** what the model predicts of it */
  readonly label: string;
  readonly units: readonly WeighedUnit[];
  /** the heaviest words one by one, then growing sets of them until the prediction changes */
  readonly leftOut: readonly LeftOut[];
  readonly trust: {
    /** relative, where the method's weights are meant to add up; null elsewhere */
    readonly completenessGap: number | null;
    /** area between insertion and deletion curve of this ranking, and the band of random ones */
    readonly area: number;
    readonly chance: { readonly low: number; readonly mean: number; readonly high: number };
    /** random rankings with a smaller area, of so many */
    readonly beats: number;
    readonly rankings: number;
  };
}

const nullable = (check: Check): Check => (value, path) => value === null || check(value, path);

export function summary(fields: Fields): void {
  object({
    method: methodInfo, target, prediction: predicted, measure: oneOf("probability", "score"), value: number(), label: string,
    units: array(object({ text: string, start: integer(0), end: integer(0), tokens: array(integer(0)), score: number() })),
    trust: object({ completenessGap: nullable(number(0)), area: number(), chance: object({ low: number(), mean: number(), high: number() }), beats: integer(0), rankings: integer(0) }),
  })(fields, "");
  const place = integer(0, (fields.units as unknown[]).length - 1);
  array(object({ units: array(place), value: number(), label: string, labelValue: number() }))(fields.leftOut, "leftOut");
}
