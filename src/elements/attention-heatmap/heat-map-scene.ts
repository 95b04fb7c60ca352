/** A heat map as shapes: cells, labels, sums of what is chosen, and the cross under the pointer. The same for the screen and for export. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";
import { columnX, GAP, labelStep, rowY, STRIP, WHOLE, type Geometry, type View } from "./geometry.js";

export interface HeatMap {
  readonly geometry: Geometry;
  readonly view: View;
  readonly image: HTMLCanvasElement;
  readonly labels: readonly string[];
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  /** rows and columns that are chosen */
  readonly chosen: ReadonlySet<number>;
  /** sums of the chosen rows, one a column; and of the chosen columns, one a row */
  readonly sums: { readonly rows: HTMLCanvasElement; readonly columns: HTMLCanvasElement } | null;
  /** what is pointed at; -1 where only a row or a column is */
  readonly place: { readonly row: number; readonly column: number } | null;
  /** the number at that place */
  readonly number: string;
}

const alpha = (color: Rgb, opacity: number): Rgba => [...color, opacity] as const;

const frame = (x: number, y: number, width: number, height: number, thick: number, fill: Rgb | Rgba): Shape[] => [
  { kind: "rect", x: x - thick, y: y - thick, width: width + 2 * thick, height: thick, fill },
  { kind: "rect", x: x - thick, y: y + height, width: width + 2 * thick, height: thick, fill },
  { kind: "rect", x: x - thick, y, width: thick, height, fill },
  { kind: "rect", x: x + width, y, width: thick, height, fill },
];

export function heatMapScene(map: HeatMap): Scene {
  const { geometry, view } = map;
  const { left, top, side, cell } = geometry;
  const size = cell * view.scale;
  const shapes: Shape[] = [cells(map, map.image, left, top, side, side, size, size, view)];
  if (map.sums) {
    shapes.push(cells(map, map.sums.rows, left, top + side + GAP, side, STRIP, size, STRIP, { ...view, row: 0 }));
    shapes.push(cells(map, map.sums.columns, geometry.rtl ? left - GAP - STRIP : left + side + GAP, top, STRIP, side, STRIP, size, { ...view, column: 0 }));
  }
  shapes.push(...labels(map, size), ...cross(map, size));
  if (view.scale > 1) shapes.push(...overview(map));
  return { width: geometry.width, height: geometry.height, font: map.font, shapes };
}

function cells({ geometry: { rtl, side } }: HeatMap, image: HTMLCanvasElement, x: number, y: number, width: number, height: number, cellWidth: number, cellHeight: number, view: View): Shape {
  // From right to left, the window's far edge is where counting begins.
  const offsetX = rtl && image.width > 1 ? image.width * cellWidth - side - view.column * cellWidth : view.column * cellWidth;
  return { kind: "cells", x, y, width, height, image, cellWidth, cellHeight, offsetX, offsetY: view.row * cellHeight };
}

function labels({ geometry, view, labels, chosen, place, ink }: HeatMap, size: number): Shape[] {
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
  for (let column = first(view.column); column < last(view.column); column++) {
    const x = columnX(geometry, view, column) + size / 2;
    if (x < left || x > left + side) continue;
    const marked = column === place?.column;
    if (chosen.has(column)) shapes.push({ kind: "rect", x: x - size / 2, y: top - 4, width: Math.max(1, size - 1), height: 3, fill: ink });
    if (!stands(column, place?.column ?? -1)) continue;
    const turn = { 0: { angle: 0, anchor: "center" }, 45: { angle: rtl ? 45 : -45, anchor: rtl ? "right" : "left" }, 90: { angle: -90, anchor: "left" } } as const;
    const y = angle === 0 ? top - GAP - textSize / 2 : top - GAP;
    shapes.push({ kind: "text", x, y, text: labels[column]!, fill: fill(marked), size: textSize, ...turn[angle], bold: marked || chosen.has(column) });
  }
  return shapes;
}

/** Lines beside the row and the column, a frame round the cell, the number beside it. */
function cross({ geometry, view, place, number, ink, paper }: HeatMap, size: number): Shape[] {
  if (!place) return [];
  const { left, top, side } = geometry;
  const shapes: Shape[] = [];
  const line = (x: number, y: number, width: number, height: number) => {
    const level = width > height;
    shapes.push({ kind: "rect", x: level ? x : x - 1, y: level ? y - 1 : y, width: level ? width : 3, height: level ? 3 : height, fill: alpha(paper, 0.6) });
    shapes.push({ kind: "rect", x, y, width, height, fill: alpha(ink, 0.8) });
  };
  const inside = (value: number, from: number) => value >= from - 1 && value <= from + side;
  const x = columnX(geometry, view, place.column);
  const y = rowY(geometry, view, place.row);
  if (place.row >= 0) for (const edge of [y - 0.5, y + size - 0.5]) if (inside(edge, top)) line(left, edge, side, 1);
  if (place.column >= 0) for (const edge of [x - 0.5, x + size - 0.5]) if (inside(edge, left)) line(edge, top, 1, side);
  if (place.row < 0 || place.column < 0 || !inside(x, left) || !inside(y, top)) return shapes;
  shapes.push(...frame(x, y, size, size, 1.5, ink));
  const width = number.length * geometry.fontSize * 0.62 + 10;
  const height = geometry.fontSize * 1.6;
  const boxX = Math.max(left, Math.min(left + side - width, x + size + 6));
  const boxY = y - height - 6 >= top ? y - height - 6 : y + size + 6;
  shapes.push({ kind: "rect", x: boxX, y: boxY, width, height, fill: paper }, ...frame(boxX, boxY, width, height, 1, alpha(ink, 0.5)));
  shapes.push({ kind: "text", x: boxX + width / 2, y: boxY + height / 2, text: number, fill: ink, size: geometry.fontSize, anchor: "center" });
  return shapes;
}

/** The whole map, small, in the corner where reading ends, with a frame round what is seen. */
function overview(map: HeatMap): Shape[] {
  const { geometry, view, image, ink, paper } = map;
  const mini = Math.min(96, geometry.side * 0.24);
  const x = geometry.rtl ? geometry.left + 8 : geometry.left + geometry.side - mini - 8;
  const y = geometry.top + geometry.side - mini - 8;
  const cell = mini / image.width;
  const seen = mini / view.scale;
  const seenX = geometry.rtl ? x + mini - view.column * cell - seen : x + view.column * cell;
  return [
    { kind: "rect", x, y, width: mini, height: mini, fill: paper },
    { kind: "cells", x, y, width: mini, height: mini, image, cellWidth: cell, cellHeight: cell, offsetX: WHOLE.column, offsetY: WHOLE.row },
    ...frame(x, y, mini, mini, 1, ink),
    ...frame(seenX, y + view.row * cell, seen, seen, 1.5, ink),
  ];
}
