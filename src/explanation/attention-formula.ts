/**
 * One head's softmax(QKᵀ·scale + mask)·V with all its parts, for all query tokens, so that a reader goes from token to token without asking
 * again. Not the heat map's kind, which has the weights alone.
 */
import { array, boolean, count, fail, type Fields, integer, number, numbers, object } from "./check.js";
import type { ExplanationBase } from "./common.js";

/** Below it a mask hides a key; −10000 is an ordinary number. */
export const MASKED = -1e30;

export interface AttentionFormulaExplanation extends ExplanationBase {
  readonly kind: "attention-formula";
  /** how many there are in the model */
  readonly layers: number;
  readonly heads: number;
  /** which one this is, from 0 */
  readonly layer: number;
  readonly head: number;
  readonly causal: boolean;
  /** q·k is multiplied by it; 1 where the model scales q and k before */
  readonly scale: number;
  /** [token][headSize] */
  readonly query: readonly (readonly number[])[];
  readonly key: readonly (readonly number[])[];
  readonly value: readonly (readonly number[])[];
  /** what is added, [query][key]; null where nothing is. Not below −3e38 */
  readonly mask: readonly (readonly number[])[] | null;
  /** softmax of all that, [query][key], as the kernel computed it */
  readonly weights: readonly (readonly number[])[];
}

/** Checks the fields of this kind; `tokens` is how many tokens there are. */
export function attentionFormula(fields: Fields, tokens: number): void {
  object({ layers: count, heads: count, causal: boolean, scale: number() })(fields, "");
  object({ layer: integer(0, (fields.layers as number) - 1), head: integer(0, (fields.heads as number) - 1) })(fields, "");
  const first = (fields.query as unknown[][] | undefined)?.[0];
  const size = Array.isArray(first) ? first.length : undefined;
  for (const name of ["query", "key", "value"]) array(numbers(name === "value" ? undefined : size, "as wide as a query"), tokens, "one row a token")(fields[name], name);
  const widths = new Set((fields.value as unknown[][]).map((row) => row.length));
  if (widths.size > 1) fail("value", "rows of one length", fields.value);
  if (fields.mask !== null) array(numbers(tokens, "one a key"), tokens, "one row a query")(fields.mask, "mask");
  array(numbers(tokens, "one a key", 0), tokens, "one row a query")(fields.weights, "weights");
}
