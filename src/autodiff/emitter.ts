/**
 * The vocabulary in which rules are written: arithmetic on values of a graph, spelled for the opset of the file at hand (axes as an
 * attribute or as an input, and so on). Only standard operators that stay on the GPU: no Sign, Sum, Or, LogSoftmax, ConstantOfShape.
 * Not a place for rules. Shape arithmetic is in extents.ts.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Graph } from "../graph/graph.js";
import { type AttributeLiterals, floatAttribute, intAttribute, intsAttribute, stringAttribute } from "../onnx/attributes.js";
import { dataTypeOf } from "../onnx/dtypes.js";
import type { Dim, Node } from "../onnx/types.js";
import { type DType, float32, int64 } from "../tensor/tensor.js";
import { symbolicShapes } from "./symbolic-shapes.js";
import type { Value } from "./value.js";

type Attributes = Exclude<AttributeLiterals, ReadonlyMap<string, unknown>>;

export class Emitter {
  /** Values already emitted, by what they are; see extents.ts. */
  readonly memo = new Map<string, Value>();
  private readonly fixedValues = new Map<Value, boolean>();
  private readonly rowProducts = new Map<Value, { readonly of: Value; readonly make: () => Value }>();

  /** of the primal graph */
  private readonly shapes: ReadonlyMap<Value, readonly Dim[]>;

  constructor(readonly graph: Graph) {
    this.shapes = symbolicShapes(graph);
  }

  // Reading the primal graph

  /** Extents of a value: numbers, names, null where nothing is known. Throws `no-gradient` when the graph does not tell the rank. */
  shape(value: Value): readonly Dim[] {
    const shape = this.shapes.get(value) ?? this.graph.shape(value);
    if (shape === undefined) throw new LexiscopeError("no-gradient", `no gradient: the rank of value "${value}" is not known; run shape inference on the file`, { phase: "model" });
    return shape;
  }

  rank(value: Value): number {
    return this.shape(value).length;
  }

  dtype(value: Value): DType {
    return this.graph.dtype(value) ?? "float32";
  }

  /** Whether a value is the same in every run: an initializer, or made of such only. */
  fixed(value: Value): boolean {
    const known = this.fixedValues.get(value);
    if (known !== undefined) return known;
    const producer = this.graph.producer(value);
    const fixed = this.graph.initializer(value) !== undefined
      || (producer !== undefined && !/^(Random|Bernoulli|Multinomial|If$|Loop$|Scan$)/.test(producer.opType) && producer.inputs.every((input) => input === "" || this.fixed(input)));
    this.fixedValues.set(value, fixed);
    return fixed;
  }

  int(node: Node, name: string, fallback: number): number {
    return intAttribute(node, name, fallback);
  }

  float(node: Node, name: string, fallback: number): number {
    return floatAttribute(node, name, fallback);
  }

  string(node: Node, name: string, fallback: string): string {
    return stringAttribute(node, name, fallback);
  }

  /** A list of integers given as an attribute or, in later opsets, as a constant input. undefined: given by neither, or not constant. */
  integers(node: Node, attribute: string, input: number): readonly number[] | undefined {
    if (node.attributes.has(attribute)) return intsAttribute(node, attribute, []);
    const name = node.inputs[input];
    const constant = name ? this.graph.constant(name) : undefined;
    return constant && Array.from(constant.data as ArrayLike<number | bigint>, Number);
  }

  /** An axis counted from the front. */
  axis(node: Node, value: Value, fallback: number, name = "axis"): number {
    const axis = this.int(node, name, fallback);
    return axis < 0 ? axis + this.rank(value) : axis;
  }

  /** Mean and 1/√(variance + ε) of a LayerNormalization where it has both as outputs; null for a norm that the file spells out. */
  statistics(node: Node): { mean: Value; inverse: Value } | null {
    const [, mean, inverse] = node.outputs;
    return mean && inverse ? { mean, inverse } : null;
  }

  // Emitting

  op(opType: string, inputs: readonly Value[], attributes: AttributeLiterals = {}, domain = ""): Value {
    const [output] = this.graph.emit(opType, [...inputs], { attributes, domain });
    return output as Value;
  }

  /** A scalar of the element type of `like`. */
  number(value: number, like: Value): Value {
    const constant = this.graph.emitConstant(float32([value], []));
    const dtype = this.dtype(like);
    return dtype === "float32" ? constant : this.remember(`number ${value} ${dtype}`, () => this.cast(constant, dtype));
  }

  /** int64 constant, 1-D. */
  integersConstant(values: readonly number[]): Value {
    return this.graph.emitConstant(int64(values));
  }

  remember(key: string, make: () => Value): Value {
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.memo.set(key, value);
    return value;
  }

  /** Notes a cheap way to Σ over the last axis of `of` · `cotangent`, for the rule that will want it. */
  noteRowProduct(of: Value, cotangent: Value, make: () => Value): void {
    this.rowProducts.set(cotangent, { of, make });
  }

  /** Σ over the last axis of `of` · `cotangent`, axis kept, when a rule has noted it. */
  rowProduct(of: Value, cotangent: Value): Value | null {
    const noted = this.rowProducts.get(cotangent);
    return noted?.of === of ? noted.make() : null;
  }

  add(a: Value, b: Value): Value { return this.op("Add", [a, b]); }
  sub(a: Value, b: Value): Value { return this.op("Sub", [a, b]); }
  mul(a: Value, b: Value): Value { return this.op("Mul", [a, b]); }
  div(a: Value, b: Value): Value { return this.op("Div", [a, b]); }
  neg(a: Value): Value { return this.op("Neg", [a]); }
  exp(a: Value): Value { return this.op("Exp", [a]); }
  log(a: Value): Value { return this.op("Log", [a]); }
  sqrt(a: Value): Value { return this.op("Sqrt", [a]); }
  reciprocal(a: Value): Value { return this.op("Reciprocal", [a]); }
  erf(a: Value): Value { return this.op("Erf", [a]); }
  tanh(a: Value): Value { return this.op("Tanh", [a]); }
  sigmoid(a: Value): Value { return this.op("Sigmoid", [a]); }
  sin(a: Value): Value { return this.op("Sin", [a]); }
  cos(a: Value): Value { return this.op("Cos", [a]); }
  square(a: Value): Value { return this.op("Mul", [a, a]); }
  pow(a: Value, b: Value): Value { return this.op("Pow", [a, b]); }
  less(a: Value, b: Value): Value { return this.op("Less", [a, b]); }
  greater(a: Value, b: Value): Value { return this.op("Greater", [a, b]); }
  equal(a: Value, b: Value): Value { return this.op("Equal", [a, b]); }
  where(condition: Value, a: Value, b: Value): Value { return this.op("Where", [condition, a, b]); }
  matmul(a: Value, b: Value): Value { return this.op("MatMul", [a, b]); }

  /** a·x + b, with numbers. */
  affine(x: Value, a: number, b: number): Value {
    const scaled = a === 1 ? x : a === -1 ? this.neg(x) : this.mul(x, this.number(a, x));
    return b === 0 ? scaled : this.add(scaled, this.number(b, x));
  }
  scale(x: Value, factor: number): Value { return this.affine(x, factor, 0); }

  cast(x: Value, dtype: DType): Value {
    return this.op("Cast", [x], { to: { int: dataTypeOf(dtype) } });
  }

  /** 1 where the condition holds, else 0, in the element type of `like`. */
  indicator(condition: Value, like: Value): Value { return this.cast(condition, this.dtype(like)); }

  /** alpha · op(a) · op(b), 2-D. */
  gemm(a: Value, b: Value, options: { transA?: number; transB?: number; alpha?: number } = {}): Value {
    const { transA = 0, transB = 0, alpha = 1 } = options;
    return this.op("Gemm", [a, b], { alpha: { float: alpha }, transA: { int: transA }, transB: { int: transB } });
  }

  reshape(x: Value, shape: Value): Value { return this.op("Reshape", [x, shape]); }

  /** All axes but the last as one. */
  rows(x: Value, rank: number): Value {
    return rank === 2 ? x : this.op("Flatten", [x], { axis: { int: -1 } }); // [.., n] → [rows, n]
  }

  /** Axis permutation; composes with one that the value came from, so that Kᵀᵀ is K. */
  transpose(x: Value, perm: readonly number[]): Value {
    const before = this.graph.producer(x);
    if (before?.opType === "Transpose" && before.domain === "" && before.attributes.has("perm")) {
      const first = intsAttribute(before, "perm", []);
      return this.transpose(before.inputs[0] as Value, perm.map((axis) => first[axis] as number));
    }
    return perm.every((axis, index) => axis === index) ? x : this.op("Transpose", [x], { perm: { ints: perm } });
  }

  /** Transpose of the last two axes. */
  swap(x: Value, rank: number): Value {
    return this.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
  }

  unsqueeze(x: Value, axes: readonly number[]): Value { return axes.length === 0 ? x : this.withAxes("Unsqueeze", x, axes, 13); }
  squeeze(x: Value, axes: readonly number[]): Value { return axes.length === 0 ? x : this.withAxes("Squeeze", x, axes, 13); }

  reduceSum(x: Value, axes: readonly number[], keepdims: boolean): Value {
    return axes.length === 0 ? x : this.withAxes("ReduceSum", x, axes, 13, { keepdims: { int: keepdims ? 1 : 0 } });
  }
  reduceMean(x: Value, axes: readonly number[]): Value { return this.withAxes("ReduceMean", x, axes, 18, { keepdims: { int: 1 } }); }

  /** An operator whose axes became an input in opset `since`. */
  private withAxes(opType: string, x: Value, axes: readonly number[], since: number, attributes: Attributes = {}): Value {
    return this.graph.opset >= since
      ? this.op(opType, [x, this.integersConstant(axes)], attributes)
      : this.op(opType, [x], { ...attributes, axes: { ints: axes } });
  }

  concat(parts: readonly Value[], axis: number): Value {
    return parts.length === 1 ? (parts[0] as Value) : this.op("Concat", parts, { axis: { int: axis } });
  }

  /** Slices; starts, ends, axes, steps are int64 values. */
  slice(x: Value, starts: Value, ends: Value, axes: readonly number[], steps?: readonly number[]): Value {
    return this.op("Slice", [x, starts, ends, this.integersConstant(axes), ...(steps ? [this.integersConstant(steps)] : [])]);
  }

  /** Zeros in front of and behind each axis; `pads` is an int64 value, all begins, then all ends. */
  pad(x: Value, pads: Value): Value { return this.op("Pad", [x, pads, this.number(0, x)], { mode: "constant" }); }

  expand(x: Value, shape: Value): Value { return this.op("Expand", [x, shape]); }
}
