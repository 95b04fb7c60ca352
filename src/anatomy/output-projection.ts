/**
 * The linear map that takes the heads' outputs, side by side, back to the width of the residual stream: the first product with a stored
 * matrix after the product of pattern and values. Its weights are read from the file's bytes; nothing runs.
 */
import type { Graph } from "../graph/graph.js";
import { floatAttribute, intAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import { fromFloat16 } from "../tensor/float16.js";
import type { AttentionBlock } from "./types.js";
import { PRODUCTS } from "./product.js";

export interface StoredProjection {
  readonly data: Float32Array; // [head · headSize, width]
  readonly width: number;
}

/** What only regroups heads and tokens, or nothing. */
const REGROUP = new Set(["Transpose", "Reshape", "Identity", "Cast", "Dropout", "Squeeze", "Unsqueeze", "Flatten"]);
/** What leaves a stored matrix what it is. */
const SAME_MATRIX = new Set(["Identity", "Cast"]);

/** Null where no such product is found, or where its matrix is not stored as floats (4-bit and 8-bit weights). */
export function outputProjection(graph: Graph, { value, probabilities }: AttentionBlock): StoredProjection | null {
  if (value === null) return null;
  const weighed = [value, ...graph.consumers(value).filter(({ opType }) => opType === "Reshape").map(({ outputs }) => outputs[0]!)]; // batch and head may be one axis there
  const product = weighed.flatMap((each) => graph.consumers(each).filter((node) => Object.hasOwn(PRODUCTS, node.opType) && node.inputs[1] === each)).find((node) => upstream(graph, node.inputs[0]!, probabilities));
  const queue = product === undefined ? [] : [product.outputs[0]!];
  for (const at of queue) {
    for (const node of graph.consumers(at)) {
      if (REGROUP.has(node.opType) && node.inputs[0] === at && !queue.includes(node.outputs[0]!)) queue.push(node.outputs[0]!);
      if ((node.opType === "MatMul" || node.opType === "Gemm") && node.inputs[0] === at) return matrixOf(graph, node);
    }
  }
  return null;
}

/** Whether `value` is the pattern, behind nothing but operators that keep its numbers. */
function upstream(graph: Graph, value: string, pattern: string): boolean {
  for (let at: string | undefined = value; at !== undefined; at = graph.producer(at)?.inputs[0]) {
    if (at === pattern) return true;
    const node = graph.producer(at);
    if (node === undefined || !REGROUP.has(node.opType)) return false;
  }
  return false;
}

/** The right side of a product as [in, out]; Gemm's alpha is taken in. */
function matrixOf(graph: Graph, node: Node): StoredProjection | null {
  let name = node.inputs[1]!;
  let turned = node.opType === "Gemm" && intAttribute(node, "transB", 0) === 1;
  for (let from = graph.producer(name); from !== undefined && from.opType !== "Constant"; from = graph.producer(name)) {
    if (from.opType === "Transpose") turned = !turned;
    else if (!SAME_MATRIX.has(from.opType)) return null;
    name = from.inputs[0]!;
  }
  const stored = graph.constant(name);
  if (stored?.shape.length !== 2 || (stored.dtype !== "float32" && stored.dtype !== "float16")) return null;
  const [rows, columns] = stored.shape as [number, number];
  const read = stored.dtype === "float16" ? (index: number) => fromFloat16(stored.data[index] as number) : (index: number) => stored.data[index] as number;
  const alpha = floatAttribute(node, "alpha", 1);
  const width = turned ? rows : columns;
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) data[turned ? column * width + row : row * width + column] = alpha * read(row * columns + column);
  return { data, width };
}
