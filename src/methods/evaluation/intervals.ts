/**
 * Intervals of a metric over resamples: TFMA's Poisson bootstrap and jackknife, percentiles, Wilson's for a share. They say how far a metric of
 * few examples can be trusted; they do not correct for many comparisons.
 * Sources: TFMA's math_util, poisson_bootstrap, jackknife (definitions); Wilson 1927; Student's t by Hill 1970 (CACM 396), refined by Newton steps.
 */
import { mean, variance } from "../../base/statistics.js";

export interface Interval {
  readonly mean: number;
  /** standard error; for a bootstrap the standard deviation of the resamples */
  readonly error: number;
  readonly freedom: number;
  readonly low: number;
  readonly high: number;
}

/** ln Γ(x), Lanczos' series */
function logGamma(x: number): number {
  const series = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  return -base + Math.log((2.5066282746310005 * series.reduce((sum, term, index) => sum + term / (x + 1 + index), 1.000000000190015)) / x);
}

/** Density of Student's t. */
function density(t: number, freedom: number): number {
  return Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI) * (1 + t ** 2 / freedom) ** (-(freedom + 1) / 2);
}

/** P(0 ≤ T ≤ t): Simpson's rule after t = tan(angle)·√freedom, where the integrand is smooth and the range finite. */
function centralMass(t: number, freedom: number): number {
  const end = Math.atan(t / Math.sqrt(freedom));
  const panels = 2000;
  let sum = 0;
  for (let index = 0; index <= panels; index++) {
    const factor = index === 0 || index === panels ? 1 : index % 2 ? 4 : 2;
    sum += factor * Math.cos((end * index) / panels) ** (freedom - 1);
  }
  const scale = Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(Math.PI);
  return (scale * sum * end) / (3 * panels);
}

/** Two-sided p of a t that far from 0. */
export function studentP(t: number, freedom: number): number {
  return Math.min(1, Math.max(0, 1 - 2 * centralMass(Math.abs(t), freedom)));
}

/** The t that leaves (1 − confidence) ÷ 2 on each side. */
export function studentT(freedom: number, confidence = 0.95): number {
  let t = 2;
  for (let step = 0; step < 100; step++) {
    const move = (centralMass(t, freedom) - confidence / 2) / density(t, freedom);
    t = Math.max(t / 4, t - move);
    if (Math.abs(move) < 1e-12 * t) break;
  }
  return t;
}

/** mean ± t·error, centred on the mean of the resamples, not clipped. */
export function tInterval(center: number, error: number, freedom: number, confidence = 0.95): Interval {
  const reach = studentT(freedom, confidence) * error;
  return { mean: center, error, freedom, low: center - reach, high: center + reach };
}

/** From the metric on each bootstrap resample. */
export function bootstrapInterval(resamples: readonly number[], confidence = 0.95): Interval {
  return tInterval(mean(resamples), Math.sqrt(variance(resamples)), resamples.length - 1, confidence);
}

/** From the metric without each of n buckets and the metric on everything: the error by pseudo-values, the middle the mean of the n, as TFMA has it. */
export function jackknifeInterval(whole: number, without: readonly number[], confidence = 0.95): Interval {
  const count = without.length;
  const pseudo = without.map((value) => count * whole - (count - 1) * value);
  return tInterval(mean(without), Math.sqrt(variance(pseudo) / count), count - 1, confidence);
}

/** The middle share of the resamples, linear between order statistics. */
export function percentileInterval(resamples: readonly number[], confidence = 0.95): { low: number; high: number } {
  const sorted = [...resamples].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    return low + (place - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low);
  };
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** Wilson's interval of a share of successes; `z` 1.959964 for 95 %. */
export function wilsonInterval(successes: number, count: number, z = 1.959963984540054): { low: number; high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const share = successes / count;
  const center = (share + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const reach = (z / (1 + z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return { low: Math.max(0, center - reach), high: Math.min(1, center + reach) };
}
