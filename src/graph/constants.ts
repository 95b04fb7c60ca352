/**
 * Values known without running: one row an operator that computes the elements of its output from known elements. An element
 * may also be the name of a dimension, or unknown: Concat(Shape(x)[0], -1, 8) is ["batch", -1, 8]. This is what tells the
 * shape behind a computed Reshape. Not an evaluator of models: floats are folded only for small constants.
 */
import type { Dim } from "../onnx/types.js";
import { broadcastStrides, stridesOf } from "../tensor/shape.js";
import { type DType, sizeOf } from "../tensor/tensor.js";
import { type Shape, isStatic } from "./dims.js";
import { sliceRange } from "./shape-rules.js";
import { type Item, type NodeView, isInteger, itemsOf, maxItems, roundTo } from "./view.js";
import { tensorData } from "../onnx/tensor-data.js";

/** Elements of the (only) output, row-major, for its static shape; undefined where nothing is known. */
type Fold = (view: NodeView, shape: readonly number[]) => readonly Item[] | undefined;

/** Integers of a small vector of which nothing is known still have a place in a shape. */
function itemsOrUnknown(view: NodeView, input: number): readonly Item[] | undefined {
  const { items, dtype, shape } = view.input(input);
  if (items) return items;
  return isInteger(dtype) && isStatic(shape) && sizeOf(shape) <= 64 ? new Array<Item>(sizeOf(shape)).fill(null) : undefined;
}

/** The inputs' elements side by side, broadcast to `shape`. */
function elementwise(combine: (elements: Item[], view: NodeView) => Item): Fold {
  return (view, shape) => {
    const columns: (readonly Item[])[] = [];
    for (let input = 0; input < view.node.inputs.length; input++) {
      const own = view.shape(input);
      const items = itemsOrUnknown(view, input);
      if (!items || !isStatic(own)) return undefined;
      columns.push(pick(items, shape, broadcastStrides(own, shape)));
    }
    return Array.from({ length: sizeOf(shape) }, (_, index) => combine(columns.map((column) => column[index]!), view));
  };
}

/** Reads `items` at sum(position · stride) + start for every position of `shape`. */
function pick(items: readonly Item[], shape: readonly number[], strides: readonly number[], start = 0): Item[] {
  const own = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    let at = start;
    for (let axis = 0; axis < shape.length; axis++) at += (Math.floor(index / own[axis]!) % shape[axis]!) * strides[axis]!;
    return items[at] ?? null;
  });
}

/** A result as its type stores it; integers that a number cannot hold are not known. */
function computed(dtype: DType | undefined, result: number): Item {
  return isInteger(dtype) && Math.abs(result) > Number.MAX_SAFE_INTEGER ? null : roundTo(dtype, result);
}

type Numeric = (left: number, right: number, dtype: DType | undefined) => number;

/** Arithmetic of numbers; `special` says what holds for names as well. */
const binary = (compute: Numeric, special?: (left: Item, right: Item) => Item | undefined): Fold =>
  elementwise(([left, right], view) => {
    const known = special?.(left!, right!);
    if (known !== undefined) return known;
    return typeof left === "number" && typeof right === "number" ? computed(view.dtype(), compute(left, right, view.dtype())) : null;
  });

const unary = (compute: (value: number) => number): Fold => elementwise(([item], view) => (typeof item === "number" ? computed(view.dtype(), compute(item)) : null));

const divide: Numeric = (left, right, dtype) => (isInteger(dtype) ? (right === 0 ? NaN : Math.trunc(left / right)) : left / right);

/** A name stands for a length, which is never negative. */
const isName = (item: Item): item is string => typeof item === "string";
const sameName = (left: Item, right: Item): boolean => isName(left) && left === right;
const isNegative = (item: Item): boolean => typeof item === "number" && item < 0;

const compare = (test: (left: number, right: number) => boolean, special?: (left: Item, right: Item) => Item | undefined): Fold => binary((left, right) => Number(test(left, right)), special);

const extreme = (choose: (left: number, right: number) => number): Fold =>
  elementwise((items) => items.reduce((best, item) => (best === item ? best : typeof best === "number" && typeof item === "number" ? choose(best, item) : null)));

/** The same elements in another shape. */
const relabel: Fold = (view) => view.items(0);

const cast: Fold = (view) => {
  const items = view.items(0);
  const to = view.int("to", 0);
  const isBool = to === 9;
  const isFloat = [1, 10, 11, 16].includes(to);
  return items?.map((item) => (typeof item !== "number" ? (isBool ? null : item) : isBool ? Number(item !== 0) : isFloat ? roundTo(to === 1 ? "float32" : to === 10 ? "float16" : to === 16 ? "bfloat16" : "float64", item) : Math.trunc(item)));
};

