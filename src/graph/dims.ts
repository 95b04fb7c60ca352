/**
 * Arithmetic of symbolic shapes: numbers, names and unknowns. Sound, not complete: what cannot be said is null.
 * A negative number in a file means "not known", as some exporters write -1.
 */
import type { Dim } from "../onnx/types.js";

export type Shape = readonly Dim[];

/** A shape in which every axis is a number. */
export function isStatic(shape: Shape | undefined): shape is readonly number[] {
  return shape !== undefined && shape.every((dim) => typeof dim === "number");
}

/** A dimension as a file says it: negative numbers are unknown. */
export function cleanDim(dim: Dim): Dim {
  return typeof dim === "number" && dim < 0 ? null : dim;
}

/** `count` unknown axes. */
export function unknownShape(rank: number): Dim[] {
  return new Array<Dim>(rank).fill(null);
}

/** One axis of a broadcast result. Equal names stay; a number above 1 wins, since the other can only be equal to it or 1. */
export function broadcastDim(left: Dim, right: Dim): Dim {
  if (left === 1) return right;
  if (right === 1 || left === right) return left;
  if (typeof left === "number") return left;
  if (typeof right === "number") return right;
  return null;
}

/** NumPy-style broadcasting; undefined as soon as one rank is unknown. */
export function broadcastDims(...shapes: readonly (Shape | undefined)[]): Dim[] | undefined {
  let result: Dim[] = [];
  for (const shape of shapes) {
    if (!shape) return undefined;
    const rank = Math.max(result.length, shape.length);
    const before = result;
    result = Array.from({ length: rank }, (_, axis) => broadcastDim(before[axis - rank + before.length] ?? lead(axis, rank, before), shape[axis - rank + shape.length] ?? lead(axis, rank, shape)));
  }
  return result;
}

/** 1 where a shape has no such axis, null where it has one and does not know it. */
function lead(axis: number, rank: number, shape: Shape): Dim {
  return axis < rank - shape.length ? 1 : null;
}

/** What two descriptions of one axis say together; the first is believed when they differ. */
export function mergeDim(first: Dim, second: Dim): Dim {
  if (typeof first === "number") return first;
  if (typeof second === "number") return second;
  return first ?? second;
}

/** What two descriptions of one shape say together. */
export function mergeShapes(first: Shape | undefined, second: Shape | undefined): Shape | undefined {
  if (!first || !second || first.length !== second.length) return first ?? second;
  return first.map((dim, axis) => mergeDim(dim, second[axis]!));
}

/** Dimensions that both branches of a condition have; null where they differ. */
export function commonShape(first: Shape | undefined, second: Shape | undefined): Shape | undefined {
  if (!first || !second || first.length !== second.length) return undefined;
  return first.map((dim, axis) => (dim === second[axis] ? dim : null));
}

/** `left + right`, where it can be said. */
export function addDims(left: Dim, right: Dim): Dim {
  if (left === 0) return right;
  if (right === 0) return left;
  return typeof left === "number" && typeof right === "number" ? left + right : null;
}

/** `left · right`, where it can be said. */
export function multiplyDims(left: Dim, right: Dim): Dim {
  if (left === 1) return right;
  if (right === 1) return left;
  return typeof left === "number" && typeof right === "number" ? left * right : null;
}

/** "4·batch": a length that is a multiple of a named one, as where a batch and its heads become one axis. */
const MULTIPLE = /^(\d+)·(.+)$/s;

/** The factors of a product of dimensions; null where one is unknown. */
function factorsOf(dims: Shape): { number: number; names: string[] } | null {
  let number = 1;
  const names: string[] = [];
  for (const dim of dims) {
    if (dim === null) return null;
    const multiple = typeof dim === "string" ? MULTIPLE.exec(dim) : null;
    number *= typeof dim === "number" ? dim : multiple ? Number(multiple[1]) : 1;
    if (typeof dim === "string") names.push(multiple ? multiple[2]! : dim);
  }
  return { number, names };
}

/**
 * The quotient of two products of dimensions after cancelling equal names: [b, s, 384] over [b, s, 32] is 12, [b, 4, s] over [s] is "4·b".
 * Null where something unknown is left on either side, or names below the line.
 */
export function divideProducts(numerator: Shape, denominator: Shape): Dim {
  const below = factorsOf(denominator);
  const above = factorsOf(numerator);
  if (below === null || above === null || below.number === 0) return null;
  const names = [...above.names];
  for (const name of below.names) {
    const at = names.indexOf(name);
    if (at < 0) return null;
    names.splice(at, 1);
  }
  const number = above.number / below.number;
  if (!Number.isInteger(number)) return null;
  if (names.length === 0) return number;
  return names.length > 1 ? null : number === 1 ? names[0]! : `${number}·${names[0]!}`;
}
