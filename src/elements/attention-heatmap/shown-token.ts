/** A token of the heat map's rows or columns, and which row or column of the weights is its own. */
import type { PlacedToken } from "../../state/scope.js";

export interface ShownToken extends PlacedToken {
  /** its row or column of the weights */
  readonly at: number;
}
