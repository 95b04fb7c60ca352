/**
 * Protobuf bytes written by hand, so that the reader is not tested against its own writer. Deliberately naive.
 */
export type Bytes = readonly number[];

export function varint(value: number | bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return bytes;
}

export const int = (field: number, value: number | bigint): Bytes => [...varint(field * 8), ...varint(value)];
export const message = (field: number, ...parts: readonly Bytes[]): Bytes => {
  const payload = parts.flat();
  return [...varint(field * 8 + 2), ...varint(payload.length), ...payload];
};
export const text = (field: number, value: string): Bytes => message(field, [...new TextEncoder().encode(value)]);
const word = (write: (view: DataView) => void, length: number): Bytes => {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return [...new Uint8Array(view.buffer)];
};
export const f32 = (value: number): Bytes => word((view) => view.setFloat32(0, value, true), 4);
export const f64 = (value: number): Bytes => word((view) => view.setFloat64(0, value, true), 8);
export const fixed32 = (field: number, value: number): Bytes => [...varint(field * 8 + 5), ...f32(value)];
export const fixed64 = (field: number, value: number): Bytes => [...varint(field * 8 + 1), ...f64(value)];
export const bytesOf = (...parts: readonly Bytes[]): Uint8Array => Uint8Array.from(parts.flat());
