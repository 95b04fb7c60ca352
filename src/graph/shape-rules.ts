/**
 * How an operator's output shape follows from its inputs: the rules that the table in inference.ts refers to. A rule says
 * what is known and null or undefined for what is not; it never throws for a node that the runtime would refuse.
 * Source: the operator specifications of ONNX, opset 1–24.
 */
import { dtypeOf } from "../onnx/dtypes.js";
import type { Dim } from "../onnx/types.js";
import type { DType } from "../tensor/tensor.js";
import { type Shape, addDims, broadcastDim, broadcastDims, divideProducts, isStatic, multiplyDims, unknownShape } from "./dims.js";
import type { NodeView } from "./view.js";

/** What is inferred of one output. */
export interface ValueType {
  readonly dtype: DType | undefined;
  readonly shape: Shape | undefined;
}

/** Types of the outputs, in order; missing ones are not known. */
export type Rule = (view: NodeView) => readonly ValueType[];

export const value = (dtype: DType | undefined, shape: Shape | undefined): ValueType => ({ dtype, shape });

/** Axis from the front, or undefined when the axis is outside. */
export function axisOf(axis: number, rank: number): number | undefined {
  const front = axis < 0 ? axis + rank : axis;
  return front >= 0 && front < rank ? front : undefined;
}

export const replaced = (shape: Shape, axis: number, dim: Dim): Dim[] => shape.map((own, index) => (index === axis ? dim : own));

export const same: Rule = (view) => [value(view.dtype(), view.shape())];
export const sameShape = (dtype: DType): Rule => (view) => [value(dtype, view.shape())];
export const broadcast: Rule = (view) => [value(view.dtype() ?? view.dtype(1), broadcastDims(...view.inputs.map((input) => input.shape)))];
export const compare: Rule = (view) => [value("bool", broadcastDims(view.shape(0), view.shape(1)))];
export const firstShape = (dtype: (view: NodeView) => DType | undefined): Rule => (view) => [value(dtype(view), view.shape())];

export function reducedShape(view: NodeView, axes: readonly number[] | undefined, keep: boolean): Shape | undefined {
  const shape = view.shape();
  if (!shape) return undefined;
  if (!axes && view.has(1)) {
    const count = view.shape(1)?.[0];
    return keep ? unknownShape(shape.length) : typeof count === "number" && count > 0 && count <= shape.length ? unknownShape(shape.length - count) : undefined;
  }
  if (!axes || axes.length === 0) {
    if (view.int("noop_with_empty_axes", 0) === 1) return shape;
    return keep ? shape.map(() => 1) : [];
  }
  const gone = new Set(axes.map((axis) => axisOf(axis, shape.length)));
  return keep ? shape.map((dim, axis) => (gone.has(axis) ? 1 : dim)) : shape.filter((_, axis) => !gone.has(axis));
}

export const reduce: Rule = (view) => [value(view.dtype(), reducedShape(view, view.intsOrInput("axes", 1), view.int("keepdims", 1) === 1))];
export const argReduce: Rule = (view) => [value("int64", reducedShape(view, [view.int("axis", 0)], view.int("keepdims", 1) === 1))];

export function matMulShape(left: Shape | undefined, right: Shape | undefined): Shape | undefined {
  if (!left || !right || left.length === 0 || right.length === 0) return undefined;
  const rows = left.length > 1 ? [left[left.length - 2]!] : [];
  const columns = right.length > 1 ? [right[right.length - 1]!] : [];
  return [...broadcastDims(left.slice(0, -2), right.slice(0, -2))!, ...rows, ...columns];
}

export const swapLast = (shape: Shape | undefined, swap: boolean): Shape | undefined =>
  swap && shape && shape.length >= 2 ? [...shape.slice(0, -2), shape[shape.length - 1]!, shape[shape.length - 2]!] : shape;

export const matMul = (dtype: (view: NodeView) => DType | undefined): Rule => (view) => [value(dtype(view), matMulShape(view.shape(0), view.shape(1)))];

export const gemm: Rule = (view) => {
  const left = swapLast(view.shape(0), view.int("transA", 0) === 1);
  const right = swapLast(view.shape(1), view.int("transB", 0) === 1);
  return [value(view.dtype(), left || right ? [left?.[0] ?? null, right?.[1] ?? null] : [null, null])];
};

