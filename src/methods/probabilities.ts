/**
 * Softmax of a row of logits. Not a target: our methods explain logits, because a probability saturates.
 */

/** Probabilities, [label] → [label]; sums to 1. Logits of −∞ get 0. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
