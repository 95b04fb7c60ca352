/**
 * The target of an attribution: which logit, or difference of two, is explained. It reads what a person writes
 * ("argmax", a label, an index, "label - label") and turns it into a score and into the cotangent that asks for its gradient.
 */
import { LexiscopeError } from "../base/errors.js";
import { gaussLegendre } from "../base/gauss-legendre.js";
import { argmax } from "../base/statistics.js";
import type { Target } from "../explanation/types.js";
import { softmax } from "./probabilities.js";

const SHOWN_LABELS = 12;
/** Nodes between two rows of logits: the mean slope of a probability that goes from 0 to 1 over 40 logits is right to a thousandth. */
const WAY_POINTS = 32;

interface Label {
  readonly index: number;
  readonly label: string;
}

function labelAt(index: number, labels: readonly string[]): Label {
  return { index, label: labels[index] ?? String(index) };
}

/** One side: a label as written, the same without regard to case when only one fits, an index, or "argmax". */
function find(name: string, labels: readonly string[], logits: ArrayLike<number>): Label | undefined {
  const exact = labels.indexOf(name);
  if (exact >= 0) return labelAt(exact, labels);
  if (name === "argmax") return labelAt(argmax(logits), labels);
  if (/^\d+$/.test(name) && Number(name) < logits.length) return labelAt(Number(name), labels);
  const folded = name.toLowerCase();
  const alike = labels.flatMap((label, index) => (label.toLowerCase() === folded ? [index] : []));
  return alike.length === 1 ? labelAt(alike[0] as number, labels) : undefined;
}

/** Every way to cut "a - b" at a minus (hyphen or U+2212) that stands between spaces. */
function cuts(name: string): [string, string][] {
  return [...name.matchAll(/\s+[-−]\s+/g)].map((minus) => [name.slice(0, minus.index).trim(), name.slice(minus.index + minus[0].length).trim()]);
}

function knownLabels(labels: readonly string[], logits: ArrayLike<number>): string {
  if (labels.length === 0) return `an index from 0 to ${logits.length - 1}`;
  const shown = labels.slice(0, SHOWN_LABELS).join(", ");
  return `one of ${shown}${labels.length > SHOWN_LABELS ? ` … (${labels.length} labels)` : ""}, an index from 0 to ${logits.length - 1}`;
}

/**
 * What `name` means for a model with these labels; `logits` decide "argmax" and how many indices there are. A name that is itself a
 * label wins over every other reading. Throws `bad-input`, naming the labels.
 */
export function parseTarget(name: string, labels: readonly string[], logits: ArrayLike<number>): Target {
  const scaled = labels.includes(name.trim()) ? null : unscaled(name);
  if (scaled) return { ...parseTarget(scaled.name, labels, logits), scale: scaled.scale };
  const trimmed = name.trim();
  const whole = find(name, labels, logits) ?? find(trimmed, labels, logits);
  if (whole) return whole;
  for (const [left, right] of cuts(trimmed)) {
    const [first, contrast] = [find(left, labels, logits), find(right, labels, logits)];
    if (!first || !contrast) continue;
    if (first.index === contrast.index) throw new LexiscopeError("bad-input", `target "${name}" contrasts "${first.label}" with itself; name two labels`);
    return { ...first, contrast };
  }
  throw new LexiscopeError("bad-input", `no target "${name}" in this model: use argmax, ${knownLabels(labels, logits)}, or two of them as "a - b"`);
}

/** "log-prob(name)" and "prob(name)" taken apart; null for a plain name. */
export function unscaled(name: string): { readonly name: string; readonly scale: NonNullable<Target["scale"]> } | null {
  const found = /^\s*(log-?prob|prob)\((.*)\)\s*$/s.exec(name);
  return found && { name: found[2]!, scale: found[1] === "prob" ? "prob" : "log-prob" };
}

/** The number that is explained: the target's logit, minus the contrast's; or its (log-)probability. logits: [label] */
export function score(logits: ArrayLike<number>, target: Target): number {
  const of = (index: number): number => scaled(logits, index, target.scale);
  return of(target.index) - (target.contrast ? of(target.contrast.index) : 0);
}

function scaled(logits: ArrayLike<number>, index: number, scale: Target["scale"]): number {
  const logit = at(logits, index);
  if (scale === undefined) return logit;
  const largest = Array.prototype.reduce.call(logits, (most: unknown, each: unknown) => Math.max(most as number, each as number), -Infinity) as number;
  let total = 0;
  for (let other = 0; other < logits.length; other++) total += Math.exp(logits[other]! - largest);
  const logProbability = logit - largest - Math.log(total);
  return scale === "prob" ? Math.exp(logProbability) : logProbability;
}

/** The cotangent of the score by a row of logits, where it depends on them: ∂ log p_t = e_t − p, ∂ p_t = p_t (e_t − p) → [label] */
export function seedAt(target: Target, logits: ArrayLike<number>): Float32Array {
  if (target.scale === undefined) return seed(target, logits.length);
  const probabilities = softmax(logits);
  const row = new Float64Array(logits.length);
  for (const [{ index }, sign] of [[target, 1], ...(target.contrast ? [[target.contrast, -1] as const] : [])] as const) {
    const factor = target.scale === "prob" ? sign * at(probabilities, index) : sign;
    probabilities.forEach((probability, other) => (row[other]! += factor * (Number(other === index) - probability)));
  }
  return Float32Array.from(row);
}

/**
 * The mean cotangent on the straight way from one row of logits to another: its product with their difference is the difference of the scores, which no
 * cotangent at one end gives for a probability. → [label]
 */
export function seedBetween(target: Target, from: ArrayLike<number>, to: ArrayLike<number>): Float32Array {
  if (target.scale === undefined) return seed(target, to.length);
  const { points, weights } = gaussLegendre(WAY_POINTS);
  const row = new Float32Array(to.length);
  points.forEach((alpha, node) => {
    const between = Float64Array.from(to, (end, label) => from[label]! + alpha * (end - from[label]!));
    seedAt(target, between).forEach((value, label) => (row[label]! += weights[node]! * value));
  });
  return row;
}

/** The cotangent of a row of `width` logits whose product with them is the score; of a target on the scale of logits alone → [width] */
export function seed(target: Target, width: number): Float32Array {
  const row = new Float32Array(width);
  at(row, target.index);
  row[target.index] = 1;
  if (target.contrast) {
    at(row, target.contrast.index);
    row[target.contrast.index]! -= 1; // of a label against itself nothing is left
  }
  return row;
}

function at(row: ArrayLike<number>, index: number): number {
  const value = row[index];
  if (value === undefined) throw new LexiscopeError("bad-input", `target index ${index} is outside the model's ${row.length} logits`);
  return value;
}
