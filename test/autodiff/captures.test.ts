/** What the gated backward graph keeps alive of the forward pass. An activation that is captured only for its shape costs memory in every prediction. */
import { expect } from "@open-wc/testing";
import { differentiate } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import { decodeModel } from "../../src/onnx/decode.js";
import type { GraphProto } from "../../src/onnx/types.js";
import { randomEncoder } from "../../bench/random-encoder.js";

describe("the gated backward graph", () => {
  it("reads extents from graph inputs, and captures no activation for its shape", () => {
    const bytes = randomEncoder({ layers: 2, width: 16, heads: 2, inner: 32, vocabulary: 50, positions: 32, classes: 2, pooling: "class", input: "ids" });
    const graph = Graph.of(decodeModel(bytes));
    differentiate(graph, { of: "logits", wrt: "embeddings.sum", seed: "seed", gate: "gate", into: "gradient" });
    const gate = graph.producer("gradient")!;
    const branch = gate.attributes.get("then_branch")!.value as GraphProto;
    const inputs = new Set(graph.graphInputs.map(({ name }) => name));
    const shapes = branch.nodes.filter(({ opType }) => opType === "Shape");
    expect(shapes.length).to.be.above(0);
    for (const { inputs: [value] } of shapes) expect(inputs.has(value!), value).to.equal(true);
    expect(branch.nodes.map(({ opType }) => opType)).to.not.include("Equal"); // no un-broadcasting that is decided in the run
  });
});
