/**
 * From which number on a quality is called good, fair or poor. The number is always said beside the word; a quality without a row is said as a
 * number alone. Reasons stand with the rows; they are conventions, not tests.
 */
import type { Quality } from "./common.js";

export type Level = "good" | "fair" | "poor";

interface Threshold {
  readonly good: number;
  readonly fair: number;
  readonly more: "better" | "worse";
}

const thresholds: Readonly<Partial<Record<Quality["name"], Threshold>>> = {
  // fair: the 5 % within which Sundararajan et al. 2017 (section 5) call the integral's steps enough; good: the 1 % to which our adaptive rule integrates
  "completeness-gap": { good: 0.01, fair: 0.05, more: "worse" },
  // of the whole picture: below a twentieth the drawn bars do not change to the eye; at a fifth a word of middling weight may change its sign
  "sampling-error": { good: 0.05, fair: 0.2, more: "worse" },
  // the surrogate leaves out a tenth, or half, of what the model does around the text
  fit: { good: 0.9, fair: 0.5, more: "better" },
  // Kendall's tau: (1 + tau) / 2 of all pairs of words stand in the same order: nine of ten, three of four
  agreement: { good: 0.8, fair: 0.5, more: "better" },
  // 1 less the share of places by which neighbours on the plane are none in the space: a plane at random has one half
  trustworthiness: { good: 0.95, fair: 0.8, more: "better" },
  // share of random rankings that do worse; above 95 % chance has little part in it
  "better-than-random": { good: 0.95, fair: 0.95, more: "better" },
};

/** A completeness gap below this is what rounding in single precision leaves: the weights add up exactly. */
export const ROUNDING = 1e-6;

/** Null where no threshold is known. */
export function qualityLevel(name: string, value: number): Level | null {
  const threshold = Object.hasOwn(thresholds, name) ? thresholds[name as Quality["name"]] : undefined;
  if (!threshold) return null;
  const within = (limit: number) => (threshold.more === "better" ? value >= limit : value <= limit);
  return within(threshold.good) ? "good" : within(threshold.fair) ? "fair" : "poor";
}
