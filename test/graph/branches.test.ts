/** Branches that are decided before any run: taken, with names that do not meet, and nothing else changed. */
import { expect } from "@open-wc/testing";
import { takeBranches } from "../../src/graph/branches.js";
import { Graph } from "../../src/graph/graph.js";
import { emptyGraph } from "../../src/onnx/decode.js";
import { node } from "../../src/onnx/attributes.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import type { GraphProto, Model } from "../../src/onnx/types.js";
import { float32, type Tensor } from "../../src/tensor/tensor.js";
import { withSession } from "../autodiff/run.js";
import { nodeOf, valueInfo } from "./hand-built.js";

const info = (name: string): GraphProto["outputs"][number] => valueInfo(name, "float32", [2]);

function branch(lines: readonly string[], outputs: readonly string[], weights: readonly string[] = []): GraphProto {
  return { ...emptyGraph(), name: "branch", nodes: lines.map((line) => nodeOf(line)), outputs: outputs.map(info), initializers: weights.map((name) => tensorProto(name, float32([5, 7]))) };
}

/** y, z = If(flag) over a graph with a value "h" and a weight "w" of its own */
function model(then: GraphProto, otherwise: GraphProto, condition = "flag"): Model {
  const graph: GraphProto = {
    ...emptyGraph(), name: "main",
    inputs: [valueInfo("x", "float32", [2]), valueInfo("flag", "bool", [1])],
    initializers: [tensorProto("w", float32([1, 2])), tensorProto("never", { dtype: "bool", shape: [1], data: Uint8Array.of(0) })],
    nodes: [nodeOf("h = Add(x, w)"), node("If", [condition], ["y", "z"], { then_branch: then, else_branch: otherwise }), nodeOf("out = Mul(y, z)")],
    outputs: [info("out")],
  };
  return { irVersion: 8, producerName: "", opsets: new Map([["", 17]]), graph, functions: [], unknown: [] };
}

const then = branch(["a = Neg(x)", "b = Add(a, h)"], ["a", "b"]);
const otherwise = branch(["a = Mul(h, w2)", "b = Sub(a, x)"], ["b", "w2"], ["w2"]);

async function outOf(given: Model, flag: number): Promise<number[]> {
  const x: Tensor = float32([10, 20]);
  return withSession(Graph.of(given).toModel(), async (run) => Array.from((await run({ x, flag: { dtype: "bool", shape: [1], data: Uint8Array.of(flag) } }))["out"]!.data as Float32Array));
}

describe("branches that are decided", () => {
  for (const flag of [false, true]) {
    it(`gives what the If gives when the input is ${flag}`, async () => {
      const whole = model(then, otherwise);
      const taken = takeBranches(whole, { flag });
      expect(taken.graph.nodes.map(({ opType }) => opType)).not.to.include("If");
      expect(whole.graph.nodes.map(({ opType }) => opType)).to.include("If");
      expect(await outOf(taken, Number(flag))).to.deep.equal(await outOf(whole, Number(flag)));
    });
  }

  it("takes a branch for a constant condition, also inside a branch that was taken", async () => {
    const inner: GraphProto = { ...branch([], ["c", "d"]), nodes: [node("If", ["never"], ["c", "d"], { then_branch: then, else_branch: otherwise })] };
    const taken = takeBranches(model(inner, then), { flag: true });
    expect(taken.graph.nodes.map(({ opType }) => opType)).not.to.include("If");
    expect(await outOf(taken, 1)).to.deep.equal(await outOf(model(then, otherwise), 0));
  });

  it("takes a branch for a condition that follows from the shapes", async () => {
    const whole = model(then, otherwise, "alike");
    const nodes = [nodeOf("sx = Shape(x)"), nodeOf("h0 = Neg(x)"), nodeOf("sh = Shape(h0)"), nodeOf("same = Equal(sx, sh)"), nodeOf("alike = Not(same)"), ...whole.graph.nodes];
    const given = { ...whole, graph: { ...whole.graph, nodes } };
    const taken = takeBranches(given, {});
    expect(taken.graph.nodes.map(({ opType }) => opType)).not.to.include("If");
    expect(await outOf(taken, 1)).to.deep.equal(await outOf(given, 1));
  });

  it("leaves an If alone whose condition is not known", () => {
    const whole = model(then, otherwise);
    expect(takeBranches(whole, {})).to.equal(whole);
    expect(takeBranches(whole, { x: true })).to.equal(whole);
  });
});
