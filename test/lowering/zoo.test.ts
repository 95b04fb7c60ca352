/**
 * Fused and guarded files against PyTorch, on wasm: after lowering, the anatomy finds the transformer whole, its patterns, residual
 * stream and gradient are PyTorch's, and the scores are still those of the file as it was.
 */
import { expect } from "@open-wc/testing";
import { dissect } from "../../src/anatomy/dissect.js";
import { differentiate } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { lower } from "../../src/lowering/index.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { float32, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import { withSession } from "../autodiff/run.js";
import { type Coded, decoded, loadZoo } from "../zoo.js";

const guard = "Softmax → IsNaN → Where";
/** file → what is rewritten in it */
const files: Readonly<Record<string, readonly string[]>> = {
  "bert-old14-fused": ["com.microsoft.EmbedLayerNormalization", "com.microsoft.Attention", "com.microsoft.SkipLayerNormalization"],
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
};

interface Case {
  readonly inputs: Readonly<Record<string, number[][]>>;
  readonly target: { readonly index: number; readonly positions: readonly number[] | null };
  readonly logits: Coded; readonly lookup: Coded; readonly gradient: Coded;
  readonly attention: readonly Coded[]; readonly residual: readonly Coded[];
}
interface Numbers {
  readonly cases: readonly Case[];
  readonly causal: boolean; readonly layers: number; readonly heads: number; readonly headSize: number; readonly width: number; readonly vocabulary: number; readonly architecture: string;
  /** false: what the file computes at padded tokens is its own affair */
  readonly padding?: boolean;
}

/** Largest difference over largest number, at real tokens only where the file demands it; the token axis is the last but one. */
function error(actual: Tensor, expected: Tensor, mask: readonly number[][] | null): number {
  expect(actual.shape).to.deep.equal(expected.shape);
  const [batch, tokens, columns] = [expected.shape[0]!, expected.shape.at(-2)!, expected.shape.at(-1)!];
  const each = sizeOf(expected.shape) / batch;
  let difference = 0, largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    if (mask && expected.shape.length > 2 && !mask[Math.floor(i / each)]![Math.floor(i / columns) % tokens]) continue;
    difference = Math.max(difference, Math.abs(Number(actual.data[i]) - Number(expected.data[i])));
    largest = Math.max(largest, Math.abs(Number(expected.data[i])));
  }
  return Number.isNaN(difference) || largest === 0 ? Infinity : difference / largest;
}

function feedsOf({ inputs, target, logits: { shape } }: Case): Record<string, Tensor> {
  const seed = new Float32Array(sizeOf(shape)); // one score a text
  const [texts = 0, next = 0, last = 1] = shape;
  for (let text = 0; text < texts; text++) seed[target.positions ? (text * next + target.positions[text]!) * last + target.index : text * next + target.index] = 1;
  const ids = Object.entries(inputs).map(([name, lines]): [string, Tensor] => [name, { dtype: "int64", shape: [lines.length, lines[0]!.length], data: BigInt64Array.from(lines.flat(), BigInt) }]);
  return { ...Object.fromEntries(ids), seed: float32(seed, shape) };
}

describe("lowering of whole files", function () {
  this.timeout(60_000);
  for (const [file, rewritten] of Object.entries(files)) {
    it(`${file}: found whole; PyTorch's patterns, residual stream and gradient; the file's own scores`, async () => {
      const fixture = await loadZoo<Numbers>(file);
      const { causal, layers, heads, headSize, width, vocabulary, cases, bytes, architecture } = fixture;
      const graph = Graph.of(decodeModel(bytes));
      const { lowered, refused } = lower(graph);
      expect(refused).to.deep.equal([]);
      expect([...new Set(lowered)].sort()).to.deep.equal([...rewritten].sort());
      expect(graph.nodes.map(({ opType }) => opType)).not.to.include("IsNaN");

      const anatomy = dissect(graph);
      expect(anatomy.missing).to.deep.equal([]);
      expect(anatomy.embeddings).to.deep.include({ ids: "input_ids", width, vocabulary });
      expect(anatomy.causal).to.equal(causal);
      expect(anatomy.attention.map((block) => [block.heads, block.headSize, block.extra.length])).to.deep.equal(new Array(layers).fill([heads, headSize, 0]));
      expect(anatomy.residual.map(({ normalized }) => normalized)).to.deep.equal(new Array(layers).fill(architecture.includes("bert")));

      differentiate(graph, { of: "logits", wrt: anatomy.embeddings!.value, seed: "seed", into: "gradient" });
      const taps = [anatomy.embeddings!.value, ...anatomy.residual.map(({ value }) => value), ...anatomy.attention.map(({ probabilities }) => probabilities)];
      for (const value of taps) graph.addOutput(value);
      const results = await withSession(graph.toModel(), async (run) => {
        const each = [];
        for (const given of cases) each.push(await run(feedsOf(given)));
        return each;
      });
      const original = await withSession(decodeModel(bytes), async (run) => {
        const each = [];
        for (const given of cases) each.push(await run(feedsOf(given)));
        return each;
      });
      cases.forEach((given, index) => {
        const values = results[index]!;
        const mask = fixture.padding === false ? given.inputs["attention_mask"]! : null;
        const close = (name: string, wanted: Tensor, what: string, tolerance = 1e-5): void => {
          expect(error(values[name]!, wanted, mask), `${what}, case ${index}`).to.be.at.most(tolerance);
        };
        close("logits", original[index]!["logits"]!, "the file's own scores");
        close("logits", decoded(given.logits), "scores");
        close(anatomy.embeddings!.value, decoded(given.lookup), "lookup");
        given.residual.forEach((wanted, layer) => close(anatomy.residual[layer]!.value, decoded(wanted), `residual after ${layer}`));
        given.attention.forEach((wanted, layer) => close(anatomy.attention[layer]!.probabilities, decoded(wanted), `pattern of ${layer}`));
        close("gradient", decoded(given.gradient), "gradient", 1e-4);
      });
    });
  }
});
