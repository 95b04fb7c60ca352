import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { broadcastShapes, broadcastStrides, normalizeAxis, stridesOf } from "../../src/tensor/shape.js";

describe("shape", () => {
  it("strides are row-major", () => {
    expect(stridesOf([2, 3, 4])).to.deep.equal([12, 4, 1]);
    expect(stridesOf([])).to.deep.equal([]);
  });

  it("broadcasts as NumPy does", () => {
    expect(broadcastShapes([3, 1], [1, 4], [])).to.deep.equal([3, 4]);
    expect(broadcastShapes([2, 1, 5], [3, 1])).to.deep.equal([2, 3, 5]);
    expect(broadcastShapes([0], [1])).to.deep.equal([0]);
    expect(() => broadcastShapes([2], [3])).to.throw(LexiscopeError, "do not broadcast: [2] and [3]");
  });

  it("repeated axes have stride 0", () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).to.deep.equal([0, 1, 0]);
    expect(() => broadcastStrides([2], [3])).to.throw(LexiscopeError);
    expect(() => broadcastStrides([1, 2], [2])).to.throw(LexiscopeError);
  });

  it("axes count from the end when negative", () => {
    expect(normalizeAxis(-1, 3)).to.equal(2);
    expect(() => normalizeAxis(3, 3)).to.throw(LexiscopeError, "axis 3 is outside a tensor of rank 3");
  });
});
