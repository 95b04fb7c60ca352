/**
 * Undoes broadcasting: sums a cotangent over the axes along which the primal was repeated. Static where the shapes tell, and otherwise
 * in a form that is right whether or not the axis was broadcast in this run, at any opset, and stays on the GPU: an axis of extent s that
 * came from t ∈ {1, s} is split into [s/t, t] and summed over the first part.
 */
import type { Dim } from "../onnx/types.js";
import type { Emitter } from "./emitter.js";
import { type Extent, extent, over, runtimeExtent, shapeValue } from "./extents.js";
import type { Value } from "./rule.js";

/**
 * @param g cotangent
 * @param source extents of g
 * @param to the primal whose shape is wanted; broadcastable to g
 * @param others shapes of the other operands, aligned at the last axis: where none of them can have stretched an axis, none was stretched
 */
export function sumTo(m: Emitter, g: Value, source: readonly Dim[], to: Value, others: readonly (readonly Dim[])[]): Value {
  const target = m.shape(to);
  const lead = source.length - target.length;
  const sure: number[] = []; // axes of g that were stretched from extent 1
  const doubtful: number[] = []; // axes of g that may have been
  target.forEach((t, index) => {
    const axis = index + lead;
    const s = source[axis] ?? null;
    if (s === 1 || (typeof t === "number" && t !== 1)) return;
    if (t === 1) sure.push(axis);
    else if (!(t !== null && t === s) && !others.every((other) => stretchesNothing(other, source.length, axis))) doubtful.push(axis);
  });
  const leading = Array.from({ length: lead }, (_, axis) => axis);
  let sum = sure.length === 0 ? m.reduceSum(g, leading, false) : m.squeeze(m.reduceSum(g, [...leading, ...sure], true), leading);
  if (doubtful.length > 0) sum = foldDoubtful(m, sum, to, doubtful.map((axis) => axis - lead));
  return sum;
}

function stretchesNothing(other: readonly Dim[], rank: number, axis: number): boolean {
  const index = axis - (rank - other.length);
  return index < 0 || other[index] === 1;
}

function foldDoubtful(m: Emitter, g: Value, to: Value, axes: readonly number[]): Value {
  const split: Extent[] = [];
  const repeats: number[] = [];
  for (let axis = 0; axis < m.rank(to); axis++) {
    const t = extent(m, to, axis);
    if (axes.includes(axis)) {
      repeats.push(split.length);
      split.push(over(m, runtimeExtent(m, g, axis), t));
    }
    split.push(t);
  }
  return m.reduceSum(m.reshape(g, shapeValue(m, split)), repeats, false);
}
