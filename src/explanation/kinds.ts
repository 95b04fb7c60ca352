/**
 * What each kind of explanation promises beyond what all have in common. One check a kind, so that an element that draws one kind carries
 * the checks of that kind alone.
 */
import { array, boolean, count, fail, integer, numbers, object, oneOf } from "./check.js";
import type { Fields } from "./check.js";
import { MEASURES } from "./measures.js";
import { predicted } from "./parts.js";
import type { ExplanationKind } from "./types.js";

/** Checks the fields of one kind; `tokens` is how many tokens there are. */
export type KindCheck = (fields: Fields, tokens: number) => void;
export type KindChecks = Readonly<Partial<Record<ExplanationKind, KindCheck>>>;

export const attention: KindCheck = (fields, tokens) => {
  object({ layers: count, heads: count, causal: boolean, "attention?": oneOf("self", "decoder", "cross"), "measure?": oneOf(...MEASURES) })(fields, "");
  chosen(fields.layer, fields.layers as number, "layer");
  chosen(fields.head, fields.heads as number, "head");
  const [rows, columns] = ["queries", "keys"].map((name) => {
    array(integer(0, tokens - 1))(fields[name] ?? [], name);
    return (fields[name] as number[] | undefined)?.length ?? tokens;
  });
  array(numbers(columns, "one a key", 0), rows, "one row a query")(fields.weights, "weights");
  if (fields.causal === true) zeroAboveDiagonal(fields.weights as number[][]);
};

/** Which layer or head: a number from 0, or a summary of all. */
function chosen(value: unknown, count: number, path: string): void {
  if (typeof value === "number") integer(0, count - 1)(value, path);
  else if (value !== "mean" && value !== "max") fail(path, `a number from 0 to ${count - 1}, "mean" or "max"`, value);
}

function zeroAboveDiagonal(weights: readonly (readonly number[])[]): void {
  weights.forEach((row, query) => {
    for (let key = query + 1; key < row.length; key++) if (row[key] !== 0) fail(`weights[${query}][${key}]`, "0 (above the diagonal of a causal model)", row[key]);
  });
}

export const prediction: KindCheck = (fields) => predicted(fields, "");
