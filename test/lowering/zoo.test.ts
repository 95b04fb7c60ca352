/**
 * What is taken apart in the zoo's fused and guarded files, and that the anatomy finds the transformer whole afterwards. Nothing runs here:
 * the numbers are in test/zoo.test.ts.
 */
import { expect } from "@open-wc/testing";
import { dissect } from "../../src/anatomy/dissect.js";
import { Graph } from "../../src/graph/graph.js";
import { lower } from "../../src/lowering/index.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { loadZoo } from "../zoo.js";

const guard = "Softmax → IsNaN → Where";
/** file → what is rewritten in it */
const files: Readonly<Record<string, readonly string[]>> = {
  "bert-old14-fused": ["com.microsoft.EmbedLayerNormalization", "com.microsoft.Attention", "com.microsoft.SkipLayerNormalization"],
  "bert-old14-fused-int8": ["com.microsoft.QEmbedLayerNormalization", "com.microsoft.QAttention", "com.microsoft.SkipLayerNormalization"],
  "bert-dyn23": ["Attention"],
  "gpt2-dyn23": ["Attention"],
  "llama-dyn23": ["Attention", "RotaryEmbedding"],
  "llama-ts17-fused": ["com.microsoft.RotaryEmbedding", "com.microsoft.SkipSimplifiedLayerNormalization"],
  "llama16-dyn18-fused": ["com.microsoft.GroupQueryAttention", "com.microsoft.SkipSimplifiedLayerNormalization"],
  "bert-ts17-sdpa": [guard],
  "distilbert-ts17-sdpa": [guard],
  "gpt2-ts17-sdpa": [guard],
  "llama-ts17-sdpa": [guard],
  "llama-nopositions-ts17-sdpa": [guard],
  "mistral-ts17-sdpa": [guard],
  "mistral-dyn23": ["Attention", "RotaryEmbedding"],
  "gptneox-dyn23": ["Attention", "RotaryEmbedding"],
  "gptneox-ts17-fused": ["com.microsoft.RotaryEmbedding", "com.microsoft.SkipLayerNormalization"],
  "roberta-dyn18": [guard],
  "albert-ts17-fused": ["com.microsoft.SkipLayerNormalization"],
  "llama-ts17-ort": ["com.microsoft.FusedMatMul"],
};

interface Numbers { readonly layers: number; readonly heads: number; readonly headSize: number; readonly causal: boolean }

describe("lowering of whole files", () => {
  for (const [file, rewritten] of Object.entries(files)) {
    it(`${file}: ${rewritten.join(", ")}`, async () => {
      const { bytes, layers, heads, headSize, causal } = await loadZoo<Numbers>(file);
      const graph = Graph.of(decodeModel(bytes));
      const { lowered, refused } = lower(graph);
      expect(refused).to.deep.equal([]);
      expect([...new Set(lowered)].sort()).to.deep.equal([...rewritten].sort());
      expect(graph.nodes.map(({ opType }) => opType)).not.to.include("IsNaN");
      const anatomy = dissect(graph);
      expect(anatomy.missing).to.deep.equal([]);
      expect(anatomy.causal).to.equal(causal);
      expect(anatomy.attention.map((block) => [block.heads, block.headSize, block.extra.length])).to.deep.equal(new Array(layers).fill([heads, headSize, 0]));
      expect(anatomy.residual).to.have.length(layers);
    });
  }
});
