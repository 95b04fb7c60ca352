/** The report as shapes, for export: the verdict, the numbers, the curves. A line is a row of thin rectangles, for scenes have no lines. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { DataTable } from "../shared/data-table.js";
import { linesOf } from "../shared/lines.js";
import type { Scene, Shape } from "../shared/scene.js";
import { PANEL, place, type Panel } from "./curves-picture.js";

export interface ReportPicture {
  readonly ink: Rgb;
  readonly accent: Rgb;
  readonly font: string;
  readonly verdict: string;
  readonly table: DataTable;
  readonly titles: readonly string[];
  readonly panels: readonly Panel[];
  readonly shown: number;
}

const [ROW, FIRST, COLUMN, SIZE] = [18, 170, 96, 11];
/** Width of the rectangles that make a line. */
const STEP = 2;

function curve(panel: Panel, values: readonly number[], left: number, top: number, thick: number, fill: Rgb | Rgba): Shape[] {
  const points = values.map((value, point) => place(panel, point, value));
  return points.slice(1).flatMap(([toX, toY], index): Shape[] => {
    const [fromX, fromY] = points[index]!;
    const steps = Math.max(1, Math.round((toX - fromX) / STEP));
    return Array.from({ length: steps }, (_, step): Shape => {
      const y = (at: number) => fromY + ((toY - fromY) * at) / steps;
      const [above, below] = [Math.min(y(step), y(step + 1)), Math.max(y(step), y(step + 1))];
      return { kind: "rect", x: left + fromX + ((toX - fromX) * step) / steps, y: top + above - thick / 2, width: (toX - fromX) / steps, height: below - above + thick, fill };
    });
  });
}

function band(panel: Panel, left: number, top: number, fill: Rgba): Shape[] {
  return panel.chance.slice(1).flatMap((to, index): Shape[] => {
    const from = panel.chance[index]!;
    const [x, end] = [place(panel, index, 0)[0], place(panel, index + 1, 0)[0]];
    const steps = Math.max(1, Math.round((end - x) / STEP));
    return Array.from({ length: steps }, (_, step): Shape => {
      const at = (step + 0.5) / steps;
      const [high, low] = [place(panel, 0, from.high + (to.high - from.high) * at)[1], place(panel, 0, from.low + (to.low - from.low) * at)[1]];
      return { kind: "rect", x: left + x + ((end - x) * step) / steps, y: top + high, width: (end - x) / steps, height: Math.max(0, low - high), fill };
    });
  });
}

export function reportScene({ ink, accent, font, verdict, table, titles, panels, shown }: ReportPicture): Scene {
  const width = Math.max(2 * PANEL.width + 40, FIRST + COLUMN * (table.head.length - 1));
  const said = linesOf(verdict, Math.floor(width / 6.5));
  const shapes: Shape[] = said.map((text, index) => ({ kind: "text", x: 0, y: ROW * (index + 0.5), text, fill: ink, size: 13, anchor: "left" }));
  const top = ROW * (said.length + 0.5);
  [table.head, ...table.rows].forEach((row, at) =>
    row.forEach((text, column) => {
      shapes.push({ kind: "text", x: column === 0 ? 0 : FIRST + column * COLUMN - 8, y: top + ROW * (at + 0.5), text, fill: ink, size: at === 0 ? 9 : SIZE, anchor: column === 0 ? "left" : "right", ...(at === shown + 1 && { bold: true }) });
    }),
  );
  const under = top + ROW * (table.rows.length + 2);
  panels.forEach((panel, index) => {
    const left = index * (PANEL.width + 40);
    shapes.push({ kind: "text", x: left, y: under, text: titles[index]!, fill: ink, size: SIZE, anchor: "left" });
    if (panel.chance.length === 0) return;
    const down = under + ROW / 2;
    shapes.push(...band(panel, left, down, [...ink, 0.14]));
    panel.curves.forEach((values, method) => method !== shown && shapes.push(...curve(panel, values, left, down, 1, [...ink, 0.38])));
    shapes.push(...curve(panel, panel.curves[shown] ?? [], left, down, 2.5, accent));
    const { left: inset, right, bottom, height, width: wide, top: inside } = PANEL;
    shapes.push({ kind: "rect", x: left + inset, y: down + height - bottom, width: wide - inset - right, height: 1, fill: [...ink, 0.35] }, { kind: "rect", x: left + inset, y: down + inside, width: 1, height: height - inside - bottom, fill: [...ink, 0.35] });
    for (const value of panel.range) shapes.push({ kind: "text", x: left + inset - 4, y: down + place(panel, 0, value)[1], text: String(+value.toPrecision(2)), fill: ink, size: 10, anchor: "right" });
  });
  return { width, height: under + PANEL.height + ROW, font, shapes };
}
