/**
 * Quadrature rules on [0, 1] for path integrals: where the integrand is taken, and with which weights. The correct rules and, under
 * their own names, the quirks of two peers. Not adaptive: `panels.ts` is.
 */
import { LexiscopeError } from "../base/errors.js";
import { gaussLegendre } from "../base/gauss-legendre.js";

export interface Nodes {
  readonly alphas: readonly number[]; // ascending, in [0, 1]
  readonly weights: readonly number[];
}

export type Rule = "gauss-legendre" | "left" | "right" | "middle" | "trapezoid" | "captum-trapezoid" | "lit";

const MAX_NODES = 1024;

function equal(count: number, alpha: (index: number) => number): Nodes {
  const alphas = Array.from({ length: count }, (_, index) => alpha(index));
  return { alphas, weights: alphas.map(() => 1 / count) };
}

/** Nodes that include both ends, each with `weight`, the ends with half of it. */
function halfEnds(count: number, alpha: (index: number) => number, weight: number): Nodes {
  const alphas = Array.from({ length: count }, (_, index) => alpha(index));
  return { alphas, weights: alphas.map((_, index) => (index === 0 || index === count - 1 ? weight / 2 : weight)) };
}

function gaussLegendreNodes(count: number): Nodes {
  const { points, weights } = gaussLegendre(count);
  return { alphas: Array.from(points), weights: Array.from(weights) };
}

const rules: Readonly<Record<Rule, { readonly least: number; readonly nodes: (count: number) => Nodes }>> = {
  "gauss-legendre": { least: 1, nodes: gaussLegendreNodes },
  left: { least: 1, nodes: (count) => equal(count, (index) => index / count) },
  right: { least: 1, nodes: (count) => equal(count, (index) => (index + 1) / count) },
  middle: { least: 1, nodes: (count) => equal(count, (index) => (index + 0.5) / count) },
  trapezoid: { least: 2, nodes: (count) => halfEnds(count, (index) => index / (count - 1), 1 / (count - 1)) },
  // Captum divides by the number of points, not of intervals: the weights sum to (n − 1)/n and completeness fails
  "captum-trapezoid": { least: 2, nodes: (count) => halfEnds(count, (index) => index / (count - 1), 1 / count) },
  // LIT stops at α = (n − 1)/n and takes the mean of the trapezoids up to there as the whole integral: completeness fails
  lit: { least: 2, nodes: (count) => halfEnds(count, (index) => index / count, 1 / (count - 1)) },
};

/** The `count` nodes of a rule. Throws `bad-input` for a count that the rule cannot have. */
export function quadrature(rule: Rule, count: number): Nodes {
  const { least, nodes } = rules[rule];
  if (!Number.isInteger(count) || count < least || count > MAX_NODES) {
    throw new LexiscopeError("bad-input", `steps must be an integer from ${least} to ${MAX_NODES} for the rule "${rule}", not ${count}`);
  }
  return nodes(count);
}
