/**
 * Numbers about an attribution itself: infidelity, sensitivity, sparseness, complexity, agreement of two attributions.
 * Sources: Yeh et al. 2019 (infidelity, sensitivity); Chalasani et al. 2020 (sparseness); Bhatt et al. 2020 (complexity); Agarwal et al. 2022 (OpenXAI).
 */
import { denseRanksDescending, pearson } from "../../base/ranks.js";
import { mean, norm, sum } from "../../base/statistics.js";

/** mean over perturbations I of (Σ I·φ − (f(x) − f(x − I)))²; `drops[i]` is f(x) − f(x − perturbations[i]). Not normalised. */
export function infidelity(attribution: readonly number[], perturbations: readonly (readonly number[])[], drops: readonly number[]): number {
  return mean(perturbations.map((perturbation, index) => {
    const predicted = perturbation.reduce((sum, value, feature) => sum + value * (attribution[feature] as number), 0);
    return (predicted - (drops[index] as number)) ** 2;
  }));
}

/** largest ‖φ(x̃) − φ(x)‖ ÷ ‖φ(x)‖ over perturbed inputs */
export function maximalSensitivity(attribution: readonly number[], perturbed: readonly (readonly number[])[]): number {
  const size = norm(attribution);
  return Math.max(...perturbed.map((other) => norm(other.map((value, feature) => value - (attribution[feature] as number))) / size));
}

/** Gini coefficient of the magnitudes: 0 when all are equal, near 1 when one carries everything */
export function sparseness(attribution: readonly number[]): number {
  const sorted = attribution.map(Math.abs).sort((a, b) => a - b);
  const total = sum(sorted);
  if (total === 0) return 0;
  const count = sorted.length;
  return sorted.reduce((sum, value, index) => sum + (2 * (index + 1) - count - 1) * value, 0) / (count * total);
}

/** Entropy, in nats, of the shares of the magnitudes: 0 when one token carries everything */
export function complexity(attribution: readonly number[]): number {
  const total = attribution.reduce((sum, value) => sum + Math.abs(value), 0);
  return attribution.reduce((sum, value) => (value === 0 ? sum : sum - (Math.abs(value) / total) * Math.log(Math.abs(value) / total)), 0);
}

export interface Agreement {
  /** shares of the top k: same features; same place; same sign; both */
  readonly feature: number;
  readonly rank: number;
  readonly sign: number;
  readonly signedRank: number;
  /** Pearson's correlation of the dense ranks of the magnitudes */
  readonly rankCorrelation: number;
}

/** Agreement of the `top` features by magnitude of two attributions, as OpenXAI computes it. */
export function agreement(attribution: readonly number[], reference: readonly number[], top: number): Agreement {
  const rank = (values: readonly number[]): number[] => denseRanksDescending(values.map(Math.abs));
  const topOf = (values: readonly number[]): number[] => values.map((_, feature) => feature).sort((a, b) => Math.abs(values[b] as number) - Math.abs(values[a] as number) || a - b).slice(0, top);
  const [ranks, referenceRanks] = [rank(attribution), rank(reference)];
  const shared = topOf(attribution).filter((feature) => topOf(reference).includes(feature));
  const sameSign = (feature: number): boolean => Math.sign(attribution[feature] as number) === Math.sign(reference[feature] as number);
  const sameRank = (feature: number): boolean => ranks[feature] === referenceRanks[feature];
  const share = (test: (feature: number) => boolean): number => shared.filter(test).length / top;
  return {
    feature: shared.length / top,
    rank: share(sameRank),
    sign: share(sameSign),
    signedRank: share((feature) => sameRank(feature) && sameSign(feature)),
    rankCorrelation: pearson(ranks, referenceRanks),
  };
}
