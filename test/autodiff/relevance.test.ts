/**
 * Relevance by the walk with other tables than the gradient's: the library's own (ε with ε → 0), and rules that stand here alone, because the
 * library does not ship them: α1β0 and the softmax rule of AttnLRP. They show that a table is all that such a rule takes.
 */
import { expect } from "@open-wc/testing";
import { differentiate, relevanceRules, type Rule } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { float32 } from "../../src/tensor/tensor.js";
import { withSession } from "./run.js";
import { emptyModel } from "./tiny-model.js";

type Values = readonly number[];

/** Two linear layers without biases and a ReLU between: 3 → 3, all 2 but the first weight; 3 → 1, all 3. */
function network(first: number, rules: Readonly<Record<string, Rule>>): Graph {
  const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: [1, 3] }]));
  const weight = graph.emitConstant(float32([first, 2, 2, 2, 2, 2, 2, 2, 2], [3, 3]));
  const hidden = graph.emit("Relu", graph.emit("MatMul", ["x", weight]))[0]!;
  const [y] = graph.emit("MatMul", [hidden, graph.emitConstant(float32([3, 3, 3], [3, 1]))]) as [string];
  graph.addOutput(y, "float32");
  differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "ratio", rules });
  return graph;
}

/** Relevance of each feature: the walk carries relevance ÷ value. */
async function relevance(graph: Graph, x: Values, seed: Values): Promise<number[]> {
  return withSession(graph.toModel(), async (run) => {
    const found = (await run({ x: float32(x, [1, x.length]), seed: float32(seed, [1, seed.length]) }))["ratio"]!;
    return Array.from(found.data as Float32Array, (ratio, feature) => ratio * x[feature]!);
  });
}

const near = (found: Values, wanted: Values, tolerance: number): void => {
  expect(found).to.have.length(wanted.length);
  found.forEach((value, index) => expect(value, `feature ${index}`).to.be.closeTo(wanted[index]!, tolerance));
};

/** R_i = a_i Σ_j w⁺_ij R_j ÷ (a w⁺)_j, for values a that are not negative; `weights` by their name in the graph */
const alphaBeta: Rule = ({ m, dy, x: [a, w], y }) => [() => {
  const { data, shape } = m.graph.constant(w)!;
  const positive = m.graph.emitConstant(float32(Array.from(data as Float32Array, (each) => Math.max(0, each)), shape));
  return m.matmul(m.div(m.mul(dy, y), m.matmul(a, positive)), m.swap(positive, 2));
}, null];

/** R_i = x_i (R^y_i − y_i Σ R^y), R^y = dy·y */
const softmaxRule: Rule = ({ m, dy, y }) => [() => {
  const shares = m.mul(dy, y);
  return m.sub(shares, m.mul(y, m.reduceSum(shares, [1], true)));
}];

describe("relevance by tables of its own", () => {
  it("M18: the library's rules are the ε-rule, and gradient × input without biases", async () => {
    const wanted = [18, 36, 54];
    near(await relevance(network(2, relevanceRules), [1, 2, 3], [1]), wanted, 1e-4);
    near(await relevance(network(2, {}), [1, 2, 3], [1]), wanted, 1e-4);
  });

  it("M19: α1β0 in both layers", async () => {
    near(await relevance(network(-2, { MatMul: alphaBeta, Relu: relevanceRules["Relu"]! }), [1, 2, 3], [1]), [12, 33.6, 50.4], 1e-4);
  });

  it("M20: AttnLRP's softmax rule", async () => {
    const x = [1, 2, -1];
    const powers = x.map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: [1, 3] }]));
    const [y] = graph.emit("Softmax", ["x"], { attributes: { axis: { int: 1 } } }) as [string];
    graph.addOutput(y, "float32");
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "ratio", rules: { Softmax: softmaxRule } });
    near(await relevance(graph, x, [1, 0.5, 0.25].map((share, label) => (share * total) / powers[label]!)), [0.5458812, -1.468846, -0.1885417], 1e-6);
  });
});
