/** What a heat map draws now; made anew when the explanation, the width or the colours change. */
import type { AttentionExplanation } from "../../explanation/types.js";
import type { Cells } from "./cells.js";
import type { Geometry } from "./geometry.js";
import type { ShownToken } from "./shown-token.js";

/** The tokens down the side, or along the top. */
export interface Side {
  readonly tokens: readonly ShownToken[];
  readonly labels: readonly string[];
  /** of the labels. CSS pixels */
  readonly widths: readonly number[];
}

export interface Drawing {
  readonly key: string;
  readonly explanation: AttentionExplanation;
  /** as they are read, [row of a shown token][column of a shown token] */
  readonly weights: AttentionExplanation["weights"];
  readonly rows: Side;
  readonly columns: Side;
  readonly cells: Cells;
  readonly geometry: Geometry;
  readonly font: string;
}

/** A cell by the positions of its tokens among those shown; -1: only a row, or only a column. */
export interface Place {
  readonly row: number;
  readonly column: number;
}
