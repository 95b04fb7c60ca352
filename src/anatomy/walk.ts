/**
 * Walking along values: past nodes that change nothing, and everything that data flows into. Not a pattern matcher (the tables
 * of patterns are next door); it exists so that no pattern has to know about Identity, Cast and Dropout.
 */
import type { Graph } from "../graph/graph.js";
import { readsOf } from "../graph/subgraphs.js";
import type { Node } from "../onnx/types.js";

const TRANSPARENT = new Set(["Identity", "Cast", "Dropout"]);

/** Outputs carry the form of the input, not its data: no path goes through them. */
const FORM_ONLY = new Set([
  "Shape", "Size", "ConstantOfShape", "EyeLike", "Range", "IsNaN", "IsInf",
  "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not", "NonZero", "ArgMax", "ArgMin",
]);

/** Products that map features linearly, whatever their weights are stored as; and products of two activations. */
export const LINEAR = new Set(["MatMul", "Gemm", "FusedMatMul", "FusedGemm", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "QLinearMatMul", "MatMulNBits", "Einsum", "Conv", "ConvInteger"]);

/** Operators that hold a whole attention block: no pattern is a value of the graph before they are taken apart. */
export const FUSED_ATTENTION = new Set([
  "Attention", "MultiHeadAttention", "GroupQueryAttention", "QAttention", "PackedAttention", "PackedMultiHeadAttention",
  "DecoderAttention", "DecoderMaskedMultiHeadAttention", "DecoderMaskedSelfAttention", "LongformerAttention", "SparseAttention",
]);

/** The op type as messages show it: "Softmax", "com.microsoft.Attention". */
export function opName(node: Node): string {
  return node.domain === "" || node.domain === "ai.onnx" ? node.opType : `${node.domain}.${node.opType}`;
}

/** The node's name, or its op type and first output when it has none. */
export function nodeName(node: Node): string {
  return node.name === "" ? `${opName(node)} -> ${node.outputs.find((output) => output !== "") ?? "?"}` : node.name;
}

/** The value that `value` repeats: upstream past Identity, Cast and Dropout. */
export function through(graph: Graph, value: string): string {
  for (let node = graph.producer(value); node !== undefined && TRANSPARENT.has(node.opType) && node.outputs[0] === value; node = graph.producer(value)) value = node.inputs[0]!;
  return value;
}

/** `value` and everything downstream that repeats it. */
export function echoes(graph: Graph, value: string): string[] {
  const found = [value];
  for (const one of found) for (const node of graph.consumers(one)) if (TRANSPARENT.has(node.opType)) found.push(node.outputs[0]!);
  return found;
}

/** Whether the value is known without running: an initializer or Constant, also behind Identity, Cast, DequantizeLinear, Transpose. */
export function isConstant(graph: Graph, value: string): boolean {
  for (let node = graph.producer(value); node !== undefined; node = graph.producer(value)) {
    if (node.opType === "Constant") return true;
    if (!TRANSPARENT.has(node.opType) && node.opType !== "DequantizeLinear" && node.opType !== "Transpose") return false;
    value = node.inputs[0]!;
  }
  return graph.initializer(value) !== undefined;
}

/** All values that data of `starts` flows into (starts included); shapes, comparisons and int64 arithmetic end the flow. */
export function flow(graph: Graph, starts: Iterable<string>): Set<string> {
  const reached = new Set(starts);
  for (const node of graph.nodes) {
    if (FORM_ONLY.has(node.opType) || !readsOf(node).some((input) => reached.has(input))) continue;
    for (const output of node.outputs) {
      const dtype = graph.dtype(output);
      if (output !== "" && dtype !== "int64" && dtype !== "bool") reached.add(output);
    }
  }
  return reached;
}

/** All values from which data flows into `end` (included), by the same rule as `flow`. */
export function flowInto(graph: Graph, end: string): Set<string> {
  const reached = new Set([end]);
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (FORM_ONLY.has(node.opType) || !node.outputs.some((output) => reached.has(output))) continue;
    for (const input of readsOf(node)) reached.add(input);
  }
  return reached;
}
