/**
 * A counter-based hash: the same 32 bits for the same numbers, in any order and on any device (WGSL has the same arithmetic in
 * `kernels/directions.wgsl.ts`). Not for security. It exists so that a random direction need never be stored or sent.
 *
 * Source: PCG-RXS-M-XS-32 as a hash, Jarzynski and Olano, "Hash functions for GPU rendering", JCGT 9(3), 2020.
 */

/** 32 bits → 32 bits, one to one. */
export function pcgHash(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/** The hash of three 32-bit numbers, each of which may count from 0. */
export function hash3(a: number, b: number, c: number): number {
  return pcgHash((c + pcgHash((b + pcgHash(a)) >>> 0)) >>> 0);
}

/** +1 or −1 with equal chance: element `element` of Rademacher direction `direction` under `seed`. */
export function randomSign(seed: number, direction: number, element: number): 1 | -1 {
  return hash3(seed, direction, element) >>> 31 === 1 ? -1 : 1;
}
