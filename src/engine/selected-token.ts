/**
 * The scores of one token out of [batch, token, label], by a product with a row that is 1 at that token. A language model's head treats each
 * token by itself, so the token is taken in front of it: the head's product, by far the largest of a small model, is made for one token instead
 * of all, forward and backward, and the scores of all tokens are never held. Adds nodes and takes out those that nothing reads any more.
 */
import type { Graph } from "../graph/graph.js";
import { dataTypeOf } from "../onnx/dtypes.js";
import type { Node } from "../onnx/types.js";

/** Which input of a node carries the tokens; −1 where the node does more than treat each by itself. */
type Carrier = (graph: Graph, node: Node) => number;

const pointwise: Carrier = () => 0;
/** The other operand is the same for all tokens. */
const withOne: Carrier = (graph, { inputs }) => [0, 1].find((index) => (graph.rank(inputs[1 - index]!) ?? 3) <= 1) ?? -1;
const withMatrix: Carrier = (graph, { inputs }) => (graph.rank(inputs[1]!) === 2 ? 0 : -1);

const carriers: Readonly<Record<string, Carrier>> = { Identity: pointwise, Cast: pointwise, Tanh: pointwise, Add: withOne, Sub: withOne, Mul: withOne, Div: withOne };
/** The head itself, behind which nothing more is passed. */
const heads: Readonly<Record<string, Carrier>> = { MatMul: withMatrix, MatMulInteger: withMatrix, "com.microsoft.MatMulNBits": pointwise };

interface Step {
  readonly node: Node;
  readonly carrier: number;
}

/** The steps from a head's product to the scores, the first one first; empty when there is no such head. */
function headSteps(graph: Graph, logits: string): Step[] {
  const steps: Step[] = [];
  for (let at = logits; ; ) {
    const node = graph.producer(at);
    if (!node || node.outputs.length !== 1) return [];
    const name = node.domain === "" ? node.opType : `${node.domain}.${node.opType}`;
    const carrier = (heads[name] ?? carriers[name])?.(graph, node) ?? -1;
    const carried = node.inputs[carrier];
    if (carried === undefined || graph.rank(carried) !== 3) return [];
    steps.unshift({ node, carrier });
    if (name in heads) return steps;
    at = carried;
  }
}

/** @param select [batch, 1, token] float32 → [batch, 1, label] */
export function selectToken(graph: Graph, logits: string, select: string): string {
  const pick = (value: string): string => {
    const dtype = graph.dtype(value) ?? "float32";
    const row = dtype === "float32" ? select : graph.emit("Cast", [select], { attributes: { to: { int: dataTypeOf(dtype) } } })[0]!;
    return graph.emit("MatMul", [row, value])[0]!;
  };
  const steps = headSteps(graph, logits);
  const first = steps[0];
  if (!first) return pick(logits);
  const entering = first.node.inputs[first.carrier]!;
  const quantize = graph.producer(entering);
  const dynamic = quantize?.opType === "DynamicQuantizeLinear";
  if (first.node.opType === "MatMulInteger" && !dynamic) return pick(logits);
  // what was rounded by the range of all tokens is rounded by that range still
  let value = dynamic ? graph.emit("QuantizeLinear", [pick(quantize.inputs[0]!), quantize.outputs[1]!, quantize.outputs[2]!])[0]! : pick(entering);
  for (const { node, carrier } of steps) {
    const { opType, inputs, attributes, domain } = node;
    value = graph.emit(opType, inputs.map((input, index) => (index === carrier ? value : input)), { attributes, domain })[0]!;
  }
  graph.removeOutput(logits);
  for (const { node } of [...steps].reverse()) if (graph.consumers(node.outputs[0]!).length === 0 && !graph.isOutput(node.outputs[0]!)) graph.remove(node);
  return value;
}
