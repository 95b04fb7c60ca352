/**
 * What inference and folding may see of a node: its attributes as numbers, and what is known of its inputs. It exists so that
 * a rule is a line about shapes and not about look-ups.
 */
import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Dim, Node, TensorProto } from "../onnx/types.js";
import { tensorData } from "../onnx/tensor-data.js";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "../tensor/float16.js";
import { type DType, type Tensor, type TensorData, sizeOf } from "../tensor/tensor.js";
import { type Shape, isStatic } from "./dims.js";

/** One element of a value that is known before running: a number, a dimension's name, or null. Booleans are 0 and 1. */
export type Item = Dim;

/** Values of more elements are not computed before running. */
export const maxItems = 4096;

/** What is known of a value. */
export interface Facts {
  readonly dtype?: DType | undefined;
  readonly shape?: Shape | undefined;
  /** elements in row-major order, of a static shape of at most `maxItems` elements */
  readonly items?: readonly Item[] | undefined;
}

export const noFacts: Facts = {};

/** Facts of a stored tensor; the elements are read when they are first asked for. */
export class StoredFacts implements Facts {
  private read: readonly Item[] | null | undefined;

  constructor(private readonly proto: TensorProto) {}

  get dtype(): DType {
    return this.proto.dtype;
  }

  get shape(): readonly number[] {
    return this.proto.shape;
  }

  get items(): readonly Item[] | undefined {
    this.read ??= this.proto.raw && sizeOf(this.proto.shape) <= maxItems && this.proto.dtype in readers ? itemsOf(tensorData(this.proto)) : null;
    return this.read ?? undefined;
  }
}

const plain = Number;
const readers: Partial<Record<DType, (element: number | bigint) => number>> = {
  float32: plain, float64: plain, int8: plain, uint8: plain, int16: plain, uint16: plain, int32: plain, uint32: plain, int64: plain, uint64: plain, bool: plain, int4: plain, uint4: plain,
  float16: (bits) => fromFloat16(Number(bits)), bfloat16: (bits) => fromBfloat16(Number(bits)),
};

/** The elements of a tensor as numbers; 64-bit integers beyond 2^53 lose their last bits. */
export function itemsOf(tensor: Tensor): number[] {
  const read = readers[tensor.dtype]!;
  return Array.from(tensor.data as ArrayLike<number | bigint>, read);
}

const saturated = (bits: number, signed: boolean) => (value: number): bigint => {
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const whole = BigInt(Math.trunc(value));
  return whole < low ? low : whole > high ? high : whole;
};

const writers: Partial<Record<DType, (values: readonly number[]) => TensorData>> = {
  float32: (values) => Float32Array.from(values), float64: (values) => Float64Array.from(values),
  float16: (values) => Uint16Array.from(values, toFloat16), bfloat16: (values) => Uint16Array.from(values, toBfloat16),
  int8: (values) => Int8Array.from(values), uint8: (values) => Uint8Array.from(values), bool: (values) => Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
  int16: (values) => Int16Array.from(values), uint16: (values) => Uint16Array.from(values), int32: (values) => Int32Array.from(values), uint32: (values) => Uint32Array.from(values),
  int64: (values) => BigInt64Array.from(values, saturated(64, true)), uint64: (values) => BigUint64Array.from(values, saturated(64, false)),
};

/** Elements as a tensor; undefined where one is not a number, or the type cannot be made. */
export function tensorOfItems(facts: Facts): Tensor | undefined {
  const { dtype, shape, items } = facts;
  if (!dtype || !isStatic(shape) || !items?.every((item) => typeof item === "number")) return undefined;
  const data = writers[dtype]?.(items);
  return data && { dtype, shape, data };
}

/** Rounds as the type does: what a float16 addition stores is a float16. */
export function roundTo(dtype: DType | undefined, value: number): number {
  if (dtype === "float32") return Math.fround(value);
  if (dtype === "float16") return fromFloat16(toFloat16(value));
  if (dtype === "bfloat16") return fromBfloat16(toBfloat16(value));
  return value;
}

export function isInteger(dtype: DType | undefined): boolean {
  return dtype !== undefined && /^u?int/.test(dtype);
}

export class NodeView {
  constructor(
    readonly node: Node,
    /** version of the operator set of the node's domain */
    readonly opset: number,
    private readonly facts: (value: string) => Facts | undefined,
  ) {}

  has(input: number): boolean {
    return (this.node.inputs[input] ?? "") !== "";
  }

  input(input: number): Facts {
    const name = this.node.inputs[input];
    return (name && this.facts(name)) || noFacts;
  }

  get inputs(): readonly Facts[] {
    return this.node.inputs.map((_, input) => this.input(input));
  }

  dtype(input = 0): DType | undefined {
    return this.input(input).dtype;
  }

  shape(input = 0): Shape | undefined {
    return this.input(input).shape;
  }

  items(input: number): readonly Item[] | undefined {
    return this.input(input).items;
  }

  /** All elements, as numbers. */
  numbers(input: number): readonly number[] | undefined {
    const items = this.items(input);
    return items?.every((item) => typeof item === "number") ? (items) : undefined;
  }

  int(name: string, fallback: number): number {
    return intAttribute(this.node, name, fallback);
  }

  ints(name: string): readonly number[] | undefined {
    return intsAttribute(this.node, name, undefined);
  }

  float(name: string, fallback: number): number {
    return floatAttribute(this.node, name, fallback);
  }

  string(name: string, fallback: string): string {
    return stringAttribute(this.node, name, fallback);
  }

  /** Integers that are an attribute in older operator sets and an input in newer ones. */
  intsOrInput(name: string, input: number): readonly number[] | undefined {
    return this.ints(name) ?? this.numbers(input);
  }
}
