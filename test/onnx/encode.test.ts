import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { attributeOf, floatAttribute, intAttribute, intsAttribute, node, stringAttribute } from "../../src/onnx/attributes.js";
import { decodeModel, emptyGraph } from "../../src/onnx/decode.js";
import { appendOutputs, encodeModel } from "../../src/onnx/encode.js";
import { externalizeWeights } from "../../src/onnx/externalize.js";
import { tensorData, tensorProto } from "../../src/onnx/tensor-data.js";
import type { Model } from "../../src/onnx/types.js";
import { type Tensor, float32, int64 } from "../../src/tensor/tensor.js";

/** A weight, a small constant, and a branch with a weight of its own. */
function sampleModel(): Model {
  const branch = { ...emptyGraph("branch"), nodes: [node("Identity", ["inner"], ["b"])], initializers: [tensorProto("inner", float32(new Float32Array(600).fill(3)))], outputs: [{ name: "b", type: null, unknown: [] }] };
  const graph = {
    ...emptyGraph("main"),
    nodes: [node("MatMul", ["x", "w"], ["y"]), node("If", ["c"], ["z"], { then_branch: branch, else_branch: branch }), node("Gelu", ["y"], ["g"], {}, "com.microsoft")],
    initializers: [tensorProto("w", float32(Float32Array.from({ length: 512 }, (_, index) => index), [16, 32])), tensorProto("small", int64([-1, 8]))],
    inputs: [{ name: "x", type: { dtype: "float32" as const, dataType: 1, shape: ["batch", 16] }, unknown: [] }, { name: "c", type: { dtype: "bool" as const, dataType: 9, shape: [] }, unknown: [] }],
    outputs: [{ name: "y", type: null, unknown: [] }],
  };
  return { irVersion: 8, producerName: "test", opsets: new Map([["", 17], ["com.microsoft", 1]]), graph, functions: [], unknown: [] };
}

describe("encodeModel", () => {
  it("decode gives back what was encoded", () => {
    const model = sampleModel();
    expect(decodeModel(encodeModel(model))).to.deep.equal(model);
  });

  it("appended outputs are outputs of the same graph", () => {
    const file = encodeModel(sampleModel());
    const longer = appendOutputs(file, ["z", "g"]);
    expect(longer.subarray(0, file.length)).to.deep.equal(file);
    expect(longer.length - file.length).to.be.below(20);
    expect(decodeModel(longer).graph.outputs.map(({ name }) => name)).to.deep.equal(["y", "z", "g"]);
    expect(decodeModel(longer).graph.nodes).to.deep.equal(decodeModel(file).graph.nodes);
  });
});

describe("externalizeWeights", () => {
  it("makes a small graph that points into the original bytes", () => {
    const file = encodeModel(sampleModel());
    const model = decodeModel(file);
    externalizeWeights(model, file, "weights");
    const small = encodeModel(model);
    expect(small.length).to.be.below(file.length - 2048 + 64);
    const [weight, inline] = decodeModel(small).graph.initializers;
    const { location, offset, length } = weight!.external!;
    expect([location, length]).to.deep.equal(["weights", 2048]);
    expect(new Float32Array(file.slice(offset, offset + length).buffer)[511]).to.equal(511);
    expect([...tensorData(inline!).data]).to.deep.equal([-1n, 8n]);
  });

  it("leaves alone what is not in the file, is small, or is in a branch", () => {
    const file = encodeModel(sampleModel());
    const model = decodeModel(file);
    model.graph.initializers.push(tensorProto("ours", float32(new Float32Array(4096))));
    externalizeWeights(model, file, "weights");
    expect(model.graph.initializers.map(({ external }) => external !== null)).to.deep.equal([true, false, false]);
    const branch = model.graph.nodes[1]!.attributes.get("then_branch")!;
    expect(branch.type === "graph" && branch.value.initializers[0]!.external).to.equal(null);
    const before = decodeModel(file);
    externalizeWeights(before, file, "weights", 4096);
    expect(before.graph.initializers[0]!.external).to.equal(null);
  });

  it("offsets are into the array given, wherever that stands in its buffer", () => {
    const file = encodeModel(sampleModel());
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const view = shifted.subarray(3);
    const [first, second] = [decodeModel(file), decodeModel(view)];
    externalizeWeights(first, file, "w");
    externalizeWeights(second, view, "w");
    expect(second.graph.initializers[0]!.external).to.deep.equal(first.graph.initializers[0]!.external);
  });

  it("90 MB: decoding, splitting and writing copy no weights", () => {
    const model = sampleModel();
    for (let index = 0; index < 45; index++) model.graph.initializers.push(tensorProto(`big${index}`, float32(new Float32Array(500_000))));
    const file = encodeModel(model);
    expect(file.length).to.be.above(90_000_000);
    const decoded = decodeModel(file);
    const big = decoded.graph.initializers.filter(({ name }) => name.startsWith("big"));
    expect(big.every(({ raw }) => raw?.buffer === file.buffer), "weights are windows on the file").to.equal(true);
    externalizeWeights(decoded, file, "weights");
    expect(encodeModel(decoded).length).to.be.below(20_000);
  }).timeout(20_000);
});

