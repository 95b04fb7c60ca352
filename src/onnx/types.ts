/**
 * An ONNX model as plain objects: what the wire format says, nothing interpreted. Fields that this library does not know are
 * kept verbatim in `unknown`, so that a decoded and re-encoded model means the same. Source: onnx.proto3, IR version 13.
 */
import type { DType } from "../tensor/tensor.js";

/** One protobuf field kept as it stood, tag included. */
export type UnknownField = Uint8Array;

export interface Model {
  irVersion: number;
  producerName: string;
  /** domain ("" is the standard one) → version */
  opsets: Map<string, number>;
  graph: GraphProto;
  functions: FunctionProto[];
  unknown: UnknownField[];
}

export interface GraphProto {
  name: string;
  nodes: Node[];
  initializers: TensorProto[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  valueInfo: ValueInfo[];
  unknown: UnknownField[];
}

export interface Node {
  opType: string;
  /** "" for ai.onnx */
  domain: string;
  name: string;
  /** "" marks an optional input that is left out */
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Attribute>;
  unknown: UnknownField[];
}

/** `unknown`: fields of the AttributeProto beside name, type and value (a doc string, say). */
export type Attribute = AttributeValue & { readonly unknown?: readonly UnknownField[] };

export type AttributeValue =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: TensorProto }
  | { readonly type: "graph"; readonly value: GraphProto }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "ints"; readonly value: readonly bigint[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  /** any other kind (sparse tensors, types, graphs …): the whole AttributeProto payload, verbatim */
  | { readonly type: "other"; readonly value: Uint8Array };

export interface TensorProto {
  name: string;
  dtype: DType;
  /** ONNX data_type number, kept because several map on one `dtype` */
  dataType: number;
  shape: number[];
  /** little-endian bytes; a view into the file where the file had raw_data; null when external or string */
  raw: Uint8Array | null;
  /** string tensors only */
  strings: Uint8Array[] | null;
  external: { location: string; offset: number; length: number } | null;
  unknown: UnknownField[];
}

/** An axis: a number, a name, or null when the file does not say. */
export type Dim = number | string | null;

export interface ValueInfo {
  name: string;
  /** null when not a tensor or not said */
  type: { dtype: DType; dataType: number; shape: Dim[] | null; denotations?: (string | null)[] } | null;
  unknown: UnknownField[];
}

/** A model-local function, kept verbatim (recent exporters inline them). */
export interface FunctionProto {
  readonly bytes: Uint8Array;
}
