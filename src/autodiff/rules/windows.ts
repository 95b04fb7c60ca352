/**
 * Rules of windows that are moved along an axis: convolutions with a stored kernel, as some encoders have beside attention, and pooling.
 * The way back is the transposed convolution. Where a window moves by several places the input's last elements may be read by none, and how
 * many is known in the run only: the result is filled up behind and cut to the input's length.
 */
import { intAttribute, intsAttribute, stringAttribute } from "../../onnx/attributes.js";
import type { AttributeLiterals } from "../../onnx/attributes.js";
import type { Graph } from "../../graph/graph.js";
import type { Node } from "../../onnx/types.js";
import { float32 } from "../../tensor/tensor.js";
import type { Emitter } from "../emitter.js";
import { expandLike, extent, type Extent, plus, reshapeLike, runtimeExtent, shapeValue, times } from "../extents.js";
import type { Rule, Site, Value } from "../rule.js";

/** Of the axes after the first two. */
const spatial = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, at) => at + 2);

interface Window { readonly strides: readonly number[]; readonly dilations: readonly number[]; readonly kernel: readonly number[]; readonly pads: readonly number[] }

function windowOf(node: Node, rank: number, kernel: readonly number[]): Window {
  const ones = new Array<number>(rank - 2).fill(1);
  const dilations = intsAttribute(node, "dilations", ones);
  const auto = stringAttribute(node, "auto_pad", "NOTSET");
  const own = intsAttribute(node, "pads", new Array<number>(2 * (rank - 2)).fill(0));
  const reach = kernel.map((size, at) => dilations[at]! * (size - 1)); // SAME with strides of 1: output as long as input
  const begins = reach.map((total) => (auto === "SAME_LOWER" ? Math.ceil(total / 2) : Math.floor(total / 2)));
  const pads = auto.startsWith("SAME") ? [...begins, ...reach.map((total, at) => total - begins[at]!)] : auto === "VALID" ? own.map(() => 0) : own;
  return { strides: intsAttribute(node, "strides", ones), dilations, kernel, pads };
}

/** The transposed convolution of g, cut to the length of the input `a`. */
function transposed(m: Emitter, g: Value, kernel: Value, a: Value, { strides, dilations, pads }: Window, group: number): Value {
  const attributes: AttributeLiterals = { strides: { ints: strides }, dilations: { ints: dilations }, group: { int: group } };
  if (strides.every((stride) => stride === 1)) return m.op("ConvTranspose", [g, kernel], { ...attributes, pads: { ints: pads } });
  const rank = m.rank(a);
  const whole = m.op("ConvTranspose", [g, kernel], attributes);
  const longer = m.pad(whole, m.integersConstant([...new Array<number>(rank + 2).fill(0), ...strides.map((stride) => stride - 1)]));
  const axes = spatial(rank);
  const ends = axes.map((axis, at): Extent => plus(m, extent(m, a, axis), pads[at]!));
  return m.slice(longer, m.integersConstant(pads.slice(0, rank - 2)), shapeValue(m, ends), axes);
}

/** dx is the transposed convolution of dy with the same kernel. x: [batch, channel, ..], kernel: [out, channel / group, ..] */
const conv: Rule = ({ m, node, dy, x: [a, kernel] }) => [() => {
  const window = windowOf(node, m.rank(a), m.shape(kernel).slice(2) as number[]);
  return transposed(m, dy, kernel, a, window, intAttribute(node, "group", 1));
}];

/** The mean of a window: each of its elements gets the same share. */
const averagePool: Rule = ({ m, node, dy, x: [a] }) => [() => {
  const rank = m.rank(a);
  const window = windowOf(node, rank, intsAttribute(node, "kernel_shape", []));
  const size = window.kernel.reduce((product, extent) => product * extent, 1);
  const lengths = spatial(rank).map((axis) => extent(m, a, axis));
  const counted = intAttribute(node, "count_include_pad", 0) === 1 || window.pads.every((pad) => pad === 0);
  const share = (): Value => { // of a window that hangs over an end, only the elements that are there count
    const ones = m.expand(m.number(1, a), shapeValue(m, [1, 1, ...lengths]));
    return m.op("AveragePool", [ones], new Map([...node.attributes, ["count_include_pad", { type: "int", value: 1n }]]));
  };
  const each = m.scale(counted ? dy : m.div(dy, share()), 1 / size);
  const planes = m.reshape(each, shapeValue(m, [-1, 1, ...spatial(rank).map((axis) => runtimeExtent(m, dy, axis))])); // [batch · channel, 1, ..]
  const kernel = m.graph.emitConstant(float32(new Array<number>(size).fill(1), [1, 1, ...window.kernel]));
  return reshapeLike(m, transposed(m, planes, m.dtype(a) === "float32" ? kernel : m.cast(kernel, m.dtype(a)), a, window, 1), a);
}];

/** The element that won gets the cotangent; the operator itself says which, as places in the flattened input. */
const maxPool: Rule = ({ m, node, dy, x: [a] }) => [() => {
  const outputs = [m.graph.fresh("pooled"), m.graph.fresh("winners")];
  m.graph.emit("MaxPool", [a], { attributes: node.attributes, outputs });
  const flat = (value: Value): Value => m.reshape(value, m.integersConstant([-1]));
  const size = Array.from({ length: m.rank(a) }, (_, axis) => extent(m, a, axis)).reduce<Extent>((product, e) => times(m, product, e), 1);
  const zeros = m.expand(m.number(0, a), shapeValue(m, [size]));
  return reshapeLike(m, m.op("ScatterElements", [zeros, flat(outputs[1]!), flat(dy)], { axis: { int: 0 }, reduction: "add" }), a);
}];

const globalAveragePool: Rule = ({ m, dy, x: [a] }) => [() => {
  const count = spatial(m.rank(a)).map((axis) => extent(m, a, axis)).reduce<Extent>((product, e) => times(m, product, e), 1);
  return expandLike(m, m.div(dy, typeof count === "number" ? m.number(count, a) : m.cast(count, m.dtype(a))), a);
}];

/** Equal winners share, as ReduceMax's do. */
const globalMaxPool: Rule = ({ m, dy, x: [a], y }: Site) => [() => {
  const wins = m.indicator(m.equal(a, y), a);
  return m.mul(m.div(dy, m.reduceSum(wins, spatial(m.rank(a)), true)), wins);
}];

/** Why a window has no rule, or null. */
function windowRefusal(node: Node): string | null {
  const strided = intsAttribute(node, "strides", []).some((stride) => stride !== 1);
  if (strided && stringAttribute(node, "auto_pad", "NOTSET").startsWith("SAME")) return "padded by itself, with strides";
  return intAttribute(node, "ceil_mode", 0) === 1 ? "with windows that end behind the input (ceil_mode)" : null;
}

/** Why a convolution has no rule, or null. */
export function convolutionRefusal(node: Node, graph: Graph): string | null {
  const stored = node.inputs.slice(1, 3).every((input) => input === "" || graph.initializer(input) !== undefined || graph.constant(input) !== undefined);
  return windowRefusal(node) ?? (stored ? null : "its kernel is computed in the run");
}

export const averagePoolRefusal = windowRefusal;

/** Why a maximum over windows has no rule, or null. What scattering asks of the file is asked elsewhere. */
export function maxPoolRefusal(node: Node): string | null {
  return intAttribute(node, "storage_order", 0) === 1 ? "counts its winners by column" : null;
}

export const windows = { Conv: conv, AveragePool: averagePool, MaxPool: maxPool, GlobalAveragePool: globalAveragePool, GlobalMaxPool: globalMaxPool } satisfies Record<string, Rule>;
