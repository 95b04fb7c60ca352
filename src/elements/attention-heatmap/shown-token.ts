/** A token of the heat map's rows or columns, and which row or column of the weights is its own. */
import type { AttentionExplanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";

export interface ShownToken extends PlacedToken {
  /** its row or column of the weights */
  readonly at: number;
}

/** Weights as they are read, and the tokens of the rows and of the columns. */
export interface Shown {
  readonly explanation: AttentionExplanation;
  readonly sides: readonly [readonly ShownToken[], readonly ShownToken[]];
  /** even attention in the weights' place, where these are arranged */
  readonly even?: readonly (readonly number[])[];
}
