/**
 * Rules of operators that only move elements: the cotangent is moved back.
 */
import { extent, type Extent, minus, over, plus, reshapeLike, runtimeExtent, shapeValue, zerosLike } from "../extents.js";
import type { Rule, Value } from "../rule.js";
import { sumTo } from "../unbroadcast.js";

const reshaped: Rule = ({ m, dy, x: [a] }) => [() => reshapeLike(m, dy, a)];

const squeeze: Rule = (site) => {
  const { m, node, dy } = site;
  const axes = m.integers(node, "axes", 1);
  return axes === undefined ? reshaped(site) : [() => m.unsqueeze(dy, axes)];
};

const unsqueeze: Rule = (site) => {
  const { m, node, dy } = site;
  const axes = m.integers(node, "axes", 1);
  return axes === undefined ? reshaped(site) : [() => m.squeeze(dy, axes)];
};

/** The inverse permutation; without one the axes are reversed. */
const transpose: Rule = ({ m, node, dy, x: [a] }) => [() => {
  const perm = m.integers(node, "perm", -1) ?? Array.from({ length: m.rank(a) }, (_, axis) => axis).reverse();
  const inverse = new Array<number>(perm.length);
  perm.forEach((axis, index) => { inverse[axis] = index; });
  return m.transpose(dy, inverse);
}];

const expand: Rule = ({ m, dy, x: [a], y }) => [() => sumTo(m, dy, m.shape(y), a, [new Array<null>(m.rank(y)).fill(null)])];

/** Tile repeats axis i rᵢ times: split each into [rᵢ, extent], sum over the first. */
const tile: Rule = ({ m, dy, x: [a] }) => [() => {
  const split: Extent[] = m.shape(a).flatMap((_, axis) => {
    const whole = extent(m, a, axis);
    return [over(m, runtimeExtent(m, dy, axis), whole), whole];
  });
  return m.reduceSum(m.reshape(dy, shapeValue(m, split)), split.flatMap((_, index) => (index % 2 === 0 ? [index] : [])), false);
}];

/** Each part takes its piece of dy back. */
const concat: Rule = ({ m, node, dy, y }) => {
  const axis = m.axis(node, y, 0);
  return node.inputs.map((_, index) => () => {
    const start = node.inputs.slice(0, index).reduce<Extent>((offset, before) => plus(m, offset, extent(m, before, axis)), 0);
    const end = plus(m, start, extent(m, node.inputs[index] as Value, axis));
    return m.slice(dy, shapeValue(m, [start]), shapeValue(m, [end]), [axis]);
  });
};

/** The cotangents of the parts in a row, zeros where a part leads nowhere. */
const split: Rule = ({ m, node, dys, x: [a] }) => [() =>
  m.concat(node.outputs.map((output, index) => dys[index] ?? zerosLike(m, output)), m.axis(node, a, 0))];

const pad: Rule = ({ m, node, dy, x: [a] }) => [() => {
  const rank = m.rank(a);
  const axes = m.integers(node, "axes", 3)?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? [...Array(rank).keys()];
  const pads = m.integers(node, "pads", 1);
  if (pads === undefined) { // known in the run only: axis i is kept from its own begin on, as long as it was
    const begins = m.op("Slice", [node.inputs[1] as Value, m.integersConstant([0]), m.integersConstant([axes.length])]);
    return m.slice(dy, begins, m.add(begins, shapeValue(m, axes.map((axis) => extent(m, a, axis)))), axes);
  }
  const before = (axis: number): number => pads[axes.indexOf(axis)] ?? 0;
  const after = (axis: number): number => pads[axes.indexOf(axis) + axes.length] ?? 0;
  const grown = axes.filter((axis) => before(axis) > 0 || after(axis) > 0);
  const kept = grown.length === 0 ? dy : m.slice(dy,
    m.integersConstant(grown.map((axis) => Math.max(before(axis), 0))),
    shapeValue(m, grown.map((axis) => (after(axis) > 0 ? -after(axis) : endless))), grown);
  const all = [...Array(rank).keys()];
  const cut = [...all.map((axis) => Math.max(-before(axis), 0)), ...all.map((axis) => (axes.includes(axis) ? Math.max(-after(axis), 0) : 0))];
  return cut.some((amount) => amount > 0) ? m.pad(kept, m.integersConstant(cut)) : kept;
}];

