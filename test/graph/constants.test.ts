/** Content known before running: constants, and shapes computed inside the graph. */
import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { float32, int64 } from "../../src/tensor/tensor.js";
import { graphOf, modelOf } from "./hand-built.js";
import { Graph } from "../../src/graph/graph.js";

describe("Graph.constant", () => {
  it("initializers, Constant nodes and what Identity passes on, exactly", () => {
    const huge = int64([0]);
    huge.data[0] = 2n ** 62n + 1n;
    const graph = graphOf({ constants: { a: huge }, lines: ["b = Identity(a)", ["c = Constant()", { value: float32([0.1]) }], "d = Sqrt(c)"], outputs: ["b", "d"] });
    expect(graph.constant("b")?.data[0]).to.equal(2n ** 62n + 1n);
    expect(graph.scalar("c")).to.equal(Math.fround(0.1));
    expect(graph.constant("d")?.data[0]).to.equal(Math.fround(Math.sqrt(Math.fround(0.1))));
    expect(graph.constant("nothing")).to.equal(undefined);
  });

  it("a scale computed from constants, rounded as its type rounds", () => {
    const graph = graphOf({ constants: { d: int64([8], []) }, lines: [["f = Cast(d)", { to: 10 }], "s = Sqrt(f)", "one = Reciprocal(s)"], outputs: ["one"] });
    expect([graph.dtype("one"), graph.scalar("s"), graph.constant("one")?.data[0]]).to.deep.equal(["float16", 2.828125, 0x35a8]);
  });

  it("large results are not computed, large initializers are views", () => {
    const weight = float32(new Float32Array(5000));
    const model = modelOf({ constants: { w: weight }, lines: ["n = Neg(w)"], outputs: ["n"] });
    const graph = Graph.of(model);
    expect(graph.constant("w")?.data.buffer).to.equal(weight.data.buffer);
    expect(graph.constant("n")).to.equal(undefined);
  });

  it("division by zero, infinite casts and overflow are not known rather than wrong", () => {
    const graph = graphOf({ constants: { a: int64([4]), zero: int64([0]), inf: float32([Infinity]), big: int64([2 ** 52]) }, lines: ["q = Div(a, zero)", ["c = Cast(inf)", { to: 7 }], "m = Mul(big, big)"], outputs: ["q"] });
    for (const value of ["q", "c", "m"]) expect(graph.constant(value), value).to.equal(undefined);
  });

  it("bytes that do not fill the shape are an error when asked for, not before", () => {
    const model = modelOf({ constants: { w: float32([1, 2]) }, lines: ["n = Neg(w)"], outputs: ["n"] });
    model.graph.initializers[0]!.shape = [3];
    const graph = Graph.of(model);
    expect(() => graph.constant("w")).to.throw(LexiscopeError, "needs 12 bytes and has 8");
    expect(graph.shape("n")).to.deep.equal([3]);
  });
});

