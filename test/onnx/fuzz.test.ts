/**
 * The reader against damaged files: flipped bytes, cuts, inserted numbers, in a valid model. Always a model or a
 * LexiscopeError, and the graph floor keeps to the same promise for whatever decodes.
 */
import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { Graph } from "../../src/graph/graph.js";
import { node } from "../../src/onnx/attributes.js";
import { decodeModel, emptyGraph } from "../../src/onnx/decode.js";
import { encodeModel } from "../../src/onnx/encode.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import { float32, int64 } from "../../src/tensor/tensor.js";
import { varint } from "./bytes.js";

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function validFile(): Uint8Array {
  const branch = (name: string): ReturnType<typeof emptyGraph> => ({ ...emptyGraph(name), nodes: [node("Neg", ["r"], [name])], outputs: [{ name, type: null, unknown: [] }] });
  const info = (name: string, dims: (string | number)[]) => ({ name, type: { dtype: "float32" as const, dataType: 1, shape: dims }, unknown: [] });
  return encodeModel({
    irVersion: 8, producerName: "fuzz", opsets: new Map([["", 17], ["com.microsoft", 1]]), functions: [{ bytes: Uint8Array.of(10, 1, 102) }], unknown: [],
    graph: {
      ...emptyGraph("main"),
      nodes: [
        node("Shape", ["x"], ["s"]), node("Constant", [], ["zero"], { value: int64([0], []) }), node("Gather", ["s", "zero"], ["b"], { axis: 0 }), node("Unsqueeze", ["b", "first"], ["b1"]), node("Concat", ["b1", "tail"], ["target"], { axis: 0 }),
        node("Reshape", ["x", "target"], ["r"]), node("MatMul", ["r", "w"], ["m"]), node("Softmax", ["m"], ["p"], { axis: -1 }), node("Slice", ["s", "first", "one", "first", "one"], ["cut"]), node("Transpose", ["p"], ["t"], { perm: [0, 2, 1] }),
        node("If", ["c"], ["y"], { then_branch: branch("yes"), else_branch: branch("no") }), node("ConstantOfShape", ["target"], ["filled"], { value: float32([1]) }), node("Einsum", ["r", "w"], ["e"], { equation: "bij,jk->bik" }),
        node("Split", ["m"], ["left", "right"], { axis: 2 }), node("Pad", ["m", "pads"], ["padded"]), node("Gelu", ["m"], ["g"], {}, "com.microsoft"), node("Expand", ["one", "target"], ["wide"]), node("Range", ["zero", "eight", "unit"], ["counted"]),
      ],
      initializers: [tensorProto("first", int64([0])), tensorProto("one", int64([1])), tensorProto("eight", int64([8], [])), tensorProto("unit", int64([1], [])), tensorProto("tail", int64([-1, 4])), tensorProto("pads", int64([0, 0, 0, 1, 1, 1])), tensorProto("w", float32([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]))],
      inputs: [info("x", ["batch", "time", 8]), { name: "c", type: { dtype: "bool", dataType: 9, shape: [] }, unknown: [] }],
      outputs: [{ name: "y", type: null, unknown: [] }, info("p", ["batch", 2, 2])],
    },
  });
}

const damages: Readonly<Record<string, (file: Uint8Array, next: () => number) => Uint8Array>> = {
  "flipped bytes": (file, next) => {
    const copy = file.slice();
    for (let count = 1 + Math.floor(next() * 4); count > 0; count--) copy[Math.floor(next() * copy.length)] = Math.floor(next() * 256);
    return copy;
  },
  "cut short": (file, next) => file.slice(0, Math.floor(next() * file.length)),
  "inserted numbers": (file, next) => {
    const at = Math.floor(next() * file.length);
    return Uint8Array.from([...file.subarray(0, at), ...varint(BigInt(Math.floor(next() * 2 ** 48)) << BigInt(Math.floor(next() * 16))), ...file.subarray(at)]);
  },
  "a piece repeated": (file, next) => {
    const [from, to] = [Math.floor(next() * file.length), Math.floor(next() * file.length)];
    return Uint8Array.from([...file.subarray(0, Math.max(from, to)), ...file.subarray(Math.min(from, to))]);
  },
};

describe("damaged files", () => {
  const file = validFile();

  it("the undamaged one is a graph", () => {
    const graph = Graph.of(decodeModel(file));
    expect(graph.shape("r")).to.deep.equal(["batch", "2·time", 4]);
    expect(graph.shape("y")).to.deep.equal(["batch", "2·time", 4]);
  });

  for (const [what, damage] of Object.entries(damages)) {
    it(`${what}: a model or a typed error, quickly`, () => {
      const next = random(20240611);
      let [read, refused, graphs] = [0, 0, 0];
      for (let round = 0; round < 3000; round++) {
        const bytes = damage(file, next);
        try {
          const model = decodeModel(bytes);
          read++;
          expect(decodeModel(encodeModel(model)).graph.nodes.length, `round ${round}`).to.equal(model.graph.nodes.length);
          const graph = Graph.of(model);
          for (const { outputs } of graph.nodes) for (const output of outputs) graph.scalar(output);
          encodeModel(graph.toModel());
          graphs++;
        } catch (error) {
          if (!(error instanceof LexiscopeError)) throw new Error(`round ${round}: ${String(error)} ${(error as Error).stack ?? ""}`);
          expect(error.code).to.equal("bad-model");
          refused++;
        }
      }
      expect(read + refused).to.be.at.least(3000);
      expect(refused, "some are refused").to.be.above(100);
      if (what === "flipped bytes") expect(graphs, "some are read").to.be.above(100);
    }).timeout(60_000);
  }
});
