/**
 * Raw margins → what the node's output holds, as onnxruntime computes it (where the ONNX text is vague, its answer counts). Not used for
 * attribution, which is of the margin.
 */
import { LexiscopeError } from "../base/errors.js";
import type { PostTransform, TreeEnsemble } from "./types.js";

const logistic = (value: number): number => (value >= 0 ? 1 / (1 + Math.exp(-value)) : 1 - 1 / (1 + Math.exp(value)));

/** √2·erf⁻¹(2p − 1) with Winitzki's approximation of erf⁻¹ (a = 0.147), as the runtime has it: about 3 digits. */
function probit(probability: number): number {
  const x = 2 * probability - 1;
  const log = Math.log((1 - x) * (1 + x));
  const half = 2 / (Math.PI * 0.147) + 0.5 * log;
  return Math.SQRT2 * (x < 0 ? -1 : 1) * Math.sqrt(-half + Math.sqrt(half * half - log / 0.147));
}

function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Softmax of the entries that are not 0 (within 1e-7); the others stay 0. */
function softmaxZero(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const isZero = (value: number): boolean => Math.abs(value) <= 1e-7;
  const powers = values.map((value) => (isZero(value) ? value * Math.exp(-largest) : Math.exp(value - largest)));
  const sum = powers.reduce((total, power, index) => (isZero(values[index] as number) ? total : total + power), 0);
  return powers.map((power) => power / sum);
}

const transforms: Readonly<Record<PostTransform, (values: readonly number[]) => number[]>> = {
  NONE: (values) => [...values],
  LOGISTIC: (values) => values.map(logistic),
  SOFTMAX: softmax,
  SOFTMAX_ZERO: softmaxZero,
  PROBIT: (values) => values.map(probit),
};

/** Scores of one row [target or class] from its margins. */
export function postTransform(ensemble: TreeEnsemble, margins: readonly number[]): number[] {
  const { postTransform: name, targets, oneClass } = ensemble;
  // the runtime applies no other transform to a single number
  if (!oneClass) return targets === 1 && name !== "PROBIT" ? [...margins] : transforms[name](margins);
  const margin = margins[0] as number;
  if (oneClass === "second") return transforms[name]([0, margin]);
  if (name === "PROBIT") throw new LexiscopeError("unsupported", "the probabilities of a binary classifier that weighs one class are not defined for post_transform PROBIT; use treeMargins", { phase: "model", node: ensemble.node });
  if (name === "LOGISTIC") return [logistic(-margin), logistic(margin)];
  return ensemble.weightsNonNegative ? [1 - margin, margin] : [-margin, margin];
}
