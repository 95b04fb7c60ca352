/**
 * A dense tensor in ordinary memory: element type, shape, flat row-major data. No arithmetic, no runtime, no device.
 */

export type TensorData =
  | Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** Element types by their ONNX names. `float16` data is a Uint16Array of bits; `bool` a Uint8Array of 0 and 1. */
export type DType =
  | "float32" | "float64" | "float16" | "bfloat16" | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64" | "bool" | "string"
  | "int4" | "uint4" | "float8" | "complex" | "undefined";

export interface Tensor<D extends TensorData = TensorData> {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: D; // row-major
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function float32(data: ArrayLike<number>, shape: readonly number[] = [data.length]): Tensor<Float32Array> {
  return { dtype: "float32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

export function int64(values: readonly number[], shape: readonly number[] = [values.length]): Tensor<BigInt64Array> {
  return { dtype: "int64", shape, data: BigInt64Array.from(values, (value) => BigInt(value)) };
}
