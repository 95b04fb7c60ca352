/** A bias probe: one text in many versions that differ by group, what the model says of each, and how the groups differ. Its type and its check. */
import { array, boolean, integer, number, object, oneOf, record, string, type Check, type Fields } from "./check.js";
import type { ExplanationBase, MethodInfo, Target } from "./common.js";
import { methodInfo, option, target } from "./parts.js";

/** prediction: probability or score; own: attribution of the words that differ between groups; rest: of all others */
export const BIAS_MEASURES = ["prediction", "own", "rest"] as const;
export type BiasMeasure = (typeof BIAS_MEASURES)[number];

export const BIAS_CAUTIONS = ["few", "zero", "chance", "many"] as const;
export type BiasCaution = (typeof BIAS_CAUTIONS)[number];

export interface BiasFilling {
  /** positions in `groups` and `contexts` */
  readonly group: number;
  readonly context: number;
  readonly text: string;
  /** the label that is predicted */
  readonly label: string;
  readonly prediction: number;
  /** sums of attributions; null where none were asked for */
  readonly own: number | null;
  readonly rest: number | null;
}

export interface BiasSummary {
  readonly group: number;
  readonly measure: BiasMeasure;
  readonly n: number;
  readonly mean: number;
  /** bootstrap, null for fewer than two fillings */
  readonly low: number | null;
  readonly high: number | null;
}

export interface BiasComparison {
  /** compared with group 0 */
  readonly group: number;
  readonly measure: BiasMeasure;
  /** pairs: the same context in both groups */
  readonly n: number;
  /** mean of this group minus group 0 */
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  /** two-sided, of sign flips of the paired differences; `exact`: all of them were counted */
  readonly p: number;
  readonly exact: boolean;
  /** p after Holm's correction for all comparisons of the probe */
  readonly adjusted: number;
  /** of the paired differences; null where it is not defined */
  readonly cohenD: number | null;
  readonly cliffDelta: number;
  /** why it carries no conclusion; empty where it stands */
  readonly cautions: readonly BiasCaution[];
}

export interface BiasExplanation extends ExplanationBase {
  readonly kind: "bias";
  /** "" for pairs */
  readonly template: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  readonly target: Target;
  readonly measure: "probability" | "score";
  /** of the attributions; null where there are none */
  readonly method: MethodInfo | null;
  /** why there are no attributions, where they were asked for */
  readonly withoutMethod?: string;
  readonly groups: readonly string[];
  /** what the fillings of one row have in common */
  readonly contexts: readonly string[];
  readonly fillings: readonly BiasFilling[];
  readonly summaries: readonly BiasSummary[];
  readonly comparisons: readonly BiasComparison[];
}

const nullable = (check: Check): Check => (value, path) => value === null || check(value, path);

export function bias(fields: Fields): void {
  object({
    template: string, options: record(option), seed: integer(), target, measure: oneOf("probability", "score"), method: nullable(methodInfo), "withoutMethod?": string, groups: array(string), contexts: array(string),
  })(fields, "");
  const [groups, contexts] = [(fields.groups as string[]).length, (fields.contexts as string[]).length];
  const group = integer(0, groups - 1);
  const measure = oneOf(...BIAS_MEASURES);
  const maybe = nullable(number());
  array(object({ group, context: integer(0, contexts - 1), text: string, label: string, prediction: number(), own: maybe, rest: maybe }))(fields.fillings, "fillings");
  array(object({ group, measure, n: integer(0), mean: number(), low: maybe, high: maybe }))(fields.summaries, "summaries");
  array(object({
    group, measure, n: integer(0), difference: number(), low: maybe, high: maybe, p: number(0, 1), exact: boolean, adjusted: number(0, 1), cohenD: maybe, cliffDelta: number(-1, 1), cautions: array(oneOf(...BIAS_CAUTIONS)),
  }))(fields.comparisons, "comparisons");
}
