/**
 * Graphs for these tests, one line a node: `graphOf({ inputs: { x: ["float32", "batch", 4] }, lines: ["y = Relu(x)"], outputs: ["y"] })`.
 */
import { Graph } from "../../src/graph/graph.js";
import { type AttributeLiterals, node } from "../../src/onnx/attributes.js";
import { emptyGraph } from "../../src/onnx/decode.js";
import { dataTypeOf } from "../../src/onnx/dtypes.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import type { Dim, Model, Node, ValueInfo } from "../../src/onnx/types.js";
import type { DType, Tensor } from "../../src/tensor/tensor.js";

export interface Parts {
  readonly inputs?: Readonly<Record<string, readonly [DType, ...Dim[]]>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  /** "y, z = com.microsoft.Op(a, , b)", with attributes or without */
  readonly lines?: readonly (string | readonly [line: string, attributes: AttributeLiterals])[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

export function nodeOf(line: string, attributes: AttributeLiterals = {}): Node {
  const [, left = "", op = "", right = ""] = /^(.*?) = ([\w.]+)\((.*)\)$/.exec(line) ?? [];
  const names = (list: string): string[] => (list.trim() === "" ? [] : list.split(",").map((name) => name.trim()));
  const dot = op.lastIndexOf(".");
  return node(op.slice(dot + 1), names(right), names(left), attributes, op.slice(0, Math.max(0, dot)), `node of ${left}`);
}

export function valueInfo(name: string, dtype: DType, dims: readonly Dim[]): ValueInfo {
  return { name, type: { dtype, dataType: dataTypeOf(dtype), shape: [...dims] }, unknown: [] };
}

export function modelOf({ inputs = {}, constants = {}, lines = [], outputs = [], opset = 17 }: Parts): Model {
  return {
    irVersion: 8, producerName: "hand", opsets: new Map([["", opset], ["com.microsoft", 1]]), functions: [], unknown: [],
    graph: {
      ...emptyGraph("hand"),
      nodes: lines.map((line) => (typeof line === "string" ? nodeOf(line) : nodeOf(...line))),
      initializers: Object.entries(constants).map(([name, tensor]) => tensorProto(name, tensor)),
      inputs: Object.entries(inputs).map(([name, [dtype, ...dims]]) => valueInfo(name, dtype, dims)),
      outputs: outputs.map((name) => ({ name, type: null, unknown: [] })),
    },
  };
}

export const graphOf = (parts: Parts): Graph => Graph.of(modelOf(parts));