/** Outputs of a normalisation with saved statistics: the result, then mean and inverse deviation over the axes from `axis` on. */
export const normalization: Rule = (view) => {
  const shape = view.shape();
  const start = shape && axisOf(view.int("axis", -1), shape.length);
  const statistics = value("float32", start === undefined ? undefined : shape!.map((dim, axis) => (axis < start ? dim : 1)));
  return [value(view.dtype(), shape), statistics, statistics];
};

/** com.microsoft Skip…Normalization: result, mean, inverse deviation, and the sum that was normalised. */
export const skipNormalization: Rule = (view) => {
  const shape = view.shape() ?? view.shape(1);
  const statistics = value("float32", shape && replaced(shape, shape.length - 1, 1));
  return [value(view.dtype(), shape), statistics, statistics, value(view.dtype(), shape)];
};

export function gatherShape(data: Shape | undefined, indices: Shape | undefined, axis: number): Shape | undefined {
  const front = data && axisOf(axis, data.length);
  return front === undefined || !indices ? undefined : [...data!.slice(0, front), ...indices, ...data!.slice(front + 1)];
}

/** A shape given by a tensor: its elements, or at least as many unknowns as it has. */
export function shapeFrom(view: NodeView, input: number): Shape | undefined {
  const items = view.items(input);
  if (items) return items.map((item) => (typeof item === "number" && item < 0 ? null : item));
  const count = view.shape(input)?.[0];
  return typeof count === "number" && count <= 64 ? unknownShape(count) : undefined;
}

export const reshape: Rule = (view) => {
  const target = view.ints("shape") ?? view.items(1) ?? shapeFrom(view, 1);
  const from = view.shape();
  if (!target) return [value(view.dtype(), undefined)];
  const shape: Dim[] = target.map((dim, axis) => (dim === 0 && view.int("allowzero", 0) === 0 ? (from?.[axis] ?? null) : dim));
  const free = shape.indexOf(-1);
  if (free >= 0) shape[free] = from ? divideProducts(from, shape.filter((_, axis) => axis !== free)) : null;
  else if (from && shape.filter((dim) => dim === null).length === 1) {
    const open = shape.indexOf(null);
    shape[open] = divideProducts(from, shape.filter((_, axis) => axis !== open));
  }
  return [value(view.dtype(), shape.map((dim) => (typeof dim === "number" && dim < 0 ? null : dim)))];
};

export const transpose: Rule = (view) => {
  const shape = view.shape();
  const permutation = view.ints("perm") ?? shape?.map((_, axis) => shape.length - 1 - axis);
  return [value(view.dtype(), shape ? permutation!.map((axis) => shape[axis] ?? null) : permutation && unknownShape(permutation.length))];
};

export const flatten: Rule = (view) => {
  const shape = view.shape();
  if (!shape) return [value(view.dtype(), [null, null])];
  const axis = view.int("axis", 1);
  const cut = axis < 0 ? axis + shape.length : axis;
  return [value(view.dtype(), [shape.slice(0, cut), shape.slice(cut)].map((part) => part.reduce<Dim>(multiplyDims, 1)))];
};

export const squeeze: Rule = (view) => {
  const shape = view.shape();
  const axes = view.intsOrInput("axes", 1);
  if (!shape) return [value(view.dtype(), undefined)];
  if (axes) {
    const gone = new Set(axes.map((axis) => axisOf(axis, shape.length)));
    return [value(view.dtype(), shape.filter((_, axis) => !gone.has(axis)))];
  }
  if (view.has(1)) {
    const count = view.shape(1)?.[0];
    return [value(view.dtype(), typeof count === "number" && count <= shape.length ? unknownShape(shape.length - count) : undefined)];
  }
  return [value(view.dtype(), isStatic(shape) ? shape.filter((dim) => dim !== 1) : undefined)];
};

export const unsqueeze: Rule = (view) => {
  const shape = view.shape();
  const axes = view.intsOrInput("axes", 1);
  const count = axes?.length ?? view.shape(1)?.[0];
  if (!shape || typeof count !== "number" || count > 64) return [value(view.dtype(), undefined)];
  const rank = shape.length + count;
  if (!axes) return [value(view.dtype(), unknownShape(rank))];
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  let next = 0;
  return [value(view.dtype(), Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (shape[next++] ?? null))))];
};

