/**
 * Which examples are nearest to a query: by cosine or by Euclidean distance. Exact, by looking at every row: ten thousand rows of a hidden
 * state take a few milliseconds, so there is no index to build. Ties go to the earlier row.
 */
import { dot, rowCount, type Rows } from "./rows.js";

/** Cosine of the query and each row → [row]; 0 where one of them is all zeros. */
export function cosines(query: ArrayLike<number>, rows: Rows): Float64Array {
  const { data, width } = rows; // indices and not views: ten thousand rows are looked at while a reader waits
  const asked = Float64Array.from(query);
  const length = Math.sqrt(dot(asked, asked));
  const found = new Float64Array(rowCount(rows));
  for (let row = 0, at = 0; row < found.length; row++) {
    let [product, square] = [0, 0];
    for (let column = 0; column < width; column++, at++) {
      const value = data[at]!;
      product += asked[column]! * value;
      square += value * value;
    }
    const size = length * Math.sqrt(square);
    found[row] = size === 0 ? 0 : product / size;
  }
  return found;
}

/** Euclidean or Manhattan distance of the query and each row → [row]. */
export function distances(query: ArrayLike<number>, rows: Rows, metric: "euclidean" | "manhattan" = "euclidean"): Float64Array {
  const { data, width } = rows;
  const asked = Float64Array.from(query);
  const isEuclidean = metric === "euclidean";
  const found = new Float64Array(rowCount(rows));
  for (let row = 0, at = 0; row < found.length; row++) {
    let sum = 0;
    for (let column = 0; column < width; column++, at++) {
      const apart = asked[column]! - data[at]!;
      sum += isEuclidean ? apart * apart : Math.abs(apart);
    }
    found[row] = isEuclidean ? Math.sqrt(sum) : sum;
  }
  return found;
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
