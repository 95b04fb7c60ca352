/** Attention weights as pixels, one a cell: drawing a map of 512 tokens is then one scaled image. */
import { colormaps, type ColormapName } from "../../color/colormaps.js";
import type { AttentionExplanation } from "../../explanation/types.js";
import type { ShownToken } from "./shown-token.js";

export interface Cells {
  readonly image: HTMLCanvasElement;
  /** the numbers at the two ends of the colours */
  readonly low: number;
  readonly high: number;
}

/** One pixel a cell; null leaves it empty. `rtl`: the first column stands at the right. */
export function imageOf(width: number, height: number, color: (row: number, column: number) => readonly [number, number, number, number] | null, rtl: boolean): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, width), height: Math.max(1, height) });
  const context = canvas.getContext("2d")!;
  const pixels = context.createImageData(canvas.width, canvas.height);
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) {
    const rgba = color(row, column);
    if (!rgba) continue;
    const at = 4 * (row * width + (rtl ? width - 1 - column : column));
    pixels.data.set([rgba[0], rgba[1], rgba[2], rgba[3] * 255], at);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * `rows`, `columns`: which weights are shown. Sequential maps run from 0 to the largest weight. The diverging map shows the distance from even
 * attention (1 ÷ the number of tokens that can be seen), symmetrically; its ends are that distance. A causal model's future stays empty.
 */
export function attentionCells({ weights, causal }: AttentionExplanation, rows: readonly ShownToken[], columns: readonly ShownToken[], colormap: ColormapName, dark: boolean, rtl: boolean, known?: readonly (readonly number[])[]): Cells {
  const map = colormaps[colormap];
  const hidden = (query: number, key: number) => causal && key > query;
  const even = (query: number, key: number) => (colormap === "blue-orange" ? (known?.[query]![key] ?? 1 / (causal ? query + 1 : weights[0]!.length)) : 0);
  let high = 0;
  for (const { at: query } of rows) for (const { at: key } of columns) if (!hidden(query, key)) high = Math.max(high, Math.abs(weights[query]![key]! - even(query, key)));
  const color = (row: number, column: number) => {
    const query = rows[row]!.at;
    const key = columns[column]!.at;
    return hidden(query, key) ? null : map((weights[query]![key]! - even(query, key)) / (high || 1), dark);
  };
  return { image: imageOf(columns.length, rows.length, color, rtl), low: colormap === "blue-orange" ? -high : 0, high };
}
