/** The token is selected in front of a language model's head, whatever the head is made of. The values are in test/zoo.test.ts. */
import { expect } from "@open-wc/testing";
import { instrument, lexi } from "../../src/engine/instrument.js";
import { Graph } from "../../src/graph/graph.js";
import { decodeModel } from "../../src/onnx/decode.js";

const heads = { "gpt2-ts17": "MatMul", "gemma2-dyn18-eager": "Tanh", "llama-ts17-half": "Cast", "llama-ts17-int8": "QuantizeLinear", "llama-ts17-int4": "MatMulNBits" };

describe("the token is selected in front of the head", () => {
  for (const [name, operator] of Object.entries(heads))
    it(`${name}: past ${operator}, and the scores of all tokens are gone`, async () => {
      const bytes = new Uint8Array(await (await fetch(`/test/fixtures/zoo/${name}/model.onnx`)).arrayBuffer());
      const { graph, scores, labels } = instrument({ url: "", bytes, model: decodeModel(bytes), decode: () => decodeModel(bytes), external: [], hash: "" }, "wasm");
      const rewritten = decodeModel(graph);
      expect(labels).to.equal(100);
      expect(rewritten.graph.outputs.map((output) => output.name)).to.include(scores).and.not.include("logits");
      const behind = new Set<string>([lexi.select]);
      const operators: string[] = [];
      for (const node of Graph.of(rewritten).nodes) {
        if (node.opType === "If" || !node.inputs.some((input) => behind.has(input))) continue;
        operators.push(node.opType);
        for (const output of node.outputs) behind.add(output);
      }
      expect(operators).to.include(operator);
      expect(behind).to.include(scores);
    });
});
