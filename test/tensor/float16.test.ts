import { expect } from "@open-wc/testing";
import { float16ToFloat32, float32ToFloat16, fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "../../src/tensor/float16.js";

describe("float16", () => {
  it("reads the bits of the standard", () => {
    // IEEE 754-2008, binary16: one, largest, smallest normal, smallest subnormal, infinities, one third
    const known: readonly [bits: number, value: number][] = [[0x3c00, 1], [0x7bff, 65504], [0x0400, 2 ** -14], [0x0001, 2 ** -24], [0xfc00, -Infinity], [0x7c00, Infinity], [0x3555, 0.333251953125], [0xc000, -2]];
    for (const [bits, value] of known) {
      expect(fromFloat16(bits), bits.toString(16)).to.equal(value);
      expect(toFloat16(value), String(value)).to.equal(bits);
    }
    expect(fromFloat16(0x7e00)).to.be.NaN;
    expect(Object.is(fromFloat16(0x8000), -0)).to.equal(true);
  });

  it("every bit pattern comes back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits);
      if (!Number.isNaN(value)) expect(toFloat16(value)).to.equal(bits);
    }
  });

  it("rounds to nearest, ties to even, also over a power of two and into the subnormals", () => {
    expect(toFloat16(1 + 1 / 2048)).to.equal(0x3c00); // tie, down to even
    expect(toFloat16(1 + 3 / 2048)).to.equal(0x3c02); // tie, up to even
    expect(toFloat16(1 + 1.001 / 2048)).to.equal(0x3c01);
    expect(toFloat16(1.99999)).to.equal(0x4000); // carry into the exponent
    expect(toFloat16(65519.99)).to.equal(0x7bff);
    expect(toFloat16(65520)).to.equal(0x7c00);
    expect(toFloat16(2 ** -25)).to.equal(0); // tie with zero
    expect(toFloat16(1.5 * 2 ** -25)).to.equal(1);
    expect(toFloat16(2 ** -14 - 2 ** -26)).to.equal(0x0400); // the largest subnormal rounds up to the first normal
  });

  it("agrees with the platform's Float16Array where there is one", function () {
    const Native = (globalThis as { Float16Array?: new (values: ArrayLike<number>) => { buffer: ArrayBuffer } }).Float16Array;
    if (!Native) return this.skip();
    const values = Float32Array.from({ length: 20000 }, (_, index) => Math.sin(index * 12.9898) * 2 ** ((index % 45) - 28));
    expect(float32ToFloat16(values)).to.deep.equal(new Uint16Array(new Native(values).buffer));
    expect(float16ToFloat32(float32ToFloat16([0.5, -3])).join()).to.equal("0.5,-3");
  });

  it("bfloat16 is the upper half of a float, rounded", () => {
    expect(toBfloat16(1)).to.equal(0x3f80);
    expect(fromBfloat16(0x4049)).to.equal(3.140625);
    expect(toBfloat16(1 + 2 ** -8)).to.equal(0x3f80); // tie to even
    expect(toBfloat16(1 + 3 * 2 ** -8)).to.equal(0x3f82);
    expect(fromBfloat16(toBfloat16(NaN))).to.be.NaN;
    for (let bits = 0; bits < 0x7f80; bits += 7) expect(toBfloat16(fromBfloat16(bits))).to.equal(bits);
  });
});