const shapeOf: Fold = (view) => {
  const shape = view.shape();
  if (!shape) return undefined;
  const [low, high] = sliceRange(shape.length, view.int("start", 0), view.int("end", shape.length), 1);
  return shape.slice(low, Math.max(low, high));
};

const gather: Fold = (view, shape) => {
  const [items, data, indices, chosen] = [view.items(0), view.shape(0), view.shape(1), view.numbers(1)];
  if (!items || !isStatic(data) || !isStatic(indices) || !chosen) return undefined;
  const axis = view.int("axis", 0) < 0 ? view.int("axis", 0) + data.length : view.int("axis", 0);
  const extent = data[axis] ?? 1;
  const inner = sizeOf(data.slice(axis + 1));
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    const within = index % inner;
    const place = Math.floor(index / inner) % chosen.length;
    const outer = Math.floor(index / inner / chosen.length);
    const row = chosen[place]! < 0 ? chosen[place]! + extent : chosen[place]!;
    return items[(outer * extent + row) * inner + within] ?? null;
  });
};

const concat: Fold = (view, shape) => {
  const axis = view.int("axis", 0) < 0 ? view.int("axis", 0) + shape.length : view.int("axis", 0);
  const parts = view.inputs.map((input, index) => ({ items: itemsOrUnknown(view, index), shape: input.shape }));
  const outer = sizeOf(shape.slice(0, axis));
  const result: Item[] = [];
  for (let block = 0; block < outer; block++) {
    for (const part of parts) {
      if (!part.items || !isStatic(part.shape)) return undefined;
      const length = sizeOf(part.shape.slice(axis));
      for (let index = 0; index < length; index++) result.push(part.items[block * length + index]!);
    }
  }
  return result;
};

const slice: Fold = (view, shape) => {
  const [items, data] = [view.items(0), view.shape(0)];
  const starts = view.intsOrInput("starts", 1);
  const ends = view.intsOrInput("ends", 2);
  if (!items || !isStatic(data) || !starts || !ends) return undefined;
  const axes = view.has(3) || view.ints("axes") ? view.intsOrInput("axes", 3) : starts.map((_, axis) => axis);
  const steps = view.has(4) ? view.numbers(4) : starts.map(() => 1);
  if (!axes || !steps) return undefined;
  const strides = stridesOf(data);
  let origin = 0;
  axes.forEach((given, index) => {
    const axis = given < 0 ? given + data.length : given;
    const [low] = sliceRange(data[axis]!, starts[index]!, ends[index]!, steps[index]!);
    origin += low * strides[axis]!;
    strides[axis]! *= steps[index]!;
  });
  return pick(items, shape, strides, origin);
};

const transpose: Fold = (view, shape) => {
  const [items, data] = [view.items(0), view.shape(0)];
  if (!items || !isStatic(data)) return undefined;
  const strides = stridesOf(data);
  const permutation = view.ints("perm") ?? data.map((_, axis) => data.length - 1 - axis);
  return pick(items, shape, permutation.map((axis) => strides[axis]!));
};

const expand: Fold = (view, shape) => {
  const [items, data] = [view.items(0), view.shape(0)];
  return items && isStatic(data) ? pick(items, shape, broadcastStrides(data, shape)) : undefined;
};

const constantOfShape: Fold = (view, shape) => {
  const attribute = view.node.attributes.get("value");
  const fill = attribute?.type === "tensor" ? itemsOf(tensorData(attribute.value))[0] : 0;
  return new Array<Item>(sizeOf(shape)).fill(fill ?? null);
};

const range: Fold = (view, shape) => {
  const [start, delta] = [view.numbers(0)?.[0], view.numbers(2)?.[0]];
  return start === undefined || delta === undefined ? undefined : Array.from({ length: shape[0]! }, (_, index) => roundTo(view.dtype(), start + index * delta));
};

const constant: Fold = (view) => {
  const { attributes } = view.node;
  const whole = attributes.get("value");
  if (whole?.type === "tensor") return whole.value.raw && whole.value.dtype !== "string" ? itemsOf(tensorData(whole.value)) : undefined;
  const given = (attributes.get("value_float") ?? attributes.get("value_floats") ?? attributes.get("value_int") ?? attributes.get("value_ints"))?.value;
  if (given === undefined) return undefined;
  return (Array.isArray(given) ? given : [given]).map(Number);
};

