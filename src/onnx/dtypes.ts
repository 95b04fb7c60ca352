/**
 * ONNX element types: the number in the file, the name in this library, the width in bits and where typed data stands.
 * Source: TensorProto.DataType of onnx.proto, IR version 13.
 */
import type { DType } from "../tensor/tensor.js";

interface ElementType {
  readonly dtype: DType;
  /** 0: no fixed width */
  readonly bits: number;
}

/** By `data_type` number. */
const elementTypes: readonly ElementType[] = [
  { dtype: "undefined", bits: 0 },
  { dtype: "float32", bits: 32 },
  { dtype: "uint8", bits: 8 },
  { dtype: "int8", bits: 8 },
  { dtype: "uint16", bits: 16 },
  { dtype: "int16", bits: 16 },
  { dtype: "int32", bits: 32 },
  { dtype: "int64", bits: 64 },
  { dtype: "string", bits: 0 },
  { dtype: "bool", bits: 8 },
  { dtype: "float16", bits: 16 },
  { dtype: "float64", bits: 64 },
  { dtype: "uint32", bits: 32 },
  { dtype: "uint64", bits: 64 },
  { dtype: "complex", bits: 64 },
  { dtype: "complex", bits: 128 },
  { dtype: "bfloat16", bits: 16 },
  { dtype: "float8", bits: 8 }, // E4M3FN
  { dtype: "float8", bits: 8 }, // E4M3FNUZ
  { dtype: "float8", bits: 8 }, // E5M2
  { dtype: "float8", bits: 8 }, // E5M2FNUZ
  { dtype: "uint4", bits: 4 },
  { dtype: "int4", bits: 4 },
  { dtype: "undefined", bits: 4 }, // FLOAT4E2M1
  { dtype: "float8", bits: 8 }, // E8M0
  { dtype: "undefined", bits: 2 }, // UINT2
  { dtype: "undefined", bits: 2 }, // INT2
];

export const stringDataType = 8;

/** The name of an ONNX `data_type`; "undefined" for those newer than this library. */
export function dtypeOf(dataType: number): DType {
  return elementTypes[dataType]?.dtype ?? "undefined";
}

/** Bits of one element; 0 when not fixed or not known. */
export function bitsOf(dataType: number): number {
  return elementTypes[dataType]?.bits ?? 0;
}

/** The ONNX `data_type` of a dtype; for `float8` and `complex` the first of several. */
export function dataTypeOf(dtype: DType): number {
  return Math.max(0, elementTypes.findIndex((type) => type.dtype === dtype));
}
