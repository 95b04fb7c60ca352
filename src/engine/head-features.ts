/** What goes into a classifier's last linear layer: the input of the product that the logits come from. Adds nothing, guesses nothing. */
import type { Graph } from "../graph/graph.js";

/** The value [batch, width], or null where the last step is no linear layer of one row a text. */
export function headFeatures(graph: Graph, logits: string): string | null {
  let node = graph.producer(logits);
  if (node?.opType === "Add") node = node.inputs.map((input) => graph.producer(input)).find((each) => each?.opType === "MatMul" || each?.opType === "Gemm");
  if (node?.opType !== "MatMul" && node?.opType !== "Gemm") return null;
  const value = node.inputs[0];
  return value !== undefined && graph.rank(value) === 2 && graph.dtype(value) === "float32" ? value : null;
}
