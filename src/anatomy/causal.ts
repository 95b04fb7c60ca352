/**
 * Whether a mask forbids looking ahead, read off the graph that computes it. Positive evidence only: `false` means that no such
 * structure was found, not that the pattern looks ahead (a mask may come in as an input); whoever has a pattern can check it.
 */
import type { Graph } from "../graph/graph.js";
import { tensorData } from "../onnx/tensor-data.js";
import type { Node } from "../onnx/types.js";

type Evidence = (graph: Graph, node: Node) => boolean;

/** Operators that keep a row of positions a row of positions. */
const KEEPS_POSITIONS = new Set(["Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Expand", "Flatten", "Transpose", "Slice"]);

/**
 * Range, reshaped; or Range ± 1 (k < q + 1), or moved by a length that is computed (what a cache holds). Any other constant
 * offset is the edge of a window, not the diagonal.
 */
function positions(graph: Graph, value: string, depth = 12): boolean {
  const node = graph.producer(value);
  if (node === undefined || depth === 0) return false;
  if (node.opType === "Range") return true;
  if (KEEPS_POSITIONS.has(node.opType)) return positions(graph, node.inputs[0]!, depth - 1);
  if (node.opType !== "Add" && node.opType !== "Sub") return false;
  const [left, right] = node.inputs as [string, string];
  const near = (offset: string): boolean => Math.abs(graph.scalar(offset) ?? 0) <= 1;
  return (near(right) && positions(graph, left, depth - 1)) || (node.opType === "Add" && near(left) && positions(graph, right, depth - 1));
}

/** key position ≤ query position, and its three other ways to be said: a comparison of two rows of positions. */
const comparison: Evidence = (graph, node) => {
  const [left, right] = node.inputs as [string, string];
  return left !== right && positions(graph, left) && positions(graph, right);
};

const CORNER = 64;

/** A constant [.., n, n] with one value on and below the diagonal and another above. */
function triangularConstant(graph: Graph, value: string): boolean {
  const attribute = graph.producer(value)?.attributes.get("value");
  const proto = graph.initializer(value) ?? (attribute?.type === "tensor" ? attribute.value : undefined);
  if (proto === undefined || proto.raw === null || proto.shape.length < 2) return false;
  return isTriangular(proto.shape, tensorData(proto).data);
}

export function isTriangular(shape: readonly number[], data: ArrayLike<number | bigint>): boolean {
  const [rows, columns] = [shape.at(-2) ?? 0, shape.at(-1) ?? 0];
  if (rows !== columns || rows < 2 || data.length !== rows * columns) return false;
  const [below, above] = [data[0], data[1]];
  const side = Math.min(rows, CORNER);
  for (let q = 0; q < side; q++) for (let k = 0; k < side; k++) if (data[q * columns + k] !== (k <= q ? below : above)) return false;
  return below !== above;
}

const EVIDENCE: Readonly<Record<string, Evidence>> = {
  Less: comparison, LessOrEqual: comparison, Greater: comparison, GreaterOrEqual: comparison,
  Trilu: () => true, // a triangle of ones, or of a large negative number
};

/** Whether any of the masks is causal. `active`: values that depend on the text's features, where the search ends. */
export function isCausal(graph: Graph, masks: readonly string[], active: ReadonlySet<string>): boolean {
  const queue = [...masks];
  const seen = new Set(queue);
  for (const value of queue) {
    if (active.has(value)) continue;
    if (triangularConstant(graph, value)) return true;
    const node = graph.producer(value);
    if (node === undefined || node.opType === "Shape") continue;
    if (EVIDENCE[node.opType]?.(graph, node) === true) return true;
    for (const input of node.inputs) if (input !== "" && !seen.has(input)) { seen.add(input); queue.push(input); }
  }
  return false;
}
