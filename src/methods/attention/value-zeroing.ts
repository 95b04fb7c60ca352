/**
 * Value zeroing: how far a token's representation turns when another token's value vector is 0 in one layer. The pattern stays as it was:
 * nobody looks elsewhere instead. Here the measure, and the whole of it for one attention block alone; a whole layer needs the model.
 * Source: Mohebbi, Zuidema, Chrupała, Alishahi 2023, "Quantifying Context Mixing in Transformers", arXiv:2301.12971, section 3.
 */
import type { Map2 } from "./rollout.js";

/**
 * 1 − cosine of two vectors of `width` numbers at the given places, as half the squared distance of their directions, which small
 * differences survive. 0 where both are zero, 1 where one is.
 */
export function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>, width = a.length, fromA = 0, fromB = 0): number {
  let [squareA, squareB] = [0, 0];
  for (let index = 0; index < width; index++) {
    squareA += (a[fromA + index] as number) ** 2;
    squareB += (b[fromB + index] as number) ** 2;
  }
  if (squareA === 0 || squareB === 0) return squareA === squareB ? 0 : 1;
  const [normA, normB] = [Math.sqrt(squareA), Math.sqrt(squareB)];
  let distance = 0;
  for (let index = 0; index < width; index++) distance += ((a[fromA + index] as number) / normA - (b[fromB + index] as number) / normB) ** 2;
  return distance / 2;
}

/**
 * Of one attention block without residual stream and feed-forward part.
 *
 * @param pattern [query][key]
 * @param values [key][feature]
 * @returns [query][key], 1 − cosine of the query's output with the key's value vector zeroed and without; not normalised
 */
export function valueZeroingOfAttention(pattern: Map2, values: Map2): number[][] {
  return pattern.map((row) => {
    const output = values[0]!.map((_, feature) => row.reduce((sum, weight, key) => sum + weight * values[key]![feature]!, 0));
    return row.map((weight, key) => cosineDistance(output, output.map((value, feature) => value - weight * values[key]![feature]!)));
  });
}
