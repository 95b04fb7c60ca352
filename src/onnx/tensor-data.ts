/**
 * TensorProto ↔ Tensor: little-endian bytes as a typed array of one entry an element. Not for strings, and not for tensors
 * whose bytes are in another file.
 */
import { LexiscopeError } from "../base/errors.js";
import { type DType, type Tensor, type TensorData, sizeOf } from "../tensor/tensor.js";
import { bitsOf, dataTypeOf } from "./dtypes.js";
import type { TensorProto } from "./types.js";

type ArrayType = { new (buffer: ArrayBufferLike, offset: number, length: number): TensorData; readonly BYTES_PER_ELEMENT: number };

const arrayTypes: Partial<Record<DType, ArrayType>> = {
  float32: Float32Array, float64: Float64Array, float16: Uint16Array, bfloat16: Uint16Array, float8: Uint8Array, bool: Uint8Array,
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array,
};

/**
 * The numbers of a tensor: a view where the bytes are aligned, else a copy. 4-bit types are unpacked, low nibble first.
 * @throws "unsupported" for external, string and complex tensors; "bad-model" when shape and bytes disagree
 */
export function tensorData(proto: TensorProto): Tensor {
  const { dtype, shape, raw, name } = proto;
  if (proto.external) throw new LexiscopeError("unsupported", `tensor "${name}" is stored outside the graph, in "${proto.external.location}"`, { phase: "model" });
  const isNibbles = dtype === "int4" || dtype === "uint4";
  const type = arrayTypes[dtype];
  if (!raw || !(type || isNibbles)) throw new LexiscopeError("unsupported", `tensor "${name}" of type ${dtype} (${proto.dataType}) has no numbers to read`, { phase: "model" });
  const size = sizeOf(shape);
  const bytes = Math.ceil((size * bitsOf(proto.dataType)) / 8);
  if (raw.length !== bytes) throw new LexiscopeError("bad-model", `tensor "${name}" of shape [${shape.join(", ")}] needs ${bytes} bytes and has ${raw.length}`, { phase: "model" });
  if (!type) return { dtype, shape, data: unpackNibbles(raw, size, dtype === "int4") };
  const aligned = raw.byteOffset % type.BYTES_PER_ELEMENT === 0 ? raw : raw.slice();
  return { dtype, shape, data: new type(aligned.buffer, aligned.byteOffset, size) };
}

/** A tensor as an initializer; the bytes are a view of the tensor's data, 4-bit types are packed. */
export function tensorProto(name: string, tensor: Tensor): TensorProto {
  const { dtype, shape, data } = tensor;
  const isNibbles = dtype === "int4" || dtype === "uint4";
  if (!arrayTypes[dtype] && !isNibbles) throw new LexiscopeError("unsupported", `a tensor of type ${dtype} cannot be written ("${name}")`);
  if (data.length !== sizeOf(shape)) throw new LexiscopeError("bad-input", `tensor "${name}" of shape [${shape.join(", ")}] has ${data.length} elements`);
  const raw = isNibbles ? packNibbles(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dtype, dataType: dataTypeOf(dtype), shape: [...shape], raw, strings: null, external: null, unknown: [] };
}

function unpackNibbles(raw: Uint8Array, size: number, signed: boolean): Int8Array | Uint8Array {
  const values = signed ? new Int8Array(size) : new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    const nibble = (raw[index >> 1]! >> (4 * (index & 1))) & 15;
    values[index] = signed && nibble > 7 ? nibble - 16 : nibble;
  }
  return values;
}

function packNibbles(data: TensorData): Uint8Array {
  const raw = new Uint8Array(Math.ceil(data.length / 2));
  for (let index = 0; index < data.length; index++) raw[index >> 1]! |= (Number(data[index]) & 15) << (4 * (index & 1));
  return raw;
}
