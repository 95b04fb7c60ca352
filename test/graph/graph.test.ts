import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { Graph } from "../../src/graph/graph.js";
import { emptyGraph } from "../../src/onnx/decode.js";
import { encodeModel } from "../../src/onnx/encode.js";
import { externalizeWeights } from "../../src/onnx/externalize.js";
import { decodeModel } from "../../src/onnx/decode.js";
import type { GraphProto } from "../../src/onnx/types.js";
import { float32, int64 } from "../../src/tensor/tensor.js";
import { type Parts, graphOf, modelOf, nodeOf, valueInfo } from "./hand-built.js";

const small: Parts = {
  inputs: { x: ["float32", "batch", 4] },
  constants: { w: float32(new Float32Array(8), [4, 2]), unused: float32([1]) },
  lines: ["h = MatMul(x, w)", "a = Tanh(h)", "b = Add(h, a)", "dead = Exp(a)"],
  outputs: ["b"],
};
const names = (graph: Graph): string[] => graph.nodes.map(({ outputs }) => outputs[0]!);
const body = (lines: string[], outputs: string[]): GraphProto => ({ ...emptyGraph("body"), nodes: lines.map((line) => nodeOf(line)), outputs: outputs.map((name) => ({ name, type: null, unknown: [] })) });
const withBranch: Parts = {
  inputs: { x: ["float32", 2], c: ["bool"] },
  lines: ["h = Tanh(x)", ["y = If(c)", { then_branch: body(["t = Neg(h)"], ["t"]), else_branch: { ...body(["h2 = Exp(x)", "e = Add(h2, x)"], ["e"]) } }]],
  outputs: ["y"],
};

function failure(parts: Parts): LexiscopeError {
  try {
    graphOf(parts);
  } catch (error) {
    return error as LexiscopeError;
  }
  throw new Error("no error");
}

describe("Graph: asking", () => {
  it("producers, consumers, initializers, outputs", () => {
    const graph = graphOf(small);
    expect(graph.producer("a")?.opType).to.equal("Tanh");
    expect(graph.producer("x")).to.equal(undefined);
    expect(graph.consumers("h").map(({ opType }) => opType)).to.deep.equal(["Tanh", "Add"]);
    expect(graph.consumers("b")).to.deep.equal([]);
    expect(graph.initializer("w")?.shape).to.deep.equal([4, 2]);
    expect([graph.has("x"), graph.has("nothing"), graph.isOutput("b"), graph.isOutput("a")]).to.deep.equal([true, false, true, false]);
    expect(graph.opset).to.equal(17);
  });

  it("a use inside a branch is a use by the If; a value of the branch's own is not", () => {
    const graph = graphOf(withBranch);
    expect(graph.consumers("h").map(({ opType }) => opType)).to.deep.equal(["If"]);
    expect(graph.consumers("x").map(({ opType }) => opType)).to.deep.equal(["Tanh", "If"]);
    expect(graph.shape("y")).to.deep.equal([2]);
  });

  it("nodes in any order are sorted, and those in order stay", () => {
    const { lines = [] } = small;
    expect(names(graphOf(small))).to.deep.equal(["h", "a", "b", "dead"]);
    expect(names(graphOf({ ...small, lines: [...lines].reverse() }))).to.deep.equal(["h", "a", "dead", "b"]);
  });

  it("100,000 nodes in reverse: linear, no recursion", () => {
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, index) => `v${index + 1} = Tanh(v${index})`).reverse();
    const model = modelOf({ inputs: { v0: ["float32", 2] }, lines, outputs: [`v${count}`] });
    expect(Graph.of(model).nodes[0]!.outputs[0]).to.equal("v1"); // a walk that is not linear takes minutes, and the time runs out
  }).timeout(60_000);

  it("malformed graphs name the node", () => {
    const cycle = failure({ inputs: { x: ["float32", 1] }, lines: ["a = Add(x, b)", "b = Tanh(a)"], outputs: ["b"] });
    expect([cycle.code, cycle.message]).to.deep.equal(["bad-model", 'the graph has a cycle through Add (node "node of a")']);
    expect(cycle.detail.node).to.equal("node of a");
    expect(failure({ lines: ["a = Tanh(ghost)"], outputs: ["a"] }).message).to.equal('nothing makes the value "ghost", which Tanh reads (node "node of a")');
    expect(failure({ inputs: { x: ["float32", 1] }, lines: ["a = Tanh(x)", "a = Exp(x)"] }).message).to.include('the value "a" is made twice, the second time by Exp');
    expect(failure({ outputs: ["y"] }).message).to.equal('nothing makes the graph output "y"');
    expect(failure({ ...withBranch, lines: [["y = If(c)", { then_branch: body(["t = Neg(ghost)"], ["t"]) }]] }).message).to.include('"ghost", which If reads');
  });

  it("a constant that is stated twice is not an error: the last one counts", () => {
    const graph = graphOf({ constants: { k: int64([1]) }, lines: [["k = Constant()", { value: int64([2]) }], ["k = Constant()", { value: int64([3]) }], "y = Neg(k)"], outputs: ["y"] });
    expect([graph.scalar("k"), graph.scalar("y")]).to.deep.equal([3, -3]);
    expect(graph.toModel().graph.initializers).to.deep.equal([]);
  });
});

