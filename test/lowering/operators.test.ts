/**
 * Every lowering against the runtime's own kernel, on wasm, at two shapes, with padding; and what is refused, by name and reason.
 */
import { expect } from "@open-wc/testing";
import { Graph } from "../../src/graph/graph.js";
import { lower } from "../../src/lowering/index.js";
import { lowerings } from "../../src/lowering/table.js";
import { float32, type Tensor } from "../../src/tensor/tensor.js";
import { seeded } from "../autodiff/tiny-model.js";
import { withSession } from "../autodiff/run.js";
import { type Row, feedsOf, lengthsOfCases, modelOf, rows } from "./rows.js";

const tolerance = 1e-5; // of the largest number

/** Numbers of real tokens; all, where the kernel defines all. The token axis is the one of that length after the batch. */
function comparable(row: Row, tensor: Tensor, lengths: readonly number[]): number[] {
  const numbers = Array.from(tensor.data as Float32Array, Number);
  if (!row.paddingUndefined || tensor.shape.length !== 3) return numbers;
  const [, tokens, width] = tensor.shape as [number, number, number];
  return numbers.filter((_, i) => Math.floor(i / width) % tokens < lengths[Math.floor(i / (tokens * width))]!);
}

describe("lowering of operators", () => {
  for (const row of rows) {
    it(`${row.name}: what the kernel computes`, async () => {
      const graph = Graph.of(modelOf(row));
      expect(lower(graph)).to.deep.equal({ lowered: [row.op], refused: [] });
      expect(graph.nodes.map(({ opType, domain }) => (domain ? `${domain}.${opType}` : opType))).not.to.include(row.op);
      const random = seeded(row.name.length);
      const cases = lengthsOfCases.map((lengths) => ({ lengths, feeds: feedsOf(row, lengths, random) }));
      const kernel = await withSession(modelOf(row), async (run) => {
        const results = [];
        for (const { feeds } of cases) results.push(await run(feeds));
        return results;
      });
      const primitives = await withSession(graph.toModel(), async (run) => {
        const results = [];
        for (const { feeds } of cases) results.push(await run(feeds));
        return results;
      });
      cases.forEach(({ lengths }, index) => {
        expect(Object.keys(primitives[index]!)).to.deep.equal(Object.keys(kernel[index]!));
        for (const [name, wanted] of Object.entries(kernel[index]!)) {
          const got = primitives[index]![name]!;
          expect(got.shape, name).to.deep.equal(wanted.shape);
          const [a, b] = [comparable(row, got, lengths), comparable(row, wanted, lengths)];
          const largest = b.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
          const difference = a.reduce((most, number, i) => Math.max(most, Math.abs(number - b[i]!)), 0);
          expect(largest, `${name} says something`).to.be.above(0);
          expect(difference / largest, `${name}, texts of ${lengths.join(", ")}`).to.be.at.most(tolerance);
        }
      });
    });
  }

  it("has a row above for every operator that it lowers", () => {
    const covered = new Set(rows.map(({ op }) => op));
    for (const [name, row] of Object.entries(lowerings)) expect(covered.has(name), name).to.equal(typeof row === "function");
  });

  const x = ["batch", "tokens", 8] as const;
  const weight = float32(new Array(192).fill(0.1), [8, 24]);
  const past = ["batch", 2, "past", 4] as const;
  const refusals: readonly (readonly [Row, string])[] = [
    [{ name: "past", op: "com.microsoft.Attention", attributes: { num_heads: 2 }, inputs: [x, weight, "", "", [2, "batch", 2, "past", 4]] }, "com.microsoft.Attention: with a past"],
    [{ name: "starts", op: "com.microsoft.Attention", attributes: { num_heads: 2 }, inputs: [x, weight, "", { dims: ["twice the batch"], make: () => ({ dtype: "int32", shape: [2], data: Int32Array.of(1, 0) }) }] }, "com.microsoft.Attention: its mask of one axis may hold more than one length a text"],
    [{ name: "rotary", op: "com.microsoft.Attention", attributes: { num_heads: 2, do_rotary: 1 }, inputs: [x, weight] }, "com.microsoft.Attention: with rotary positions inside"],
    [{ name: "packed", op: "com.microsoft.MultiHeadAttention", attributes: { num_heads: 2 }, inputs: [["batch", "tokens", 2, 3, 4]] }, "com.microsoft.MultiHeadAttention: queries, keys and values packed in one input"],
    [{ name: "packed keys", op: "com.microsoft.MultiHeadAttention", attributes: { num_heads: 2 }, inputs: [x, ["batch", "tokens", 2, 2, 4]] }, "com.microsoft.MultiHeadAttention: keys and values packed in one input"],
    [{ name: "split keys", op: "com.microsoft.MultiHeadAttention", attributes: { num_heads: 2 }, inputs: [x, ["batch", 2, "tokens", 4], ["batch", 2, "tokens", 4]] }, "com.microsoft.MultiHeadAttention: keys and values that are split into heads already"],
    [{ name: "past", op: "com.microsoft.MultiHeadAttention", attributes: { num_heads: 2 }, inputs: [x, x, x, "", "", "", past, past] }, "com.microsoft.MultiHeadAttention: with a past"],
    [{ name: "smooth", op: "com.microsoft.GroupQueryAttention", attributes: { num_heads: 2, kv_num_heads: 2, smooth_softmax: 1 }, inputs: [x, x, x] }, "com.microsoft.GroupQueryAttention: with a smooth softmax"],
    [{ name: "scores", op: "Attention", opset: 23, outputs: ["y", "", "", "scores"], inputs: [past, past, past] }, "Attention: its product of queries and keys is read"],
    [{ name: "activation", op: "com.microsoft.FusedGemm", attributes: { activation: "HardSigmoid" }, inputs: [["tokens", 8], weight] }, 'com.microsoft.FusedGemm: with the activation "HardSigmoid"'],
    [{ name: "past", op: "com.microsoft.QAttention", attributes: { num_heads: 2 }, inputs: [x, weight, "", "", "", "", "", "", past] }, "com.microsoft.QAttention: with a past"],
  ];
  for (const [row, reason] of refusals) {
    it(`refuses ${row.op}, ${row.name}, and leaves it`, () => {
      const graph = Graph.of(modelOf(row));
      expect(lower(graph)).to.deep.equal({ lowered: [], refused: [{ node: "it", reason }] });
      expect(graph.nodes.map(({ name }) => name)).to.deep.equal(["it"]);
    });
  }

  it("leaves a fused product with a stored operand, which would have to be transposed", () => {
    const graph = Graph.of(modelOf({ name: "weight", op: "com.microsoft.FusedMatMul", attributes: { transB: 1 }, inputs: [x, float32(new Array(16).fill(1), [2, 8])] }));
    expect(lower(graph)).to.deep.equal({ lowered: [], refused: [] });
  });

  it("emits no transposed, split or copied weight", () => {
    for (const row of rows) {
      const graph = Graph.of(modelOf(row));
      lower(graph);
      const stored = new Set(graph.toModel().graph.initializers.filter(({ shape }) => shape.length === 2).map(({ name }) => name));
      for (const { opType, inputs } of graph.nodes) if (["Transpose", "Split", "Slice", "Reshape", "Concat"].includes(opType)) {
        // the table of positions is cut to the text's length, which takes its rows as a lookup does
        if (opType === "Slice" && row.op.endsWith("EmbedLayerNormalization")) continue;
        expect(stored.has(inputs[0]!), `${row.name}: ${opType}`).to.equal(false);
      }
    }
  });
});
