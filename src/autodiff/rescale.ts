/**
 * Another backward table for the same walk: DeepLift's rescale rule. The graph runs on a batch whose first half is the input and whose second half
 * the baseline; an elementwise nonlinearity hands on Δout ÷ Δin of the two halves, or its slope where they hardly differ. Softmax is treated as Captum
 * treats it: the same quotient, less the mean of what comes out over the whole tensor, or by its gradient. Everything else keeps the gradient's rule at its own row:
 * exact for linear maps, an approximation for products of two activations (attention, gates) and for norms. Not a gradient: Σ multiplier·(x − x') need
 * not be f(x) − f(x') where there are such products, and whoever asks must say by how much it is not.
 * Source: Shrikumar et al. 2017, arXiv:1704.02685.
 */
import type { Graph } from "../graph/graph.js";
import { batchAxes } from "./batch-axis.js";
import type { Emitter } from "./emitter.js";
import { operatorName } from "./operators.js";
import { gradientPath } from "./path.js";
import type { Rule, Site, Value } from "./rule.js";
import { activation } from "./rules/activation.js";
import { elementwise } from "./rules/elementwise.js";
import { normalization } from "./rules/normalization.js";

export type SoftmaxRescaling = "captum" | "gradient";

/** Changes of at most this size count as none: there float32's rounding weighs more in Δout ÷ Δin than the curvature does in the slope. */
const LEAST = 2 ** -11;

/** The two halves of a value along its batch: input, baseline. */
function halves(m: Emitter, value: Value, axis: number): [Value, Value] {
  return m.graph.emit("Split", [value], { outputs: 2, attributes: { axis: { int: axis }, ...(m.graph.opset >= 18 && { num_outputs: { int: 2 } }) } }) as [Value, Value];
}

function change(m: Emitter, value: Value, axis: number): Value {
  return m.remember(`change of ${value}`, () => m.sub(...halves(m, value, axis)));
}

/** `gradient` where the halves of x hardly differ, elsewhere dy·Δy ÷ Δx; also where a mask makes the change NaN. */
function quotient({ m, dy, x: [a], y }: Site, axis: number, gradient: Value): Value {
  const [moved, changed] = [change(m, a, axis), change(m, y, axis)]; // [half]
  const far = m.greater(m.square(moved), m.number(LEAST ** 2, a));
  const ratio = m.div(changed, m.where(far, moved, m.number(1, a)));
  const [dys, slopes] = [halves(m, dy, axis), halves(m, gradient, axis)];
  return m.concat([0, 1].map((half) => m.where(far, m.mul(dys[half]!, ratio), slopes[half]!)), axis);
}

/** The rule's first input by the quotient. */
const rescaled = (rule: Rule, axisOf: (value: Value) => number, after: (site: Site, found: Value) => Value = (_, found) => found): Rule => (site) => {
  const [first = null, ...rest] = rule(site);
  return [first && (() => after(site, quotient(site, axisOf(site.y), first()))), ...rest];
};

const lessMean = ({ m, y }: Site, found: Value): Value => m.sub(found, m.reduceMean(found, [...Array(m.rank(y)).keys()]));

const nonlinear = {
  ...activation,
  Exp: elementwise.Exp, Log: elementwise.Log, Sqrt: elementwise.Sqrt, Reciprocal: elementwise.Reciprocal, Sin: elementwise.Sin, Cos: elementwise.Cos, Abs: elementwise.Abs, Clip: elementwise.Clip,
} as const satisfies Record<string, Rule>;

/** The table for one graph, or why it cannot be carried out there: a nonlinearity whose value has the batch in no axis of its own. */
export function rescaleRules(graph: Graph, of: Value, wrt: Value, softmax: SoftmaxRescaling): Readonly<Record<string, Rule>> | string {
  const { nodes } = gradientPath(graph, of, wrt);
  const axes = batchAxes(graph, nodes, wrt);
  const named = new Set([...Object.keys(nonlinear), "Pow", ...(softmax === "captum" ? ["Softmax"] : [])]);
  const lost = nodes.find((node) => named.has(operatorName(node)) && axes.get(node.outputs[0] as Value) == null);
  if (lost) return `no rescale rule: at ${operatorName(lost)} (node "${lost.name || lost.outputs[0]!}") it is not known where the texts of a batch stand`;
  const axisOf = (value: Value): number => axes.get(value)!;
  return {
    ...Object.fromEntries(Object.entries(nonlinear).map(([name, rule]) => [name, rescaled(rule, axisOf)])),
    Pow: (site) => (site.m.fixed(site.x[1]) ? rescaled(elementwise.Pow, axisOf) : elementwise.Pow)(site),
    ...(softmax === "captum" && { Softmax: rescaled(normalization.Softmax, axisOf, lessMean) }),
  };
}
