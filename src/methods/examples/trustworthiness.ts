/**
 * How far neighbours on a plane are neighbours in the space it is of: 1 when each row's nearest on the plane are its nearest in the space; lower by
 * how far down the space's order the intruders stand. About 0.5 for a plane at random. Of many rows, a seeded sample is asked.
 *
 * Source: Venna, Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.
 */
import { Random } from "../../base/random.js";
import { distances, largest } from "./nearest.js";
import { rowCount, rowOf, type Rows } from "./rows.js";

export interface Trust {
  /** 0 to 1; NaN for fewer than four rows */
  readonly value: number;
  /** neighbours a row */
  readonly nearest: number;
}

/** Rows that are asked. */
const MOST = 250;

/** `plane`: [row, 2] */
export function trustworthiness(rows: Rows, plane: Rows, nearest = 10, seed = 0): Trust {
  const all = rowCount(rows);
  const count = Math.min(nearest, Math.floor((all - 1) / 2)); // the normalisation holds below half
  if (count < 1 || all < 4) return { value: NaN, nearest: 0 };
  const asked = all <= MOST ? Array.from({ length: all }, (_, row) => row) : new Random(seed, 3).sample(all, MOST);
  let penalty = 0;
  for (const row of asked) {
    const far = distances(rowOf(rows, row), rows);
    const near = largest(distances(rowOf(plane, row), plane).map((distance) => -distance), count, (other) => other !== row);
    for (const other of near) {
      let rank = 1;
      for (let each = 0; each < all; each++) if (each !== row && each !== other && (far[each]! < far[other]! || (far[each] === far[other] && each < other))) rank++;
      penalty += Math.max(0, rank - count);
    }
  }
  return { value: 1 - (2 * penalty) / (asked.length * count * (2 * all - 3 * count - 1)), nearest: count };
}
