/**
 * An explanation as plain JSON has it: typed arrays, which some kinds hold in memory, become ordinary ones. Not a copy of anything else.
 * Who writes an explanation out calls this before `JSON.stringify`, which would make an object of a typed array.
 */
import type { Explanation } from "./types.js";

/** Weights and shares are written to six decimals: below that is float32's own noise. Who holds them rounds them first, so that what is written draws the same picture. */
export const sixDecimals = (value: number): number => Math.round(value * 1e6) / 1e6;

export function plainExplanation<E extends Explanation>(explanation: E): E {
  if (!Object.values(explanation).some((value) => value instanceof Float32Array)) return explanation;
  return Object.fromEntries(Object.entries(explanation).map(([name, value]) => [name, value instanceof Float32Array ? Array.from(value, sixDecimals) : (value as unknown)])) as unknown as E;
}
