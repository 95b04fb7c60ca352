/** A heat map as shapes: cells and labels, and whatever a hand lays over them. The same for the screen and for export. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";
import type { Side } from "./drawing.js";
import { columnX, GAP, labelStep, rowY, type Geometry, type View } from "./geometry.js";

/** Down the side, or along the top. */
export interface Labels extends Side {
  /** which tokens are chosen; none before a hand is there */
  readonly chosen: readonly boolean[];
}

export interface HeatMap {
  readonly geometry: Geometry;
  readonly view: View;
  readonly image: HTMLCanvasElement;
  readonly rows: Labels;
  readonly columns: Labels;
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  /** what is pointed at; -1 where only a row or a column is */
  readonly place: { readonly row: number; readonly column: number } | null;
  /** what lies on top: the cross, sums, the overview */
  readonly over: (map: HeatMap) => readonly Shape[];
}

export const alpha = (color: Rgb, opacity: number): Rgba => [...color, opacity] as const;

export function heatMapScene(map: HeatMap): Scene {
  const { geometry, view } = map;
  const { left, top, side, high, width, height } = geometry;
  const size = geometry.cell * view.scale;
  return { width, height, font: map.font, shapes: [windowOn(geometry, map.image, left, top, side, high, size, size, view), ...labels(map, size), ...map.over(map)] };
}

/** The cells that are seen through the window. */
export function windowOn({ rtl, side }: Geometry, image: HTMLCanvasElement, x: number, y: number, width: number, height: number, cellWidth: number, cellHeight: number, view: View): Shape {
  // From right to left, the window's far edge is where counting begins.
  const offsetX = rtl && image.width > 1 ? image.width * cellWidth - side - view.column * cellWidth : view.column * cellWidth;
  return { kind: "cells", x, y, width, height, image, cellWidth, cellHeight, offsetX, offsetY: view.row * cellHeight };
}

function labels({ geometry, view, rows, columns, place, ink }: HeatMap, size: number): Shape[] {
  const { left, top, side, high, angle, rtl, fontSize } = geometry;
  const step = labelStep(geometry, view);
  const textSize = Math.min(fontSize, Math.max(9, size * 0.9));
  const shapes: Shape[] = [];
  const fill = (marked: boolean) => (marked || !place ? ink : alpha(ink, 0.65));
  // A marked label stands, whatever the step; its neighbours give way.
  const stands = (index: number, marked = -1) => index === marked || (index % step === 0 && (marked < 0 || Math.abs(index - marked) >= step));
  rows.labels.forEach((text, row) => {
    const y = rowY(geometry, view, row) + size / 2;
    if (y < top || y > top + high) return;
    const marked = row === place?.row;
    const chosen = rows.chosen[row];
    if (chosen) shapes.push({ kind: "rect", x: rtl ? left + side + 1 : left - 4, y: y - size / 2, width: 3, height: Math.max(1, size - 1), fill: ink });
    if (!stands(row, place?.row)) return;
    shapes.push({ kind: "text", x: rtl ? left + side + GAP : left - GAP, y, text, fill: fill(marked), size: textSize, anchor: rtl ? "left" : "right", bold: marked || !!chosen });
  });
  let slanted = 0; // width of the label before, where that is slanted
  columns.labels.forEach((text, column) => {
    const x = columnX(geometry, view, column) + size / 2;
    if (x < left || x > left + side) return;
    const marked = column === place?.column;
    const chosen = columns.chosen[column];
    const width = columns.widths[column]!;
    if (chosen) shapes.push({ kind: "rect", x: x - size / 2, y: top - 4, width: Math.max(1, size - 1), height: 3, fill: ink });
    if (!stands(column, place?.column)) return;
    // Turned only where it does not fit: a Chinese character stands upright beside a slanted [CLS].
    // Not where a slanted neighbour leans over it: from this far on, at that height (half a line's height, turned, is 0.7 of it).
    const near = size - width / 2;
    const leansOver = slanted > 0 && slanted * Math.SQRT1_2 + 0.35 * textSize > near && near < 1.7 * textSize + 2;
    const level = angle === 0 || (width <= (angle === 45 ? 0.6 * size : size - 4) && !(angle === 45 && leansOver));
    slanted = level ? 0 : width;
    const turn = level ? 0 : angle === 45 && rtl ? 45 : -angle;
    const y = top - GAP - (level ? textSize / 2 : 0);
    shapes.push({ kind: "text", x, y, text, fill: fill(marked), size: textSize, angle: turn, anchor: level ? "center" : turn > 0 ? "right" : "left", bold: marked || !!chosen });
  });
  return shapes;
}
