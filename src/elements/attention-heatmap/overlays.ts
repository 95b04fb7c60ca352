/** What a hand lays over a heat map: the cross at the pointer, sums of what is chosen, the overview of an enlarged map. */
import { outline } from "../shared/outline.js";
import type { Shape } from "../shared/scene.js";
import { columnX, GAP, rowY, STRIP } from "./geometry.js";
import { alpha, windowOn, type HeatMap } from "./heat-map-scene.js";

/** What is chosen, summed: the chosen rows below, one sum a column; the chosen columns at the end, one a row. */
export function sumStrips({ geometry, view }: HeatMap, rows: HTMLCanvasElement, columns: HTMLCanvasElement): Shape[] {
  const { left, top, side, high } = geometry;
  const size = geometry.cell * view.scale;
  return [
    windowOn(geometry, rows, left, top + high + GAP, side, STRIP, size, STRIP, { ...view, row: 0 }),
    windowOn(geometry, columns, geometry.rtl ? left - GAP - STRIP : left + side + GAP, top, STRIP, high, STRIP, size, { ...view, column: 0 }),
  ];
}

/** Lines beside the row and the column, a frame round the cell, the number beside it. */
export function cross({ geometry, view, place, ink, paper }: HeatMap, number: string): Shape[] {
  if (!place) return [];
  const { left, top, side, high } = geometry;
  const size = geometry.cell * view.scale;
  const shapes: Shape[] = [];
  const line = (x: number, y: number, width: number, height: number) => {
    const level = width > height;
    shapes.push({ kind: "rect", x: level ? x : x - 1, y: level ? y - 1 : y, width: level ? width : 3, height: level ? 3 : height, fill: alpha(paper, 0.6) });
    shapes.push({ kind: "rect", x, y, width, height, fill: alpha(ink, 0.8) });
  };
  const inside = (value: number, from: number, extent: number) => value >= from - 1 && value <= from + extent;
  const x = columnX(geometry, view, place.column);
  const y = rowY(geometry, view, place.row);
  if (place.row >= 0) for (const edge of [y - 0.5, y + size - 0.5]) if (inside(edge, top, high)) line(left, edge, side, 1);
  if (place.column >= 0) for (const edge of [x - 0.5, x + size - 0.5]) if (inside(edge, left, side)) line(edge, top, 1, high);
  if (place.row < 0 || place.column < 0 || !inside(x, left, side) || !inside(y, top, high)) return shapes;
  shapes.push(...outline(x, y, size, size, 1.5, ink));
  const width = number.length * geometry.fontSize * 0.62 + 10;
  const height = geometry.fontSize * 1.6;
  const boxX = Math.max(left, Math.min(left + side - width, x + size + 6));
  const boxY = y - height - 6 >= top ? y - height - 6 : y + size + 6;
  shapes.push({ kind: "rect", x: boxX, y: boxY, width, height, fill: paper }, ...outline(boxX, boxY, width, height, 1, alpha(ink, 0.5)));
  shapes.push({ kind: "text", x: boxX + width / 2, y: boxY + height / 2, text: number, fill: ink, size: geometry.fontSize, anchor: "center" });
  return shapes;
}

/** The whole map, small, in the corner where reading ends, with a frame round what is seen. */
export function overview(map: HeatMap): Shape[] {
  const { geometry, view, image, ink, paper } = map;
  const mini = Math.min(96, geometry.side * 0.24);
  const cell = mini / image.width;
  const tall = cell * image.height;
  const x = geometry.rtl ? geometry.left + 8 : geometry.left + geometry.side - mini - 8;
  const y = geometry.top + geometry.high - tall - 8;
  const seen = mini / view.scale;
  const seenX = geometry.rtl ? x + mini - view.column * cell - seen : x + view.column * cell;
  return [
    { kind: "rect", x, y, width: mini, height: tall, fill: paper },
    { kind: "cells", x, y, width: mini, height: tall, image, cellWidth: cell, cellHeight: cell, offsetX: 0, offsetY: 0 },
    ...outline(x, y, mini, tall, 1, ink),
    ...outline(seenX, y + view.row * cell, seen, tall / view.scale, 1.5, ink),
  ];
}