describe("shapes computed inside the graph", () => {
  const inputs = { x: ["float32", "batch", "time", 384] } as const;
  const constants = { i0: int64([0], []), i1: int64([1], []), front: int64([0]), one: int64([1]), minus: int64([-1]), size: int64([32]), twelve: int64([12]) };

  it("TorchScript's head split: Shape, Gather, Unsqueeze, Concat(batch, time, -1, 32), Reshape, Transpose, MatMul", () => {
    const graph = graphOf({
      inputs, constants, opset: 14, outputs: ["scores"],
      lines: [
        "s = Shape(x)", "b = Gather(s, i0)", "t = Gather(s, i1)", "b1 = Unsqueeze(b, front)", "t1 = Unsqueeze(t, front)", ["target = Concat(b1, t1, minus, size)", { axis: 0 }],
        "split = Reshape(x, target)", ["q = Transpose(split)", { perm: [0, 2, 1, 3] }], ["k = Transpose(split)", { perm: [0, 2, 3, 1] }], "scores = MatMul(q, k)",
      ],
    });
    expect(graph.elements("target")).to.deep.equal(["batch", "time", -1, 32]);
    expect(graph.shape("split")).to.deep.equal(["batch", "time", 12, 32]);
    expect(graph.shape("scores")).to.deep.equal(["batch", 12, "time", "time"]);
    expect(graph.constant("target")).to.equal(undefined);
  });

  it("dynamo's: Shape(start, end), Squeeze, Reshape to 3-D and back", () => {
    const graph = graphOf({
      inputs, constants: { ...constants, axes: int64([0]) }, opset: 18, outputs: ["back"],
      lines: [["s = Shape(x)", { start: 0, end: 1 }], "b = Squeeze(s)", "b1 = Reshape(b, minus)", ["t1 = Shape(x)", { start: 1, end: 2 }], ["target = Concat(b1, t1, twelve, size)", { axis: 0 }], ["y = Reshape(x, target)", { allowzero: 1 }],
        "again = Shape(y)", "cut = Slice(again, front, one)", ["flat = Concat(minus, size)", { axis: 0 }], "z = Reshape(y, flat)", "back = Reshape(z, again)"],
    });
    expect(graph.shape("y")).to.deep.equal(["batch", "time", 12, 32]);
    expect(graph.elements("cut")).to.deep.equal(["batch"]);
    expect(graph.shape("z")).to.deep.equal([null, 32]);
    expect(graph.shape("back")).to.deep.equal(["batch", "time", 12, 32]);
  });

  it("the ConstantOfShape, Equal, Where idiom in front of Expand", () => {
    const graph = graphOf({
      inputs: { ...inputs, m: ["bool", "batch", 1, 1, "time"] }, constants: { ...constants, four: int64([4]), minusOne: int64([-1], []) }, outputs: ["e"],
      lines: ["s = Shape(x)", "b = Gather(s, front)", "t = Gather(s, one)", ["target = Concat(b, minus, t, t)", { axis: 0 }], ["ones = ConstantOfShape(four)", { value: int64([1]) }], "negative = Mul(ones, minusOne)", "free = Equal(target, negative)", "final = Where(free, ones, target)", "e = Expand(m, final)"],
    });
    expect(graph.elements("final")).to.deep.equal(["batch", 1, "time", "time"]);
    expect(graph.shape("e")).to.deep.equal(["batch", 1, "time", "time"]);
  });

  it("what cannot be said is null: sums of names, unnamed axes, unlike names", () => {
    const graph = graphOf({
      inputs: { x: ["float32", "a", null, 4], y: ["float32", "b", null, 4] }, constants, outputs: ["z"],
      lines: ["z = Add(x, y)", ["c = Concat(x, y)", { axis: 0 }], "s = Shape(x)", "n = Gather(s, i0)", "p = Add(n, i1)", "r = Range(i0, n, i1)", "w = Range(i0, p, i1)", ["f = Flatten(x)", { axis: 2 }]],
    });
    expect(graph.shape("z")).to.deep.equal([null, null, 4]);
    expect(graph.shape("c")).to.deep.equal([null, null, 4]);
    expect([graph.elements("n"), graph.elements("p")]).to.deep.equal([["a"], undefined]);
    expect([graph.shape("r"), graph.shape("w"), graph.shape("f")]).to.deep.equal([["a"], [null], [null, 4]]);
  });

  it("an unknown Reshape target still says the rank", () => {
    const graph = graphOf({ inputs: { x: ["float32", "a", 8], target: ["int64", 3] }, lines: ["y = Reshape(x, target)", "z = Expand(x, target)"], outputs: ["y"] });
    expect([graph.shape("y"), graph.rank("z")]).to.deep.equal([[null, null, null], 3]);
  });

  it("unknown operators: nothing is known, nothing is thrown, and what the file declares is believed", () => {
    const model = modelOf({ inputs: { x: ["float32", "a", 8] }, lines: ["y = test.Strange(x)", "z = Tanh(y)", "u = Mystery(x)", "v = MatMul(u, u)"], outputs: ["z", "v"] });
    model.graph.valueInfo.push({ name: "y", type: { dtype: "float32", dataType: 1, shape: ["a", -1] }, unknown: [] });
    const graph = Graph.of(model);
    expect([graph.dtype("z"), graph.shape("z")]).to.deep.equal(["float32", ["a", null]]);
    expect([graph.dtype("v"), graph.shape("v"), graph.rank("u")]).to.deep.equal([undefined, undefined, undefined]);
  });

  it("an If says what both branches have in common, or what the branch that is taken has", () => {
    const branch = (line: string) => ({ ...modelOf({ lines: [line], outputs: ["o"] }).graph, name: "branch" });
    const both = { then_branch: branch("o = Tanh(x)"), else_branch: branch("o = Transpose(x)") };
    const graph = graphOf({ inputs: { x: ["float32", 2, 3, 2], c: ["bool"] }, constants: { yes: { dtype: "bool", shape: [], data: Uint8Array.of(0) } }, lines: [["y = If(c)", both], ["z = If(yes)", { ...both, else_branch: branch("o = Shape(x)") }]], outputs: ["y"] });
    expect([graph.dtype("y"), graph.shape("y")]).to.deep.equal(["float32", [2, 3, 2]]);
    expect([graph.dtype("z"), graph.shape("z")]).to.deep.equal(["int64", [3]]);
  });
});