/** Length of dim[start:end:step]; names survive when the whole axis is taken. */
export function slicedDim(dim: Dim, start: Dim | undefined, end: Dim | undefined, step: number | undefined): Dim {
  if (step === undefined) return null;
  if (step === 1 && start === 0 && end !== null && (end === dim || (typeof end === "number" && end >= 2 ** 31 - 1))) return dim;
  if (typeof dim !== "number") {
    // [0, n) of an axis that may be shorter than n is not known; [-1:] of an axis that has elements is one element.
    return step === 1 && typeof start === "number" && start === -1 && typeof end === "number" && end >= 2 ** 31 - 1 ? 1 : null;
  }
  // table[0 : n] of a stored table, n a length: a table of more than one row that is shorter than the text fails in the run, wherever its part meets the text
  if (start === 0 && step === 1 && typeof end === "string" && dim > 1) return end;
  if (typeof start !== "number" || typeof end !== "number" || step === 0) return null;
  const [low, high] = sliceRange(dim, start, end, step);
  return Math.max(0, Math.ceil((high - low) / step));
}

/** First index and end (exclusive, on the far side for negative steps) after ONNX clamping. */
export function sliceRange(extent: number, start: number, end: number, step: number): [number, number] {
  const front = (at: number): number => (at < 0 ? at + extent : at);
  const clamp = (at: number, low: number, high: number): number => Math.min(Math.max(at, low), high);
  return step > 0 ? [clamp(front(start), 0, extent), clamp(front(end), 0, extent)] : [clamp(front(start), 0, extent - 1), clamp(front(end), -1, extent - 1)];
}

export const slice: Rule = (view) => {
  const shape = view.shape();
  if (!shape) return [value(view.dtype(), undefined)];
  const starts = view.ints("starts") ?? view.items(1);
  const ends = view.ints("ends") ?? view.items(2);
  const count = starts?.length ?? ends?.length ?? view.shape(1)?.[0];
  const axes = view.ints("axes") ?? (view.has(3) ? view.numbers(3) : Array.from({ length: typeof count === "number" ? Math.min(count, shape.length) : 0 }, (_, axis) => axis));
  if (!axes) return [value(view.dtype(), unknownShape(shape.length))];
  const steps = view.has(4) ? view.numbers(4) : axes.map(() => 1);
  const result: Dim[] = [...shape];
  axes.forEach((axis, index) => {
    const front = axisOf(axis, shape.length);
    if (front !== undefined) result[front] = slicedDim(shape[front]!, starts?.[index], ends?.[index], steps?.[index]);
  });
  return [value(view.dtype(), result)];
};

export const split: Rule = (view) => {
  const shape = view.shape();
  const count = view.node.outputs.length;
  const axis = shape && axisOf(view.int("axis", 0), shape.length);
  if (!shape || axis === undefined) return view.node.outputs.map(() => value(view.dtype(), undefined));
  const whole = shape[axis]!;
  const equal = typeof whole === "number" ? Math.ceil(whole / count) : null;
  const sizes = view.ints("split") ?? (view.has(1) ? view.numbers(1) : undefined);
  return view.node.outputs.map((_, index) => {
    const last = equal !== null && index === count - 1 ? (whole as number) - equal * (count - 1) : equal;
    return value(view.dtype(), replaced(shape, axis, sizes ? (sizes[index] ?? null) : view.has(1) ? null : last));
  });
};

export const concat: Rule = (view) => {
  const shapes = view.inputs.map((input) => input.shape);
  const known = shapes.find((shape) => shape !== undefined);
  const axis = known && axisOf(view.int("axis", 1), known.length);
  if (!known || axis === undefined) return [value(view.dtype(), undefined)];
  const result = known.map((_, index) => {
    const dims = shapes.map((shape) => shape?.[index] ?? null);
    if (index === axis) return dims.reduce(addDims, 0);
    return dims.find((dim) => typeof dim === "number") ?? dims.find((dim) => dim !== null) ?? null;
  });
  return [value(view.inputs.find((input) => input.dtype)?.dtype, result)];
};

