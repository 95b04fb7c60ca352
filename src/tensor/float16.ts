/**
 * Half-precision numbers as bits, since Float16Array is not everywhere yet: IEEE 754 binary16 and bfloat16, to and from numbers.
 * Rounding is to nearest, ties to even; subnormals, infinities and NaN are exact.
 */
const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** binary16 bits → number. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** number → binary16 bits; beyond 65519.99 it is infinity. */
export function toFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24); // subnormal; 1024 is the first normal number
  let exponent = Math.floor(Math.log2(magnitude));
  if (2 ** exponent > magnitude) exponent--;
  else if (2 ** (exponent + 1) <= magnitude) exponent++;
  return sign | ((exponent + 15) << 10) + (roundHalfEven((magnitude / 2 ** exponent) * 1024) - 1024); // a carry moves into the exponent
}

/** bfloat16 bits → number. */
export function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return word[0]!;
}

/** number → bfloat16 bits. */
export function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  word[0] = value;
  const whole = bits[0]!;
  return ((whole + 0x7fff + ((whole >>> 16) & 1)) >>> 16) & 0xffff;
}

/** A whole array of binary16 bits as float32. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, fromFloat16);
}

/** A whole array of numbers as binary16 bits. */
export function float32ToFloat16(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, toFloat16);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
