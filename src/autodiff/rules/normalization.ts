/**
 * Rules of operators that normalise along axes: softmax and layer normalisation in their forms.
 */
import type { Node } from "../../onnx/types.js";
import type { Emitter } from "../emitter.js";
import type { Rule, Site, Value } from "../rule.js";
import { sumTo } from "../unbroadcast.js";

/** The axes that softmax sums over: one since opset 13; before, everything from `axis` (default 1) on is flattened into one. */
function softmaxAxes(m: Emitter, node: Node, x: Value): number[] {
  const axis = m.axis(node, x, m.graph.opset >= 13 ? -1 : 1);
  return m.graph.opset >= 13 ? [axis] : Array.from({ length: m.rank(x) - axis }, (_, index) => axis + index);
}

/** dx = y (dy - Σ dy y). A fully masked row that the file guards to y = 0 gets 0. */
const softmax: Rule = ({ m, node, dy, x: [a], y }) => [() => {
  const axes = softmaxAxes(m, node, a);
  const overLast = axes.length === 1 && axes[0] === m.rank(a) - 1;
  const sum = (overLast ? m.rowProduct(y, dy) : null) ?? m.reduceSum(m.mul(dy, y), axes, true);
  return m.mul(y, m.sub(dy, sum));
}];

/** dx = dy - exp(y) Σ dy */
const logSoftmax: Rule = ({ m, node, dy, x: [a], y }) => [() =>
  m.sub(dy, m.mul(m.exp(y), m.reduceSum(dy, softmaxAxes(m, node, a), true)))];

/** Mean and 1/√(variance + ε), kept axes: outputs of the node where it has or can have them, else in two passes. */
function moments({ m, node, x: [a] }: Site, axes: readonly number[]): { centred: Value; inverse: Value } {
  const native = (value: Value): Value => (m.dtype(a) === "float32" ? value : m.cast(value, m.dtype(a))); // statistics are float32
  const statistics = m.statistics(node);
  if (statistics) return { centred: m.sub(a, native(statistics.mean)), inverse: native(statistics.inverse) };
  const centred = m.sub(a, m.reduceMean(a, axes));
  return { centred, inverse: inverseRoot(m, centred, axes, m.float(node, "epsilon", 1e-5)) };
}

/** 1/√(mean v² + ε) */
function inverseRoot(m: Emitter, v: Value, axes: readonly number[], epsilon: number): Value {
  return m.reciprocal(m.sqrt(m.affine(m.reduceMean(m.square(v), axes), 1, epsilon)));
}

function normalizedAxes(m: Emitter, node: Node, a: Value): number[] {
  const axis = m.axis(node, a, -1);
  return Array.from({ length: m.rank(a) - axis }, (_, index) => axis + index);
}

/** y = x̂ γ + β, x̂ = (x - mean)·inv: dx = inv (g - mean g - x̂ mean(g x̂)), g = dy γ */
function layerNorm(site: Site, dy: Value, gamma: Value, beta: Value, normalized: () => { hat: Value; inverse: Value }, axes: readonly number[], centres: boolean): [() => Value, () => Value, () => Value] {
  const { m, x: [a] } = site;
  return [
    () => {
      const { hat, inverse } = normalized();
      const g = gamma ? m.mul(dy, gamma) : dy;
      const along = m.mul(hat, m.reduceMean(m.mul(g, hat), axes));
      return m.mul(inverse, m.sub(centres ? m.sub(g, m.reduceMean(g, axes)) : g, along));
    },
    () => sumTo(m, m.mul(dy, normalized().hat), m.shape(a), gamma, [m.shape(a)]),
    () => sumTo(m, dy, m.shape(a), beta, [m.shape(a)]),
  ];
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const layerNormalization: Rule = (site) => {
  const { m, node, dy, x: [a, gamma, beta] } = site;
  const axes = normalizedAxes(m, node, a);
  const normalized = once(() => {
    const { centred, inverse } = moments(site, axes);
    return { hat: m.mul(centred, inverse), inverse };
  });
  return layerNorm(site, dy, gamma, beta, normalized, axes, true);
};

/** y = x γ/√(mean x² + ε). Its statistics are recomputed: on WebGPU the operator's second output is wrong without an error. */
const rmsNormalization: Rule = (site) => {
  const { m, node, dy, x: [a, gamma] } = site;
  const axes = normalizedAxes(m, node, a);
  const normalized = once(() => {
    const inverse = inverseRoot(m, a, axes, m.float(node, "epsilon", 1e-5));
    return { hat: m.mul(a, inverse), inverse };
  });
  return layerNorm(site, dy, gamma, "", normalized, axes, false).slice(0, 2);
};

/** norm(s), s = x + skip + bias, with s as a fourth output: both operands get norm's cotangent plus that of s. */
const skipped = (rms: boolean): Rule => (site) => {
  const { m, node, dy, dys, x } = site;
  const [a, skip, gamma] = x;
  const beta = rms ? "" : x[3], bias = rms ? x[3] : x[4];
  const axes = [m.rank(a) - 1];
  const sum = once(() => node.outputs[3] || [skip, bias].filter((term) => term !== "").reduce((total, term) => m.add(total, term), a));
  const normalized = once(() => {
    const centred = rms ? sum() : m.sub(sum(), m.reduceMean(sum(), axes));
    const inverse = inverseRoot(m, centred, axes, m.float(node, "epsilon", 1e-12));
    return { hat: m.mul(centred, inverse), inverse };
  });
  const [dNorm, dGamma, dBeta] = layerNorm(site, dy, gamma, beta, normalized, axes, !rms);
  const dSum = once(() => (dys[3] ? (dys[0] ? m.add(dNorm(), dys[3]) : dys[3]) : dNorm()));
  const dSkip = (): Value => sumTo(m, dSum(), m.shape(a), skip, [m.shape(a)]);
  const dBias = (): Value => sumTo(m, dSum(), m.shape(a), bias, [m.shape(a)]);
  return rms ? [dSum, dSkip, dGamma, dBias] : [dSum, dSkip, dGamma, dBeta, dBias];
};

/** With stored statistics: dx = dy γ/√(variance + ε), one number a channel. */
const batchNormalization: Rule = ({ m, node, dy, x: [a, gamma, , , variance] }) => [() => {
  const factor = m.div(gamma, m.sqrt(m.affine(variance, 1, m.float(node, "epsilon", 1e-5)))); // [channel]
  return m.mul(dy, m.unsqueeze(factor, Array.from({ length: Math.max(m.rank(a) - 2, 0) }, (_, axis) => axis + 1)));
}];

export const normalization = {
  BatchNormalization: batchNormalization,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  SimplifiedLayerNormalization: rmsNormalization, // in the standard domain, though no standard has it
  "com.microsoft.SkipLayerNormalization": skipped(false),
  "com.microsoft.SkipSimplifiedLayerNormalization": skipped(true),
} satisfies Record<string, Rule>;
