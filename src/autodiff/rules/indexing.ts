/**
 * Rules of lookups: the cotangent is added back at the places that were read. The indices have none.
 */
import { extent, type Extent, minus, plus, shapeValue, times, zerosLike } from "../extents.js";
import type { Emitter } from "../emitter.js";
import type { Rule, Site, Value } from "../rule.js";

/** One constant index: zeros before and behind. */
function padded({ m, dy, x: [a, indices] }: Site, axis: number, index: number): Value {
  const rank = m.rank(a);
  const whole = extent(m, a, axis);
  const begins: Extent[] = new Array<Extent>(rank).fill(0), ends: Extent[] = new Array<Extent>(rank).fill(0);
  begins[axis] = index < 0 ? plus(m, whole, index) : index;
  ends[axis] = index < 0 ? -index - 1 : minus(m, whole, index + 1);
  const one = m.rank(indices) === 0 ? m.unsqueeze(dy, [axis]) : m.rank(indices) === 1 ? dy : undefined;
  return m.pad(one ?? m.squeeze(dy, Array.from({ length: m.rank(indices) - 1 }, (_, at) => axis + at)), shapeValue(m, [...begins, ...ends]));
}

/** Indices as numbers from the front, float32, in this shape. float32 holds them exactly up to 2^24. */
function counted(m: Emitter, indices: Value, whole: Extent, shape: readonly Extent[]): Value {
  const ids = m.cast(m.reshape(indices, shapeValue(m, shape)), "float32");
  return m.where(m.less(ids, m.number(0, ids)), m.add(ids, m.cast(shapeValue(m, [whole]), "float32")), ids);
}

/** 0, 1, … whole - 1 as float32 [whole] */
function positions(m: Emitter, whole: Extent): Value {
  if (typeof whole === "number") return m.op("Cast", [m.integersConstant([...Array(whole).keys()])], { to: { int: 1 } });
  return m.op("Range", [m.number(0, ""), m.squeeze(m.cast(whole, "float32"), [0]), m.number(1, "")]);
}

/** y = a[.., indices, ..]: a one-hot matrix [whole, n] times dy as [.., n, behind]; indices that occur twice add up. */
const gather: Rule = (site) => [() => {
  const { m, node, dy, x: [a, indices] } = site;
  const axis = m.axis(node, a, 0);
  const index = m.graph.scalar(indices);
  if (index !== undefined) return padded(site, axis, index);
  const whole = extent(m, a, axis);
  const product = (value: Value, from: number, to: number): Extent =>
    Array.from({ length: to - from }, (_, at) => extent(m, value, from + at)).reduce<Extent>((total, e) => times(m, total, e), 1);
  const behind = product(a, axis + 1, m.rank(a));
  const before = Array.from({ length: axis }, (_, at) => extent(m, a, at));
  const n = product(indices, 0, m.rank(indices));
  const ids = counted(m, indices, whole, [1, n]); // [1, n]
  const oneHot = m.indicator(m.equal(m.unsqueeze(positions(m, whole), [1]), ids), dy); // [whole, n]
  const summed = m.matmul(oneHot, m.reshape(dy, shapeValue(m, [...before, n, behind]))); // [.., whole, behind]
  return m.reshape(summed, shapeValue(m, [...before, whole, ...Array.from({ length: m.rank(a) - axis - 1 }, (_, at) => extent(m, a, axis + 1 + at))]));
}];

/** y[.., i, ..] = a[.., indices[.., i, ..], ..]: scattered back, adding (opset 16 and later). */
const gatherElements: Rule = ({ m, node, dy, x: [a, indices] }) => [() =>
  m.op("ScatterElements", [zerosLike(m, a), indices, dy], { axis: { int: m.int(node, "axis", 0) }, reduction: "add" })];

/** y = a[indices as coordinates]: scattered back, adding (opset 16 and later). */
const gatherND: Rule = ({ m, dy, x: [a, indices] }) => [() =>
  m.op("ScatterND", [zerosLike(m, a), indices, dy], { reduction: "add" })];

/** The largest values: each cotangent goes back to where its value stood; no place is taken twice. */
const topK: Rule = ({ m, node, dy, x: [a] }) => [() =>
  m.op("ScatterElements", [zerosLike(m, a), node.outputs[1]!, dy], { axis: { int: m.int(node, "axis", -1) } })];

/** Values written over, or added to, what stands at computed places: what is written over has no cotangent there. */
const scatter = (opType: "ScatterElements" | "ScatterND", read: "GatherElements" | "GatherND"): Rule => ({ m, node, dy, x: [, indices, updates] }) => {
  const along = opType === "ScatterElements" ? { axis: { int: m.int(node, "axis", 0) } } : {};
  return [
    () => (m.string(node, "reduction", "none") === "add" ? dy : m.op(opType, [dy, indices, zerosLike(m, updates)], along)),
    null,
    () => m.op(read, [dy, indices], along),
  ];
};

export const indexing = { Gather: gather, GatherElements: gatherElements, GatherND: gatherND, TopK: topK, ScatterElements: scatter("ScatterElements", "GatherElements"), ScatterND: scatter("ScatterND", "GatherND") } satisfies Record<string, Rule>;
