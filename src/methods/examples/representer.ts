/**
 * A prediction as a sum over examples: Φ(x) = Σᵢ αᵢ k(xᵢ, x), with k the product of last-layer features and αᵢ = −1 ÷ (2λn) · ∂L/∂Φᵢ. That
 * holds where the last layer is at a stationary point of loss + λ‖W‖² on these very examples, which a loaded model's never is: so, as the
 * paper does, the layer is fitted anew, to the model's own probabilities. The sum is then exact for the fitted layer; `agreement` says how far
 * the fitted layer is the model's.
 *
 * Source: Yeh, Kim, Yen, Ravikumar, "Representer point selection for explaining deep neural networks", NeurIPS 2018.
 */
import { argmax } from "../../base/statistics.js";
import { softmax } from "../probabilities.js";
import { dot, rowCount, rowOf, type Rows } from "./rows.js";

export interface RepresenterOptions {
  /** strength of the penalty; 0.003 when not given, as in the paper's experiments */
  readonly lambda?: number;
  /** the fit stops after so many steps; 200 when not given */
  readonly steps?: number;
}

export interface Representers {
  readonly alphas: Rows; // [row, label]
  readonly features: Rows; // [row, width], with a last column of ones
  /** share of rows on which the fitted layer predicts what the model does */
  readonly agreement: number;
  /** the largest |gradient| that is left: 0 at a stationary point */
  readonly gradient: number;
}

interface Problem {
  readonly features: Rows;
  readonly targets: Rows;
  readonly labels: number;
  readonly lambda: number;
}

/** Mean cross-entropy + λ‖W‖², its gradient, and p − y of each row, at W [label, width]. */
function lossAt({ features, targets, labels, lambda }: Problem, weights: Float64Array) {
  const [count, { width }] = [rowCount(features), features];
  const gradient = weights.map((weight) => 2 * lambda * weight);
  const residuals = new Float64Array(count * labels);
  const logits = new Float64Array(labels);
  const { data } = features; // indices and not views: this runs some hundred times over all rows
  let loss = lambda * dot(weights, weights);
  for (let row = 0; row < count; row++) {
    const start = row * width;
    let [top, sum] = [-Infinity, 0];
    for (let label = 0; label < labels; label++) {
      let logit = 0;
      for (let column = 0, at = label * width; column < width; column++, at++) logit += weights[at]! * data[start + column]!;
      logits[label] = logit;
      if (logit > top) top = logit;
    }
    for (let label = 0; label < labels; label++) sum += Math.exp(logits[label]! - top);
    const normal = top + Math.log(sum);
    for (let label = 0; label < labels; label++) {
      const target = targets.data[row * labels + label]!;
      const error = Math.exp(logits[label]! - normal) - target;
      loss -= (target * (logits[label]! - normal)) / count;
      residuals[row * labels + label] = error;
      const part = error / count;
      for (let column = 0, at = label * width; column < width; column++, at++) gradient[at] = gradient[at]! + part * data[start + column]!;
    }
  }
  return { loss, gradient, residuals };
}

/** Descent with L-BFGS directions (memory of ten) and halving steps: convex, so it ends at the one minimum. */
function minimise(problem: Problem, steps: number) {
  const size = problem.labels * problem.features.width;
  let weights = new Float64Array(size);
  let at = lossAt(problem, weights);
  const memory: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let step = 0; step < steps; step++) {
    if (Math.max(...at.gradient.map(Math.abs)) < 1e-10) break;
    const direction = at.gradient.map((value) => -value);
    const factors: number[] = [];
    for (const { s, y, rho } of [...memory].reverse()) {
      const factor = rho * dot(s, direction);
      factors.unshift(factor);
      for (let index = 0; index < size; index++) direction[index] = direction[index]! - factor * y[index]!;
    }
    const last = memory.at(-1);
    const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
    for (let index = 0; index < size; index++) direction[index] = direction[index]! * scale;
    memory.forEach(({ s, y, rho }, index) => {
      const factor = factors[index]! - rho * dot(y, direction);
      for (let place = 0; place < size; place++) direction[place] = direction[place]! + factor * s[place]!;
    });
    const slope = dot(at.gradient, direction);
    let length = 1;
    let next = weights;
    let there = at;
    for (; length > 1e-12; length /= 2) {
      next = weights.map((weight, index) => weight + length * direction[index]!);
      there = lossAt(problem, next);
      if (there.loss <= at.loss + 1e-4 * length * slope) break;
    }
    if (length <= 1e-12) break; // as near as the arithmetic comes
    const s = next.map((weight, index) => weight - weights[index]!);
    const y = there.gradient.map((value, index) => value - at.gradient[index]!);
    const curvature = dot(s, y);
    if (curvature > 0) memory.push({ s, y, rho: 1 / curvature });
    if (memory.length > 10) memory.shift();
    [weights, at] = [next, there];
  }
  return { weights, ...at };
}

/** Fits the last layer to the model's own answers and takes each example's weight from it. `logits`: the model's, [row, label]. */
export function representers(features: Rows, logits: Rows, { lambda = 0.003, steps = 200 }: RepresenterOptions = {}): Representers {
  const [count, labels] = [rowCount(features), logits.width];
  const width = features.width + 1;
  const data = new Float64Array(count * width).fill(1);
  for (let row = 0; row < count; row++) data.set(rowOf(features, row), row * width);
  const withBias = { data, width };
  const targets = { data: probabilitiesOf(logits), width: labels };
  const { residuals, gradient, weights } = minimise({ features: withBias, targets, labels, lambda }, steps);
  const alphas = residuals.map((value) => -value / (2 * lambda * count));
  let same = 0;
  for (let row = 0; row < count; row++) {
    const fitted = Array.from({ length: labels }, (_, label) => dot(weights.subarray(label * width, (label + 1) * width), rowOf(withBias, row)));
    if (argmax(fitted) === argmax(rowOf(logits, row))) same++;
  }
  return { alphas: { data: alphas, width: labels }, features: withBias, agreement: count === 0 ? 1 : same / count, gradient: Math.max(0, ...gradient.map(Math.abs)) };
}

function probabilitiesOf(logits: Rows): Float64Array {
  const all = new Float64Array(logits.data.length);
  for (let row = 0; row < rowCount(logits); row++) all.set(softmax(Float32Array.from(rowOf(logits, row))), row * logits.width);
  return all;
}

/** Each example's part of the query's logit of `label` → [row]; they sum to the fitted layer's logit. */
export function representerValues({ alphas, features }: Representers, query: ArrayLike<number>, label: number): Float64Array {
  return Float64Array.from({ length: rowCount(features) }, (_, row) => {
    const feature = rowOf(features, row);
    return alphas.data[row * alphas.width + label]! * (dot(query, feature.subarray(0, features.width - 1)) + 1);
  });
}
