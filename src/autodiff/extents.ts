/**
 * Shape arithmetic of a backward graph: an extent is a number where the file tells it, else an int64 value computed in the run. These
 * nodes are tiny and stay on the CPU. Two values whose axes carry one symbolic name share the extent, and it is read from a graph input
 * where one has it, so that no activation is kept alive for its shape.
 */
import { int64 } from "../tensor/tensor.js";
import type { Emitter } from "./emitter.js";
import type { Value } from "./rule.js";

/** A number, or the name of an int64 value of shape [1]. */
export type Extent = number | Value;

/** Extent of one axis of a value. */
export function extent(m: Emitter, value: Value, axis: number): Extent {
  const dim = m.shape(value)[axis] ?? null;
  if (typeof dim === "number") return dim;
  if (dim === null) return m.remember(`extent ${axis} of ${value}`, () => pick(m, value, axis));
  return m.remember(`extent "${dim}"`, () => {
    for (const input of m.graph.graphInputs) {
      const at = input.type?.shape?.indexOf(dim) ?? -1;
      if (at >= 0) return pick(m, input.name, at);
    }
    return pick(m, value, axis);
  });
}

export function extents(m: Emitter, value: Value): Extent[] {
  return Array.from({ length: m.rank(value) }, (_, axis) => extent(m, value, axis));
}

function pick(m: Emitter, value: Value, axis: number): Value {
  const shape = m.remember(`shape of ${value}`, () => m.op("Shape", [value]));
  return m.op("Gather", [shape, m.integersConstant([axis])], { axis: { int: 0 } }); // [1]
}

/** An extent of a cotangent, asked of the tensor itself: its inferred shape may carry the name of an operand that was stretched. */
export function runtimeExtent(m: Emitter, g: Value, axis: number): Extent {
  const dim = m.graph.shape(g)?.[axis];
  return typeof dim === "number" ? dim : m.remember(`runtime extent ${axis} of ${g}`, () => pick(m, g, axis));
}

/** An extent as an int64 value of shape [1]. */
export function asValue(m: Emitter, e: Extent): Value {
  return typeof e === "number" ? m.integersConstant([e]) : e;
}

function combine(m: Emitter, opType: "Add" | "Sub" | "Mul" | "Div", a: Extent, b: Extent): Value {
  return m.remember(`${opType} ${a} ${b}`, () => m.op(opType, [asValue(m, a), asValue(m, b)]));
}

export function plus(m: Emitter, a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a + b;
  return a === 0 ? b : b === 0 ? a : combine(m, "Add", a, b);
}

export function minus(m: Emitter, a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return b === 0 ? a : combine(m, "Sub", a, b);
}

export function times(m: Emitter, a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a * b;
  return a === 1 ? b : b === 1 ? a : combine(m, "Mul", a, b);
}

/** a / b where b divides a. An empty axis (b = 0) has a = 0 too and gives 0. */
export function over(m: Emitter, a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a / Math.max(b, 1);
  if (typeof b === "number") return b <= 1 ? a : combine(m, "Div", a, b);
  const zero = m.op("Equal", [b, m.integersConstant([0])]);
  return combine(m, "Div", a, m.where(zero, m.integersConstant([1]), b));
}

/** A 1-D int64 value with these entries. */
export function shapeValue(m: Emitter, entries: readonly Extent[]): Value {
  if (entries.every((entry) => typeof entry === "number")) return m.graph.emitConstant(int64(entries));
  const parts: Value[] = [];
  let run: number[] = [];
  const flush = (): void => {
    if (run.length > 0) parts.push(m.integersConstant(run));
    run = [];
  };
  for (const entry of entries) {
    if (typeof entry === "number") run.push(entry);
    else {
      flush();
      parts.push(entry);
    }
  }
  flush();
  return m.remember(`concat ${parts.join(" ")}`, () => m.concat(parts, 0));
}

/** The shape of a value, for Expand. */
export function shapeOf(m: Emitter, value: Value): Value {
  if (m.shape(value).some((dim) => dim === null)) return m.remember(`shape of ${value}`, () => m.op("Shape", [value]));
  return shapeValue(m, extents(m, value));
}

/** Reshapes g, which has as many elements as `like`, to the shape of `like`. */
export function reshapeLike(m: Emitter, g: Value, like: Value): Value {
  const dims = m.shape(like);
  const open = dims.filter((dim) => typeof dim !== "number").length;
  if (open <= 1 && !dims.includes(0)) return m.reshape(g, m.integersConstant(dims.map((dim) => (typeof dim === "number" ? dim : -1))));
  return m.reshape(g, shapeOf(m, like));
}

/** Copies g along axes of extent 1 to the shape of `like`. */
export function expandLike(m: Emitter, g: Value, like: Value): Value {
  return m.expand(g, shapeOf(m, like));
}

/** Zeros of the shape and type of a value. */
export function zerosLike(m: Emitter, value: Value): Value {
  return m.expand(m.number(0, value), shapeOf(m, value));
}
