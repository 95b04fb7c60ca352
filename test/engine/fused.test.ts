/** Files with fused operators as the engine rewrites them: nothing runs here. */
import { expect } from "@open-wc/testing";
import { instrument } from "../../src/engine/instrument.js";
import { encodeModel } from "../../src/onnx/encode.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { float32 } from "../../src/tensor/tensor.js";
import { graphOf } from "../anatomy/hand-built.js";

const file = (bytes: Uint8Array<ArrayBuffer>): Parameters<typeof instrument>[0] => ({ url: "", bytes, model: decodeModel(bytes), decode: () => decodeModel(bytes), external: [], hash: "" });

describe("fused files in the engine", () => {
  for (const name of ["bert-old14-fused", "llama16-dyn18-fused", "gpt2-dyn23"]) {
    it(`${name}: patterns, hidden states and the exact gradient`, async () => {
      const bytes = new Uint8Array(await (await fetch(`/test/fixtures/zoo/${name}/model.onnx`)).arrayBuffer());
      for (const backend of ["wasm", "webgpu"] as const) {
        const { gradient, patterns, hidden, anatomy } = instrument(file(bytes), backend);
        expect({ gradient, missing: anatomy.missing }).to.deep.equal({ gradient: "exact", missing: [] });
        expect(patterns.map(({ from }) => from)).to.deep.equal(new Array(2).fill(backend === "wasm" ? "probabilities" : "kernel"));
        expect(hidden).to.have.length(2);
      }
    });
  }

  it("an operator that cannot be taken apart: the reason is in what is missing", () => {
    const table = (...shape: number[]) => float32(new Array(shape.reduce((a, b) => a * b, 1)).fill(0.1), shape);
    const graph = graphOf({
      inputs: { input_ids: ["int64", "batch", "token"], past: ["float32", 2, "batch", 2, "before", 4] },
      constants: { words: table(9, 8), packed: table(8, 24), bias: table(24), head: table(8, 3) },
      lines: ["x = Gather(words, input_ids)", ["a = com.microsoft.Attention(x, packed, bias, , past)", { num_heads: 2 }], "y = Add(x, a)", "logits = MatMul(y, head)"],
      outputs: ["logits"],
    });
    const { gradient, anatomy } = instrument(file(encodeModel(graph.toModel()) as Uint8Array<ArrayBuffer>), "wasm");
    expect(anatomy.missing).to.deep.include({ what: "attention", node: "a", reason: "com.microsoft.Attention: with a past" });
    expect(gradient).to.contain("com.microsoft.Attention");
  });
});