/** "To the end" in Slice. */
const endless = Number.MAX_SAFE_INTEGER;

/** Zeros around the piece; between its elements where it was taken in steps. */
const slice: Rule = ({ m, node, dy, x: [a] }) => [() => {
  const rank = m.rank(a);
  const starts = m.integers(node, "starts", 1);
  const count = starts?.length ?? m.integers(node, "ends", 2)?.length ?? (m.shape(node.inputs[1] as Value)[0] as number);
  const axes = (m.integers(node, "axes", 3) ?? [...Array(count).keys()]).map((axis) => (axis < 0 ? axis + rank : axis));
  const steps = m.integers(node, "steps", 4) ?? axes.map(() => 1);
  const begins: Extent[] = new Array<Extent>(rank).fill(0), ends: Extent[] = new Array<Extent>(rank).fill(0);
  let piece = dy;
  axes.forEach((axis, index) => {
    const step = steps[index] as number;
    const whole = extent(m, a, axis);
    const length = runtimeExtent(m, dy, axis);
    const last = step < 0 ? -1 : 0; // a start beyond the axis is clamped to its end, or to its last element
    let begin = clampedStart(starts?.[index] ?? m.op("Slice", [node.inputs[1] as Value, m.integersConstant([index]), m.integersConstant([index + 1])]), whole, last);
    if (step < 0) {
      piece = m.slice(piece, m.integersConstant([-1]), m.integersConstant([-endless]), [axis], [-1]);
      begin = minus(m, begin, scaled(minus(m, length, 1), -step));
    }
    const stride = Math.abs(step);
    if (stride > 1) piece = spread(piece, axis, stride);
    const covered = stride === 1 ? length : plus(m, scaled(minus(m, length, 1), stride), 1);
    begins[axis] = begin;
    ends[axis] = minus(m, minus(m, whole, begin), covered);
  });
  return m.pad(piece, shapeValue(m, [...begins, ...ends]));

  function scaled(e: Extent, factor: number): Extent {
    return typeof e === "number" ? e * factor : factor === 1 ? e : m.mul(e, m.integersConstant([factor]));
  }
  function clampedStart(start: Extent, whole: Extent, last: number): Extent {
    if (typeof start === "number" && typeof whole === "number") return Math.max(0, Math.min(start < 0 ? start + whole : start, whole + last));
    if (typeof start === "number" && last === 0) return start < 0 ? plus(m, whole, start) : start;
    const value = shapeValue(m, [start]), zero = m.integersConstant([0]);
    const counted = m.where(m.less(value, zero), m.add(value, shapeValue(m, [whole])), value);
    const highest = shapeValue(m, [plus(m, whole, last)]);
    const capped = m.where(m.greater(counted, highest), highest, counted);
    return m.where(m.less(capped, zero), zero, capped);
  }
  /** [.., n, ..] → [.., (n - 1) stride + 1, ..], zeros in between */
  function spread(g: Value, axis: number, stride: number): Value {
    const pads = new Array<number>(2 * (rank + 1)).fill(0);
    pads[rank + 1 + axis + 1] = stride - 1; // behind the new axis
    const wide = m.pad(m.unsqueeze(g, [axis + 1]), m.integersConstant(pads)); // [.., n, stride, ..]
    const shape = Array.from({ length: rank }, (_, index) => scaled(runtimeExtent(m, g, index), index === axis ? stride : 1));
    return m.slice(m.reshape(wide, shapeValue(m, shape)), m.integersConstant([0]), m.integersConstant([1 - stride]), [axis]);
  }
}];

const trilu: Rule = ({ m, node, dy, x: [, k] }) => [() => m.op("Trilu", k ? [dy, k] : [dy], { upper: { int: m.int(node, "upper", 1) } })];

export const layout = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Trilu: trilu,
} satisfies Record<string, Rule>;
