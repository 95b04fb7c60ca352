/**
 * What the anatomy says of stock exports that no optimiser has touched: scale, norms, masks; and softmax(QKᵀ·scale + bias) of the values that it
 * names, computed here, must be the pattern of the graph. The numbers themselves are compared with PyTorch's in test/zoo.test.ts.
 */
import { expect } from "@open-wc/testing";
import type * as Ort from "onnxruntime-web";
import { dissect } from "../../src/anatomy/dissect.js";
import type { Anatomy, AttentionBlock } from "../../src/anatomy/types.js";
import { Graph } from "../../src/graph/graph.js";
import { appendOutputs } from "../../src/onnx/encode.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { loadZoo, plainFiles } from "../zoo.js";

const TOLERANCE = 1e-5;

interface Numbers {
  readonly causal: boolean; readonly layers: number; readonly heads: number; readonly headSize: number; readonly width: number; readonly vocabulary: number; readonly flavour: string; readonly architecture: string;
  readonly cases: readonly { readonly inputs: Record<string, number[][]> }[];
}
interface Values { readonly dims: readonly number[]; readonly data: Float32Array }

function expectClose(actual: Values, expected: Values, what: string): void {
  expect([...actual.dims], `${what}: shape`).to.deep.equal([...expected.dims]);
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) worst = Math.max(worst, Math.abs(actual.data[i]! - expected.data[i]!));
  expect(worst, `${what}: largest difference`).to.be.at.most(TOLERANCE);
}

/** softmax(QKᵀ·scale + bias), written out; a row that nothing is allowed in is 0, as behind a NaN guard. */
function attentionOf(block: AttentionBlock, query: Values, key: Values, bias: Values | null): Values {
  const [batch, heads, queries, size] = query.dims as [number, number, number, number];
  const keys = key.dims[block.keyTransposed ? 3 : 2]!;
  const data = new Float32Array(batch * heads * queries * keys); // [batch, head, query, key]
  for (let b = 0; b < batch; b++) for (let h = 0; h < heads; h++) for (let q = 0; q < queries; q++) {
    const scores = Array.from({ length: keys }, (_, k) => {
      let dot = 0;
      for (let i = 0; i < size; i++) dot += query.data[((b * heads + h) * queries + q) * size + i]! * key.data[(b * heads + h) * keys * size + (block.keyTransposed ? i * keys + k : k * size + i)]!;
      return dot * block.scale! + (bias === null ? 0 : bias.data[broadcast(bias.dims, [b, h, q, k])]!);
    });
    const top = Math.max(...scores);
    const powers = scores.map((score) => (top === -Infinity ? 0 : Math.exp(score - top)));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, k) => (data[((b * heads + h) * queries + q) * keys + k] = sum === 0 ? 0 : power / sum));
  }
  return { dims: [batch, heads, queries, keys], data };
}

function broadcast(dims: readonly number[], index: readonly number[]): number {
  let offset = 0;
  dims.forEach((extent, axis) => (offset = offset * extent + (extent === 1 ? 0 : index[index.length - dims.length + axis]!)));
  return offset;
}

describe("anatomy of the zoo", function () {
  this.timeout(120_000);
  let ort: typeof Ort;
  before(async () => {
    const place = "/node_modules/onnxruntime-web/dist/";
    ort = (await import(`${place}ort.wasm.bundle.min.mjs`)) as typeof ort; // the loader of the wasm file is inside
    ort.env.wasm.wasmPaths = { wasm: `${place}ort-wasm-simd-threaded.wasm` };
    ort.env.wasm.numThreads = 1;
  });

  async function run(bytes: Uint8Array, names: readonly string[], inputs: Record<string, number[][]>): Promise<Map<string, Values>> {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], graphOptimizationLevel: "basic", logSeverityLevel: 3 });
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, rows]) => [name, new ort.Tensor("int64", BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length])]));
    const results = await session.run(feeds, [...names]);
    const values = new Map(names.map((name) => [name, { dims: results[name]!.dims, data: results[name]!.data as Float32Array }]));
    await session.release();
    return values;
  }

  for (const file of plainFiles) {
    describe(file, () => {
      let bytes: Uint8Array, numbers: Numbers, anatomy: Anatomy;
      before(async () => {
        ({ bytes, ...numbers } = await loadZoo<Numbers>(file));
        anatomy = dissect(Graph.of(decodeModel(bytes)));
      });

      it("is found whole", () => {
        const { causal, layers, heads, headSize, width, vocabulary } = numbers;
        expect(anatomy.missing).to.deep.equal([]);
        expect(anatomy.embeddings).to.deep.include({ ids: "input_ids", width, vocabulary });
        expect(anatomy.logits).to.deep.equal({ value: "logits", rank: causal ? 3 : 2, perToken: causal });
        expect(anatomy.causal).to.equal(causal);
        expect(anatomy.residual.map(({ normalized }) => normalized)).to.deep.equal(new Array(layers).fill(numbers.architecture.includes("bert")));
        expect(anatomy.attention).to.have.length(layers);
        const where = anatomy.attention[0]!.extra.length > 0;
        // scales on both sides, or on the queries alone, are before the product
        const before = numbers.flavour.endsWith("sdpa") || file === "distilbert-old13";
        anatomy.attention.forEach((block, layer) => {
          expect(block).to.deep.include({ layer, heads, headSize, causal, keyTransposed: true, extra: where ? ["Where"] : [] });
          expect(block.scale).to.be.closeTo(before ? 1 : 1 / Math.sqrt(headSize), 1e-7);
          expect(block.query).to.be.a("string");
          expect(block.value).to.be.a("string");
        });
        expect(where, "a mask by Where on the scores").to.equal(file === "distilbert-old13" || file === "gpt2-old13");
      });

      it("names queries and keys that give the patterns", async () => {
        const names = new Set([...anatomy.attention.flatMap(({ probabilities, query, key, bias }) => [probabilities, query!, key!, ...(bias === null ? [] : [bias])])]);
        const exposed = appendOutputs(bytes, [...names]);
        for (const { inputs } of numbers.cases) {
          const values = await run(exposed, [...names], inputs);
          for (const block of anatomy.attention) {
            const pattern = values.get(block.probabilities)!;
            if (block.extra.length > 0) continue;
            const [query, key] = [values.get(block.query!)!, values.get(block.key!)!];
            expectClose(attentionOf(block, query, key, block.bias === null ? null : values.get(block.bias)!), pattern, `softmax(QK·scale + bias) of ${block.layer}`);
          }
        }
      });
    });
  }
});
