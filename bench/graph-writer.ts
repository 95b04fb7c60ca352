/**
 * Writes a model node by node, with random weights: what the bench's models are made of. Weights are float32, or int8 as onnxruntime's dynamic
 * quantiser leaves them: DynamicQuantizeLinear of a linear layer's input (once an input), MatMulInteger, Cast, two Muls; tables as uint8 behind
 * a Gather and a DequantizeLinear. Not an exporter, and what it writes says nothing.
 */
import { Random } from "../src/base/random.js";
import { encodeModel } from "../src/onnx/encode.js";
import type { Attribute, Node, TensorProto, ValueInfo } from "../src/onnx/types.js";

export type Precision = "float32" | "int8";
type DType = "float32" | "int64" | "int8" | "uint8";

/** TensorProto.DataType numbers. */
const dataTypes: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int8: 3, int64: 7 };
export const FLOAT = dataTypes.float32;
export const BOOL = 9;

/** The largest number of 8 bits that a weight is: a uniform weight of deviation d reaches d·√3. */
const LEVELS = 127;

export const int = (value: number): Attribute => ({ type: "int", value: BigInt(value) });
export const ints = (...values: number[]): Attribute => ({ type: "ints", value: values.map(BigInt) });
export const float = (value: number): Attribute => ({ type: "float", value });

export interface Declared {
  readonly name: string;
  readonly dtype: "float32" | "int64";
  readonly shape: readonly (string | number)[];
}

export class GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #quantized = new Set<string>();
  readonly #random = new Random(1);

  constructor(readonly precision: Precision = "float32") {}

  tensor(name: string, dtype: DType, shape: readonly number[], values: ArrayBufferView): string {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ name, dtype, dataType: dataTypes[dtype], shape: [...shape], raw, strings: null, external: null, unknown: [] });
    return name;
  }

  /** Uniform with the wanted deviation: fast, and as good as normal for timing. */
  weight(name: string, shape: readonly number[], deviation: number, mean = 0): string {
    const values = new Float32Array(area(shape));
    for (let index = 0; index < values.length; index++) values[index] = mean + (this.#random.uniform() - 0.5) * deviation * Math.sqrt(12);
    return this.tensor(name, "float32", shape, values);
  }

  scalar(name: string, value: number): string {
    return this.tensor(name, "float32", [], Float32Array.of(value));
  }

  integers(name: string, values: readonly number[]): string {
    return this.tensor(name, "int64", [values.length], BigInt64Array.from(values, BigInt));
  }

  integer(name: string, value: number): string {
    return this.tensor(name, "int64", [], BigInt64Array.of(BigInt(value)));
  }

  /** A node with one output, which it returns. */
  op(opType: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}): string {
    this.node(opType, inputs, [output], attributes);
    return output;
  }

  node(opType: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): void {
    this.#nodes.push({ opType, domain: "", name: `node_${outputs[0]!}`, inputs: [...inputs], outputs: [...outputs], attributes: new Map(Object.entries(attributes)), unknown: [] });
  }

  /** input [.., from] · W [from, to] */
  product(input: string, name: string, from: number, to: number, deviation = 1 / Math.sqrt(from)): string {
    const output = `${name}.product`;
    if (this.precision === "float32") return this.op("MatMul", [input, this.weight(`${name}.weight`, [from, to], deviation)], output);
    if (!this.#quantized.has(input)) this.node("DynamicQuantizeLinear", [input], [`${input}_quantized`, `${input}_scale`, `${input}_zero_point`]);
    this.#quantized.add(input);
    const { values, scale, zeroPoint } = this.#eightBits(name, "int8", [from, to], deviation);
    const scales = this.op("Mul", [`${input}_scale`, scale], `${name}.scales`);
    const whole = this.op("Cast", [this.op("MatMulInteger", [`${input}_quantized`, values, `${input}_zero_point`, zeroPoint], `${name}.integers`)], `${name}.cast`, { to: int(FLOAT) });
    return this.op("Mul", [whole, scales], output);
  }

  /** The same with a bias, which stands first, as TorchScript writes it. */
  linear(input: string, name: string, from: number, to: number): string {
    return this.op("Add", [this.weight(`${name}.bias`, [to], 0.02), this.product(input, name, from, to)], `${name}.output`);
  }

  /** Rows of a table by their numbers. */
  lookup(name: string, shape: readonly [number, number], numbers: string, deviation = 0.5): string {
    const output = `${name}.looked_up`;
    if (this.precision === "float32") return this.op("Gather", [this.weight(name, shape, deviation), numbers], output, { axis: int(0) });
    const { values, scale, zeroPoint } = this.#eightBits(name, "uint8", shape, deviation);
    return this.op("DequantizeLinear", [this.op("Gather", [values, numbers], `${output}_quantized`, { axis: int(0) }), scale, zeroPoint], output);
  }

  layerNorm(input: string, name: string, width: number, epsilon = 1e-12): string {
    return this.op("LayerNormalization", [input, this.weight(`${name}.gain`, [width], 0.1, 1), this.weight(`${name}.bias`, [width], 0.1)], `${name}.output`, { axis: int(-1), epsilon: float(epsilon) });
  }

  /** One extent of a value, as a scalar and as a list of one. */
  extent(value: string, axis: number): { readonly scalar: string; readonly list: string } {
    const name = `${value}.extent_${axis}`;
    const scalar = this.op("Gather", [this.op("Shape", [value], `${name}.shape`), this.integer(`${name}.axis`, axis)], name, { axis: int(0) });
    return { scalar, list: this.op("Unsqueeze", [scalar, this.integers(`${name}.zero`, [0])], `${name}.list`) };
  }

  finish(name: string, inputs: readonly Declared[], outputs: readonly Declared[]): Uint8Array {
    const info = ({ name: value, dtype, shape }: Declared): ValueInfo => ({ name: value, type: { dtype, dataType: dataTypes[dtype], shape: [...shape] }, unknown: [] });
    const graph = { name, nodes: this.#nodes, initializers: this.#initializers, inputs: inputs.map(info), outputs: outputs.map(info), valueInfo: [], unknown: [] };
    return encodeModel({ irVersion: 8, producerName: "lexiscope bench", opsets: new Map([["", 17]]), graph, functions: [], unknown: [] });
  }

  #eightBits(name: string, dtype: "int8" | "uint8", shape: readonly number[], deviation: number): { readonly values: string; readonly scale: string; readonly zeroPoint: string } {
    const zero = dtype === "int8" ? 0 : LEVELS + 1;
    const values = new (dtype === "int8" ? Int8Array : Uint8Array)(area(shape));
    for (let index = 0; index < values.length; index++) values[index] = zero + Math.round((this.#random.uniform() - 0.5) * 2 * LEVELS);
    return {
      values: this.tensor(`${name}.weight_quantized`, dtype, shape, values),
      scale: this.scalar(`${name}.weight_scale`, (deviation * Math.sqrt(3)) / LEVELS),
      zeroPoint: this.tensor(`${name}.weight_zero_point`, dtype, [], dtype === "int8" ? Int8Array.of(0) : Uint8Array.of(zero)),
    };
  }
}

const area = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
