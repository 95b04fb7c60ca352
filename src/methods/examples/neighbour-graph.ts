/**
 * The nearest rows of each row, by Euclidean distance: exact, by looking at all of them, a part at a time, so that whoever waits can stop. Not an
 * index: ten thousand rows of a hidden state take some seconds, once a map.
 */
import { dot, rowCount, rowOf, type Rows } from "./rows.js";

export interface NeighbourGraph {
  /** the row itself first, [row][neighbour] */
  readonly indices: readonly Int32Array[];
  readonly distances: readonly Float64Array[];
}

/** Rows that are looked at between two pauses. */
const TOGETHER = 64;

/** `count` neighbours each, the row itself among them; `pause` is awaited now and then, with the share that is done. */
export async function neighbourGraph(rows: Rows, count: number, pause: (share: number) => Promise<void> = () => Promise.resolve()): Promise<NeighbourGraph> {
  const all = rowCount(rows);
  const kept = Math.min(count, all);
  const squares = Float64Array.from({ length: all }, (_, row) => dot(rowOf(rows, row), rowOf(rows, row)));
  const indices: Int32Array[] = [];
  const distances: Float64Array[] = [];
  for (let row = 0; row < all; row++) {
    if (row % TOGETHER === 0) await pause(row / all);
    const found = nearestOf(rows, row, kept, squares);
    indices.push(found.indices);
    distances.push(found.distances);
  }
  return { indices, distances };
}

/** Sorted by insertion into the few that are kept; ties to the earlier row, the row itself first of all. */
function nearestOf({ data, width }: Rows, row: number, count: number, squares: Float64Array): { indices: Int32Array; distances: Float64Array } {
  const indices = new Int32Array(count).fill(-1);
  const found = new Float64Array(count).fill(Infinity);
  const own = row * width;
  for (let other = 0; other < squares.length; other++) {
    let product = 0;
    for (let column = 0, at = other * width; column < width; column++, at++) product += data[own + column]! * data[at]!;
    const far = other === row ? -1 : Math.max(0, squares[row]! + squares[other]! - 2 * product);
    if (!(far < found[count - 1]!)) continue;
    let place = count - 1;
    for (; place > 0 && found[place - 1]! > far; place--) {
      found[place] = found[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    found[place] = far;
    indices[place] = other;
  }
  return { indices, distances: found.map((far) => Math.sqrt(Math.max(0, far))) };
}
