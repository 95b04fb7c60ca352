/**
 * The protobuf wire format: tags, varints, fixed words and length-delimited fields. Knows nothing of ONNX.
 * It exists because a model is read without copying its weights and because every field that is not understood must be
 * written back as it stood. Source: protobuf.dev/programming-guides/encoding.
 */
import { LexiscopeError } from "../base/errors.js";

export const Wire = { varint: 0, fixed64: 1, bytes: 2, group: 3, groupEnd: 4, fixed32: 5 } as const;

/** Messages inside messages; three levels are one ONNX subgraph. The same limit as protobuf's own. */
const maxDepth = 100;
/** Messages and numbers that become objects; a file of empty messages would otherwise take a hundred times its size. */
const maxObjects = 8_000_000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

interface Budget {
  objects: number;
}

/** Reads the fields of one message, in place. */
export class WireReader {
  field = 0;
  wireType = 0;
  private fieldStart = 0;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** what this message is called in errors */
    readonly message: string,
    public position = 0,
    readonly end = bytes.length,
    private readonly depth = 0,
    private readonly budget: Budget = { objects: maxObjects },
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(what: string, offset = this.position): never {
    throw new LexiscopeError("bad-model", `not a readable model: ${what} at byte ${offset}, in ${this.message}`, { phase: "model", offset });
  }

  /** Counts objects made from the file. */
  spend(count: number): void {
    this.budget.objects -= count;
    if (this.budget.objects < 0) this.fail(`more than ${maxObjects} messages and numbers`);
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.fieldStart = this.position;
    const tag = this.unsigned32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0 || this.wireType > 5) this.fail(`impossible tag ${tag}`, this.fieldStart);
    return true;
  }

  expect(wireType: number): void {
    if (this.wireType !== wireType) this.fail(`field ${this.field} has wire type ${this.wireType}, not ${wireType},`, this.fieldStart);
  }

  /** The field just entered, skipped and returned with its tag. */
  verbatim(): Uint8Array {
    const start = this.fieldStart;
    this.skip();
    return this.bytes.subarray(start, this.position);
  }

  /** The field whose sub-message `child` has been read, with its tag. */
  verbatimFrom(child: WireReader): Uint8Array {
    return this.bytes.subarray(this.fieldStart, child.end);
  }

  private skip(): void {
    if (this.wireType !== Wire.group) return this.skipValue();
    const open = [this.field];
    while (open.length > 0) {
      if (!this.next()) this.fail("a group is not closed");
      if (this.wireType === Wire.group) {
        if (open.push(this.field) > maxDepth) this.fail(`more than ${maxDepth} groups inside each other`);
      } else if (this.wireType === Wire.groupEnd) {
        if (open.pop() !== this.field) this.fail("a group is closed that is not open");
      } else this.skipValue();
    }
  }

  private skipValue(): void {
    if (this.wireType === Wire.varint) this.varintBytes();
    else if (this.wireType === Wire.bytes) this.payload();
    else if (this.wireType === Wire.fixed32) this.take(4);
    else if (this.wireType === Wire.fixed64) this.take(8);
    else this.fail("a group is closed that is not open", this.fieldStart);
  }

  private take(length: number): number {
    const start = this.position;
    if (length > this.end - start) this.fail(`${length} bytes are announced, ${this.end - start} are left,`, start);
    this.position = start + length;
    return start;
  }

  private unsigned32(): number {
    const start = this.position;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.position >= this.end) this.fail("a number is cut off", start);
      const byte = this.bytes[this.position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) this.fail("a length or tag is above 32 bits", start);
        return value;
      }
    }
    return this.fail("a length or tag is above 32 bits", start);
  }

  /** Bytes of one varint. */
  varintBytes(): Uint8Array {
    const start = this.position;
    while (this.position < this.end) {
      if (this.bytes[this.position++]! < 0x80) return this.bytes.subarray(start, this.position);
      if (this.position - start === 10) this.fail("a number is longer than 10 bytes", start);
    }
    return this.fail("a number is cut off", start);
  }

  /** One signed 64-bit integer. */
  int64(): bigint {
    const start = this.position;
    let low = 0; // 28 bits
    let middle = 0; // 28 bits
    let high = 0; // the rest
    for (let index = 0; index < 10; index++) {
      if (this.position >= this.end) this.fail("a number is cut off", start);
      const byte = this.bytes[this.position++]!;
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index < 8) middle |= bits << (7 * (index - 4));
      else high |= bits << (7 * (index - 8));
      if (byte < 0x80) {
        if (index < 4) return BigInt(low);
        return BigInt.asIntN(64, BigInt(low) | (BigInt(middle) << 28n) | (BigInt(high) << 56n));
      }
    }
    return this.fail("a number is longer than 10 bytes", start);
  }

  /** One signed integer as a number. */
  integer(): number {
    const start = this.position;
    this.expect(Wire.varint);
    const value = Number(this.int64());
    return Number.isSafeInteger(value) ? value : this.fail(`the integer ${value} is too large`, start);
  }

  /** One 32-bit float. */
  float(): number {
    this.expect(Wire.fixed32);
    return this.view.getFloat32(this.take(4), true);
  }

  /** The payload of a length-delimited field: a view, not a copy. */
  payload(): Uint8Array {
    const length = this.unsigned32();
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  blob(): Uint8Array {
    this.expect(Wire.bytes);
    return this.payload();
  }

  /** UTF-8 text. */
  string(): string {
    const start = this.position;
    return decodeUtf8(this.blob()) ?? this.fail("a name is not UTF-8", start);
  }

  /** A reader of the sub-message in this field. */
  child(message: string): WireReader {
    this.expect(Wire.bytes);
    this.spend(1);
    if (this.depth >= maxDepth) this.fail(`more than ${maxDepth} messages inside each other`, this.fieldStart);
    const length = this.unsigned32();
    const start = this.take(length);
    return new WireReader(this.bytes, message, start, start + length, this.depth + 1, this.budget);
  }

  /** The payload of a repeated number, packed or one at a time: the bytes of the numbers without tags. */
  numbers(element: typeof Wire.varint | typeof Wire.fixed32 | typeof Wire.fixed64): Uint8Array {
    if (this.wireType === Wire.bytes) return this.payload();
    this.expect(element);
    if (element === Wire.varint) return this.varintBytes();
    const start = this.take(element === Wire.fixed32 ? 4 : 8);
    return this.bytes.subarray(start, this.position);
  }

  /** A repeated int64, packed or one at a time. */
  int64s(into: bigint[]): void {
    if (this.wireType === Wire.bytes) {
      const length = this.unsigned32();
      const end = this.take(length) + length;
      const packed = new WireReader(this.bytes, this.message, end - length, end, this.depth, this.budget);
      while (packed.position < packed.end) {
        this.spend(1);
        into.push(packed.int64());
      }
    } else {
      this.expect(Wire.varint);
      this.spend(1);
      into.push(this.int64());
    }
  }

  /** A repeated float, packed or one at a time. */
  floats(into: number[]): void {
    const start = this.position;
    const payload = this.numbers(Wire.fixed32);
    if (payload.length % 4 !== 0) this.fail(`packed floats of ${payload.length} bytes`, start);
    this.spend(payload.length / 4);
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    for (let at = 0; at < payload.length; at += 4) into.push(view.getFloat32(at, true));
  }
}

