/**
 * The NaN guard behind softmax, rewritten: the same numbers, also in rows that are masked entirely, and finite gradients; and where it stays.
 */
import { expect } from "@open-wc/testing";
import { differentiate } from "../../src/autodiff/index.js";
import type { Graph } from "../../src/graph/graph.js";
import { lower } from "../../src/lowering/index.js";
import { float32, type Tensor } from "../../src/tensor/tensor.js";
import { type Line, graphOf } from "../anatomy/hand-built.js";
import { withSession } from "../autodiff/run.js";
import { seeded } from "../autodiff/tiny-model.js";

const rewritten = ["Softmax → IsNaN → Where"];
const number = (value: number): Tensor => float32([value], []);
const guard: readonly Line[] = [["p = Softmax(t)", { axis: -1 }], "n = IsNaN(p)", "g = Where(n, zero, p)", "y = MatMul(g, v)"];
const product: readonly Line[] = [["kt = Transpose(k)", { perm: [0, 1, 3, 2] }], "s = MatMul(q, kt)"];

function graphWith(masking: readonly Line[], masked = -Infinity, outputs = ["y"]): Graph {
  return graphOf({
    inputs: { q: ["float32", 1, 2, 4, 3], k: ["float32", 1, 2, 4, 3], v: ["float32", 1, 2, 4, 3], allowed: ["bool", 1, 1, 4, 4], given: ["float32", 1, 1, 4, 4] },
    constants: { zero: number(0), masked: number(masked), half: number(0.5) },
    lines: [...product, ...masking, ...guard], outputs,
  });
}

const random = seeded(3);
const noise = (): Tensor => float32(Array.from({ length: 24 }, () => 2 * random() - 1), [1, 2, 4, 3]);
// a window of two, and two tokens of padding behind: the last row may look at padding only
const allowed = [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]].flat();
const feeds = {
  q: noise(), k: noise(), v: noise(), seed: noise(),
  allowed: { dtype: "bool", shape: [1, 1, 4, 4], data: Uint8Array.from(allowed) } as Tensor,
  given: float32(allowed.map((each) => (each ? 0 : -Infinity)), [1, 1, 4, 4]),
};
const opTypes = (graph: Graph): string[] => graph.nodes.map(({ opType }) => opType);

describe("guard behind softmax", () => {
  const masks: Readonly<Record<string, readonly [lines: readonly Line[], masked?: number]>> = {
    "-inf where not allowed": [["m = Where(allowed, zero, masked)", "t = Add(s, m)"]],
    "-inf, scaled scores, mask first": [["m = Where(allowed, zero, masked)", "s2 = Mul(half, s)", "t = Add(m, s2)"]],
    "a mask that is given": [["t = Add(s, given)"]],
    "finfo.min": [["m = Where(allowed, zero, masked)", "t = Add(s, m)"], -3.4028234663852886e38],
    "no mask": [["t = Mul(s, half)"]],
  };
  for (const [name, [lines, masked]] of Object.entries(masks)) {
    it(`${name}: the same numbers, gradients are finite`, async () => {
      const graph = graphWith(lines, masked);
      expect(lower(graph)).to.deep.equal({ lowered: rewritten, refused: [] });
      expect(opTypes(graph)).not.to.include("IsNaN");
      const wanted = await withSession(graphWith(lines, masked).toModel(), (run) => run(feeds));
      for (const wrt of ["q", "k", "v"]) differentiate(graph, { of: "y", wrt, seed: wrt === "q" ? "seed" : `seed_${wrt}`, into: `d${wrt}` });
      graph.addOutput("g");
      const values = await withSession(graph.toModel(), (run) => run({ ...feeds, seed_k: feeds.seed, seed_v: feeds.seed }));
      for (let i = 0; i < 24; i++) expect(values["y"]!.data[i]).to.be.closeTo(wanted["y"]!.data[i] as number, 1e-6);
      const sums = [0, 1, 2, 3].map((row) => Array.from(values["g"]!.data as Float32Array).slice(4 * row, 4 * row + 4).reduce((a, b) => a + b, 0));
      const empty = masked === undefined && name !== "no mask" ? 0 : 1; // the guard's 0; finfo.min is uniform, as it always was
      sums.forEach((sum, row) => expect(sum, `row ${row}`).to.be.closeTo(row === 3 ? empty : 1, 1e-6));
      for (const wrt of ["q", "k", "v"]) expect(Array.from(values[`d${wrt}`]!.data as Float32Array).every(Number.isFinite), `d${wrt}`).to.equal(true);
    });
  }

  it("finfo.min and no mask: nothing is left of it", () => {
    for (const [lines, masked] of [masks["finfo.min"]!, masks["no mask"]!]) {
      const graph = graphWith(lines, masked);
      lower(graph);
      expect(graph.producer("g")?.opType).to.equal("Softmax");
    }
  });

  it("layers with the same condition share what is made of it", () => {
    const second: Line[] = ["m2 = Where(allowed, zero, masked)", "s2 = MatMul(q, kt)", "t2 = Add(s2, m2)", ["p2 = Softmax(t2)", { axis: -1 }], "n2 = IsNaN(p2)", "g2 = Where(n2, zero, p2)", "y2 = MatMul(g2, v)"];
    const graph = graphWith(["m = Where(allowed, zero, masked)", "t = Add(s, m)", ...second], -Infinity, ["y", "y2"]);
    expect(lower(graph).lowered).to.have.length(2);
    expect(opTypes(graph).filter((opType) => opType === "Max" || opType === "ReduceMax")).to.deep.equal(["Max", "ReduceMax"]);
  });

  it("stays where the mask is not told from the scores, and where others read the softmax", () => {
    const unknown = graphWith(["u = Sub(s, given)", "t = Neg(u)"]);
    const read = graphWith(["t = Add(s, given)"], -Infinity, ["y", "p"]);
    for (const graph of [unknown, read]) {
      expect(lower(graph).lowered).to.deep.equal([]);
      expect(opTypes(graph)).to.include("IsNaN");
    }
  });
});