export const gatherND: Rule = (view) => {
  const [data, indices] = [view.shape(0), view.shape(1)];
  const depth = indices?.[indices.length - 1];
  if (!data || !indices || typeof depth !== "number") return [value(view.dtype(), undefined)];
  return [value(view.dtype(), [...indices.slice(0, -1), ...data.slice(view.int("batch_dims", 0) + depth)])];
};

export const pad: Rule = (view) => {
  const shape = view.shape();
  if (!shape) return [value(view.dtype(), undefined)];
  const pads = view.ints("pads") ?? view.ints("paddings") ?? view.items(1);
  const axes = view.has(3) ? view.numbers(3) : shape.map((_, axis) => axis);
  if (!pads || !axes || pads.length !== 2 * axes.length) return [value(view.dtype(), unknownShape(shape.length))];
  const result: Dim[] = [...shape];
  axes.forEach((axis, index) => {
    const front = axisOf(axis, shape.length);
    if (front !== undefined) result[front] = addDims(shape[front]!, addDims(pads[index]!, pads[index + axes.length]!));
  });
  return [value(view.dtype(), result)];
};

export const range: Rule = (view) => {
  const [start, limit, delta] = [view.items(0)?.[0], view.items(1)?.[0], view.items(2)?.[0]];
  let length: Dim = null;
  if (typeof start === "number" && typeof limit === "number" && typeof delta === "number" && delta !== 0) length = Math.max(0, Math.ceil((limit - start) / delta));
  else if (start === 0 && delta === 1) length = limit ?? null;
  return [value(view.dtype() ?? view.dtype(1), [length])];
};

export const constantOfShape: Rule = (view) => {
  const attribute = view.node.attributes.get("value");
  return [value(attribute?.type === "tensor" ? attribute.value.dtype : "float32", shapeFrom(view, 0))];
};

export const expand: Rule = (view) => {
  const shape = view.shape();
  const target = shapeFrom(view, 1);
  if (!shape && !target) return [value(view.dtype(), undefined)];
  return [value(view.dtype(), broadcastDims(shape, target))];
};

export const tile: Rule = (view) => {
  const shape = view.shape();
  const repeats = view.items(1);
  return [value(view.dtype(), shape?.map((dim, axis) => multiplyDims(dim, repeats?.[axis] ?? null)))];
};

export const einsum: Rule = (view) => {
  const [left = "", right] = view.string("equation", "").replaceAll(" ", "").split("->");
  const sizes = new Map<string, Dim>();
  let dots: Dim[] = [];
  const terms = left.split(",");
  for (const [input, term] of terms.entries()) {
    const shape = view.shape(input);
    if (!shape) {
      if (term.includes("...")) return [value(view.dtype(), undefined)];
      continue;
    }
    const [front = "", back = ""] = term.split("...");
    const middle = term.includes("...") ? shape.slice(front.length, shape.length - back.length) : [];
    dots = broadcastDims(dots, middle)!;
    const letters: readonly [string, Dim][] = [...[...front].map((letter, axis): [string, Dim] => [letter, shape[axis] ?? null]), ...[...back].map((letter, axis): [string, Dim] => [letter, shape[shape.length - back.length + axis] ?? null])];
    for (const [letter, dim] of letters) sizes.set(letter, broadcastDim(sizes.get(letter) ?? 1, dim));
  }
  const all = [...left.replaceAll("...", "").replaceAll(",", "")];
  const implicit = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort().join("");
  const output = right ?? (left.includes("...") ? "..." : "") + implicit;
  const [front = "", back = ""] = output.split("...");
  const dims = (letters: string): Dim[] => [...letters].map((letter) => sizes.get(letter) ?? null);
  return [value(view.dtype(), [...dims(front), ...(output.includes("...") ? dots : []), ...dims(back)])];
};

export const shapeOf: Rule = (view) => {
  const rank = view.shape()?.length;
  if (rank === undefined) return [value("int64", [null])];
  const [low, high] = sliceRange(rank, view.int("start", 0), view.int("end", rank), 1);
  return [value("int64", [Math.max(0, high - low)])];
};

