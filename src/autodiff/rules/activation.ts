/**
 * Rules of activation functions. Each reads its input and, where the formula is shorter, its output; nothing in between, so that the
 * forward pass keeps the fusions that the runtime makes of it.
 */
import type { Rule, Value } from "../rule.js";
import type { Emitter } from "../emitter.js";

const tanhScale = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** d/dx x Φ(x) = Φ(x) + x φ(x) = (1 + erf d)/2 + d exp(-d²)/√π, d = x/√2. */
function geluSlope(m: Emitter, x: Value): Value {
  const d = m.scale(x, Math.SQRT1_2);
  const cdf = m.affine(m.erf(d), 0.5, 0.5);
  return m.add(cdf, m.mul(d, m.exp(m.sub(m.number(-0.5 * Math.log(Math.PI), x), m.square(d)))));
}

/** d/dx x (1 + t)/2 = (1 + t)/2 + x (1 - t²)/2 u', with t = tanh u, u = √(2/π) (x + 0.044715 x³). */
function tanhGeluSlope(m: Emitter, x: Value): Value {
  const squared = m.square(x);
  const t = m.tanh(m.mul(x, m.affine(squared, tanhScale * cubic, tanhScale)));
  const du = m.affine(squared, 3 * tanhScale * cubic, tanhScale);
  const second = m.mul(m.mul(x, m.affine(m.square(t), -0.5, 0.5)), du);
  return m.add(m.affine(t, 0.5, 0.5), second);
}

/** d/dx x σ(αx) = s + α x s (1 - s), with s = σ(αx). */
function swishSlope(m: Emitter, x: Value, alpha: number): Value {
  const s = m.sigmoid(m.scale(x, alpha));
  return m.add(s, m.mul(m.scale(x, alpha), m.mul(s, m.affine(s, -1, 1))));
}

const positive = (m: Emitter, x: Value): Value => m.greater(x, m.number(0, x));

/** d/dx x tanh(softplus x) = t + x σ(x) (1 - t²), with t = tanh(softplus x). */
function mishSlope(m: Emitter, x: Value): Value {
  const t = m.tanh(m.op("Softplus", [x]));
  return m.add(t, m.mul(m.mul(x, m.sigmoid(x)), m.affine(m.square(t), -1, 1)));
}

/** dy times a slope where low < a < high, else 0. */
const within = (m: Emitter, a: Value, low: number, high: number, dy: Value): Value =>
  m.where(m.greater(a, m.number(low, a)), m.where(m.less(a, m.number(high, a)), dy, m.number(0, dy)), m.number(0, dy));

/** gelu(x + b), b left out or a vector: both get the same cotangent. */
const biased = (slope: (m: Emitter, x: Value) => Value): Rule => ({ m, dy, y, x: [a, b] }) => {
  const cotangent = (): Value => m.remember(`slope of ${y}`, () => m.mul(dy, slope(m, b ? m.add(a, b) : a)));
  return [cotangent, cotangent];
};

export const activation = {
  Erf: ({ m, dy, x: [a] }) => [() => m.mul(dy, m.scale(m.exp(m.neg(m.square(a))), 2 / Math.sqrt(Math.PI)))], // 2/√π exp(-a²)
  Tanh: ({ m, dy, y }) => [() => m.mul(dy, m.affine(m.square(y), -1, 1))], // 1 - y²
  Sigmoid: ({ m, dy, y }) => [() => m.mul(dy, m.mul(y, m.affine(y, -1, 1)))], // y (1 - y)
  Softplus: ({ m, dy, x: [a] }) => [() => m.mul(dy, m.sigmoid(a))],
  Relu: ({ m, dy, x: [a] }) => [() => m.where(positive(m, a), dy, m.number(0, dy))],
  LeakyRelu: ({ m, node, dy, x: [a] }) => [() => m.where(positive(m, a), dy, m.scale(dy, m.float(node, "alpha", 0.01)))],
  Elu: ({ m, node, dy, x: [a], y }) => [() => m.where(positive(m, a), dy, m.mul(dy, m.affine(y, 1, m.float(node, "alpha", 1))))], // α eᵃ = y + α
  Selu: ({ m, node, dy, x: [a], y }) => [() => { // γ; γ α eᵃ = y + γ α
    const alpha = m.float(node, "alpha", 1.67326319217681884765625), gamma = m.float(node, "gamma", 1.05070102214813232421875);
    return m.mul(dy, m.where(positive(m, a), m.number(gamma, a), m.affine(y, 1, gamma * alpha)));
  }],
  Celu: ({ m, node, dy, x: [a] }) => [() => m.where(positive(m, a), dy, m.mul(dy, m.exp(m.scale(a, 1 / m.float(node, "alpha", 1)))))], // e^(a/α)
  ThresholdedRelu: ({ m, node, dy, x: [a] }) => [() => m.where(m.greater(a, m.number(m.float(node, "alpha", 1), a)), dy, m.number(0, dy))],
  PRelu: ({ m, dy, x: [a, slope] }) => [() => m.where(positive(m, a), dy, m.mul(dy, slope))],
  HardSigmoid: ({ m, node, dy, y }) => [() => within(m, y, 0, 1, m.scale(dy, m.float(node, "alpha", 0.2)))], // α where α a + β is between 0 and 1
  HardSwish: ({ m, dy, x: [a] }) => [() => m.mul(dy, m.where(m.greater(a, m.number(3, a)), m.number(1, a), within(m, a, -3, 3, m.affine(a, 1 / 3, 0.5))))], // a/3 + ½
  Mish: ({ m, dy, x: [a] }) => [() => m.mul(dy, mishSlope(m, a))],
  Softsign: ({ m, dy, y }) => [() => m.mul(dy, m.square(m.affine(m.op("Abs", [y]), -1, 1)))], // (1 - |y|)²
  Gelu: ({ m, node, dy, x: [a] }) => [() => m.mul(dy, m.string(node, "approximate", "none") === "tanh" ? tanhGeluSlope(m, a) : geluSlope(m, a))],
  Swish: ({ m, node, dy, x: [a] }) => [() => m.mul(dy, swishSlope(m, a, m.float(node, "alpha", 1)))],
  "com.microsoft.Gelu": ({ m, dy, x: [a] }) => [() => m.mul(dy, geluSlope(m, a))],
  "com.microsoft.BiasGelu": biased(geluSlope),
  "com.microsoft.FastGelu": biased(tanhGeluSlope),
  "com.microsoft.QuickGelu": ({ m, node, dy, x: [a] }) => [() => m.mul(dy, swishSlope(m, a, m.float(node, "alpha", 1.702)))],
} satisfies Record<string, Rule>;
