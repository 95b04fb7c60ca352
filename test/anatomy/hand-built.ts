/**
 * Graphs built by hand, one line a node, for tests of single patterns: `graphOf("s = MatMul(q, k)", …)`. Constants and inputs are
 * given beside. Not a parser of anything but these tests' lines.
 */
import { Graph } from "../../src/graph/graph.js";
import { type AttributeLiterals, node } from "../../src/onnx/attributes.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import type { Dim, ValueInfo } from "../../src/onnx/types.js";
import type { DType, Tensor } from "../../src/tensor/tensor.js";

export type Line = string | readonly [line: string, attributes: AttributeLiterals];

export interface Parts {
  /** name → dtype and axes */
  readonly inputs: Readonly<Record<string, readonly [DType, ...Dim[]]>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  /** "y = Op(a, b)" or "y, z = com.microsoft.Op(a, , b)" */
  readonly lines: readonly Line[];
  readonly outputs: readonly string[];
  readonly opset?: number;
}

const DATA_TYPES: Partial<Record<DType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };

export function graphOf({ inputs, constants = {}, lines, outputs, opset = 17 }: Parts): Graph {
  const nodes = lines.map((line) => {
    const [text, attributes] = typeof line === "string" ? [line, {}] : line;
    const parts = /^(.+?) = ([\w.]+)\((.*)\)$/.exec(text);
    if (parts === null) throw new Error(`not a line: ${text}`);
    const [, left, op, right] = parts as unknown as [string, string, string, string];
    const dot = op.lastIndexOf(".");
    const names = (list: string): string[] => list.split(",").map((name) => name.trim());
    return node(op.slice(dot + 1), right === "" ? [] : names(right), names(left), attributes, op.slice(0, Math.max(dot, 0)), left.split(",")[0]);
  });
  const info = (name: string, type: ValueInfo["type"]): ValueInfo => ({ name, type, unknown: [] });
  return Graph.of({
    irVersion: 8, producerName: "hand", opsets: new Map([["", opset], ["com.microsoft", 1]]), functions: [], unknown: [],
    graph: {
      name: "hand", nodes, valueInfo: [], unknown: [],
      initializers: Object.entries(constants).map(([name, tensor]) => tensorProto(name, tensor)),
      inputs: Object.entries(inputs).map(([name, [dtype, ...shape]]) => info(name, { dtype, dataType: DATA_TYPES[dtype] ?? 0, shape })),
      outputs: outputs.map((name) => info(name, null)),
    },
  });
}
