/**
 * The guard that exporters put behind softmax: Where(IsNaN(p), 0, p), for rows in which every key is masked with -inf. IsNaN runs on the
 * processor, so on WebGPU it copies a token × token map per head and layer to and fro. Rewritten without it, exactly:
 *  - a mask that adds a finite number (finfo.min) can make no NaN: such a row is uniform, and the guard never did anything. It goes.
 *  - a mask that may add -inf gets the lowest finite number instead, and rows that are masked entirely (padded queries whose window
 *    holds padding only, say) are set to 0 by the mask itself: Where(max over keys of the mask is low, 0, p). Their pattern is the
 *    guard's 0, and no NaN arises on the way, forward or back.
 * Where the mask cannot be told from the scores the guard stays.
 */
import type { Graph } from "../graph/graph.js";
import type { Node } from "../onnx/types.js";
import type { Builder, Value } from "./builder.js";

/** Mask values below this share of the lowest finite number are "masked". */
const nearly = 0.99;

/** One entry a guard that was rewritten. */
export function replaceGuards(b: Builder): string[] {
  const done: string[] = [];
  for (const softmax of [...b.graph.nodes]) {
    const guard = softmax.opType === "Softmax" && softmax.domain === "" ? guardOf(b.graph, softmax) : null;
    if (guard === null) continue;
    const mask = maskOf(b.graph, softmax.inputs[0] as Value);
    if (mask === "unknown") continue;
    const [isNaN, where] = guard;
    const p = softmax.outputs[0] as Value;
    const output = where.outputs[0] as Value;
    b.graph.remove(where);
    b.graph.remove(isNaN);
    if (mask === null || !mayBeInfinite(b.graph, mask.value)) {
      b.graph.remove(softmax);
      b.op("Softmax", softmax.inputs, softmax.attributes, output);
    } else {
      const { masked, finite } = withoutInfinity(b, mask.value);
      b.graph.remove(mask.add);
      b.op("Add", mask.add.inputs.map((name) => (name === mask.value ? finite : name)), {}, mask.add.outputs[0]);
      b.where(masked, b.number(0, b.dtype(p)), p, output);
    }
    done.push("Softmax → IsNaN → Where");
  }
  return done;
}

/** Nothing else may read the softmax, and its two readers must be the guard. */
function guardOf(graph: Graph, softmax: Node): [isNaN: Node, where: Node] | null {
  const p = softmax.outputs[0] as Value;
  const readers = graph.consumers(p);
  const isNaN = readers.find((node) => node.opType === "IsNaN");
  const where = isNaN && graph.consumers(isNaN.outputs[0] as Value)[0];
  if (!where || where.opType !== "Where" || readers.length !== 2 || !readers.includes(where) || graph.isOutput(p)) return null;
  return where.inputs[0] === isNaN.outputs[0] && where.inputs[2] === p && graph.scalar(where.inputs[1] as Value) === 0 ? [isNaN, where] : null;
}

/** What is added to a product before softmax. null: nothing. */
function maskOf(graph: Graph, scores: Value): { add: Node; value: Value } | null | "unknown" {
  const add = graph.producer(scores);
  if (add === undefined) return "unknown";
  if (isScores(graph, scores)) return null;
  const products = add.opType === "Add" ? add.inputs.filter((name) => isScores(graph, name)) : [];
  if (products.length !== 1 || graph.consumers(scores).length !== 1 || graph.isOutput(scores)) return "unknown";
  return { add, value: add.inputs.find((name) => name !== products[0]) as Value };
}

/** A product of two activations, scaled or not: finite. */
function isScores(graph: Graph, value: Value): boolean {
  const node = graph.producer(value);
  if (node?.opType === "MatMul") return true;
  return (node?.opType === "Mul" || node?.opType === "Div") && node.inputs.some((name) => graph.scalar(name) !== undefined) && node.inputs.some((name) => graph.producer(name)?.opType === "MatMul");
}

/** Where(condition, number, number) of finite numbers is finite; of anything else nobody knows. */
function mayBeInfinite(graph: Graph, mask: Value): boolean {
  const node = graph.producer(mask);
  if (node?.opType === "Expand" || node?.opType === "Unsqueeze" || node?.opType === "Identity") return mayBeInfinite(graph, node.inputs[0] as Value);
  return node?.opType !== "Where" || ![1, 2].every((index) => Number.isFinite(graph.scalar(node.inputs[index] as Value) ?? Infinity));
}

/** The mask with finite numbers, and which of its rows allow nothing, [.., query, 1]. Masks of one condition share both. */
function withoutInfinity(b: Builder, mask: Value): { masked: Value; finite: Value } {
  const dtype = b.dtype(mask);
  const node = b.graph.producer(mask);
  const numbers = node?.opType === "Where" ? [1, 2].map((index) => b.graph.scalar(node.inputs[index] as Value)) : [];
  const key = numbers.length === 2 && numbers.every((number) => number !== undefined) ? `Where ${node?.inputs[0]} ${numbers.join()}` : mask;
  const finite = b.remember(`finite ${key}`, () => b.op("Max", [mask, b.number(b.lowest(dtype), dtype)]));
  const masked = b.remember(`rows of ${finite}`, () => b.less(b.reduceMax(finite, -1), b.number(nearly * b.lowest(dtype), dtype)));
  return { masked, finite };
}
