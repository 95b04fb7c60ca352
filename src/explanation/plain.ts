/**
 * An explanation as plain JSON has it: typed arrays, which some kinds hold in memory, become ordinary ones. Not a copy of anything else.
 * Who writes an explanation out calls this before `JSON.stringify`, which would make an object of a typed array.
 */
import type { Explanation } from "./types.js";

/** As many digits as a float32 needs to come back as it was, so that what is written draws the same picture. */
const written = (value: number): number => Number(value.toPrecision(9));

export function plainExplanation<E extends Explanation>(explanation: E): E {
  if (!Object.values(explanation).some((value) => value instanceof Float32Array)) return explanation;
  return Object.fromEntries(Object.entries(explanation).map(([name, value]) => [name, value instanceof Float32Array ? Array.from(value, written) : (value as unknown)])) as unknown as E;
}
