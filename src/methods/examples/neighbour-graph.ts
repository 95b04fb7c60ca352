/**
 * The nearest rows of each row, by Euclidean distance: exact, by looking at all of them, a part at a time, so that whoever waits can stop. Not an
 * index: ten thousand rows of a hidden state take some seconds, once a map.
 */
import { rowCount, type Rows } from "./rows.js";

export interface NeighbourGraph {
  /** the row itself first, [row][neighbour] */
  readonly indices: readonly Int32Array[];
  readonly distances: readonly Float64Array[];
}

/** Rows that are looked at between two pauses. */
const TOGETHER = 64;

/** `count` neighbours each, the row itself among them; `pause` is awaited now and then, with the share that is done. */
export async function neighbourGraph(rows: Rows, count: number, pause: (share: number) => Promise<void> = () => Promise.resolve()): Promise<NeighbourGraph> {
  const { data, width } = rows;
  const all = rowCount(rows);
  const kept = Math.min(count, all);
  const indices = new Int32Array(all * kept).fill(-1); // [row, neighbour]
  const squares = new Float64Array(all * kept).fill(Infinity);
  for (let row = 0; row < all; row++) {
    if (row % TOGETHER === 0) await pause((row / all) ** 2); // each pair is looked at once
    keep(indices, squares, row, kept, row, -1); // before a copy of it
    for (let other = 0; other < row; other++) {
      let square = 0;
      for (let column = 0, own = row * width, at = other * width; column < width; column++, own++, at++) {
        const apart = data[own]! - data[at]!;
        square += apart * apart;
      }
      keep(indices, squares, row, kept, other, square);
      keep(indices, squares, other, kept, row, square);
    }
  }
  const part = <Values extends Int32Array | Float64Array>(values: Values, row: number) => values.subarray(row * kept, (row + 1) * kept) as Values;
  const distances = squares.map((square) => Math.sqrt(Math.max(0, square)));
  return { indices: Array.from({ length: all }, (_, row) => part(indices, row)), distances: Array.from({ length: all }, (_, row) => part(distances, row)) };
}

/** Puts a neighbour among the few that a row keeps, in order, behind those that are as near. */
function keep(indices: Int32Array, squares: Float64Array, row: number, count: number, other: number, square: number): void {
  const first = row * count;
  let place = first + count - 1;
  if (!(square < squares[place]!)) return;
  for (; place > first && squares[place - 1]! > square; place--) {
    squares[place] = squares[place - 1]!;
    indices[place] = indices[place - 1]!;
  }
  squares[place] = square;
  indices[place] = other;
}
