/**
 * What must hold exactly, or be refused: identities of the backward graph's values and of its structure that no difference quotient shows.
 */
import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { differentiate, gradientPath } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { node } from "../../src/onnx/attributes.js";
import { float32, int64, type Tensor } from "../../src/tensor/tensor.js";
import { withSession } from "./run.js";
import { emptyModel } from "./tiny-model.js";

const values = (tensor: Tensor | undefined): number[] => Array.from((tensor as Tensor).data as Float32Array);
const scalar = (graph: Graph, value: number): string => graph.emitConstant(float32([value], []));

describe("backward graphs, exactly", () => {
  it("a fully masked row behind a NaN guard has gradient 0, not NaN, and its neighbours are untouched", async () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: ["n", 3] }, { name: "mask", dtype: "float32", shape: ["n", 3] }]));
    const [softmax = ""] = graph.emit("Softmax", graph.emit("Add", ["x", "mask"]), { attributes: { axis: -1 } });
    const [y = ""] = graph.emit("Where", [graph.emit("IsNaN", [softmax])[0] as string, scalar(graph, 0), softmax]);
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    const none = -Infinity;
    const result = await withSession(graph.toModel(), (run) => run({
      x: float32([1, 2, 3, 1, 2, 3], [2, 3]), mask: float32([none, none, none, 0, 0, none], [2, 3]), seed: float32([1, 2, 3, 1, 0, 5], [2, 3]),
    }));
    const p = 1 / (1 + Math.E); // softmax([1, 2]) = [p, 1 - p]
    const wanted = [0, 0, 0, p * (1 - p), -p * (1 - p), 0];
    values(result["gradient"]).forEach((value, index) => expect(value).to.be.closeTo(wanted[index] as number, 1e-7));
  });

  it("Cast to float16 and back passes the cotangent, rounded to float16", async () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: ["n"] }]));
    const [y = ""] = graph.emit("Cast", graph.emit("Cast", ["x"], { attributes: { to: 10 } }), { attributes: { to: 1 } });
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    const result = await withSession(graph.toModel(), (run) => run({ x: float32([1, 2, 3]), seed: float32([0.1, 1024.4, -3]) }));
    expect(values(result["gradient"])).to.deep.equal([0.0999755859375, 1024, -3]);
  });

  it("dynamically quantised linear map: the gradient of the dequantised product", async () => {
    const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: ["b", "t", 2] }]));
    const weight = graph.emitConstant({ dtype: "uint8", shape: [2, 3], data: Uint8Array.of(130, 120, 128, 100, 140, 138) });
    const scale = scalar(graph, 0.5), zero = graph.emitConstant({ dtype: "uint8", shape: [], data: Uint8Array.of(128) });
    const [q = "", s = "", z = ""] = graph.emit("DynamicQuantizeLinear", ["x"], { outputs: 3 });
    const [cast = ""] = graph.emit("Cast", graph.emit("MatMulInteger", [q, weight, z, zero]), { attributes: { to: 1 } });
    const [y = ""] = graph.emit("Mul", [cast, graph.emit("Mul", [s, scale])[0] as string]);
    graph.addOutput(y);
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    const result = await withSession(graph.toModel(), (run) => run({ x: float32([1, 2, 3, 4], [1, 2, 2]), seed: float32([1, 0, 0, 1, 2, 3], [1, 2, 3]) }));
    // W = 0.5 (integers - 128) = [[1, -4, 0], [-14, 6, 5]]; dx = dy Wᵀ
    expect(values(result["gradient"])).to.deep.equal([1, -14, -7, 13]);
  });

  for (const perColumn of [false, true])
    it(`dynamically quantised linear map with a weight taken in stripes, ${perColumn ? "a scale a column" : "one scale"}: the gradient of the dequantised product`, async () => {
      const [inner, columns] = [520, 4099]; // no multiple of a stripe
      const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: ["t", inner] }]));
      const integers = Int8Array.from({ length: inner * columns }, (_, index) => ((index * 37) % 255) - 127);
      const scales = Float32Array.from({ length: columns }, (_, column) => (perColumn ? 0.25 + (column % 5) / 8 : 0.5)); // exact in float32
      const weight = graph.emitConstant({ dtype: "int8", shape: [inner, columns], data: integers });
      const scale = perColumn ? graph.emitConstant(float32(scales)) : scalar(graph, 0.5);
      const zero = graph.emitConstant({ dtype: "int8", shape: perColumn ? [columns] : [], data: new Int8Array(perColumn ? columns : 1) });
      const [q = "", s = "", z = ""] = graph.emit("DynamicQuantizeLinear", ["x"], { outputs: 3 });
      const [cast = ""] = graph.emit("Cast", graph.emit("MatMulInteger", [q, weight, z, zero]), { attributes: { to: 1 } });
      const [y = ""] = graph.emit("Mul", [cast, graph.emit("Mul", [s, scale])[0] as string]);
      graph.addOutput(y);
      differentiate(graph, { of: y, wrt: "x", seed: "seed", gate: "want", into: "gradient" });
      const seed = Float32Array.from({ length: 2 * columns }, (_, index) => ((index * 7) % 11) - 5);
      const result = await withSession(graph.toModel(), (run) => run({ x: float32(new Float32Array(2 * inner).fill(1), [2, inner]), seed: float32(seed, [2, columns]), want: { dtype: "bool", shape: [], data: Uint8Array.of(1) } }));
      const found = values(result["gradient"]);
      expect(found).to.have.length(2 * inner);
      for (const row of [0, 1])
        for (const feature of [0, 1, inner - 1]) {
          let wanted = 0;
          for (let column = 0; column < columns; column++) wanted += seed[row * columns + column]! * scales[column]! * integers[feature * columns + column]!;
          expect(found[row * inner + feature]).to.equal(wanted); // sums of eighths below 2²¹: exact in any order
        }
    });

  /** W = 0.5 (integers - 128) = [[1, -4, 0], [-14, 6, 5]]; dx = dy Wᵀ */
  const integers = (graph: Graph): readonly [string, string, string] => [
    graph.emitConstant({ dtype: "uint8", shape: [2, 3], data: Uint8Array.of(130, 120, 128, 100, 140, 138) }), scalar(graph, 0.5), graph.emitConstant({ dtype: "uint8", shape: [], data: Uint8Array.of(128) }),
  ];
  const fusedForms: Readonly<Record<string, (graph: Graph, weight: string, scale: string, zero: string) => string>> = {
    MatMulIntegerToFloat: (graph, weight, scale, zero) => {
      const [q = "", s = "", z = ""] = graph.emit("DynamicQuantizeLinear", ["x"], { outputs: 3 });
      return graph.emit("MatMulIntegerToFloat", [q, weight, s, scale, z, zero], { domain: "com.microsoft" })[0] as string;
    },
    DynamicQuantizeMatMul: (graph, weight, scale, zero) => graph.emit("DynamicQuantizeMatMul", ["x", weight, scale, zero], { domain: "com.microsoft" })[0] as string,
  };
  for (const [name, form] of Object.entries(fusedForms)) {
    it(`com.microsoft.${name}: the gradient of the dequantised product`, async () => {
      const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: ["b", "t", 2] }]));
      const y = form(graph, ...integers(graph));
      graph.addOutput(y);
      differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
      const result = await withSession(graph.toModel(), (run) => run({ x: float32([1, 2, 3, 4], [1, 2, 2]), seed: float32([1, 0, 0, 1, 2, 3], [1, 2, 3]) }));
      expect(values(result["gradient"])).to.deep.equal([1, -14, -7, 13]);
    });
  }

  it("a value that is rounded and read back: straight through, also where it was cut off; a quantised weight by name", async () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: ["t", 2] }]));
    const [weight, scale, zero] = integers(graph);
    const [q = ""] = graph.emit("QuantizeLinear", ["x", scale, zero]);
    const [rounded = ""] = graph.emit("DequantizeLinear", [q, scale, zero]);
    const [y = ""] = graph.emit("MatMul", [rounded, graph.emit("DequantizeLinear", [weight, scale, zero])[0] as string]);
    graph.addOutput(rounded);
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    const result = await withSession(graph.toModel(), (run) => run({ x: float32([1.1, 2000, 3, 4], [2, 2]), seed: float32([1, 0, 0, 1, 2, 3], [2, 3]) }));
    expect(values(result[rounded])).to.deep.equal([1, 63.5, 3, 4]);
    expect(values(result["gradient"])).to.deep.equal([1, -14, -7, 13]);
  });

  it("a tie of Max, Min and ReduceMax shares the cotangent evenly", async () => {
    const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: [4] }]));
    const [y = ""] = graph.emit("Max", ["x", graph.emitConstant(float32([1, 0, 5, 2]))]);
    const [top = ""] = graph.emit("ReduceMax", ["x"], { attributes: { keepdims: 0 } });
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    differentiate(graph, { of: top, wrt: "x", seed: "seedOfTop", into: "gradientOfTop" });
    const result = await withSession(graph.toModel(), (run) => run({ x: float32([1, 1, 1, -1]), seed: float32([2, 2, 2, 2]), seedOfTop: float32([3], []) }));
    expect(values(result["gradient"])).to.deep.equal([1, 2, 0, 0]);
    expect(values(result["gradientOfTop"])).to.deep.equal([1, 1, 1, 0]);
  });

  it("un-broadcasting decided in the run is right whether the axis was stretched or not", async () => {
    const graph = Graph.of(emptyModel(13, [{ name: "x", dtype: "float32", shape: ["a", "b"] }, { name: "c", dtype: "float32", shape: ["p", "q"] }]));
    const [y = ""] = graph.emit("Mul", ["x", "c"]);
    differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    const c = float32([1, 2, 3, 4, 5, 6], [2, 3]), seed = float32([1, 1, 1, 1, 1, 1], [2, 3]);
    const gradients = await withSession(graph.toModel(), async (run) => {
      const of = async (shape: number[]): Promise<number[]> => values((await run({ x: float32(new Array(shape[0]! * shape[1]!).fill(1), shape), c, seed }))["gradient"]);
      return [await of([2, 3]), await of([1, 3]), await of([2, 1]), await of([1, 1])];
    });
    expect(gradients).to.deep.equal([[1, 2, 3, 4, 5, 6], [5, 7, 9], [6, 15], [21]]);
  });

  it("the gate skips the backward pass: a plain zero instead of a gradient", async () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: ["n", 2] }]));
    const [y = ""] = graph.emit("Tanh", ["x"]);
    graph.addOutput(y);
    differentiate(graph, { of: y, wrt: "x", seed: "seed", gate: "gate", into: "gradient" });
    const gate = (on: number): Tensor => ({ dtype: "bool", shape: [], data: Uint8Array.of(on) });
    const [on, off] = await withSession(graph.toModel(), async (run) => {
      const feeds = { x: float32([0, 0], [1, 2]), seed: float32([3, 4], [1, 2]) };
      return [await run({ ...feeds, gate: gate(1) }), await run({ ...feeds, gate: gate(0) })] as const;
    });
    expect(on["gradient"]).to.deep.include({ shape: [1, 2] });
    expect(values(on["gradient"])).to.deep.equal([3, 4]);
    expect(off["gradient"]).to.deep.include({ shape: [1, 1, 1] });
    expect(values(off["gradient"])).to.deep.equal([0]);
    expect(values(off[y])).to.deep.equal([0, 0]);
  });

  it("what a branch reads without being an input of its If is on the way too", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3] }, { name: "flag", dtype: "bool", shape: [] }]));
    const [h = ""] = graph.emit("Tanh", ["x"]);
    const branch = (opType: string) => ({ name: opType, nodes: [node(opType, [h], [`${opType}_of_it`])], initializers: [], valueInfo: [], unknown: [], inputs: [], outputs: [{ name: `${opType}_of_it`, type: null, unknown: [] }] });
    const [chosen = ""] = graph.emit("If", ["flag"], { attributes: { then_branch: branch("Neg"), else_branch: branch("Exp") } });
    const [y = ""] = graph.emit("Add", [h, chosen]);
    expect(gradientPath(graph, y, "x").refused.map(({ node: { opType }, reason }) => [opType, reason])).to.deep.equal([["If", "control flow is not differentiated"]]);
  });

  it("an operator without a rule is refused by name before anything is added", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3] }]));
    const body = { name: "body", nodes: [node("Identity", ["more"], ["again"]), node("Tanh", ["state"], ["next"])], initializers: [], valueInfo: [], unknown: [],
      inputs: ["i", "more", "state"].map((name) => ({ name, type: null, unknown: [] })), outputs: ["again", "next"].map((name) => ({ name, type: null, unknown: [] })) };
    const [y = ""] = graph.emit("Loop", [graph.emitConstant(int64([2], [])), "", "x"], { name: "decoder/Loop_3", attributes: { body } });
    const before = graph.nodes.length;
    expect(gradientPath(graph, y, "x").refused.map(({ reason }) => reason)).to.deep.equal(["control flow is not differentiated"]);
    let error: unknown;
    try {
      differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).to.be.instanceOf(LexiscopeError);
    expect((error as LexiscopeError).message).to.equal('no gradient rule: Loop (node "decoder/Loop_3")');
    expect((error as LexiscopeError).code).to.equal("no-gradient");
    expect((error as LexiscopeError).detail.node).to.equal("decoder/Loop_3");
    expect(graph.nodes).to.have.length(before);
    expect(graph.has("seed")).to.equal(false);
  });

  it("a gradient through an output that the rule does not know is refused", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3] }]));
    const [y = "", mean = ""] = graph.emit("LayerNormalization", ["x", graph.emitConstant(float32([1, 1, 1]))], { outputs: 2 });
    const [sum = ""] = graph.emit("Add", [y, mean]);
    expect(gradientPath(graph, sum, "x").refused.map(({ reason }) => reason)).to.deep.equal(["the gradient would pass its output 1"]);
  });

  it("a form of an operator that its rule does not cover is refused", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3, 3] }]));
    const [y = ""] = graph.emit("FusedMatMul", ["x", "x"], { domain: "com.microsoft", attributes: { transBatchA: { int: 1 } } });
    expect(gradientPath(graph, y, "x").refused.map(({ reason }) => reason)).to.deep.equal(["its batch axes are transposed"]);
  });

  it("operators off the path need no rule", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3] }, { name: "z", dtype: "float32", shape: [2, 3] }]));
    const [y = ""] = graph.emit("Mul", ["x", graph.emit("Mod", ["z", "z"], { attributes: { fmod: 1 } })[0] as string]);
    graph.emit("Mod", ["x", "z"], { attributes: { fmod: 1 } });
    const path = gradientPath(graph, y, "x");
    expect(path.nodes.map(({ opType }) => opType)).to.deep.equal(["Mul"]);
    expect(path.refused).to.deep.equal([]);
  });

  it("a value that does not depend on the other differentiably has no gradient, said so", () => {
    const graph = Graph.of(emptyModel(17, [{ name: "x", dtype: "float32", shape: [2, 3] }]));
    const [y = ""] = graph.emit("Cast", graph.emit("ArgMax", ["x"]), { attributes: { to: 1 } });
    expect(() => differentiate(graph, { of: y, wrt: "x", seed: "seed", into: "gradient" })).to.throw(LexiscopeError, "does not depend");
  });
});
