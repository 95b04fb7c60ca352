/**
 * The inference table and the folding table against onnxruntime: for each case the node is run, and what was inferred must
 * say the same of every output: from static inputs, from named axes, and (where it folds) the very elements.
 */
import { expect } from "@open-wc/testing";
import * as ort from "onnxruntime-web/webgpu";
import { Graph } from "../../src/graph/graph.js";
import { type InferredOp, inferenceRules } from "../../src/graph/inference.js";
import { folds } from "../../src/graph/constants.js";
import { node } from "../../src/onnx/attributes.js";
import { encodeModel } from "../../src/onnx/encode.js";
import type { Dim, Model } from "../../src/onnx/types.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { type Case, cases, notRun } from "./inference-cases.js";
import { modelOf, valueInfo } from "./hand-built.js";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: "/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm" };

const inputName = (index: number): string => `x${index}`;

/** The case's node; each input is a graph input with the axes that `dims` says, or a constant where it says null. */
function modelFor({ op, inputs, attributes, outputs = 1, opset = 17 }: Case, dims: (input: Tensor, index: number) => readonly Dim[] | null): Model {
  const names = Array.from({ length: outputs }, (_, index) => `y${index}`);
  const dot = op.lastIndexOf(".");
  const model = modelOf({ constants: Object.fromEntries(inputs.flatMap((input, index) => (input && !dims(input, index) ? [[inputName(index), input]] : []))), outputs: names, opset });
  model.graph.nodes.push(node(op.slice(dot + 1), inputs.map((input, index) => (input ? inputName(index) : "")), names, attributes, op.slice(0, Math.max(0, dot)), "the node"));
  inputs.forEach((input, index) => {
    const axes = input && dims(input, index);
    if (axes) model.graph.inputs.push(valueInfo(inputName(index), input.dtype, axes));
  });
  return { ...model, irVersion: 10 };
}

async function runCase(each: Case): Promise<ort.Tensor[]> {
  const session = await ort.InferenceSession.create(encodeModel(modelFor(each, ({ shape }) => shape)), { executionProviders: ["wasm"], logSeverityLevel: 3, graphOptimizationLevel: "disabled" });
  try {
    const feeds = Object.fromEntries(each.inputs.flatMap((input, index) => (input ? [[inputName(index), new ort.Tensor(input.dtype as "float32", input.data as Float32Array, input.shape)]] : [])));
    const fetched = await session.run(feeds);
    return session.outputNames.map((name) => fetched[name]!);
  } finally {
    await session.release();
  }
}

/** What is said of an axis must hold: a number is the length, a name is that axis's length. */
function holds(dim: Dim, length: number): boolean {
  if (dim === null) return true;
  return typeof dim === "number" ? dim === length : Number(dim.slice(dim.lastIndexOf("=") + 1)) === length;
}

/** Operators whose every input says a shape. */
const takesShapes = new Set<InferredOp>(["ConstantOfShape", "Range"]);

describe("inference against onnxruntime", () => {
  cases.forEach((each, position) => {
    const { op, inputs, attributes = {} } = each;
    const what = `${op} ${inputs.map((input) => (input ? `${input.dtype}[${input.shape.join()}]` : "-")).join(" ")} ${Object.keys(attributes).join(" ")} (${position})`;
    it(what, async () => {
      const actual = await runCase(each);
      const saysShape = ({ dtype }: Tensor, index: number): boolean => takesShapes.has(op) || (index > 0 && dtype === "int64");
      const graphs = {
        // Integer inputs that say a shape are constants, as in real files; data has axes.
        static: Graph.of(modelFor(each, (input, index) => (saysShape(input, index) ? null : input.shape))),
        named: Graph.of(modelFor(each, (input, index) => (saysShape(input, index) ? null : input.shape.map((length, axis) => (length === 1 ? 1 : `axis ${index}.${axis}=${length}`))))),
        unknown: Graph.of(modelFor(each, ({ shape }) => shape.map(() => null))),
      };
      for (const [index, tensor] of actual.entries()) {
        const output = `y${index}`;
        for (const [kind, graph] of Object.entries(graphs)) {
          expect(graph.dtype(output), `${kind}: dtype of output ${index}`).to.equal(tensor.type);
          const shape = graph.shape(output);
          if (kind !== "unknown" && !each.open) expect(shape?.length, `${kind}: rank of output ${index}`).to.equal(tensor.dims.length);
          if (shape) expect(shape.length, `${kind}: rank of output ${index}`).to.equal(tensor.dims.length);
          shape?.forEach((dim, axis) => void expect(holds(dim, tensor.dims[axis]!), `${kind}: output ${index} is [${tensor.dims.join()}], inferred [${shape.join()}]`).to.equal(true));
        }
        if (!each.open) expect(graphs.static.shape(output), `static: output ${index}`).to.deep.equal([...tensor.dims]);
      }
      const constants = Graph.of(modelFor(each, () => null));
      const folded = constants.constant("y0");
      if (op in folds && actual[0]!.dims.length <= 1) expect(folded, "folds").not.to.equal(undefined);
      if (!folded) return;
      expect([folded.dtype, folded.shape]).to.deep.equal([actual[0]!.type, [...actual[0]!.dims]]);
      const [given, expected] = [Array.from(folded.data as ArrayLike<number | bigint>, Number), Array.from(actual[0]!.data as unknown as ArrayLike<number | bigint>, Number)];
      given.forEach((value, at) => expect(value, `element ${at}`).to.be.closeTo(expected[at]!, folded.dtype === "float32" ? 2e-6 * Math.max(1, Math.abs(expected[at]!)) : 0));
    });
  });

  it("every row has a case, or a reason for none", () => {
    const tested = new Set<string>([...cases.map(({ op }) => op), ...Object.keys(notRun)]);
    expect(Object.keys(inferenceRules).filter((op) => !tested.has(op))).to.deep.equal([]);
    expect(Object.keys(notRun).filter((op) => cases.some((each) => each.op === op))).to.deep.equal([]);
  });
});