describe("Graph: rewriting", () => {
  it("does not change the model it was made from", () => {
    const model = modelOf(small);
    const before = encodeModel(model);
    const graph = Graph.of(model);
    graph.rename("h", "renamed");
    graph.replaceUses("a", "renamed");
    graph.removeDeadNodes();
    expect(encodeModel(model)).to.deep.equal(before);
  });

  it("an unchanged graph is an unchanged model", () => {
    const model = modelOf({ ...small, lines: small.lines! });
    model.graph.valueInfo.push(valueInfo("h", "float32", ["batch", 2]), valueInfo("gone", "float32", [1]));
    const again = Graph.of(model).toModel();
    expect(again.graph.valueInfo.map(({ name }) => name)).to.deep.equal(["h"]);
    expect(again).to.deep.equal({ ...model, graph: { ...model.graph, valueInfo: again.graph.valueInfo } });
  });

  it("emits nodes with inferred types, imports domains, refuses what does not fit", () => {
    const graph = graphOf(small);
    const [out] = graph.emit("Gelu", ["h"], { domain: "com.microsoft" });
    expect(out).to.match(/^lexi_gelu_\d+$/);
    expect([graph.dtype(out!), graph.shape(out!)]).to.deep.equal(["float32", ["batch", 2]]);
    expect(graph.consumers("h").map(({ opType }) => opType)).to.include("Gelu");
    const parts = graph.emit("Split", ["h"], { attributes: { axis: 1 }, outputs: ["left", "right"], name: "cut" });
    expect([parts, graph.shape("left"), graph.producer("right")?.name]).to.deep.equal([["left", "right"], ["batch", 1], "cut"]);
    graph.emit("Anything", ["h"], { domain: "test.domain", outputs: 2 });
    expect(graph.toModel().opsets.get("test.domain")).to.equal(1);
    expect(() => graph.emit("Tanh", ["ghost"])).to.throw(LexiscopeError, 'cannot emit Tanh: there is no value "ghost"');
    expect(() => graph.emit("Tanh", ["h"], { outputs: ["a"] })).to.throw(LexiscopeError, 'the value "a" exists already');
  });

  it("fresh names meet nothing, not even inside a branch", () => {
    const graph = graphOf({ ...withBranch, lines: [["y = If(c)", { then_branch: body(["lexi_t_0 = Neg(x)"], ["lexi_t_0"]) }]] });
    const first = graph.fresh("t");
    expect(first).not.to.equal("lexi_t_0");
    expect(graph.fresh("t")).not.to.equal(first);
  });

  it("equal small constants are stored once, other types and shapes apart", () => {
    const graph = graphOf(small);
    const one = graph.emitConstant(float32([1]), "one");
    expect(graph.emitConstant(float32([1]))).to.equal(one);
    expect(graph.emitConstant(float32([1], []))).not.to.equal(one);
    expect(graph.emitConstant({ dtype: "int32", shape: [1], data: new Int32Array(new Float32Array([1]).buffer) })).not.to.equal(one);
    const large = float32(new Float32Array(1000));
    expect(graph.emitConstant(large)).not.to.equal(graph.emitConstant(large));
    expect([graph.scalar(one), graph.dtype(one), graph.rank(one)]).to.deep.equal([1, "float32", 1]);
  });

  it("rename reaches producers, readers, branches, inputs, outputs and weights", () => {
    const graph = graphOf(withBranch);
    for (const [from, to] of [["h", "H"], ["x", "X"], ["y", "Y"]] as const) graph.rename(from, to);
    const { nodes, inputs, outputs } = graph.toModel().graph;
    expect([inputs[0]!.name, outputs[0]!.name, nodes[0]!.inputs[0], nodes[0]!.outputs[0], nodes[1]!.outputs[0]]).to.deep.equal(["X", "Y", "X", "H", "Y"]);
    const read = (branch: string): string[] => {
      const attribute = nodes[1]!.attributes.get(branch)!;
      return attribute.type === "graph" ? attribute.value.nodes.flatMap((node) => node.inputs) : [];
    };
    expect([read("then_branch"), read("else_branch")]).to.deep.equal([["H"], ["X", "h2", "X"]]);
    expect([graph.producer("H")?.opType, graph.producer("h"), graph.shape("H"), graph.consumers("H").length]).to.deep.equal(["Tanh", undefined, [2], 1]);
    expect(() => graph.rename("ghost", "a")).to.throw(LexiscopeError, "there is no such value");
    expect(() => graph.rename("H", "Y")).to.throw(LexiscopeError, "exists already");
    const weights = graphOf(small);
    weights.rename("w", "W");
    expect([weights.initializer("W")?.name, weights.initializer("w"), weights.producer("h")?.inputs]).to.deep.equal(["W", undefined, ["x", "W"]]);
  });

  it("a name that a branch defines itself is not renamed with the outer one", () => {
    const inner = { ...body(["h = Exp(x)", "t = Neg(h)"], ["t"]) };
    const graph = graphOf({ ...withBranch, lines: ["h = Tanh(x)", "z = Neg(h)", ["y = If(c)", { then_branch: inner }]] });
    graph.rename("h", "H");
    const attribute = graph.producer("y")!.attributes.get("then_branch")!;
    expect(attribute.type === "graph" && attribute.value.nodes[1]!.inputs).to.deep.equal(["h"]);
  });

  it("replaceUses spares the excepted and the graph outputs, and the order is mended", () => {
    const graph = graphOf(small);
    const [late] = graph.emit("Sigmoid", ["h"]);
    graph.replaceUses("h", late!, (node) => node.opType === "Sigmoid" || node.opType === "MatMul");
    expect(graph.producer("a")?.inputs).to.deep.equal([late]);
    expect(names(graph).indexOf(late!)).to.be.below(names(graph).indexOf("a"));
    expect(graph.consumers("h").map(({ opType }) => opType)).to.deep.equal(["Sigmoid"]);
    graph.replaceUses("b", "a");
    expect(graph.graphOutputs.map(({ name }) => name)).to.deep.equal(["b"]);
    const branches = graphOf(withBranch);
    branches.replaceUses("h", "x");
    expect(branches.consumers("h")).to.deep.equal([]);
  });

  it("cuts an embedding: a graph input in place of a look-up, and the table is gone", () => {
    const graph = graphOf({ inputs: { ids: ["int64", "b", "t"] }, constants: { table: float32(new Float32Array(40), [10, 4]) }, lines: ["e = Gather(table, ids)", "y = Tanh(e)"], outputs: ["y"] });
    graph.addInput("embeddings", "float32", ["b", "t", 4]);
    graph.replaceUses("e", "embeddings");
    graph.removeDeadNodes();
    expect(names(graph)).to.deep.equal(["y"]);
    expect([graph.initializer("table"), graph.has("e"), graph.has("ids")]).to.deep.equal([undefined, false, true]);
    expect(() => graph.addInput("ids", "int64", [])).to.throw(LexiscopeError, "exists already");
  });

  it("removeDeadNodes keeps what a live branch reads", () => {
    const graph = graphOf(withBranch);
    graph.removeDeadNodes();
    expect(names(graph)).to.deep.equal(["h", "y"]);
    const other = graphOf(small);
    other.removeDeadNodes();
    expect(names(other)).to.deep.equal(["h", "a", "b"]);
    expect(other.initializer("unused")).to.equal(undefined);
    expect(other.consumers("a").map(({ opType }) => opType)).to.deep.equal(["Add"]);
  });

  it("outputs: added once, with a type or for the runtime to infer", () => {
    const graph = graphOf(small);
    graph.addOutput("a");
    graph.addOutput("a");
    graph.addOutput("h", "float32", ["batch", null]);
    expect(graph.toModel().graph.outputs.map(({ name, type }) => [name, type?.shape])).to.deep.equal([["b", undefined], ["a", undefined], ["h", ["batch", null]]]);
    expect(() => graph.addOutput("ghost")).to.throw(LexiscopeError, "there is no such value");
  });

  it("a node can be replaced by others that make the same values", () => {
    const graph = graphOf(small);
    graph.remove(graph.producer("a")!);
    const [twice] = graph.emit("Add", ["h", "h"]);
    graph.emit("Sigmoid", [twice!], { outputs: ["a"] });
    expect(names(graph)).to.deep.equal(["h", twice, "a", "b", "dead"]);
  });
});

