/**
 * Probabilities of logits, together or alone. Not a target: our methods explain logits, because a probability saturates.
 */

/** Probabilities, [label] → [label]; sums to 1. Logits of −∞ get 0. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** The probability that a logit stands for by itself. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