describe("tensorProto and tensorData", () => {
  const cases: readonly Tensor[] = [
    float32([1, -2.5]), { dtype: "float64", shape: [1], data: Float64Array.of(0.1) }, { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xc000) }, { dtype: "bfloat16", shape: [1], data: Uint16Array.of(0x3f80) },
    { dtype: "int8", shape: [2], data: Int8Array.of(-1, 5) }, { dtype: "uint8", shape: [1], data: Uint8Array.of(200) }, { dtype: "int16", shape: [1], data: Int16Array.of(-3) }, { dtype: "uint16", shape: [1], data: Uint16Array.of(9) },
    { dtype: "int32", shape: [1, 1], data: Int32Array.of(-7) }, { dtype: "uint32", shape: [1], data: Uint32Array.of(7) }, int64([-1, 2], [2, 1]), { dtype: "uint64", shape: [], data: BigUint64Array.of(2n ** 63n) },
    { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }, { dtype: "int4", shape: [3], data: Int8Array.of(-8, 7, -1) }, { dtype: "uint4", shape: [2], data: Uint8Array.of(15, 1) }, { dtype: "float8", shape: [1], data: Uint8Array.of(0x38) },
  ];
  for (const tensor of cases) {
    it(`${tensor.dtype} comes back, aligned or not`, () => {
      const proto = tensorProto("t", tensor);
      expect(tensorData(proto)).to.deep.equal(tensor);
      const odd = new Uint8Array(proto.raw!.length + 1);
      odd.set(proto.raw!, 1);
      expect(tensorData({ ...proto, raw: odd.subarray(1) })).to.deep.equal(tensor);
    });
  }

  it("refuses what has no numbers", () => {
    expect(() => tensorProto("t", { dtype: "string", shape: [1], data: Uint8Array.of(1) })).to.throw(LexiscopeError, "string");
    expect(() => tensorProto("t", { dtype: "float32", shape: [3], data: Float32Array.of(1) })).to.throw(LexiscopeError, "has 1 elements");
    expect(() => tensorData({ ...tensorProto("t", float32([1])), dtype: "complex", dataType: 14 })).to.throw(LexiscopeError, "complex");
  });
});

describe("attributes", () => {
  it("plain values become what ONNX expects", () => {
    expect(attributeOf(-1)).to.deep.equal({ type: "int", value: -1n });
    expect(attributeOf({ float: 1 })).to.deep.equal({ type: "float", value: 1 });
    expect(attributeOf([0, 2])).to.deep.equal({ type: "ints", value: [0n, 2n] });
    expect(attributeOf([])).to.deep.equal({ type: "ints", value: [] });
    expect(attributeOf(["a"])).to.deep.equal({ type: "strings", value: ["a"] });
    expect(attributeOf({ floats: [1] })).to.deep.equal({ type: "floats", value: [1] });
    expect(attributeOf(float32([1])).type).to.equal("tensor");
    expect(attributeOf(emptyGraph()).type).to.equal("graph");
    expect(() => attributeOf(0.5)).to.throw(LexiscopeError, "write { float: 0.5 }");
  });

  it("reads numbers, and the fallback where there is none or another kind", () => {
    const made = node("Op", [], [], { axis: -1, alpha: { float: 0.25 }, perm: [1, 0], mode: "linear" });
    expect([intAttribute(made, "axis", 0), intAttribute(made, "alpha", 7), intAttribute(made, "none", undefined)]).to.deep.equal([-1, 7, undefined]);
    expect([floatAttribute(made, "alpha", 0), floatAttribute(made, "axis", 3)]).to.deep.equal([0.25, 3]);
    expect(intsAttribute(made, "perm", null)).to.deep.equal([1, 0]);
    expect(stringAttribute(made, "mode", "")).to.equal("linear");
  });
});
