/** Scores of tokens for one target: the type and its check. Methods that value parts of the text along a tree add that tree. */
import { array, fail, integer, number, numbers, object, record, type Check, type Fields } from "./check.js";
import type { ExplanationBase, MethodInfo, Target } from "./common.js";
import { methodInfo, predicted, target } from "./parts.js";

/** A part of the text with a value of its own, which is the sum of its children's. */
export interface AttributionPart {
  /** in order of the text; none that plays no part (special tokens) */
  readonly tokens: readonly number[];
  readonly score: number;
  /** two or more, which share the tokens among them in order; absent where the method went no deeper */
  readonly children?: readonly AttributionPart[];
}

export interface AttributionExplanation extends ExplanationBase {
  readonly kind: "attribution";
  readonly method: MethodInfo;
  readonly target: Target;
  /** signed, one a token */
  readonly scores: readonly number[];
  /** standard error, one a token, when the method samples */
  readonly errors?: readonly number[];
  /** the whole text, in parts of parts, where the method values these (Owen values of partition SHAP) */
  readonly hierarchy?: AttributionPart;
  /** f(x) and f(baseline), the target's score; absent when the method has no baseline */
  readonly value?: number;
  readonly baselineValue?: number;
  readonly prediction: { readonly labels: readonly string[]; readonly logits: readonly number[]; readonly probabilities: readonly number[] };
}

const featureValue: Check = (value, path) => {
  if (typeof value === "number") number()(value, path);
  else if (value !== null && typeof value !== "string" && typeof value !== "boolean") fail(path, "a number, a string, true, false or null", value);
};

/** Children are smaller than their parent, so a hostile file cannot nest deeper than it is long. */
const partOf = (tokens: number): Check => (value, path) => {
  object({ tokens: array(integer(0, tokens - 1)), score: number(), "children?": array(object({ tokens: array(integer()) })) })(value, path);
  const { tokens: own, children } = value as AttributionPart;
  if (own.some((token, index) => index > 0 && token <= own[index - 1]!)) fail(`${path}.tokens`, "in order, each once", own);
  if (own.length === 0) fail(`${path}.tokens`, "an array of 1 or more", own);
  if (!children) return;
  if (children.length < 2 || children.some((child) => child.tokens.length === 0) || String(children.flatMap((child) => child.tokens)) !== String(own)) {
    fail(`${path}.children`, "two or more parts that hold the tokens of the whole, in order", children);
  }
  children.forEach((child, index) => partOf(tokens)(child, `${path}.children[${index}]`));
};

export function attribution(fields: Fields, tokens: number): void {
  object({
    method: methodInfo, target,
    input: object({ "features?": record(featureValue) }), scores: numbers(tokens, "one a token"), "errors?": numbers(tokens, "one a token", 0), "hierarchy?": partOf(tokens),
    "value?": number(), "baselineValue?": number(), prediction: predicted,
  })(fields, "");
}
