/** Small functions with known answers (named as in Captum's tests), as the plain `predict` and `gradient` that methods take. */
import type { Gradient, Predict } from "../../src/methods/types.js";

export interface Toy {
  readonly value: (x: ArrayLike<number>) => number;
  readonly slope: (x: ArrayLike<number>) => number[];
}

const relu = (x: number): number => Math.max(0, x);
const step = (x: number): number => (x > 0 ? 1 : 0); // ReLU′, 0 at 0
const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0);
const at = (x: ArrayLike<number>, index: number): number => x[index] as number;

/** ReLU(s − 10) + 3·ReLU(s + 1) − 1, s = Σx */
export const ML: Toy = {
  value: (x) => relu(sum(x) - 10) + 3 * relu(sum(x) + 1) - 1,
  slope: (x) => Array.from(x, () => step(sum(x) - 10) + 3 * step(sum(x) + 1)),
};

/** Σ(1 − ReLU(1 − xᵢ)) */
export const BM: Toy = {
  value: (x) => Array.from(x).reduce((total, value) => total + 1 - relu(1 - value), 0),
  slope: (x) => Array.from(x, (value) => step(1 - value)),
};

/** ReLU(ReLU(x₁) − 1 − ReLU(x₂)) */
export const B2: Toy = {
  value: (x) => relu(relu(at(x, 0)) - 1 - relu(at(x, 1))),
  slope: (x) => {
    const open = step(relu(at(x, 0)) - 1 - relu(at(x, 1)));
    return [open * step(at(x, 0)), -open * step(at(x, 1))];
  },
};

/** x₁·x₂² */
export const XY2: Toy = {
  value: (x) => at(x, 0) * at(x, 1) ** 2,
  slope: (x) => [at(x, 1) ** 2, 2 * at(x, 0) * at(x, 1)],
};

export const CUBE: Toy = { value: (x) => at(x, 0) ** 3, slope: (x) => [3 * at(x, 0) ** 2] };

/** Σ aᵤ·tanh(kᵤ·(xᵤ − cᵤ)) : steep and saturating where k is large */
export function steps(terms: readonly { a: number; k: number; c: number }[]): Toy {
  return {
    value: (x) => terms.reduce((total, { a, k, c }, unit) => total + a * Math.tanh(k * (at(x, unit) - c)), 0),
    slope: (x) => terms.map(({ a, k, c }, unit) => a * k * (1 - Math.tanh(k * (at(x, unit) - c)) ** 2)),
  };
}

export const predictOf = (toy: Toy): Predict => (inputs) => Promise.resolve(inputs.map(toy.value));

export const gradientOfToy = (toy: Toy): Gradient => (inputs) => Promise.resolve({ values: inputs.map(toy.value), gradients: inputs.map(toy.slope) });

/** Every number within `tolerance` of the expected one. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(at(found, index) - at(expected, index));
    if (!(difference <= tolerance)) throw new Error(`number ${index}: ${at(found, index)} instead of ${at(expected, index)} (± ${tolerance})`);
  }
}

/** The LexiscopeError that a promise rejects with, or a failure when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("did not reject");
}
