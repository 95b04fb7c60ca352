/** A corpus as points of a plane, with the model's answer on each, prototypes and criticisms. Not of one text, but one may be placed on it. */
import { array, integer, number, numbers, object, oneOf, record, string, type Fields } from "./check.js";
import type { ExplanationBase } from "./common.js";
import { corpusInfo, exampleSpace, orNull, type CorpusInfo, type ExampleSpace } from "./examples.js";

/** Two principal components, or UMAP. */
export const PROJECTIONS = ["pca", "umap"] as const;
export type Projection = (typeof PROJECTIONS)[number];

export interface MappedExample {
  readonly line: number;
  readonly text: string;
  readonly label: string | null;
  /** position of the given label among the model's; −1: none of them */
  readonly labelled: number;
  readonly predicted: number;
  /** of the predicted label */
  readonly probability: number;
  readonly x: number;
  readonly y: number;
}

export interface ExampleMapExplanation extends ExplanationBase {
  readonly kind: "example-map";
  readonly space: ExampleSpace;
  readonly corpus: CorpusInfo;
  /** how the plane was made */
  readonly projection: Projection;
  /** share of the variance along x and y; empty where the axes have none (UMAP) */
  readonly explained: readonly number[];
  readonly examples: readonly MappedExample[];
  /** columns with few different values: their values, and which of them each example has (−1: none) */
  readonly slices: Readonly<Record<string, { readonly values: readonly string[]; readonly of: readonly number[] }>>;
  /** positions in `examples` */
  readonly prototypes: readonly number[];
  readonly criticisms: readonly number[];
  readonly seed: number;
  /** where the text stands, when there is one */
  readonly place?: readonly number[];
}

/** Checks the fields of this kind. */
export function exampleMap(fields: Fields): void {
  const labels = (fields.model as { labels: unknown[] }).labels.length;
  const last = Math.max(0, labels - 1);
  array(object({ line: integer(0), text: string, label: orNull(string), labelled: integer(-1, last), predicted: integer(0, last), probability: number(0, 1), x: number(), y: number() }))(fields.examples, "examples");
  const count = (fields.examples as unknown[]).length;
  const positions = array(integer(0, count - 1));
  object({
    space: exampleSpace, corpus: corpusInfo, projection: oneOf(...PROJECTIONS), explained: numbers(fields.projection === "umap" ? 0 : 2, "one an axis", 0, 1), prototypes: positions, criticisms: positions, seed: integer(), "place?": numbers(2, "x and y"),
    slices: record(object({ values: array(string), of: numbers(count, "one an example", -1) })),
  })(fields, "");
}
