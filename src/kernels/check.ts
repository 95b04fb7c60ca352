/**
 * Checks of a kernel's arguments, the same for both implementations: on a device a read past the end would quietly give zeros.
 */
import { LexiscopeError } from "../base/errors.js";
import type { PatternRequest } from "./types.js";

/** Most heads, alphas or weights that one dispatch takes: the length of the lists in the shaders' uniforms. */
export const LIST_LENGTH = 256;

/** Sizes are positive integers, and every array [found, needed] is long enough. */
export function checkSizes(kernel: string, sizes: Readonly<Record<string, number>>, arrays: readonly (readonly [number, number])[]): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) throw new LexiscopeError("bad-input", `kernel ${kernel}: ${name} must be a positive integer, not ${size}`);
  }
  for (const [found, needed] of arrays) {
    if (found < needed) throw new LexiscopeError("bad-input", `kernel ${kernel}: an array holds ${found} values, but ${needed} are needed`);
  }
}

export function checkPattern<B>(request: PatternRequest<B>, lengthOf: (array: B) => number): void {
  const { query, key, heads, keyHeads, queries, keys, headSize, bias, selected } = request;
  const arrays: [number, number][] = [[lengthOf(query), heads * queries * headSize], [lengthOf(key), keyHeads * keys * headSize]];
  if (bias) {
    const [head, row, column] = bias.strides;
    arrays.push([lengthOf(bias.values), (heads - 1) * head + (queries - 1) * row + (keys - 1) * column + 1]);
  }
  if (!(request.softcap >= 0)) throw new LexiscopeError("bad-input", `kernel attentionPattern: the soft cap must be 0 or positive, not ${request.softcap}`);
  checkSizes("attentionPattern", { heads, keyHeads, queries, keys, headSize, selected: selected.length }, arrays);
  if (heads % keyHeads !== 0) throw new LexiscopeError("bad-input", `kernel attentionPattern: ${heads} heads cannot share ${keyHeads} key heads`);
  if (selected.length > LIST_LENGTH) throw new LexiscopeError("bad-input", `kernel attentionPattern: at most ${LIST_LENGTH} heads at once, not ${selected.length}`);
  for (const head of selected) {
    if (!Number.isInteger(head) || head < 0 || head >= heads) throw new LexiscopeError("bad-input", `kernel attentionPattern: no head ${head} of ${heads}`);
  }
}
