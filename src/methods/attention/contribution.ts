/**
 * Shares of the parts that a vector is the sum of (what each head or token adds to a token's state, and the residual stream beside them): how much
 * nearer to zero the whole would be without a part. Parts that point against the whole get almost nothing. Not an attribution of a prediction.
 *
 * Sources: Ferrando et al. 2022, arXiv:2203.04212 (ALTI: proximity by the L1 norm); Ferrando and Voita 2024, arXiv:2403.00824 (threshold on the shares).
 */
import { LexiscopeError } from "../../base/errors.js";
import { norm, sum } from "../../base/statistics.js";

/** What a part has at the least, so that shares exist where every part points against the whole. */
const LEAST = 1e-5;

const sizes: Readonly<Record<"l1" | "l2", (vector: readonly number[]) => number>> = { l1: (vector) => sum(vector.map(Math.abs)), l2: norm };

/** max(‖whole‖ − ‖whole − part‖, 1e-5) ÷ their sum. parts: [part][feature], the residual one of them → [part], sums to 1. Throws `bad-input` for parts of another width. */
export function contributions(parts: readonly (readonly number[])[], whole: readonly number[], distance: "l1" | "l2" = "l1"): number[] {
  const wrong = parts.find((part) => part.length !== whole.length);
  if (wrong) throw new LexiscopeError("bad-input", `a part has ${wrong.length} features, but the whole has ${whole.length}`);
  const size = sizes[distance];
  const near = parts.map((part) => Math.max(size(whole) - size(whole.map((value, feature) => value - part[feature]!)), LEAST));
  return near.map((value) => value / sum(near));
}

/** Shares of at most `threshold` as 0, the others divided by their sum; all 0 where none is above. */
export function contributionsAbove(shares: readonly number[], threshold: number): number[] {
  const kept = shares.map((share) => (share > threshold ? share : 0));
  const total = sum(kept);
  return total === 0 ? kept : kept.map((share) => share / total);
}
