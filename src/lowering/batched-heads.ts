/**
 * Files whose products are batched over one axis, batch · head (bmm), have patterns of three axes. Everything that reads a pattern wants
 * [batch, head, query, key], so such a softmax gets its four axes here and gives three again behind: numbers and neighbours stay as they were.
 */
import type { Graph } from "../graph/graph.js";
import { intAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import type { Builder, Value } from "./builder.js";

/** Between product and softmax: scales, masks, and views of the one axis as two. */
const BETWEEN: ReadonlySet<string> = new Set(["Add", "Where", "Mul", "Div", "Max", "Cast", "Identity", "Reshape"]);
/** Between the split of the heads and the product. */
const SCALES: ReadonlySet<string> = new Set(["Mul", "Div", "Cast", "Identity"]);
const DEEPEST = 12;

/** One entry a softmax that was rewritten. */
export function splitBatchedHeads(b: Builder): string[] {
  const done: string[] = [];
  for (const softmax of [...b.graph.nodes]) {
    const query = softmax.opType === "Softmax" && softmax.domain === "" ? queryOf(b.graph, softmax) : null;
    if (query === null) continue;
    const [scores, p] = [softmax.inputs[0] as Value, softmax.outputs[0] as Value];
    b.graph.remove(softmax);
    const [split, whole] = [b.op("Shape", [query]), b.op("Shape", [scores])];
    const four = b.concat([b.slice(split, 0, 0, 2), b.slice(whole, 0, 1, 3)], 0); // batch, head, query, key
    const pattern = b.op("Softmax", [b.op("Reshape", [scores, four])], { axis: { int: -1 } });
    b.op("Reshape", [pattern, whole], {}, p);
    done.push("Softmax of a batch and its heads as one axis");
  }
  return done;
}

/** The queries [batch, head, query, headSize] before their first two axes became one; null where the softmax is another. */
function queryOf(graph: Graph, softmax: Node): Value | null {
  const scores = softmax.inputs[0] as Value;
  const axis = intAttribute(softmax, "axis", graph.opset >= 13 ? -1 : 1);
  if (graph.rank(scores) !== 3 || (axis !== -1 && axis !== 2)) return null;
  const isProduct = (node: Node): boolean => node.opType === "MatMul" && node.inputs.every((input) => graph.rank(input) === 3);
  const product = climb(graph, scores, BETWEEN, isProduct);
  const split = product && climb(graph, product.inputs[0] as Value, SCALES, (node) => node.opType === "Reshape" && graph.rank(node.inputs[0] as Value) === 4);
  return split ? (split.inputs[0] as Value) : null;
}

/** The nearest node upstream that is wanted, over operators of a set. */
function climb(graph: Graph, from: Value, over: ReadonlySet<string>, wanted: (node: Node) => boolean): Node | null {
  let front = [from];
  for (let depth = 0; depth < DEEPEST && front.length > 0; depth++) {
    const nodes = front.flatMap((value) => graph.producer(value) ?? []);
    const found = nodes.find(wanted);
    if (found) return found;
    front = nodes.filter(({ opType }) => over.has(opType)).flatMap(({ opType, inputs }) => (opType === "Reshape" ? inputs.slice(0, 1) : inputs));
  }
  return null;
}
