/**
 * Another backward table for the same walk: layer-wise relevance propagation. With these rules the walk carries relevance ÷ value, so that
 * its result times the embeddings is the relevance of each token. Attention patterns and the deviations of norms are held constant, and an
 * activation hands its relevance on undivided (its slope is y/x); sums and products with weights need nothing, as their
 * gradient times input already is the ε-rule with ε → 0. What remains between the scores and the sum of relevances is what the biases say.
 * Source: Bach et al. 2015, doi:10.1371/journal.pone.0130140 (ε-rule); Ali et al. 2022, arXiv:2202.07304 (attention and norms held constant).
 */
import type { Emitter } from "./emitter.js";
import type { Rule, Value } from "./rule.js";

/** y/x, and 0 where x is 0 */
function chord(m: Emitter, x: Value, y: Value): Value {
  return m.div(y, m.where(m.equal(x, m.number(0, x)), m.number(1, x), x));
}

const held: Rule = ({ node }) => node.inputs.map(() => null);
const handedOn: Rule = ({ m, dy, x: [a], y }) => [() => m.mul(dy, chord(m, a, y))];
/** activation(x + b) */
const biased: Rule = ({ m, dy, x: [a, b], y }) => {
  const pullback = (): Value => m.mul(dy, chord(m, b ? m.add(a, b) : a, y));
  return [pullback, null];
};

/** y = (x - mean)·inv·γ + β with inv held: dx = inv·(g - mean g), g = dy γ; without the mean for RMS. */
const norm = (centres: boolean): Rule => (site) => {
  const { m, node, dy, x: [a, gamma] } = site;
  const axis = m.axis(node, a, -1);
  const axes = Array.from({ length: m.rank(a) - axis }, (_, index) => axis + index);
  return [() => {
    const centred = centres ? m.sub(a, m.reduceMean(a, axes)) : a;
    const inverse = m.reciprocal(m.sqrt(m.affine(m.reduceMean(m.square(centred), axes), 1, m.float(node, "epsilon", 1e-5))));
    const g = gamma ? m.mul(dy, gamma) : dy;
    return m.mul(inverse, centres ? m.sub(g, m.reduceMean(g, axes)) : g);
  }, null, null];
};

/** Stand in for the gradient's rules; every other operator keeps its own. */
export const relevanceRules: Readonly<Record<string, Rule>> = {
  Softmax: held,
  LayerNormalization: norm(true), RMSNormalization: norm(false), SimplifiedLayerNormalization: norm(false),
  Relu: handedOn, LeakyRelu: handedOn, Elu: handedOn, Gelu: handedOn, Swish: handedOn, Tanh: handedOn, Softplus: handedOn,
  "com.microsoft.Gelu": handedOn, "com.microsoft.QuickGelu": handedOn, "com.microsoft.BiasGelu": biased, "com.microsoft.FastGelu": biased,
};

/** Operators that multiply two values which both depend on the text: relevance would have to be shared between them, and no rule here says how. */
export const bilinear: ReadonlySet<string> = new Set(["Mul", "Div"]);
