/**
 * The vocabulary in which lowerings are written: standard operators, spelled for the opset of the file at hand. Not the vocabulary
 * of gradient rules (that one knows primals and cotangents); it exists so that a lowering reads as the operator's definition.
 */
import type { Graph } from "../graph/graph.js";
import { type AttributeLiterals, intsAttribute } from "../onnx/attributes.js";
import { dataTypeOf } from "../onnx/dtypes.js";
import { type DType, float32, int64 } from "../tensor/tensor.js";

/** The name of a value of the graph. */
export type Value = string;

type Attributes = Exclude<AttributeLiterals, ReadonlyMap<string, unknown>>;

/** Every masked score is at least this. float16 has no room for more. */
const lowest: Partial<Record<DType, number>> = { float16: -65504 };

export class Builder {
  /** Values made once for all layers (masks, positions), by what they are. */
  private readonly memo = new Map<string, Value>();

  constructor(readonly graph: Graph) {}

  remember(key: string, make: () => Value): Value {
    const known = this.memo.get(key);
    if (known !== undefined && this.graph.has(known)) return known;
    const value = make();
    this.memo.set(key, value);
    return value;
  }

  /** Emits a node; `output` names its result, as the last node of a lowering must. */
  op(opType: string, inputs: readonly Value[], attributes: AttributeLiterals = {}, output?: Value): Value {
    return this.graph.emit(opType, inputs, { attributes, outputs: output === undefined ? 1 : [output] })[0] as Value;
  }

  dtype(value: Value): DType {
    return this.graph.dtype(value) ?? "float32";
  }

  ints(...values: number[]): Value {
    return this.graph.emitConstant(int64(values));
  }

  int(value: number): Value {
    return this.graph.emitConstant(int64([value], []));
  }

  /** A scalar constant. */
  number(value: number, dtype: DType): Value {
    const constant = this.graph.emitConstant(float32([value], []));
    return dtype === "float32" ? constant : this.remember(`number ${value} ${dtype}`, () => this.cast(constant, dtype));
  }

  /** The lowest finite number of a type. */
  lowest(dtype: DType): number {
    return lowest[dtype] ?? -3.4028234663852886e38;
  }

  cast(x: Value, dtype: DType): Value {
    return this.graph.dtype(x) === dtype ? x : this.op("Cast", [x], { to: { int: dataTypeOf(dtype) } });
  }

  add(a: Value, b: Value, output?: Value): Value { return this.op("Add", [a, b], {}, output); }
  sub(a: Value, b: Value): Value { return this.op("Sub", [a, b]); }
  mul(a: Value, b: Value, output?: Value): Value { return this.op("Mul", [a, b], {}, output); }
  matmul(a: Value, b: Value, output?: Value): Value { return this.op("MatMul", [a, b], {}, output); }
  where(condition: Value, a: Value, b: Value, output?: Value): Value { return this.op("Where", [condition, a, b], {}, output); }
  less(a: Value, b: Value): Value { return this.op("Less", [a, b]); }
  concat(parts: readonly Value[], axis: number, output?: Value): Value { return this.op("Concat", parts, { axis: { int: axis } }, output); }
  gather(table: Value, indices: Value): Value { return this.op("Gather", [table, indices], { axis: { int: 0 } }); }

  /** 0 keeps an axis, -1 is what is left. */
  reshape(x: Value, dims: readonly number[], output?: Value): Value {
    return this.op("Reshape", [x, this.ints(...dims)], {}, output);
  }

  /** Axis permutation; one that nobody else reads is drawn into the next. */
  transpose(x: Value, perm: readonly number[], output?: Value): Value {
    const before = this.graph.producer(x);
    if (before?.opType === "Transpose" && before.domain === "" && this.graph.consumers(x).length === 0 && !this.graph.isOutput(x)) {
      const first = intsAttribute(before, "perm", []);
      this.graph.remove(before);
      return this.transpose(before.inputs[0] as Value, perm.map((axis) => first[axis] as number), output);
    }
    return this.op("Transpose", [x], { perm: { ints: perm } }, output);
  }

  /** Pieces of the given sizes along an axis. */
  split(x: Value, sizes: readonly number[], axis: number): Value[] {
    const byInput = this.graph.opset >= 13;
    const attributes: Attributes = { axis: { int: axis }, ...(byInput ? {} : { split: { ints: sizes } }) };
    return this.graph.emit("Split", byInput ? [x, this.ints(...sizes)] : [x], { attributes, outputs: sizes.length });
  }

  /** x[.., start:end, ..]; bounds are numbers or int64 values of shape [1]. */
  slice(x: Value, axis: number, start: number | Value, end: number | Value): Value {
    const bound = (at: number | Value): Value => (typeof at === "number" ? this.ints(at) : at);
    return this.op("Slice", [x, bound(start), bound(end), this.ints(axis)]);
  }

  unsqueeze(x: Value, axes: readonly number[]): Value { return this.withAxes("Unsqueeze", x, axes, 13); }
  reduceSum(x: Value, axes: readonly number[], output?: Value): Value { return this.withAxes("ReduceSum", x, axes, 13, { keepdims: { int: 0 } }, output); }
  /** keeps the axis */
  reduceMax(x: Value, axis: number): Value { return this.withAxes("ReduceMax", x, [axis], 18, { keepdims: { int: 1 } }); }

  /** An operator whose axes became an input in opset `since`. */
  private withAxes(opType: string, x: Value, axes: readonly number[], since: number, attributes: Attributes = {}, output?: Value): Value {
    return this.graph.opset >= since
      ? this.op(opType, [x, this.ints(...axes)], attributes, output)
      : this.op(opType, [x], { ...attributes, axes: { ints: axes } }, output);
  }

  /** Length of an axis, an int64 scalar. */
  extent(x: Value, axis: number): Value {
    return this.remember(`extent ${axis} of ${x}`, () => this.gather(this.remember(`shape of ${x}`, () => this.op("Shape", [x])), this.int(axis))); // []
  }

  /** 0, 1, … length - 1 */
  range(length: Value): Value {
    return this.remember(`range ${length}`, () => this.op("Range", [this.int(0), length, this.int(1)]));
  }
}
