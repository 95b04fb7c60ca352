/**
 * Mean, variance and standard error of a few numbers, by two passes, and the place of the largest. Not a statistics library.
 */

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}

/** NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Σ(v − mean)² ÷ (n − freedom): freedom 1 for a sample (the default), 0 for a whole population. */
export function variance(values: ArrayLike<number>, freedom = 1): number {
  const center = mean(values);
  let total = 0;
  for (let index = 0; index < values.length; index++) total += ((values[index] as number) - center) ** 2;
  return total / (values.length - freedom);
}

/** Standard error of the mean; NaN for fewer than two values. */
export function standardError(values: ArrayLike<number>): number {
  return values.length < 2 ? NaN : Math.sqrt(variance(values) / values.length);
}

/** Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += (values[index] as number) ** 2;
  return Math.sqrt(total);
}

/** Where the largest value is, the first of equals; `without`: a place that does not count. */
export function argmax(values: ArrayLike<number>, without = -1): number {
  let best = without === 0 ? 1 : 0;
  for (let index = best + 1; index < values.length; index++) if (index !== without && values[index]! > values[best]!) best = index;
  return best;
}
