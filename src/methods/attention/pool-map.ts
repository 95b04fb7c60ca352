/**
 * A large attention map as a small one: blocks of cells become one cell with the largest weight among them, so that a single strong link stays
 * visible. Not an average, and for looking only: rows no longer sum to 1.
 */

/**
 * @param map [query, key] row-major, `from` × `from`
 * @param into where the small map goes, [query, key] row-major, `to` × `to`, to ≤ from; filled with zeros before
 */
export function poolMap(map: ArrayLike<number>, from: number, into: Float32Array, to: number): void {
  const block = Uint32Array.from({ length: from }, (_, index) => Math.floor((index * to) / from));
  for (let query = 0; query < from; query++) {
    const row = block[query]! * to;
    for (let key = 0; key < from; key++) {
      const at = row + block[key]!;
      const weight = map[query * from + key]!;
      if (weight > into[at]!) into[at] = weight;
    }
  }
}
