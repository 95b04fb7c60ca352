/** Comparison of nested lists of numbers. */
import { expect } from "@open-wc/testing";

export type Nested = number | readonly Nested[];

/** The largest distance between two nested lists of one shape; NaN equals NaN, an infinity itself. */
export function distance(actual: Nested, expected: Nested): number {
  if (typeof actual === "number" || typeof expected === "number") return Object.is(actual, expected) || actual === expected ? 0 : Math.abs((actual as number) - (expected as number));
  expect(actual).to.have.length(expected.length);
  const distances = actual.map((each, index) => distance(each, expected[index]!));
  return distances.some(Number.isNaN) ? NaN : Math.max(0, ...distances);
}

export function near(actual: Nested, expected: Nested, tolerance: number, what: string): void {
  expect(distance(actual, expected), what).to.be.at.most(tolerance);
}
