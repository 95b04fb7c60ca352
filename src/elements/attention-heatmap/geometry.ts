/** Where the parts of a heat map lie. Pure numbers: no canvas, no element, so that narrow, long and right-to-left maps are cheap to test. */

export interface Geometry {
  readonly width: number;
  readonly height: number;
  /** the square of cells */
  readonly left: number;
  readonly top: number;
  readonly side: number;
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
export const GAP = 6;
/** Thickness of the strips of sums. */
export const STRIP = 14;
/** Cells get no smaller than this when enlarged to the utmost, and labels no closer. */
const READABLE = 26;
const LINE = 10;

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** `labelWidth`: the widest label; `largest`: the side of a cell when there is room enough. CSS pixels. */
export function geometry(count: number, width: number, labelWidth: number, fontSize: number, largest: number, rtl: boolean): Geometry {
  const label = Math.min(labelWidth, clamp(width * 0.28, 40, 150));
  const fit = (overhang: number) => Math.max(0.05, Math.min(largest, (width - label - 2 * GAP - STRIP - overhang) / Math.max(1, count)));
  const level = labelWidth <= fit(0) - 4;
  const angle = level ? 0 : fit(0) >= 18 ? 45 : 90;
  const slanted = label * Math.SQRT1_2;
  const cell = fit(angle === 45 ? Math.max(0, slanted - STRIP - GAP) : 0);
  const side = cell * count;
  const top = angle === 0 ? fontSize * 1.6 : angle === 45 ? slanted + fontSize : label + GAP;
  const left = rtl ? width - label - GAP - side : label + GAP;
  return { width, height: top + side + GAP + STRIP, left, top, side, cell, angle, label, fontSize, rtl };
}

/** How far a map can be enlarged; 1 when its cells are large enough as they are. */
export function mostScale({ cell }: Geometry): number {
  return Math.max(1, READABLE / cell);
}

/** Every how many cells a label has room. */
export function labelStep(geometry: Geometry, view: View): number {
  return Math.max(1, Math.ceil(LINE / (geometry.cell * view.scale)));
}

/** The same view, within the map. */
export function within(geometry: Geometry, view: View, count: number): View {
  const scale = clamp(view.scale, 1, mostScale(geometry));
  const most = count - count / scale;
  return { scale, column: clamp(view.column, 0, most), row: clamp(view.row, 0, most) };
}

/** Enlarges by `factor` so that the place under (x, y) stays under it. */
export function zoomed(geometry: Geometry, view: View, count: number, factor: number, x: number, y: number): View {
  const scale = clamp(view.scale * factor, 1, mostScale(geometry));
  const across = (geometry.rtl ? geometry.left + geometry.side - x : x - geometry.left) / geometry.cell;
  const down = (y - geometry.top) / geometry.cell;
  return within(geometry, { scale, column: view.column + across / view.scale - across / scale, row: view.row + down / view.scale - down / scale }, count);
}

/** The left edge of a column, the top edge of a row. */
export function columnX({ left, side, cell, rtl }: Geometry, view: View, column: number): number {
  const from = (column - view.column) * cell * view.scale;
  return rtl ? left + side - from - cell * view.scale : left + from;
}

export function rowY({ top, cell }: Geometry, view: View, row: number): number {
  return top + (row - view.row) * cell * view.scale;
}

/** What lies at (x, y): a cell, or a label (the other number is -1); null outside. */
export function placeAt(geometry: Geometry, view: View, count: number, x: number, y: number): { row: number; column: number } | null {
  const { left, top, side, cell, rtl } = geometry;
  const across = rtl ? left + side - x : x - left;
  const down = y - top;
  const index = (distance: number, from: number) => clamp(Math.floor(distance / (cell * view.scale) + from), 0, count - 1);
  const inColumns = across >= 0 && across < side;
  const inRows = down >= 0 && down < side;
  if (inColumns && inRows) return { row: index(down, view.row), column: index(across, view.column) };
  if (inRows && across < 0) return { row: index(down, view.row), column: -1 };
  if (inColumns && down < 0) return { row: -1, column: index(across, view.column) };
  return null;
}
