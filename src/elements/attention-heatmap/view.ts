/** Moving the window over a heat map, and finding what lies under a point of it. Pure numbers; needed only once a hand is there. */
import type { Geometry, View } from "./geometry.js";

/** Side of a cell when enlarged to the utmost. CSS pixels. */
const READABLE = 26;

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** How far a map can be enlarged; 1 when its cells are large enough as they are. */
export function mostScale({ cell }: Geometry): number {
  return Math.max(1, READABLE / cell);
}

/** The same view, within the map. */
export function within(geometry: Geometry, view: View): View {
  const scale = clamp(view.scale, 1, mostScale(geometry));
  const hidden = (extent: number) => (extent / geometry.cell) * (1 - 1 / scale);
  return { scale, column: clamp(view.column, 0, hidden(geometry.side)), row: clamp(view.row, 0, hidden(geometry.high)) };
}

/** Enlarges by `factor` so that the place under (x, y) stays under it. */
export function zoomed(geometry: Geometry, view: View, factor: number, x: number, y: number): View {
  const scale = clamp(view.scale * factor, 1, mostScale(geometry));
  const across = (geometry.rtl ? geometry.left + geometry.side - x : x - geometry.left) / geometry.cell;
  const down = (y - geometry.top) / geometry.cell;
  return within(geometry, { scale, column: view.column + across / view.scale - across / scale, row: view.row + down / view.scale - down / scale });
}

/** What lies at (x, y): a cell, or a label (the other number is -1); null outside. */
export function placeAt(geometry: Geometry, view: View, x: number, y: number): { row: number; column: number } | null {
  const { left, top, side, high, cell, rtl } = geometry;
  const across = rtl ? left + side - x : x - left;
  const down = y - top;
  const index = (distance: number, from: number, extent: number) => clamp(Math.floor(distance / (cell * view.scale) + from), 0, Math.round(extent / cell) - 1);
  const inColumns = across >= 0 && across < side;
  const inRows = down >= 0 && down < high;
  const row = index(down, view.row, high);
  const column = index(across, view.column, side);
  if (inColumns && inRows) return { row, column };
  if (inRows && across < 0) return { row, column: -1 };
  if (inColumns && down < 0) return { row: -1, column };
  return null;
}
