/** Where the thumbnails of a grid lie. Pure numbers: no canvas, no element, so that narrow, wide and right-to-left grids are cheap to test. */

export interface GridGeometry {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  /** side of a thumbnail */
  readonly cell: number;
  /** from one thumbnail to the next, across and down */
  readonly across: number;
  readonly down: number;
  /** of the first thumbnail's far corner from the edge where reading begins */
  readonly start: number;
  readonly top: number;
  readonly fontSize: number;
  readonly rtl: boolean;
}

/** What stands in a slot's foot: nothing, a bar, or the head's name, its number and a bar. */
export type Foot = "none" | "bar" | "named";

/** Between thumbnails. CSS pixels */
const GAP = 4;
/** A thumbnail with its name below is no smaller, so that the name has room. CSS pixels */
const NAMED_CELL = 52;
const SMALLEST_CELL = 6;
/** A list has at least so many in a line, where they fit. */
const SHORTEST_LINE = 6;
/** Room for the frame of a thumbnail at the edge. CSS pixels */
const EDGE = 3;
export const BAR = 4;

export interface GridLayout {
  /** places of a table of layers and heads; a list of named heads wraps as it needs */
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  /** widest label of a layer. CSS pixels */
  readonly label: number;
  readonly fontSize: number;
  /** side of a thumbnail when there is room enough. CSS pixels */
  readonly largest: number;
  readonly foot: Foot;
  readonly rtl: boolean;
}

export function gridGeometry({ rows, columns, width, label, fontSize, largest, foot, rtl }: GridLayout): GridGeometry {
  const named = foot === "named";
  const start = named ? EDGE : label + 6;
  const top = named ? EDGE : fontSize * 1.5;
  const count = rows * columns;
  const room = width - start - EDGE;
  const side = named ? Math.max(NAMED_CELL, largest) : largest;
  const across = named ? Math.min(count, Math.max(1, Math.floor((room + GAP) / (side + GAP)), Math.min(SHORTEST_LINE, Math.floor((room + GAP) / (NAMED_CELL + GAP))))) : columns;
  const lines = named ? Math.ceil(count / across) : rows;
  const cell = Math.max(SMALLEST_CELL, Math.min(side, (room - (across - 1) * GAP) / across));
  const below = foot === "none" ? 0 : BAR + 2 + (named ? fontSize * 2.4 : 0);
  const down = cell + below + GAP;
  return { width, height: top + lines * down, rows: lines, columns: across, cell, across: cell + GAP, down, start, top, fontSize, rtl };
}

/** The left and top edge of a slot's thumbnail. */
export function slotAt({ columns, across, cell, down, start, top, width, rtl }: GridGeometry, slot: number): { readonly x: number; readonly y: number } {
  const from = start + (slot % columns) * across;
  return { x: rtl ? width - from - cell : from, y: top + Math.floor(slot / columns) * down };
}

/** The slot under a point, gaps belonging to the slot before them; −1 where there is none. */
export function slotUnder({ columns, rows, across, down, start, top, width, rtl }: GridGeometry, x: number, y: number): number {
  const column = Math.floor(((rtl ? width - x : x) - start) / across);
  const row = Math.floor((y - top) / down);
  return column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : -1;
}
