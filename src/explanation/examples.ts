/** Labelled examples that are near to a text, or that influence its prediction, each with the model's answer and with the same attribution. */
import { array, boolean, fail, integer, number, numbers, object, oneOf, string, type Check, type Fields } from "./check.js";
import type { ExplanationBase, MethodInfo, Target, Token } from "./common.js";
import { methodInfo, predicted, target } from "./parts.js";

export interface CorpusInfo {
  readonly reference: string;
  /** of rows that stood in the page or came as a file: tells one content from another */
  readonly revision?: string;
  /** rows that have a text */
  readonly rows: number;
  /** rows without a text, or with one that the model cannot read */
  readonly skipped: number;
  /** how many could not be read, and the first of them */
  readonly broken: number;
  readonly brokenRows: readonly { readonly line: number; readonly reason: string }[];
  readonly textColumn: string;
  /** null: no labels are given */
  readonly labelColumn: string | null;
  /** of a file of vectors that was named: used; of another model, layer or other texts; not there. Then they were computed */
  readonly vectors?: "stored" | "stale" | "missing";
}

/** The vectors by which texts are compared. */
export interface ExampleSpace {
  readonly layer: number;
  readonly pooling: "mean" | "class";
  readonly width: number;
}

export interface FoundExample {
  readonly line: number;
  readonly text: string;
  /** as the corpus gives it; null: none */
  readonly label: string | null;
  /** position among the model's labels */
  readonly predicted: number;
  /** of the predicted label */
  readonly probability: number;
  /** from 1: the nearest, or the most influential of its side */
  readonly rank: number;
  /** cosine, or influence: above zero it speaks for the query's prediction */
  readonly score: number;
  /** in the first list (predicted alike; for the prediction) or in the second */
  readonly alike: boolean;
  /** the given label is one of the model's and not the predicted one */
  readonly mismatch: boolean;
  readonly tokens: readonly Token[];
  /** one a token, for the query's target; empty until they are computed */
  readonly scores: readonly number[];
  /** tokens of words that weigh alike in the query */
  readonly shared: readonly number[];
}

export interface ExamplesExplanation extends ExplanationBase {
  readonly kind: "examples";
  readonly by: "similarity" | "tracin" | "representer";
  readonly space: ExampleSpace;
  readonly corpus: CorpusInfo;
  readonly method: MethodInfo;
  readonly target: Target;
  readonly prediction: { readonly labels: readonly string[]; readonly logits: readonly number[]; readonly probabilities: readonly number[] };
  /** of the query, one a token; empty until they are computed */
  readonly scores: readonly number[];
  /** tokens of the query that weigh alike in one of the examples */
  readonly shared: readonly number[];
  /** the first list and then the second, each in order */
  readonly examples: readonly FoundExample[];
  /** of the `count` examples with the first ranks: how many are predicted alike, and what speaks most against the target in the others */
  readonly nearest: { readonly count: number; readonly same: number; readonly others: readonly { readonly rank: number; readonly predicted: number; readonly word: string }[]; readonly mismatches: number };
}

export const orNull = (check: Check): Check => (value, path) => value === null || check(value, path);
export const corpusInfo = object({
  reference: string, rows: integer(0), skipped: integer(0), broken: integer(0), brokenRows: array(object({ line: integer(0), reason: string })), textColumn: string, labelColumn: orNull(string),
  "revision?": string, "vectors?": oneOf("stored", "stale", "missing"),
});
export const exampleSpace = object({ layer: integer(-1), pooling: oneOf("mean", "class"), width: integer(1) });

const token = object({ id: integer(), text: string, start: integer(0), end: integer(0), special: boolean });

/** One a token, or none yet. */
function scoresOf(tokens: number): Check {
  return (value, path) => (Array.isArray(value) && value.length === 0 ? undefined : numbers(tokens, "one a token")(value, path));
}

/** Checks the fields of this kind; `tokens` is how many tokens the query has. */
export function examples(fields: Fields, tokens: number): void {
  const labels = (fields.model as { labels: unknown[] }).labels.length;
  const label = integer(0, Math.max(0, labels - 1));
  object({
    by: oneOf("similarity", "tracin", "representer"), space: exampleSpace, corpus: corpusInfo, method: methodInfo, target, prediction: predicted,
    scores: scoresOf(tokens), shared: array(integer(0, tokens - 1)),
    examples: array(object({ line: integer(0), text: string, label: orNull(string), predicted: label, probability: number(0, 1), rank: integer(1), score: number(), alike: boolean, mismatch: boolean, tokens: array(token) })),
    nearest: object({ count: integer(0), same: integer(0), others: array(object({ rank: integer(1), predicted: label, word: string })), mismatches: integer(0) }),
  })(fields, "");
  (fields.examples as FoundExample[]).forEach(({ text, tokens: own, ...example }, index) => {
    object({ scores: scoresOf(own.length), shared: array(integer(0, own.length - 1)) })(example, `examples[${index}]`);
    own.forEach(({ start, end }, place) => {
      if (end > text.length || start > end) fail(`examples[${index}].tokens[${place}].end`, `within its text, from ${start} to ${text.length}`, end);
    });
  });
}
