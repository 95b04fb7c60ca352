/**
 * Attention blocks, found from their Softmax: back over mask and scale to the product of queries and keys, forward over a NaN
 * guard to the product with the values. A Softmax that does not stand between two such products is none (a classifier's).
 */
import type { Graph } from "../graph/graph.js";
import { intAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import { isCausal } from "./causal.js";
import { headsOf } from "./heads.js";
import { PRODUCTS, fourAxes, withFourAxes } from "./product.js";
import { findRoute, formulaOf } from "./scores.js";
import type { AttentionBlock, Missing } from "./types.js";
import { FUSED_ATTENTION, echoes, isConstant, nodeName, opName } from "./walk.js";

/**
 * @param active values that depend on what is read (lookups, float inputs): queries, keys and values are among them, weights,
 *   position tables and relative biases are not
 */
export function findAttention(graph: Graph, active: ReadonlySet<string>, missing: Missing[]): AttentionBlock[] {
  const isProduct = (node: Node): boolean => Object.hasOwn(PRODUCTS, node.opType) && node.inputs.length >= 2 && node.inputs.slice(0, 2).every((input) => active.has(input) && !isConstant(graph, input));
  const blocks: AttentionBlock[] = [];
  for (const node of graph.nodes) {
    if (FUSED_ATTENTION.has(node.opType)) missing.push({ what: "attention", node: nodeName(node), reason: `${opName(node)} computes the pattern inside: it has to be taken apart first` });
    if (node.opType !== "Softmax") continue;
    const route = findRoute(graph, node.inputs[0]!, isProduct);
    if (route === null) continue;
    const name = nodeName(node);
    const rank = graph.rank(node.inputs[0]!);
    const axis = intAttribute(node, "axis", graph.opset >= 13 ? -1 : 1);
    if (axis !== -1 && rank !== undefined && axis !== rank - 1) {
      missing.push({ what: "attention", node: name, reason: `softmax over axis ${axis} of ${rank}, not over the last` });
      continue;
    }
    const written = PRODUCTS[route.product.opType]!(route.product);
    const product = written === null ? null : fourAxes(graph, written);
    if (product === null) {
      const reason = written === null ? `${opName(route.product)} in a layout that is not [batch, head, query, key]` : "queries or keys have three axes, and no reshape from four was found";
      missing.push({ what: "query", node: nodeName(route.product), reason });
    }
    const formula = formulaOf(graph, route, (product ?? written)?.alpha ?? 1, missing);
    if (product !== written && formula.biases.some((bias) => graph.rank(bias) === 3)) formula.extra.push("Reshape"); // what is added has batch and head as one axis
    const { probabilities, guarded } = pattern(graph, node);
    const values = valuesOf(graph, probabilities, active);
    if (values === null) missing.push({ what: "value", node: name, reason: "no product of the pattern with values follows" });
    const axes = graph.rank(probabilities);
    if (axes !== undefined && axes !== 4) missing.push({ what: "heads", node: name, reason: `the pattern has ${axes} axes, not [batch, head, query, key]` });
    const { heads, headSize } = headsOf(graph, product, written, probabilities, active);
    if (heads === null) missing.push({ what: "heads", node: name, reason: "the number of heads is no constant of the graph; the pattern shows it at run time" });
    blocks.push({
      part: "self", layer: blocks.length, // until the texts are told apart
      probabilities, scores: node.inputs[0]!,
      query: product?.query ?? null, key: product?.key ?? null, keyTransposed: product?.keyTransposed ?? false, value: values,
      scale: formula.scale, softcap: formula.softcap, bias: formula.biases.at(-1) ?? null, guarded, extra: formula.extra,
      heads, headSize,
      causal: isCausal(graph, [...formula.biases, ...formula.conditions], active),
      node: name,
    });
  }
  if (blocks.length === 0 && missing.every((entry) => entry.what !== "attention")) {
    const nearest = graph.nodes.find((node) => node.opType === "Softmax");
    missing.push({ what: "attention", node: nearest === undefined ? "" : nodeName(nearest), reason: nearest === undefined ? "the graph has no Softmax" : "no Softmax follows a product of two activations" });
  }
  return blocks;
}

/** Softmax's output, or what replaces it: Where(IsNaN(p) or a mask of rows, 0, p) [rows without any allowed key become 0], Slice [an extra column cut off]. */
function pattern(graph: Graph, softmax: Node): { probabilities: string; guarded: boolean } {
  const same = new Set(echoes(graph, softmax.outputs[0]!));
  for (const value of same) {
    for (const node of graph.consumers(value)) {
      if (node.opType === "Where" && same.has(node.inputs[2]!) && graph.scalar(node.inputs[1]!) === 0) return { probabilities: node.outputs[0]!, guarded: true };
      if (node.opType === "Slice" && node.inputs[0] === value) return { probabilities: node.outputs[0]!, guarded: false };
    }
  }
  return { probabilities: softmax.outputs[0]!, guarded: false };
}

/** What may stand between the pattern and its product with the values. */
const BETWEEN = new Set(["Identity", "Cast", "Dropout", "Reshape", "Squeeze", "Unsqueeze", "QuantizeLinear", "DequantizeLinear", "Mul"]);

/** MatMul(p, V): the right side of the first product that the pattern enters on the left. */
function valuesOf(graph: Graph, probabilities: string, active: ReadonlySet<string>): string | null {
  const queue = [probabilities];
  for (const value of queue) {
    for (const node of graph.consumers(value)) {
      const right = node.inputs[1];
      if (Object.hasOwn(PRODUCTS, node.opType) && node.inputs[0] === value && right !== undefined && active.has(right) && !isConstant(graph, right)) return withFourAxes(graph, right);
      if (BETWEEN.has(node.opType) && !queue.includes(node.outputs[0]!)) queue.push(node.outputs[0]!);
    }
  }
  return null;
}