export const topK: Rule = (view) => {
  const shape = view.shape();
  const axis = shape && axisOf(view.int("axis", -1), shape.length);
  const count = view.node.attributes.has("k") ? view.int("k", 0) : (view.items(1)?.[0] ?? null);
  const result = axis === undefined ? undefined : replaced(shape!, axis, count);
  return [value(view.dtype(), result), value("int64", result)];
};

export const oneHot: Rule = (view) => {
  const shape = view.shape();
  if (!shape) return [value(view.dtype(2), undefined)];
  const rank = shape.length + 1;
  const axis = axisOf(view.int("axis", -1), rank) ?? rank - 1;
  return [value(view.dtype(2), [...shape.slice(0, axis), view.items(1)?.[0] ?? null, ...shape.slice(axis)])];
};

export const constant: Rule = (view) => {
  const { attributes } = view.node;
  const whole = attributes.get("value");
  if (whole?.type === "tensor") return [value(whole.value.dtype, whole.value.shape)];
  for (const [name, dtype] of [["float", "float32"], ["int", "int64"], ["string", "string"]] as const) {
    const one = attributes.get(`value_${name}`);
    if (one) return [value(dtype, [])];
    const many = attributes.get(`value_${name}s`);
    if (many && Array.isArray(many.value)) return [value(dtype, [many.value.length])];
  }
  return [value(undefined, undefined)];
};

/** How far a window gets along the axes after the first two. */
function windowed(view: NodeView, data: Shape, kernel: readonly Dim[]): Dim[] {
  return data.slice(2).map((dim, axis) => {
    const size = view.ints("kernel_shape")?.[axis] ?? kernel[axis];
    const stride = view.ints("strides")?.[axis] ?? 1;
    const dilation = view.ints("dilations")?.[axis] ?? 1;
    const pads = view.ints("pads");
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + data.length - 2] ?? 0);
    if (typeof size !== "number") return null;
    const auto = view.string("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) return stride === 1 ? dim : typeof dim === "number" ? Math.ceil(dim / stride) : null;
    const reach = dilation * (size - 1) - (auto === "VALID" ? 0 : padding);
    if (typeof dim !== "number") return stride === 1 && reach === 0 ? dim : null;
    return (view.int("ceil_mode", 0) === 1 ? Math.ceil : Math.floor)((dim - reach - 1) / stride) + 1;
  });
}

export const convolution = (dtype: (view: NodeView) => DType | undefined): Rule => (view) => {
  const [data, weight] = [view.shape(0), view.shape(1)];
  if (!data || !weight) return [value(dtype(view), data && unknownShape(data.length))];
  return [value(dtype(view), [data[0]!, weight[0]!, ...windowed(view, data, weight.slice(2))])];
};

/** MaxPool also tells where the winners are. */
export const pool: Rule = (view) => {
  const data = view.shape();
  const shape = data && [...data.slice(0, 2), ...windowed(view, data, [])];
  return [value(view.dtype(), shape), value("int64", shape)];
};

export const globalPool: Rule = (view) => [value(view.dtype(), view.shape()?.map((dim, axis) => (axis < 2 ? dim : 1)))];

/** com.microsoft GatherBlockQuantized: uint8 data holds two 4-bit elements a byte along its last axis. */
export const gatherBlockQuantized: Rule = (view) => {
  const data = view.shape();
  const packed = view.dtype() === "uint8" && view.int("bits", 4) === 4;
  const whole = data && packed ? replaced(data, data.length - 1, multiplyDims(2, data[data.length - 1]!)) : data;
  return [value(view.dtype(2), gatherShape(whole, view.shape(1), view.int("gather_axis", 0)))];
};

export const cast = (view: NodeView): DType | undefined => (view.node.attributes.has("to") ? dtypeOf(view.int("to", 0)) : undefined);
export const scaleType = (input: number) => (view: NodeView): DType | undefined => (view.int("output_dtype", 0) > 0 ? dtypeOf(view.int("output_dtype", 0)) : view.dtype(input));
export const quantizedType = (view: NodeView): DType | undefined => (view.has(2) ? view.dtype(2) : view.int("output_dtype", 0) > 0 ? dtypeOf(view.int("output_dtype", 0)) : "uint8");