describe("Graph: sections", () => {
  it("nodes emitted in a section are the branch, read the outer graph, and are not in it", () => {
    const graph = graphOf({ ...small, inputs: { ...small.inputs, gate: ["bool"] } });
    let result = "";
    const nodes = graph.section(() => {
      const [square] = graph.emit("Mul", ["h", "h"]);
      [result] = graph.emit("ReduceSum", [square!], { attributes: { keepdims: 0 } }) as [string];
      expect(graph.nodes).to.have.length(2);
    });
    expect(nodes.map(({ opType }) => opType)).to.deep.equal(["Mul", "ReduceSum"]);
    expect(names(graph)).to.deep.equal(["h", "a", "b", "dead"]);
    expect([graph.producer(result), graph.dtype(result), graph.shape(result)]).to.deep.equal([undefined, "float32", []]);
    const zero = graph.section(() => graph.emit("Constant", [], { attributes: { value: float32([0], []) }, outputs: ["zero"] }));
    const [out] = graph.emit("If", ["gate"], { attributes: { then_branch: graph.branch("then", nodes, [result]), else_branch: graph.branch("else", zero, ["zero"]) } });
    expect(graph.consumers("h").map(({ opType }) => opType)).to.deep.equal(["Tanh", "Add", "If"]);
    expect([graph.dtype(out!), graph.shape(out!)]).to.deep.equal(["float32", []]);
    graph.addOutput(out!);
    expect(() => decodeModel(encodeModel(graph.toModel()))).not.to.throw();
    expect(() => graph.emit("Neg", [result])).to.throw(LexiscopeError, "there is no value");
  });

  it("a section does not hide that the outer order is to be mended, and mends its own", () => {
    const graph = graphOf(small);
    const [late] = graph.emit("Sigmoid", ["h"]);
    graph.replaceUses("h", late!, (node) => node.opType === "Sigmoid");
    const nodes = graph.section(() => {
      const [first] = graph.emit("Neg", ["h"]);
      const [second] = graph.emit("Exp", ["h"]);
      graph.replaceUses("h", second!, (node) => node.outputs[0] !== first);
    });
    expect(nodes.map(({ opType }) => opType)).to.deep.equal(["Exp", "Neg"]);
    expect(names(graph).indexOf(late!)).to.be.below(names(graph).indexOf("a"));
  });

  it("an error inside leaves the graph as it was", () => {
    const graph = graphOf(small);
    expect(() => graph.section(() => {
      graph.emit("Neg", ["h"]);
      throw new Error("no");
    })).to.throw("no");
    expect(names(graph)).to.deep.equal(["h", "a", "b", "dead"]);
    expect(graph.consumers("h").map(({ opType }) => opType)).to.deep.equal(["Tanh", "Add"]);
  });
});

describe("Graph: weights outside", () => {
  it("an external initializer has a type and no content", () => {
    const file = encodeModel(modelOf({ ...small, constants: { ...small.constants, w: float32(new Float32Array(800), [4, 200]) } }));
    const model = decodeModel(file);
    externalizeWeights(model, file, "weights");
    const graph = Graph.of(model);
    expect([graph.constant("w"), graph.dtype("w"), graph.shape("h")]).to.deep.equal([undefined, "float32", ["batch", 200]]);
    expect(graph.toModel().graph.initializers[0]!.external?.location).to.equal("weights");
  });
});
