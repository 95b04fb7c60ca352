/**
 * Which rows a resample counts, and how often: Poisson(1) weights of a bootstrap, buckets of a jackknife. A row's draw depends only on seed,
 * resample and row, so all slices and both models are drawn alike, and a difference of two of them has the error of a difference.
 * Source: TFMA's poisson_bootstrap and jackknife (20 resamples, 20 buckets).
 */
import { hash3 } from "../../base/hash.js";

export const TFMA_RESAMPLES = 20;
export const TFMA_BUCKETS = 20;

/** P(Poisson(1) ≤ k) as thresholds of 32 random bits. */
const thresholds = (() => {
  const found: number[] = [];
  let [term, sum] = [Math.exp(-1), 0];
  for (let k = 0; sum < 1 - 2 ** -33; k++) {
    sum += term;
    term /= k + 1;
    found.push(sum * 2 ** 32);
  }
  return found;
})();

/** → [row] into `out`. */
export function poissonWeights(seed: number, resample: number, out: Uint8Array): Uint8Array {
  for (let row = 0; row < out.length; row++) {
    const bits = hash3(seed, resample, row);
    let k = 0;
    while (k < thresholds.length - 1 && bits >= thresholds[k]!) k++;
    out[row] = k;
  }
  return out;
}

/** 1 for the rows outside of bucket `bucket`, → [row] into `out`. Stream −1 of the seed, which no resample uses. */
export function withoutBucket(seed: number, bucket: number, out: Uint8Array, buckets = TFMA_BUCKETS): Uint8Array {
  for (let row = 0; row < out.length; row++) out[row] = hash3(seed, 0xffffffff, row) % buckets === bucket ? 0 : 1;
  return out;
}
