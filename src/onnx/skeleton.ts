/**
 * A large model file without its large weights, read piece by piece: each such weight becomes external data, found in the very file at its
 * offset. So a file of any size is decoded in little memory. What decoding makes of it is what it makes of any model with external data.
 * Source: onnx.proto3 (ModelProto.graph 7, GraphProto.initializer 5, TensorProto: data_type 2, raw_data 9, external_data 13, data_location 14).
 */
import { LexiscopeError } from "../base/errors.js";
import { Wire, WireWriter } from "./wire.js";

/** A file of which parts are read when they are wanted. */
export interface RandomAccess {
  readonly size: number; // bytes
  /** What is returned may be overwritten by the next call. */
  read(offset: number, length: number): Uint8Array;
}

/** Weights of fewer bytes stay inside. */
const SMALL = 1 << 16;
/** int32, int64, bool: shapes and masks, which the anatomy looks into. */
const LOOKED_INTO: ReadonlySet<number> = new Set([6, 7, 9]);
/** Bytes read at once on the way over tags and lengths. */
const WINDOW = 1 << 16;

interface Field {
  readonly number: number;
  readonly wireType: number;
  readonly start: number;
  /** where the value begins, after tag and length */
  readonly from: number;
  readonly end: number;
}

class Scanner {
  #window: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(readonly file: RandomAccess) {}

  byte(offset: number): number {
    if (offset >= this.file.size) throw new LexiscopeError("bad-model", `not a readable model: the file ends at byte ${this.file.size}, inside a field`, { phase: "model", offset });
    if (offset < this.#at || offset >= this.#at + this.#window.length) {
      this.#at = offset;
      this.#window = this.file.read(offset, Math.min(WINDOW, this.file.size - offset)).slice();
    }
    return this.#window[offset - this.#at]!;
  }

  /** → value and where it ends; exact below 2⁵³ */
  varint(offset: number): [value: number, end: number] {
    let value = 0;
    for (let place = 0; place < 10; place++) {
      const byte = this.byte(offset + place);
      value += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) return [value, offset + place + 1];
    }
    throw new LexiscopeError("bad-model", `not a readable model: a number without end at byte ${offset}`, { phase: "model", offset });
  }

  *fields(from: number, end: number): Generator<Field> {
    for (let start = from; start < end; ) {
      const [tag, after] = this.varint(start);
      const wireType = tag % 8;
      const [length, value] = wireType === Wire.bytes ? this.varint(after) : [this.#extent(wireType, after), after];
      const field = { number: Math.floor(tag / 8), wireType, start, from: value, end: value + length };
      if (field.end > end) throw new LexiscopeError("bad-model", `not a readable model: a field of ${length} bytes at byte ${start} is longer than what is around it`, { phase: "model", offset: start });
      yield field;
      start = field.end;
    }
  }

  copy({ start, end }: Pick<Field, "start" | "end">): Uint8Array {
    return this.file.read(start, end - start).slice();
  }

  #extent(wireType: number, offset: number): number {
    if (wireType === Wire.varint) return this.varint(offset)[1] - offset;
    if (wireType === Wire.fixed64) return 8;
    if (wireType === Wire.fixed32) return 4;
    throw new LexiscopeError("bad-model", `not a readable model: impossible tag at byte ${offset}`, { phase: "model", offset });
  }
}

/** The model's bytes without its large weights; `location` is what stands for the file itself. Throws `bad-model`. */
export function skeletonOf(file: RandomAccess, location: string): Uint8Array {
  const scanner = new Scanner(file);
  const rebuilt = (from: number, end: number, number: number, build: (field: Field) => WireWriter): WireWriter => {
    const out = new WireWriter();
    for (const field of scanner.fields(from, end)) {
      if (field.number === number && field.wireType === Wire.bytes) out.message(number, build(field));
      else out.verbatim(scanner.copy(field));
    }
    return out;
  };
  const graph = (field: Field) => rebuilt(field.from, field.end, 5, (tensor) => lightened(scanner, tensor, location));
  return rebuilt(0, file.size, 7, graph).finish();
}

/** A tensor with its bytes left in the file, where they are many. */
function lightened(scanner: Scanner, tensor: Field, location: string): WireWriter {
  const fields = [...scanner.fields(tensor.from, tensor.end)];
  const raw = fields.find(({ number, wireType }) => number === 9 && wireType === Wire.bytes);
  const type = fields.find(({ number, wireType }) => number === 2 && wireType === Wire.varint);
  const stays = !raw || raw.end - raw.from < SMALL || (type !== undefined && LOOKED_INTO.has(scanner.varint(type.from)[0]));
  const out = new WireWriter();
  for (const field of fields) if (stays || field !== raw) out.verbatim(scanner.copy(field));
  if (stays) return out;
  for (const [key, value] of [["location", location], ["offset", String(raw.from)], ["length", String(raw.end - raw.from)]] as const) out.message(13, new WireWriter().string(1, key).string(2, value));
  return out.int(14, 1);
}
