/**
 * The plane in which rows spread most: two principal components, by power iteration on the covariance with the first taken out of the second.
 * Not a general decomposition: two components are what a map has. The sign is fixed (the largest loading is positive), so that a map
 * is not mirrored from one run to the next.
 */
import { Random } from "../../base/random.js";
import { dot, rowCount, rowOf, type Rows } from "./rows.js";

export interface PrincipalPlane {
  readonly points: Float64Array; // [row, 2]
  readonly axes: readonly [Float64Array, Float64Array]; // [width] each, of length 1; zeros where there is no spread left
  readonly mean: Float64Array; // [width]
  /** share of the variance along each axis, 0 to 1 */
  readonly explained: readonly [number, number];
}

const STEPS = 500;

export function principalPlane(rows: Rows, seed = 0): PrincipalPlane {
  const [count, { width }] = [rowCount(rows), rows];
  const mean = new Float64Array(width);
  for (let row = 0; row < count; row++) rowOf(rows, row).forEach((value, column) => (mean[column] = mean[column]! + value / count));
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    rowOf(rows, row).forEach((value, column) => (centred[column] = value - mean[column]!));
    for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) covariance[a * width + b] = covariance[a * width + b]! + (centred[a]! * centred[b]!) / count;
  }
  for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) covariance[b * width + a] = covariance[a * width + b]!;
  let total = 0;
  for (let column = 0; column < width; column++) total += covariance[column * width + column]!;
  const random = new Random(seed);
  const first = leadingAxis(covariance, width, random, total);
  for (let a = 0; a < width; a++) for (let b = 0; b < width; b++) covariance[a * width + b] = covariance[a * width + b]! - first.variance * first.axis[a]! * first.axis[b]!;
  const second = leadingAxis(covariance, width, random, total);
  const points = new Float64Array(2 * count);
  for (let row = 0; row < count; row++) {
    rowOf(rows, row).forEach((value, column) => (centred[column] = value - mean[column]!));
    points[2 * row] = dot(centred, first.axis);
    points[2 * row + 1] = dot(centred, second.axis);
  }
  const share = (variance: number) => (total > 0 ? Math.min(1, Math.max(0, variance / total)) : 0);
  return { points, axes: [first.axis, second.axis], mean, explained: [share(first.variance), share(second.variance)] };
}

function leadingAxis(matrix: Float64Array, width: number, random: Random, total: number): { axis: Float64Array; variance: number } {
  let axis = Float64Array.from({ length: width }, () => random.normal());
  let variance = 0;
  for (let step = 0; step < STEPS; step++) {
    const length = Math.sqrt(dot(axis, axis));
    if (length <= 1e-12 * total || length === 0) return { axis: new Float64Array(width), variance: 0 };
    axis = axis.map((value) => value / length);
    const next = Float64Array.from({ length: width }, (_, row) => dot(matrix.subarray(row * width, (row + 1) * width), axis));
    const found = dot(axis, next);
    const done = step > 2 && Math.abs(found - variance) <= 1e-13 * Math.abs(found);
    variance = found;
    if (done) break;
    axis = next;
  }
  const length = Math.sqrt(dot(axis, axis)) || 1;
  const peak = axis.reduce((best, value, index) => (Math.abs(value) > Math.abs(axis[best]!) + 1e-12 ? index : best), 0);
  const sign = axis[peak]! < 0 ? -1 : 1;
  return { axis: axis.map((value) => (sign * value) / length), variance };
}
