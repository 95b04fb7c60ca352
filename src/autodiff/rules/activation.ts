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
  Gelu: ({ m, node, dy, x: [a] }) => [() => m.mul(dy, m.string(node, "approximate", "none") === "tanh" ? tanhGeluSlope(m, a) : geluSlope(m, a))],
  Swish: ({ m, node, dy, x: [a] }) => [() => m.mul(dy, swishSlope(m, a, m.float(node, "alpha", 1)))],
  "com.microsoft.Gelu": ({ m, dy, x: [a] }) => [() => m.mul(dy, geluSlope(m, a))],
  "com.microsoft.BiasGelu": biased(geluSlope),
  "com.microsoft.FastGelu": biased(tanhGeluSlope),
  "com.microsoft.QuickGelu": ({ m, node, dy, x: [a] }) => [() => m.mul(dy, swishSlope(m, a, m.float(node, "alpha", 1.702)))],
} satisfies Record<string, Rule>;
