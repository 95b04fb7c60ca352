/** Layouts that are turned into the usual one: the same numbers, and what others read has the axes that they want. */
import { expect } from "@open-wc/testing";
import { dissect } from "../../src/anatomy/dissect.js";
import type { Graph } from "../../src/graph/graph.js";
import { lower } from "../../src/lowering/index.js";
import { float32, int64, type Tensor } from "../../src/tensor/tensor.js";
import { graphOf } from "../anatomy/hand-built.js";
import { withSession } from "../autodiff/run.js";
import { seeded } from "../autodiff/tiny-model.js";

const random = seeded(5);
const noise = (...shape: number[]): Tensor => float32(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1), shape);

async function same(make: () => Graph, feeds: Record<string, Tensor>, lowered: string[]): Promise<Graph> {
  const graph = make();
  expect(lower(graph)).to.deep.equal({ lowered, refused: [] });
  const [was, is] = [await withSession(make().toModel(), (run) => run(feeds)), await withSession(graph.toModel(), (run) => run(feeds))];
  expect(is["y"]!.shape).to.deep.equal(was["y"]!.shape);
  was["y"]!.data.forEach((value, i) => expect(is["y"]!.data[i]).to.be.closeTo(value as number, 1e-6));
  return graph;
}

describe("layouts", () => {
  it("a batch and its heads as one axis: the pattern, the queries, keys and values have four", async () => {
    const heads = (name: string) => [`${name}4 = Reshape(${name}, split)`, [`${name}h = Transpose(${name}4)`, { perm: [0, 2, 1, 3] }], `${name}3 = Reshape(${name}h, whole)`] as const;
    const make = () => graphOf({
      inputs: { q: ["float32", 2, "token", 6], k: ["float32", 2, "token", 6], v: ["float32", 2, "token", 6] },
      constants: { split: int64([2, -1, 3, 2]), whole: int64([6, -1, 2]), half: float32([0.5], []), low: float32([-3e38], []) },
      lines: [
        ...heads("q"), ...heads("k"), ...heads("v"), "qs = Mul(q3, half)", ["kt = Transpose(k3)", { perm: [0, 2, 1] }],
        "s = MatMul(qs, kt)", "m = Max(s, low)", ["p = Softmax(m)", { axis: 2 }], "y = MatMul(p, v3)",
      ],
      outputs: ["y"],
    });
    const graph = await same(make, { q: noise(2, 4, 6), k: noise(2, 4, 6), v: noise(2, 4, 6) }, ["Softmax of a batch and its heads as one axis"]);
    const { attention, missing } = dissect(graph);
    expect(missing.filter(({ what }) => what !== "embeddings" && what !== "residual" && what !== "logits")).to.deep.equal([]);
    const [block] = attention;
    expect(block).to.deep.include({ query: "qh", key: "kh", value: "vh", keyTransposed: false, scale: 0.5, heads: 3, headSize: 2 });
    expect(graph.rank(block!.probabilities)).to.equal(4);
  });

  it("an axis of batch · head is told by name, and comes apart again", () => {
    const graph = graphOf({
      inputs: { x: ["float32", "batch", 4, "token", 8] }, constants: { minus: int64([-1]), four: int64([4]), from: int64([2]), to: int64([4]) },
      lines: ["s = Shape(x)", "t = Slice(s, from, to)", "w = Concat(minus, t)", "y = Reshape(x, w)", "u = Concat(minus, four, t)", "z = Reshape(y, u)"].map((line) => (line.includes("Concat") ? [line, { axis: 0 }] as const : line)),
      outputs: ["z"],
    });
    expect(graph.shape("y")).to.deep.equal(["4·batch", "token", 8]);
    expect(graph.shape("z")).to.deep.equal(["batch", 4, "token", 8]);
  });

  it("a softmax of three axes that has no heads is left alone", () => {
    const graph = graphOf({ inputs: { x: ["float32", 2, 3, 4] }, constants: {}, lines: [["y = Softmax(x)", { axis: -1 }]], outputs: ["y"] });
    expect(lower(graph).lowered).to.deep.equal([]);
  });

  it("words looked up by transposed ids: the lookup has the text's axes", async () => {
    const table = noise(5, 4);
    const make = () => graphOf({
      inputs: { ids: ["int64", 2, 3] }, constants: { table }, lines: [["t = Transpose(ids)", { perm: [1, 0] }], "x = Gather(table, t)", "y = Neg(x)"], outputs: ["y"],
    });
    const graph = await same(make, { ids: int64([0, 1, 2, 3, 4, 0], [2, 3]) }, ["Gather by transposed ids"]);
    const { embeddings } = dissect(graph);
    expect(embeddings?.ids).to.equal("ids");
    expect(graph.shape(embeddings!.value)).to.deep.equal([2, 3, 4]);
  });
});
