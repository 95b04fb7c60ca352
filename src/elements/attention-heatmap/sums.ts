/** Sums over the chosen tokens: what they give to each token, and what each token gives to them. */
import { colormaps, type ColormapName } from "../../color/colormaps.js";
import { imageOf } from "./cells.js";
import type { Drawing, Place } from "./drawing.js";

export function weightAt({ weights, rows, columns }: Drawing, { row, column }: Place): number {
  return weights[rows.tokens[row]!.at]![columns.tokens[column]!.at]!;
}

/** `over` "rows": what the chosen rows give to column `at`; "columns": what row `at` gives to the chosen columns. */
export function sumAt(drawing: Drawing, chosen: Iterable<number>, at: number, over: "rows" | "columns"): number {
  let sum = 0;
  for (const other of chosen) sum += weightAt(drawing, over === "rows" ? { row: other, column: at } : { row: at, column: other });
  return sum;
}

/** A strip of sums, scaled by its own largest. */
export function sumCells(sums: readonly number[], colormap: ColormapName, dark: boolean, upright: boolean, rtl: boolean): HTMLCanvasElement {
  const high = sums.reduce((most, sum) => Math.max(most, sum), 1e-12);
  const color = (row: number, column: number) => colormaps[colormap](sums[upright ? row : column]! / high, dark);
  return upright ? imageOf(1, sums.length, color, false) : imageOf(sums.length, 1, color, rtl);
}
