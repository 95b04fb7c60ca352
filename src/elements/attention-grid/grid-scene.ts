/** A grid of heads as shapes: thumbnails, labels, bars, frames. The same for the screen and for export. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import { outline } from "../shared/outline.js";
import type { Scene, Shape } from "../shared/scene.js";
import { BAR, slotAt, type GridGeometry } from "./grid-geometry.js";

export interface GridPicture {
  readonly geometry: GridGeometry;
  /** position of the head in each slot, −1 for none */
  readonly slots: readonly number[];
  readonly images: readonly HTMLCanvasElement[];
  /** of rows and columns; empty when heads stand in another order */
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  /** widest column label. CSS pixels */
  readonly columnLabel: number;
  /** lines under the thumbnail at a position; none when there is no room */
  readonly names: readonly (readonly [string, string])[];
  /** share of the largest, one a head; empty when nothing is marked */
  readonly marks: readonly number[];
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  /** slots, −1 for none */
  readonly chosen: number;
  readonly pointed: number;
}

const alpha = (color: Rgb, opacity: number): Rgba => [...color, opacity] as const;

export function gridScene(picture: GridPicture): Scene {
  const { geometry, slots, font } = picture;
  const shapes = [...labels(picture), ...slots.flatMap((position, slot) => (position < 0 ? [] : slotShapes(picture, position, slot)))];
  return { width: geometry.width, height: geometry.height, font, shapes };
}

function labels({ geometry, rowLabels, columnLabels, columnLabel, ink, chosen, pointed }: GridPicture): Shape[] {
  const { columns, rows, cell, across, fontSize, rtl } = geometry;
  const step = Math.max(1, Math.ceil((columnLabel + 4) / across));
  const rowStep = Math.max(1, Math.ceil(10 / geometry.down));
  const marked = (slot: number, of: (slot: number) => number, index: number) => slot >= 0 && of(slot) === index;
  const columnOf = (slot: number) => slot % columns;
  const rowOf = (slot: number) => Math.floor(slot / columns);
  const text = (label: string, x: number, y: number, anchor: "left" | "right" | "center", strong: boolean): Shape => ({ kind: "text", x, y, text: label, fill: strong || pointed < 0 ? ink : alpha(ink, 0.65), size: fontSize, anchor, bold: strong });
  const shapes: Shape[] = [];
  columnLabels.forEach((label, column) => {
    const strong = marked(pointed, columnOf, column) || marked(chosen, columnOf, column);
    if (column % step === 0) shapes.push(text(label, slotAt(geometry, column).x + cell / 2, fontSize * 0.75, "center", strong));
  });
  rowLabels.slice(0, rows).forEach((label, row) => {
    const { x, y } = slotAt(geometry, row * columns);
    const strong = marked(pointed, rowOf, row) || marked(chosen, rowOf, row);
    if (row % rowStep === 0) shapes.push(text(label, rtl ? x + cell + 6 : x - 6, y + cell / 2, rtl ? "left" : "right", strong));
  });
  return shapes;
}

function slotShapes({ geometry, images, names, marks, ink, chosen, pointed }: GridPicture, position: number, slot: number): Shape[] {
  const { cell, fontSize, rtl } = geometry;
  const { x, y } = slotAt(geometry, slot);
  const image = images[position]!;
  const size = cell / image.width;
  const shapes: Shape[] = [{ kind: "cells", x, y, width: cell, height: cell, image, cellWidth: size, cellHeight: size, offsetX: 0, offsetY: 0 }];
  shapes.push(...outline(x, y, cell, cell, 1, alpha(ink, 0.25)));
  const mark = marks[position];
  if (mark !== undefined) {
    const length = mark * cell;
    shapes.push({ kind: "rect", x, y: y + cell + 3, width: cell, height: BAR - 1, fill: alpha(ink, 0.15) });
    shapes.push({ kind: "rect", x: rtl ? x + cell - length : x, y: y + cell + 3, width: length, height: BAR - 1, fill: ink });
  }
  names[position]?.forEach((line, index) => {
    const below = y + cell + BAR + 1 + fontSize * (0.8 + 1.1 * index);
    shapes.push({ kind: "text", x: rtl ? x + cell : x, y: below, text: line, fill: index === 0 ? ink : alpha(ink, 0.75), size: fontSize, anchor: rtl ? "right" : "left", bold: index === 0 && slot === chosen });
  });
  if (slot === chosen) shapes.push(...outline(x, y, cell, cell, 2.5, ink));
  if (slot === pointed) shapes.push(...outline(x, y, cell, cell, 1.5, ink));
  return shapes;
}
