/**
 * Rules of reductions along axes, and of running sums. A reduction's cotangent is put back on its axes and copied along them.
 */
import type { Emitter } from "../emitter.js";
import { expandLike, extent, type Extent, times } from "../extents.js";
import type { Node } from "../../onnx/types.js";
import type { Rule, Value } from "../rule.js";

/** The axes that a reduction runs over, counted from the front. */
function reducedAxes(m: Emitter, node: Node): number[] {
  const rank = m.rank(node.inputs[0] as Value);
  const axes = m.integers(node, "axes", 1) ?? [];
  if (axes.length === 0) return m.int(node, "noop_with_empty_axes", 0) ? [] : [...Array(rank).keys()];
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

/** A value of the reduction's output shape, with the reduced axes put back as extents of 1. */
function restored(m: Emitter, node: Node, value: Value): Value {
  return m.int(node, "keepdims", 1) ? value : m.unsqueeze(value, reducedAxes(m, node));
}

/** Number of elements that one output element sums, in the element type of x. */
function count(m: Emitter, node: Node, x: Value): Value {
  const total = reducedAxes(m, node).map((axis) => extent(m, x, axis)).reduce<Extent>((product, e) => times(m, product, e), 1);
  return typeof total === "number" ? m.number(total, x) : m.cast(total, m.dtype(x)); // [] or [1]
}

/** The extreme elements share the cotangent evenly, as in PyTorch. */
const extremum: Rule = ({ m, node, dy, x: [a], y }) => [() => {
  const wins = m.indicator(m.equal(a, restored(m, node, y)), a);
  return m.mul(m.div(restored(m, node, dy), m.reduceSum(wins, reducedAxes(m, node), true)), wins);
}];

export const reduction = {
  ReduceSum: ({ m, node, dy, x: [a] }) => [() => expandLike(m, restored(m, node, dy), a)],
  ReduceMean: ({ m, node, dy, x: [a] }) => [() => expandLike(m, m.div(restored(m, node, dy), count(m, node, a)), a)],
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceSumSquare: ({ m, node, dy, x: [a] }) => [() => m.mul(m.scale(a, 2), restored(m, node, dy))],
  ReduceL2: ({ m, node, dy, x: [a], y }) => [() => m.mul(a, m.div(restored(m, node, dy), restored(m, node, y)))], // a/y
  ReduceLogSumExp: ({ m, node, dy, x: [a], y }) => [() => m.mul(m.exp(m.sub(a, restored(m, node, y))), restored(m, node, dy))],
  ReduceL1: ({ m, node, dy, x: [a] }) => [() => { // sign a
    const zero = m.number(0, a);
    return m.mul(m.sub(m.indicator(m.greater(a, zero), a), m.indicator(m.less(a, zero), a)), restored(m, node, dy));
  }],
  CumSum: ({ m, node, dy, x: [, axis] }) => [() => m.op("CumSum", [dy, axis], { // the other way round
    exclusive: { int: m.int(node, "exclusive", 0) },
    reverse: { int: 1 - m.int(node, "reverse", 0) },
  })],
} satisfies Record<string, Rule>;