/** Text, or undefined when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Collects the fields of one message as pieces; large payloads are copied once, at the very end. */
export class WireWriter {
  /** messages inside stay writers until the end, so that nothing is moved once a level */
  private readonly pieces: (Uint8Array | WireWriter)[] = [];
  size = 0;

  /** A field as it stood, tag included. */
  verbatim(bytes: Uint8Array): this {
    this.pieces.push(bytes);
    this.size += bytes.length;
    return this;
  }

  private tag(field: number, wireType: number): this {
    return this.verbatim(lengthOf(field * 8 + wireType));
  }

  int(field: number, value: number | bigint): this {
    return this.tag(field, Wire.varint).verbatim(varintOf(BigInt(value)));
  }

  float(field: number, value: number): this {
    const word = new Uint8Array(4);
    new DataView(word.buffer).setFloat32(0, value, true);
    return this.tag(field, Wire.fixed32).verbatim(word);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, Wire.bytes).verbatim(lengthOf(value.length)).verbatim(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, toUtf8.encode(value));
  }

  message(field: number, value: WireWriter): this {
    this.tag(field, Wire.bytes).verbatim(lengthOf(value.size));
    this.pieces.push(value);
    this.size += value.size;
    return this;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.size);
    this.writeTo(whole, 0);
    return whole;
  }

  private writeTo(whole: Uint8Array, start: number): void {
    let at = start;
    for (const piece of this.pieces) {
      if (piece instanceof WireWriter) piece.writeTo(whole, at);
      else whole.set(piece, at);
      at += piece instanceof WireWriter ? piece.size : piece.length;
    }
  }
}

export function concatBytes(pieces: readonly Uint8Array[], size = pieces.reduce((sum, piece) => sum + piece.length, 0)): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Small varints are most of a graph: made once, shared. */
const small = Array.from({ length: 128 }, (_, value) => Uint8Array.of(value));

function lengthOf(value: number): Uint8Array {
  const known = small[value];
  if (known) return known;
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function varintOf(value: bigint): Uint8Array {
  if (value >= 0n && value < 128n) return small[Number(value)]!;
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
