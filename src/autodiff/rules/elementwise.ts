/**
 * Rules of elementwise arithmetic. Cotangents may come out in the shape of the output: the walk sums them down to each input.
 */
import type { Rule, Value } from "../rule.js";

/** Powers that need no Pow; the exponent is a constant in nearly every file. */
const pow: Rule = ({ m, dy, x: [a, b], y }) => {
  const exponent = m.graph.scalar(b);
  const power = (): Value => (m.dtype(b) === m.dtype(a) ? b : m.cast(b, m.dtype(a)));
  return [
    () => {
      if (exponent === 2) return m.mul(dy, m.scale(a, 2));
      if (exponent === 3) return m.mul(dy, m.scale(m.square(a), 3));
      if (exponent === 0.5) return m.mul(dy, m.div(m.number(0.5, a), y));
      if (exponent !== undefined) return m.mul(dy, m.scale(m.pow(a, m.number(exponent - 1, a)), exponent));
      return m.mul(dy, m.mul(power(), m.pow(a, m.affine(power(), 1, -1))));
    },
    // log a only where it is real, as for 0^b
    () => m.mul(dy, m.mul(y, m.log(m.where(m.greater(a, m.number(0, a)), a, m.number(1, a))))),
  ];
};

/** The winner takes the cotangent; a tie is shared evenly, as in PyTorch. */
const extremum: Rule = ({ m, node, dy, y }) => {
  const wins = node.inputs.map((input) => () => m.remember(`wins ${input} ${y}`, () => m.indicator(m.equal(input, y), dy)));
  const share = () => m.remember(`share ${y}`, () => m.div(dy, wins.map((win) => win()).reduce((a, b) => m.add(a, b))));
  return wins.map((win) => () => m.mul(share(), win()));
};

const clip: Rule = ({ m, node, x: [a, low, high], dy }) => [() => {
  const bound = (input: string, attribute: string): string | null =>
    node.attributes.has(attribute) ? m.number(m.float(node, attribute, 0), a) : input || null;
  const min = bound(low, "min"), max = bound(high, "max");
  const zero = m.number(0, a);
  const above = min === null ? dy : m.where(m.less(a, min), zero, dy);
  return max === null ? above : m.where(m.greater(a, max), zero, above);
}];

export const elementwise = {
  Identity: ({ dy }) => [() => dy],
  Add: ({ dy }) => [() => dy, () => dy], // y = a + b
  Sum: ({ node, dy }) => node.inputs.map(() => () => dy), // y = a + b + …
  Mean: ({ m, node, dy }) => node.inputs.map(() => () => m.remember(`share of ${dy}`, () => m.scale(dy, 1 / node.inputs.length))),
  Sub: ({ m, dy }) => [() => dy, () => m.neg(dy)], // y = a - b
  Mul: ({ m, dy, x: [a, b] }) => [() => m.mul(dy, b), () => m.mul(dy, a)], // y = a b
  Div: ({ m, dy, x: [, b], y }) => [() => m.div(dy, b), () => m.neg(m.div(m.mul(dy, y), b))], // ∂/∂b = -a/b² = -y/b
  Pow: pow, // y = a^b: b a^(b-1), y ln a
  Neg: ({ m, dy }) => [() => m.neg(dy)],
  Abs: ({ m, dy, x: [a] }) => [() => { // dy sign a
    const zero = m.number(0, a);
    return m.mul(dy, m.sub(m.indicator(m.greater(a, zero), a), m.indicator(m.less(a, zero), a)));
  }],
  Sqrt: ({ m, dy, y }) => [() => m.div(m.scale(dy, 0.5), y)], // 1/(2y)
  Reciprocal: ({ m, dy, y }) => [() => m.neg(m.mul(dy, m.square(y)))], // -y²
  Exp: ({ m, dy, y }) => [() => m.mul(dy, y)],
  Log: ({ m, dy, x: [a] }) => [() => m.div(dy, a)],
  Sin: ({ m, dy, x: [a] }) => [() => m.mul(dy, m.cos(a))],
  Cos: ({ m, dy, x: [a] }) => [() => m.neg(m.mul(dy, m.sin(a)))],
  Max: extremum,
  Min: extremum,
  Clip: clip, // dy where min ≤ a ≤ max
  Where: ({ m, dy, x: [condition] }) => [ // no cotangent into the condition
    null,
    () => m.where(condition, dy, m.number(0, dy)),
    () => m.where(condition, m.number(0, dy), dy),
  ],
  Cast: ({ m, dy, x: [a], y }) => [() => (m.dtype(a) === m.dtype(y) ? dy : m.cast(dy, m.dtype(a)))], // float to float; others stop the walk
  Dropout: ({ dy }) => [() => dy], // inference: the identity
} satisfies Record<string, Rule>;
