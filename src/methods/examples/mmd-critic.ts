/**
 * Prototypes: few examples that together stand for all (their distribution is near in maximum mean discrepancy); criticisms: examples where
 * the prototypes are a bad picture of the rest (the witness function is large), spread out by a log-determinant. Greedy, as in the paper.
 * The kernel is a Gaussian of the distance, its width the median of the distances between a seeded sample of rows.
 *
 * Source: Kim, Khanna, Koyejo, "Examples are not enough, learn to criticize!", NeurIPS 2016 (algorithms 1 and 2).
 */
import { Random } from "../../base/random.js";
import { distances } from "./nearest.js";
import { rowCount, rowOf, type Rows } from "./rows.js";

export interface MmdCriticOptions {
  readonly prototypes?: number;
  readonly criticisms?: number;
  /** of the kernel exp(−‖a − b‖² ÷ 2·width²); the median distance when not given */
  readonly kernelWidth?: number;
  /** more rows than this are looked at through a seeded sample of so many; 1000 when not given: the kernel is a matrix */
  readonly most?: number;
  readonly seed?: number;
}

export interface MmdCritic {
  readonly prototypes: readonly number[]; // rows, in the order they were chosen
  readonly criticisms: readonly number[];
  /** squared discrepancy between the prototypes and all rows that were looked at */
  readonly discrepancy: number;
  readonly kernelWidth: number;
  readonly sampled: boolean;
}

function medianDistance(rows: Rows, members: readonly number[], random: Random): number {
  const pairs = Array.from({ length: Math.min(2000, members.length ** 2) }, () => [members[random.integer(members.length)]!, members[random.integer(members.length)]!] as const);
  const found = pairs.filter(([a, b]) => a !== b).map(([a, b]) => distances(rowOf(rows, a), { data: rowOf(rows, b), width: rows.width })[0]!).sort((a, b) => a - b);
  return found[found.length >> 1] || 1;
}

export function mmdCritic(rows: Rows, { prototypes = 6, criticisms = 4, kernelWidth, most = 1000, seed = 0 }: MmdCriticOptions = {}): MmdCritic {
  const random = new Random(seed);
  const all = rowCount(rows);
  const members = all <= most ? Array.from({ length: all }, (_, row) => row) : random.sample(all, most).sort((a, b) => a - b);
  const count = members.length;
  if (count === 0) return { prototypes: [], criticisms: [], discrepancy: 0, kernelWidth: kernelWidth ?? 1, sampled: false };
  const width = kernelWidth ?? medianDistance(rows, members, random);
  const kernel = new Float64Array(count * count);
  const looked: Rows = { data: new Float64Array(count * rows.width), width: rows.width };
  members.forEach((row, place) => looked.data.set(rowOf(rows, row), place * rows.width));
  for (let a = 0; a < count; a++) distances(rowOf(looked, a), looked).forEach((far, b) => (kernel[a * count + b] = Math.exp(-(far * far) / (2 * width * width))));
  const means = Float64Array.from({ length: count }, (_, row) => kernel.subarray(row * count, (row + 1) * count).reduce((sum, value) => sum + value, 0) / count);
  const chosen = choosePrototypes(kernel, means, count, Math.min(prototypes, count));
  const witness = means.map((mean, row) => mean - chosen.reduce((sum, other) => sum + kernel[row * count + other]!, 0) / Math.max(1, chosen.length));
  const critics = chooseCriticisms(kernel, witness, count, Math.min(criticisms, count - chosen.length), new Set(chosen));
  const inner = chosen.reduce((sum, a) => sum + chosen.reduce((row, b) => row + kernel[a * count + b]!, 0), 0) / Math.max(1, chosen.length) ** 2;
  const across = chosen.reduce((sum, a) => sum + means[a]!, 0) / Math.max(1, chosen.length);
  const discrepancy = means.reduce((sum, value) => sum + value, 0) / count - 2 * across + inner;
  return { prototypes: chosen.map((row) => members[row]!), criticisms: critics.map((row) => members[row]!), discrepancy, kernelWidth: width, sampled: count < all };
}

/** Each time the row that lowers the discrepancy most: 2·mean of the chosen's means − mean of the kernel among them, to be largest. */
function choosePrototypes(kernel: Float64Array, means: Float64Array, count: number, wanted: number): number[] {
  const chosen: number[] = [];
  const withChosen = new Float64Array(count); // Σ over the chosen of the kernel with each row
  let [sumMeans, sumKernel] = [0, 0];
  while (chosen.length < wanted) {
    const size = chosen.length + 1;
    let [best, bestValue] = [-1, -Infinity];
    for (let row = 0; row < count; row++) {
      if (chosen.includes(row)) continue;
      const value = (2 * (sumMeans + means[row]!)) / size - (sumKernel + 2 * withChosen[row]! + kernel[row * count + row]!) / size ** 2;
      if (value > bestValue + 1e-12) [best, bestValue] = [row, value];
    }
    sumMeans += means[best]!;
    sumKernel += 2 * withChosen[best]! + kernel[best * count + best]!;
    for (let row = 0; row < count; row++) withChosen[row] = withChosen[row]! + kernel[best * count + row]!;
    chosen.push(best);
  }
  return chosen;
}

/** Each time the row with the largest |witness| + log of what its kernel has that the chosen ones have not (the determinant's factor, by Cholesky). */
function chooseCriticisms(kernel: Float64Array, witness: Float64Array, count: number, wanted: number, apart: ReadonlySet<number>): number[] {
  const chosen: number[] = [];
  const remaining = Float64Array.from({ length: count }, (_, row) => kernel[row * count + row]! + 1e-9);
  const columns: Float64Array[] = [];
  while (chosen.length < wanted) {
    let [best, bestValue] = [-1, -Infinity];
    for (let row = 0; row < count; row++) {
      if (apart.has(row) || chosen.includes(row)) continue;
      const value = Math.abs(witness[row]!) + Math.log(Math.max(remaining[row]!, 1e-300));
      if (value > bestValue + 1e-12) [best, bestValue] = [row, value];
    }
    if (best < 0) break;
    const root = Math.sqrt(Math.max(remaining[best]!, 1e-300));
    const column = Float64Array.from({ length: count }, (_, row) => (kernel[row * count + best]! - columns.reduce((sum, other) => sum + other[row]! * other[best]!, 0)) / root);
    for (let row = 0; row < count; row++) remaining[row] = remaining[row]! - column[row]! ** 2;
    columns.push(column);
    chosen.push(best);
  }
  return chosen;
}
