/**
 * TensorProto → its parts, with every way of storing numbers brought to one: little-endian bytes.
 * `raw_data`, packed `float_data` and packed `double_data` are views into the file; the varint fields are decoded.
 */
import { bitsOf, dtypeOf, stringDataType } from "./dtypes.js";
import type { TensorProto, UnknownField } from "./types.js";
import { Wire, WireReader, concatBytes } from "./wire.js";

interface TensorScratch {
  name: string;
  dataType: number;
  dims: bigint[];
  raw: Uint8Array | null;
  strings: Uint8Array[];
  /** float_data, double_data: the words; int32_data, int64_data, uint64_data: the varints */
  words: Uint8Array[];
  varints: Uint8Array[];
  isExternal: boolean;
  external: Map<string, string>;
  unknown: UnknownField[];
}

type Row = (tensor: TensorScratch, reader: WireReader) => void;

const words = (wire: typeof Wire.fixed32 | typeof Wire.fixed64): Row => (tensor, reader) => tensor.words.push(reader.numbers(wire));
const varints: Row = (tensor, reader) => tensor.varints.push(reader.numbers(Wire.varint));

const tensorFields: Readonly<Record<number, Row>> = {
  1: (tensor, reader) => reader.int64s(tensor.dims),
  2: (tensor, reader) => (tensor.dataType = reader.integer()),
  4: words(Wire.fixed32), // float_data
  5: varints, // int32_data
  6: (tensor, reader) => {
    reader.spend(1);
    tensor.strings.push(reader.blob());
  },
  7: varints, // int64_data
  8: (tensor, reader) => (tensor.name = reader.string()),
  9: (tensor, reader) => (tensor.raw = reader.blob()),
  10: words(Wire.fixed64), // double_data
  11: varints, // uint64_data
  13: readExternalEntry,
  14: (tensor, reader) => (tensor.isExternal = reader.integer() === 1),
};

/** Entries that are not location, offset or length (a checksum, say) are kept verbatim. */
function readExternalEntry(tensor: TensorScratch, reader: WireReader): void {
  const child = reader.child("StringStringEntryProto");
  const entry = { key: "", value: "" };
  while (child.next()) {
    if (child.field === 1) entry.key = child.string();
    else if (child.field === 2) entry.value = child.string();
    else child.verbatim();
  }
  if (["location", "offset", "length"].includes(entry.key)) tensor.external.set(entry.key, entry.value);
  else tensor.unknown.push(reader.verbatimFrom(child));
}

/** Reads one tensor; several readers are occurrences of one singular field, which protobuf merges. */
export function readTensor(readers: readonly WireReader[]): TensorProto {
  const tensor: TensorScratch = { name: "", dataType: 0, dims: [], raw: null, strings: [], words: [], varints: [], isExternal: false, external: new Map(), unknown: [] };
  for (const reader of readers) {
    while (reader.next()) {
      const row = tensorFields[reader.field];
      if (row) row(tensor, reader);
      else tensor.unknown.push(reader.verbatim());
    }
  }
  const reader = readers[readers.length - 1]!;
  const shape = tensor.dims.map((dim) => (dim >= 0n && dim <= Number.MAX_SAFE_INTEGER ? Number(dim) : reader.fail(`tensor "${tensor.name}" has a dimension of ${dim}`)));
  const { name, dataType, unknown } = tensor;
  const isString = dataType === stringDataType && tensor.raw === null;
  return {
    name, dataType, dtype: dtypeOf(dataType), shape,
    raw: tensor.isExternal || isString ? null : (tensor.raw ?? typedToRaw(tensor, reader)),
    strings: isString && !tensor.isExternal ? tensor.strings : null,
    external: tensor.isExternal ? readExternal(tensor, shape, reader) : null,
    unknown,
  };
}

function typedToRaw(tensor: TensorScratch, reader: WireReader): Uint8Array {
  if (tensor.words.length > 0) return tensor.words.length === 1 ? tensor.words[0]! : concatBytes(tensor.words);
  const packed = tensor.varints.length === 1 ? tensor.varints[0]! : concatBytes(tensor.varints);
  if (packed.length === 0) return packed;
  const width = Math.max(8, bitsOf(tensor.dataType)) / 8; // 4-bit types store one byte, that is two elements, a number
  let count = 0;
  for (const byte of packed) if (byte < 0x80) count++;
  const raw = new Uint8Array(count * width);
  const view = new DataView(raw.buffer);
  const numbers = new WireReader(packed, "TensorProto");
  for (let at = 0; at < raw.length; at += width) {
    const value = numbers.int64();
    if (width === 1) view.setUint8(at, Number(value & 0xffn));
    else if (width === 2) view.setUint16(at, Number(value & 0xffffn), true);
    else if (width === 4) view.setUint32(at, Number(value & 0xffffffffn), true);
    else if (width === 8) view.setBigInt64(at, value, true);
    else reader.fail(`tensor "${tensor.name}" of data type ${tensor.dataType} cannot be stored as integers`);
  }
  if (numbers.position < packed.length) reader.fail(`a number is cut off in tensor "${tensor.name}"`);
  return raw;
}

function readExternal(tensor: TensorScratch, shape: readonly number[], reader: WireReader): NonNullable<TensorProto["external"]> {
  const number = (key: string, fallback: number): number => {
    const text = tensor.external.get(key);
    if (text === undefined) return fallback;
    const value = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : reader.fail(`external ${key} "${text}" of tensor "${tensor.name}" is not a byte count`);
  };
  const whole = Math.ceil((shape.reduce((product, extent) => product * extent, 1) * bitsOf(tensor.dataType)) / 8);
  return { location: tensor.external.get("location") ?? "", offset: number("offset", 0), length: number("length", whole) };
}
