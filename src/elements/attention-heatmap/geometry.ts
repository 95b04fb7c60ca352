/** Where the parts of a heat map lie. Pure numbers: no canvas, no element, so that narrow, long and right-to-left maps are cheap to test. */

export interface Geometry {
  readonly width: number;
  readonly height: number;
  /** the cells: a square, or `side` wide and `high` high where some tokens look at others */
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly high: number;
  /** side of a cell when the whole map is seen */
  readonly cell: number;
  /** of the column labels: 0 level, 45 slanted, 90 upright */
  readonly angle: 0 | 45 | 90;
  /** room for a label */
  readonly label: number;
  readonly fontSize: number;
  readonly rtl: boolean;
}

/** The window on the cells: how much they are enlarged (1: all are seen), and which cell stands at its corner (fractions allowed). */
export interface View {
  readonly scale: number;
  readonly column: number;
  readonly row: number;
}

export const WHOLE: View = { scale: 1, column: 0, row: 0 };

/** Between the labels and the cells, and between the cells and their sums. */
export const GAP = 5;
/** Thickness of the strips of sums. */
export const STRIP = 10;
/** Labels stand no closer than this. */
const LINE = 10;

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** `labelWidth`: the widest label; `largest`: the side of a cell when there is room enough. CSS pixels. */
export function geometry(columns: number, rows: number, width: number, labelWidth: number, fontSize: number, largest: number, rtl: boolean): Geometry {
  const label = Math.min(labelWidth, clamp(width * 0.28, 40, 150));
  const fit = (overhang: number) => Math.max(0.05, Math.min(largest, (width - label - 2 * GAP - STRIP - overhang) / Math.max(1, columns, rows)));
  const level = labelWidth <= fit(0) - 4;
  const angle = level ? 0 : fit(0) >= 18 ? 45 : 90;
  const slanted = label * Math.SQRT1_2;
  const cell = fit(angle === 45 ? Math.max(0, slanted - STRIP - GAP) : 0);
  const side = cell * columns;
  const high = cell * rows;
  const top = angle === 0 ? fontSize * 1.6 : angle === 45 ? slanted + fontSize : label + GAP;
  const left = rtl ? width - label - GAP - side : label + GAP;
  return { width, height: top + high + GAP + STRIP, left, top, side, high, cell, angle, label, fontSize, rtl };
}

/** Every how many cells a label has room. */
export function labelStep(geometry: Geometry, view: View): number {
  return Math.max(1, Math.ceil(LINE / (geometry.cell * view.scale)));
}

/** The left edge of a column, the top edge of a row. */
export function columnX({ left, side, cell, rtl }: Geometry, view: View, column: number): number {
  const from = (column - view.column) * cell * view.scale;
  return rtl ? left + side - from - cell * view.scale : left + from;
}

export function rowY({ top, cell }: Geometry, view: View, row: number): number {
  return top + (row - view.row) * cell * view.scale;
}
