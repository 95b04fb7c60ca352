/**
 * Arithmetic of static shapes: strides, broadcasting, axes. Not for symbolic dimensions (see graph/dims.ts) and not for data.
 */
import { LexiscopeError } from "../base/errors.js";

/** Row-major strides in elements; the last axis has stride 1. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * Strides that read a tensor of `shape` as if it had the shape `target`: 0 on every axis that is repeated.
 * @throws bad-input when `shape` does not broadcast to `target`
 */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  const lead = target.length - shape.length;
  const fits = lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === target[axis + lead]);
  if (!fits) throw new LexiscopeError("bad-input", `shape [${shape.join(", ")}] does not broadcast to [${target.join(", ")}]`);
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : own[axis - lead]!));
}

/**
 * The common shape of NumPy-style broadcasting (ONNX "multidirectional").
 * @throws bad-input when two extents differ and neither is 1
 */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let extent = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === extent) continue;
      if (extent !== 1) throw new LexiscopeError("bad-input", `shapes do not broadcast: ${shapes.map((each) => `[${each.join(", ")}]`).join(" and ")}`);
      extent = own;
    }
    return extent;
  });
}

/**
 * A non-negative axis; -1 is the last one.
 * @throws bad-input when outside [-rank, rank)
 */
export function normalizeAxis(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) throw new LexiscopeError("bad-input", `axis ${axis} is outside a tensor of rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}
