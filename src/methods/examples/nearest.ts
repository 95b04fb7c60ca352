/**
 * Which examples are nearest to a query: by cosine or by Euclidean distance. Exact, by looking at every row: ten thousand rows of a hidden
 * state take a few milliseconds, so there is no index to build. Ties go to the earlier row.
 */
import { dot, rowCount, rowOf, type Rows } from "./rows.js";

/** Cosine of the query and each row → [row]; 0 where one of them is all zeros. */
export function cosines(query: ArrayLike<number>, rows: Rows): Float64Array {
  const length = Math.sqrt(dot(query, query));
  return Float64Array.from({ length: rowCount(rows) }, (_, index) => {
    const row = rowOf(rows, index);
    const size = length * Math.sqrt(dot(row, row));
    return size === 0 ? 0 : dot(query, row) / size;
  });
}

/** Euclidean or Manhattan distance of the query and each row → [row]. */
export function distances(query: ArrayLike<number>, rows: Rows, metric: "euclidean" | "manhattan" = "euclidean"): Float64Array {
  return Float64Array.from({ length: rowCount(rows) }, (_, index) => {
    const row = rowOf(rows, index);
    let sum = 0;
    for (let column = 0; column < rows.width; column++) sum += metric === "euclidean" ? (query[column]! - row[column]!) ** 2 : Math.abs(query[column]! - row[column]!);
    return metric === "euclidean" ? Math.sqrt(sum) : sum;
  });
}

/** The `count` rows with the largest scores, largest first, among those that `keep` lets through. */
export function largest(scores: ArrayLike<number>, count: number, keep: (row: number) => boolean = () => true): number[] {
  const best: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (Number.isNaN(score) || (best.length >= count && !(score > scores[best.at(-1)!]!)) || !keep(row)) continue;
    let at = best.length;
    while (at > 0 && score > scores[best[at - 1]!]!) at--;
    best.splice(at, 0, row);
    if (best.length > count) best.pop();
  }
  return best;
}
