/** A faithfulness report: several methods judged on the same text or texts, beside random rankings. Its type and its check. */
import { array, integer, number, numbers, object, oneOf, record, string, type Check, type Fields } from "./check.js";
import type { ExplanationBase, MethodInfo, Target, Unit } from "./common.js";
import { corpusInfo, type CorpusInfo } from "./examples.js";
import { methodInfo, option, target } from "./parts.js";

/** Of random rankings: the mean and the middle 90 %. */
export interface FaithfulnessBand {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** A mean of paired differences of the area over texts, with its 95 % interval (null for one text) and p after correction for all methods. */
export interface AreaDifference {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly adjusted: number;
}

export interface JudgedMethod {
  readonly method: MethodInfo;
  /** one a unit; empty in a report on several texts */
  readonly scores: readonly number[];
  /** by metric, means over the texts; null where it is not defined */
  readonly values: Readonly<Record<string, number | null>>;
  /** the prediction without, and with only, the first shares of the ranking; as many points as `random.deletion` has */
  readonly deletion: readonly number[];
  readonly insertion: readonly number[];
  /** random rankings with a smaller area between the curves */
  readonly beats: number;
  /** model runs that its attributions took */
  readonly evaluations: number;
  /** rank correlation with its answer for a model whose weights are random from the scores down to this stage */
  readonly stages?: readonly { readonly name: string; readonly correlation: number | null }[];
  /** of a report on a corpus: on how many texts it answered, 95 % intervals of its values over them, and its area against chance and the best */
  readonly over?: {
    readonly texts: number;
    readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
    readonly chance: AreaDifference | null;
    /** null: it is the one with the largest mean area */
    readonly best: AreaDifference | null;
  };
  /** why it gave no answer; then it has no values */
  readonly failed?: string;
}

export interface FaithfulnessExplanation extends ExplanationBase {
  readonly kind: "faithfulness";
  /** "" for our own way of judging */
  readonly preset: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  /** how many were judged; where they are more than one, `input.text` is empty and so are `tokens` and `units` */
  readonly texts: number;
  /** where the texts come from, and which of them: by their lines; `skipped`: unreadable, or of one word */
  readonly corpus?: CorpusInfo;
  readonly sample?: { readonly asked: number; readonly lines: readonly number[]; readonly skipped: number };
  /** null where each text has its own */
  readonly target: Target | null;
  /** what the curves show: the target's probability, or the score itself of a model with one output */
  readonly measure: "probability" | "score";
  readonly units: readonly Unit[];
  /** the metrics in the order of the report */
  readonly metrics: readonly string[];
  readonly methods: readonly JudgedMethod[];
  readonly random: {
    readonly rankings: number;
    /** by metric; a metric without a band has none */
    readonly values: Readonly<Record<string, FaithfulnessBand>>;
    readonly deletion: readonly FaithfulnessBand[];
    readonly insertion: readonly FaithfulnessBand[];
  };
}

const nullable = (check: Check): Check => (value, path) => value === null || check(value, path);
const difference = nullable(object({ mean: number(), low: nullable(number()), high: nullable(number()), adjusted: number(0, 1) }));

export function faithfulness(fields: Fields): void {
  const band = object({ low: number(), mean: number(), high: number() });
  object({
    preset: string, options: record(option), seed: integer(), texts: integer(1), target: nullable(target), measure: oneOf("probability", "score"),
    units: array(object({ text: string, start: integer(0), end: integer(0), tokens: array(integer(0)) })),
    metrics: array(string), methods: array(object({ method: methodInfo })), "corpus?": corpusInfo, "sample?": object({ asked: integer(1), lines: array(integer(0)), skipped: integer(0) }),
    random: object({ rankings: integer(0), values: record(band), deletion: array(band), insertion: array(band) }),
  })(fields, "");
  const points = (fields.random as FaithfulnessExplanation["random"]).deletion.length;
  (fields.methods as JudgedMethod[]).forEach((judged, index) => {
    const curve = numbers(judged.failed === undefined ? points : undefined, "one a point of the random rankings' curves");
    object({
      scores: numbers(undefined), values: record(nullable(number())), deletion: curve, insertion: curve, beats: integer(0), evaluations: integer(0), "failed?": string,
      "over?": object({ texts: integer(0), intervals: record(object({ low: number(), high: number() })), chance: difference, best: difference }),
      "stages?": array(object({ name: string, correlation: nullable(number(-1, 1)) })),
    })(judged, `methods[${index}]`);
  });
}
