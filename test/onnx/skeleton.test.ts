/** A model read piece by piece means the same as one read whole, and its weights lie where it says. */
import { expect } from "@open-wc/testing";
import { decodeModel } from "../../src/onnx/decode.js";
import { encodeModel } from "../../src/onnx/encode.js";
import { skeletonOf, type RandomAccess } from "../../src/onnx/skeleton.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import { float32, int64 } from "../../src/tensor/tensor.js";
import { graphOf } from "../anatomy/hand-built.js";

const wide = 300;
const large = float32(Float32Array.from({ length: wide * wide }, (_, index) => Math.sin(index)), [wide, wide]); // 360 kB
const table = int64(Array.from({ length: 20_000 }, (_, index) => index)); // 160 kB, but looked into
const file = encodeModel(graphOf({ inputs: { x: ["float32", "n", wide] }, constants: { large, table, few: float32([1, 2, 3]) }, lines: ["y = MatMul(x, large)"], outputs: ["y"] }).toModel());

function watched(bytes: Uint8Array): RandomAccess & { most: number } {
  const scratch = new Uint8Array(bytes.length);
  return {
    size: bytes.length, most: 0,
    read(offset, length) {
      this.most = Math.max(this.most, length);
      scratch.set(bytes.subarray(offset, offset + length)); // what was read before is gone
      return scratch.subarray(0, length);
    },
  };
}

describe("skeleton of a large file", () => {
  it("keeps everything but large weights, which are found in the file", () => {
    const access = watched(file);
    const bytes = skeletonOf(access, "the-file");
    const [whole, light] = [decodeModel(file), decodeModel(bytes)];
    const heavy = light.graph.initializers.find(({ name }) => name === "large")!;
    expect(heavy.raw).to.equal(null);
    const { location, offset, length } = heavy.external!;
    expect([location, length]).to.deep.equal(["the-file", 4 * wide * wide]);
    expect(new Float32Array(file.slice(offset, offset + length).buffer)).to.deep.equal(large.data);
    expect(bytes.length).to.be.below(file.length - 4 * wide * wide + 200);
    expect(access.most, "a large weight was read").to.be.below(4 * wide * wide);
    const restored = { ...light, graph: { ...light.graph, initializers: light.graph.initializers.map((tensor) => (tensor === heavy ? tensorProto("large", large) : tensor)) } };
    expect(encodeModel(restored)).to.deep.equal(encodeModel(whole));
  });

  it("refuses what is cut off or is no model", () => {
    expect(() => skeletonOf(watched(file.subarray(0, file.length - 7)), "x")).to.throw(/not a readable model/);
    expect(() => skeletonOf(watched(new Uint8Array(100).fill(255)), "x")).to.throw(/not a readable model/);
  });
});