const size: Fold = (view) => {
  const shape = view.shape();
  return shape && [shape.reduce<Dim>((product, dim) => (product === 1 ? dim : dim === 1 ? product : typeof product === "number" && typeof dim === "number" ? product * dim : null), 1)];
};

const reduce = (combine: (left: number, right: number) => number): Fold => (view, shape) => {
  const items = view.numbers(0);
  return items && items.length > 0 && sizeOf(shape) === 1 ? [roundTo(view.dtype(), items.reduce(combine))] : undefined;
};

/** By ONNX name, domain ai.onnx. */
export const folds: Readonly<Record<string, Fold>> = {
  Abs: unary(Math.abs), Ceil: unary(Math.ceil), Cos: unary(Math.cos), Exp: unary(Math.exp), Floor: unary(Math.floor), Log: unary(Math.log), Neg: unary((value) => -value), Reciprocal: unary((value) => 1 / value), Sin: unary(Math.sin), Sqrt: unary(Math.sqrt), Tanh: unary(Math.tanh),
  Not: unary((value) => Number(value === 0)),
  Add: binary((left, right) => left + right, (left, right) => (left === 0 ? right : right === 0 ? left : undefined)),
  Sub: binary((left, right) => left - right, (left, right) => (right === 0 ? left : sameName(left, right) ? 0 : undefined)),
  Mul: binary((left, right) => left * right, (left, right) => (left === 1 ? right : right === 1 ? left : left === 0 && isName(right) ? 0 : right === 0 && isName(left) ? 0 : undefined)),
  Div: binary(divide, (left, right) => (right === 1 ? left : undefined)),
  Mod: binary((left, right) => (right === 0 ? NaN : left - right * Math.floor(left / right))),
  Pow: binary((left, right) => left ** right),
  Equal: compare((left, right) => left === right, (left, right) => (sameName(left, right) ? 1 : (isName(left) && isNegative(right)) || (isName(right) && isNegative(left)) ? 0 : undefined)),
  Greater: compare((left, right) => left > right, (left, right) => (isName(left) && isNegative(right) ? 1 : undefined)),
  GreaterOrEqual: compare((left, right) => left >= right, (left, right) => (isName(left) && (isNegative(right) || right === 0) ? 1 : undefined)),
  Less: compare((left, right) => left < right, (left, right) => (isName(left) && (isNegative(right) || right === 0) ? 0 : undefined)),
  LessOrEqual: compare((left, right) => left <= right, (left, right) => (isName(left) && isNegative(right) ? 0 : undefined)),
  And: compare((left, right) => left !== 0 && right !== 0, (left, right) => (left === 0 || right === 0 ? 0 : undefined)),
  Or: compare((left, right) => left !== 0 || right !== 0, (left, right) => (left === 1 || right === 1 ? 1 : undefined)),
  Max: extreme(Math.max), Min: extreme(Math.min),
  Where: elementwise(([condition, yes, no]) => (condition === 0 ? no! : typeof condition === "number" ? yes! : yes === no ? yes! : null)),
  ReduceProd: reduce((left, right) => left * right), ReduceSum: reduce((left, right) => left + right), ReduceMax: reduce(Math.max), ReduceMin: reduce(Math.min),
  Identity: relabel, Flatten: relabel, Reshape: relabel, Squeeze: relabel, Unsqueeze: relabel, Cast: cast,
  Concat: concat, Expand: expand, Gather: gather, Slice: slice, Transpose: transpose,
  Constant: constant, ConstantOfShape: constantOfShape, Range: range, Shape: shapeOf, Size: size,
};

/**
 * Elements of a node's first output, given its inferred shape; undefined where nothing is known of any of them.
 * Never throws for a malformed node: what cannot be computed is not known.
 */
export function foldNode(view: NodeView, shape: Shape | undefined, dtype: DType | undefined): readonly Item[] | undefined {
  const { opType, domain } = view.node;
  if (domain !== "" || !Object.hasOwn(folds, opType) || !isStatic(shape) || sizeOf(shape) > maxItems) return undefined;
  const items = folds[opType]!(view, shape);
  if (!items || items.length !== sizeOf(shape)) return undefined;
  // An integer that came out as none (division by zero, a cast of infinity) is not known.
  const clean = isInteger(dtype) ? items.map((item) => (typeof item === "number" && !Number.isInteger(item) ? null : item)) : items;
  return clean.length === 0 || clean.some((item) => item !== null) ? clean : undefined;
}
