/**
 * Integrated gradients: each unit's share of f(x) − f(x') along the straight path from a baseline x' to the input x. The shares add up to that
 * difference but for the completeness gap, which is always reported. What the baseline is (zeros, padding, mask) is the path's business.
 *
 * Source: Sundararajan, Taly and Yan 2017 (arXiv:1703.01365).
 */
import { LexiscopeError } from "../base/errors.js";
import { sum } from "../base/statistics.js";
import { inBatches, requireFinite } from "./batches.js";
import { normalise } from "./normalise.js";
import type { Normalisation } from "./normalise.js";
import { FIRST_NODES, integrateAdaptively } from "./panels.js";
import { quadrature } from "./quadrature.js";
import type { Rule } from "./quadrature.js";
import type { Attribution, MethodOptions, Path } from "./types.js";

export interface IntegratedGradientsOptions extends MethodOptions {
  /** "adaptive" (default) takes as many gradients as `tolerance` needs; the others take `steps` nodes */
  readonly rule?: "adaptive" | Rule;
  /** nodes of a fixed rule (50 by default); for "adaptive" the most gradients it may take (64 by default, at least 9) */
  readonly steps?: number;
  /** completeness gap at which "adaptive" stops, relative; .01 by default */
  readonly tolerance?: number;
  readonly normalise?: Normalisation;
}

export const DEFAULT_TOLERANCE = 0.01;
export const DEFAULT_LIMIT = 64;
export const DEFAULT_STEPS = 50;

/**
 * |Σ scores − (f(x) − f(x'))| ÷ |f(x) − f(x')|; 0 when both are 0. A difference too small for the numbers that it comes from (2⁻²³ of
 * them) counts as that much, so that the gap stays finite; where f is 0 at both ends a gap counts as 1.
 */
export function completenessGap(scores: readonly number[], value: number, baselineValue: number): number {
  const difference = value - baselineValue;
  const gap = Math.abs(sum(scores) - difference);
  if (gap === 0) return 0;
  const least = 2 ** -23 * Math.max(Math.abs(value), Math.abs(baselineValue));
  return gap / (Math.max(Math.abs(difference), least) || gap);
}

interface Integral {
  readonly scores: number[];
  readonly value: number;
  readonly baselineValue: number;
  readonly evaluations: Attribution["evaluations"];
}

async function adaptive(path: Path, options: IntegratedGradientsOptions): Promise<Integral> {
  const { steps: limit = DEFAULT_LIMIT, tolerance = DEFAULT_TOLERANCE } = options;
  if (!Number.isInteger(limit) || limit < FIRST_NODES) throw new LexiscopeError("bad-input", `steps must be an integer of at least ${FIRST_NODES} for the adaptive rule, not ${limit}`);
  if (!(tolerance > 0 && tolerance < 1)) throw new LexiscopeError("bad-input", `tolerance must lie between 0 and 1, not ${tolerance}`);
  const { gradients, ...found } = await integrateAdaptively(path, tolerance, limit, options);
  return { ...found, evaluations: { predict: 0, gradient: gradients } };
}

async function fixed(path: Path, rule: Rule, options: IntegratedGradientsOptions): Promise<Integral> {
  const { alphas, weights } = quadrature(rule, options.steps ?? DEFAULT_STEPS);
  const scores = new Array<number>(path.units.count).fill(0);
  const known = new Map<number, number>(); // f by α
  await inBatches(alphas.length, options, async (first, count) => {
    const { values, integrand } = await path.integrand(alphas.slice(first, first + count), options.signal);
    requireFinite(values, "the score on the path");
    integrand.forEach((row, index) => {
      requireFinite(row, "the gradient on the path");
      known.set(alphas[first + index] as number, values[index] as number);
      row.forEach((value, unit) => (scores[unit] = (scores[unit] as number) + (weights[first + index] as number) * value));
    });
  });
  const ends = [0, 1].filter((alpha) => !known.has(alpha));
  if (ends.length > 0) (await path.values(ends, options.signal)).forEach((value, index) => known.set(ends[index] as number, value));
  const [baselineValue, value] = [known.get(0) as number, known.get(1) as number];
  requireFinite([baselineValue, value], "the score at an end of the path");
  return { scores, value, baselineValue, evaluations: { predict: ends.length, gradient: alphas.length } };
}

/**
 * ∫₀¹ Σ over the unit's features of (x − x')·∂f/∂x dα → [unit]. Throws `bad-input` for impossible steps, `runtime` for NaN or infinite
 * values, `aborted` within one batch of the signal. The completeness gap is that of the scores before they are normalised.
 */
export async function integratedGradients(path: Path, options: IntegratedGradientsOptions = {}): Promise<Attribution> {
  const rule = options.rule ?? "adaptive";
  const { scores, value, baselineValue, evaluations } = rule === "adaptive" ? await adaptive(path, options) : await fixed(path, rule, options);
  return {
    scores: normalise(scores, options.normalise ?? "none"),
    value,
    baselineValue,
    completenessGap: completenessGap(scores, value, baselineValue),
    evaluations,
  };
}
