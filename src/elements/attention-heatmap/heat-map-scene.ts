/** A heat map as shapes: cells and labels, and whatever a hand lays over them. The same for the screen and for export. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";
import { columnX, GAP, labelStep, rowY, type Geometry, type View } from "./geometry.js";

export interface HeatMap {
  readonly geometry: Geometry;
  readonly view: View;
  readonly image: HTMLCanvasElement;
  readonly labels: readonly string[];
  readonly widths: readonly number[];
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  /** rows and columns that are chosen */
  readonly chosen: ReadonlySet<number>;
  /** what is pointed at; -1 where only a row or a column is */
  readonly place: { readonly row: number; readonly column: number } | null;
  /** what lies on top: the cross, sums, the overview */
  readonly over: (map: HeatMap) => readonly Shape[];
}

export const alpha = (color: Rgb, opacity: number): Rgba => [...color, opacity] as const;

export function heatMapScene(map: HeatMap): Scene {
  const { geometry, view } = map;
  const { left, top, side, width, height } = geometry;
  const size = geometry.cell * view.scale;
  return { width, height, font: map.font, shapes: [windowOn(geometry, map.image, left, top, side, side, size, size, view), ...labels(map, size), ...map.over(map)] };
}

/** The cells that are seen through the window. */
export function windowOn({ rtl, side }: Geometry, image: HTMLCanvasElement, x: number, y: number, width: number, height: number, cellWidth: number, cellHeight: number, view: View): Shape {
  // From right to left, the window's far edge is where counting begins.
  const offsetX = rtl && image.width > 1 ? image.width * cellWidth - side - view.column * cellWidth : view.column * cellWidth;
  return { kind: "cells", x, y, width, height, image, cellWidth, cellHeight, offsetX, offsetY: view.row * cellHeight };
}

function labels({ geometry, view, labels, widths, chosen, place, ink }: HeatMap, size: number): Shape[] {
  const { left, top, side, angle, rtl, fontSize } = geometry;
  const step = labelStep(geometry, view);
  const textSize = Math.min(fontSize, Math.max(9, size * 0.9));
  const shapes: Shape[] = [];
  const fill = (marked: boolean) => (marked || !place ? ink : alpha(ink, 0.65));
  // A marked label stands, whatever the step; its neighbours give way.
  const stands = (index: number, marked: number) => index === marked || (index % step === 0 && (marked < 0 || Math.abs(index - marked) >= step));
  const first = (from: number) => Math.max(0, Math.floor(from));
  const last = (from: number) => Math.min(labels.length, Math.ceil(from + side / size));
  for (let row = first(view.row); row < last(view.row); row++) {
    const y = rowY(geometry, view, row) + size / 2;
    if (y < top || y > top + side) continue;
    const marked = row === place?.row;
    if (chosen.has(row)) shapes.push({ kind: "rect", x: rtl ? left + side + 1 : left - 4, y: y - size / 2, width: 3, height: Math.max(1, size - 1), fill: ink });
    if (!stands(row, place?.row ?? -1)) continue;
    shapes.push({ kind: "text", x: rtl ? left + side + GAP : left - GAP, y, text: labels[row]!, fill: fill(marked), size: textSize, anchor: rtl ? "left" : "right", bold: marked || chosen.has(row) });
  }
  let slanted = 0; // width of the label before, where that is slanted
  for (let column = first(view.column); column < last(view.column); column++) {
    const x = columnX(geometry, view, column) + size / 2;
    if (x < left || x > left + side) continue;
    const marked = column === place?.column;
    if (chosen.has(column)) shapes.push({ kind: "rect", x: x - size / 2, y: top - 4, width: Math.max(1, size - 1), height: 3, fill: ink });
    if (!stands(column, place?.column ?? -1)) continue;
    const turn = { 0: { angle: 0, anchor: "center" }, 45: { angle: rtl ? 45 : -45, anchor: rtl ? "right" : "left" }, 90: { angle: -90, anchor: "left" } } as const;
    // Turned only where it does not fit: a Chinese character stands upright beside a slanted [CLS].
    // Not where a slanted neighbour leans over it: from this far on, at that height (half a line's height, turned, is 0.7 of it).
    const near = size - widths[column]! / 2;
    const leansOver = slanted > 0 && slanted * Math.SQRT1_2 + 0.35 * textSize > near && near < 1.7 * textSize + 2;
    const level = angle === 0 || (widths[column]! <= (angle === 45 ? 0.6 * size : size - 4) && !(angle === 45 && leansOver));
    slanted = level ? 0 : widths[column]!;
    const y = level ? top - GAP - textSize / 2 : top - GAP;
    shapes.push({ kind: "text", x, y, text: labels[column]!, fill: fill(marked), size: textSize, ...turn[level ? 0 : angle], bold: marked || chosen.has(column) });
  }
  return shapes;
}
