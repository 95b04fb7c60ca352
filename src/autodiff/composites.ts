/**
 * Finds what a file spells out in several nodes and what reverse mode should treat as one: a softmax with its guard against NaN, GELU,
 * layer normalisation, RMS normalisation, a linear map on dynamically quantised integers, a value that is rounded and read back. Each becomes one virtual node with a rule of its own.
 * Nothing in the graph changes. The gradient would be right without it, except for the guard and the integers; but rules that read values in the middle of such a chain stop the runtime from fusing the forward pass.
 */
import type { Graph } from "../graph/graph.js";
import { node as makeNode } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";

interface Composite {
  /** stands for all members; is processed where the last of them stood */
  readonly virtual: Node;
  readonly members: readonly Node[];
}

/** The nodes in order, composites drawn together, except where one hides a value that is asked for. */
export function withComposites(graph: Graph, asked: readonly string[]): Node[] {
  const replaced = new Map<Node, Node | null>();
  for (const node of graph.nodes) {
    for (const match of matchers[operatorOf(node)] ?? []) {
      const found = match(graph, node);
      if (!found || found.members.some((member) => replaced.has(member))) continue;
      if (found.members.some((member) => asked.includes(member.outputs[0] as string) && member.outputs[0] !== found.virtual.outputs[0])) continue;
      const last = graph.producer(found.virtual.outputs[0] as string);
      for (const member of found.members) replaced.set(member, member === last ? found.virtual : null);
      break;
    }
  }
  return graph.nodes.flatMap((node) => {
    const by = replaced.get(node);
    return by === undefined ? [node] : by === null ? [] : [by];
  });
}

type Match = (graph: Graph, start: Node) => Composite | null;

/** By the operator at which a pattern is looked for. */
const matchers: Readonly<Record<string, readonly Match[]>> = {
  Softmax: [guardedSoftmax], Erf: [erfGelu], Tanh: [tanhGelu], ReduceMean: [layerNorm, rmsNorm], MatMulInteger: [dynamicLinear],
  DequantizeLinear: [straightThrough], "com.microsoft.DequantizeLinear": [straightThrough], "com.microsoft.MatMulIntegerToFloat": [integerToFloat],
};

const operatorOf = ({ domain, opType }: Node): string => (domain === "" || domain === "ai.onnx" ? opType : `${domain}.${opType}`);

/** Softmax → IsNaN → Where(isnan, 0, softmax): the softmax whose fully masked rows are 0. */
function guardedSoftmax(graph: Graph, softmax: Node): Composite | null {
  const y = softmax.outputs[0] as string;
  const isNaN = graph.consumers(y).find((node) => node.opType === "IsNaN");
  const where = isNaN && only(graph, isNaN);
  if (!where || where.opType !== "Where" || where.inputs[0] !== isNaN.outputs[0] || where.inputs[2] !== y) return null;
  if (graph.scalar(where.inputs[1] as string) !== 0 || graph.consumers(y).length !== 2) return null;
  return { virtual: virtual(softmax, "Softmax", softmax.inputs, where, softmax.attributes), members: [softmax, isNaN, where] };
}

/** x/√2 → Erf → + 1 → · x → · ½ */
function erfGelu(graph: Graph, erf: Node): Composite | null {
  const inner = producer(graph, erf.inputs[0]);
  if (!inner || !only(graph, inner)) return null;
  const divided = inner.opType === "Div" && near(graph.scalar(inner.inputs[1] as string), Math.SQRT2) ? inner.inputs[0] : null;
  const x = divided ?? (inner.opType === "Mul" ? scaledBy(graph, inner, Math.SQRT1_2) : null);
  const tail = x ? halfTimesOnePlus(graph, erf, x) : null;
  return x && tail ? { virtual: virtual(erf, "Gelu", [x], tail.at(-1) as Node), members: [inner, erf, ...tail] } : null;
}

/** √(2/π) (x + 0.044715 x³) → Tanh → + 1 → · x → · ½ */
function tanhGelu(graph: Graph, tanh: Node): Composite | null {
  const scaled = producer(graph, tanh.inputs[0]);
  const sumName = scaled?.opType === "Mul" ? scaledBy(graph, scaled, Math.sqrt(2 / Math.PI)) : null;
  const sum = sumName ? producer(graph, sumName) : undefined;
  if (!scaled || sum?.opType !== "Add") return null;
  for (const [x, other] of bothWays(sum)) {
    const weighted = producer(graph, other);
    const cubeName = weighted?.opType === "Mul" ? scaledBy(graph, weighted, 0.044715) : null;
    const cube = cubeName ? producer(graph, cubeName) : undefined;
    if (!weighted || cube?.opType !== "Pow" || cube.inputs[0] !== x || graph.scalar(cube.inputs[1] as string) !== 3) continue;
    if (![scaled, sum, weighted, cube].every((node) => only(graph, node))) continue;
    const tail = halfTimesOnePlus(graph, tanh, x);
    if (tail) return { virtual: virtual(tanh, "Gelu", [x], tail.at(-1) as Node, { approximate: "tanh" }), members: [cube, weighted, sum, scaled, tanh, ...tail] };
  }
  return null;
}

/** The nodes that make ½ x (1 + t) of t, in whichever order the file multiplies. */
function halfTimesOnePlus(graph: Graph, t: Node, x: string): Node[] | null {
  const plus = only(graph, t);
  if (plus?.opType !== "Add" || !bothWays(plus).some(([a, b]) => a === t.outputs[0] && graph.scalar(b) === 1)) return null;
  const first = only(graph, plus);
  if (first?.opType !== "Mul") return null;
  const factor = first.inputs[0] === plus.outputs[0] ? first.inputs[1] as string : first.inputs[0] as string;
  const half = producer(graph, factor);
  if (half?.opType === "Mul" && scaledBy(graph, half, 0.5) === x && only(graph, half)) return [plus, half, first];
  const second = only(graph, first);
  if (second?.opType !== "Mul") return null;
  const last = second.inputs[0] === first.outputs[0] ? second.inputs[1] as string : second.inputs[0] as string;
  const product = (factor === x && graph.scalar(last) === 0.5) || (graph.scalar(factor) === 0.5 && last === x);
  return product ? [plus, first, second] : null;
}

/** x - mean → squared → mean → + ε → √ → (x - mean)/· → · γ → + β, over the last axis */
function layerNorm(graph: Graph, mean: Node): Composite | null {
  const x = mean.inputs[0] as string;
  const centred = only(graph, mean);
  if (centred?.opType !== "Sub" || centred.inputs[0] !== x || !overLastAxis(graph, mean)) return null;
  const uses = graph.consumers(centred.outputs[0] as string);
  const square = uses.find((node) => (node.opType === "Pow" && graph.scalar(node.inputs[1] as string) === 2) || (node.opType === "Mul" && node.inputs[0] === node.inputs[1]));
  const variance = square && only(graph, square);
  if (variance?.opType !== "ReduceMean" || !overLastAxis(graph, variance)) return null;
  const shifted = only(graph, variance);
  const epsilon = shifted?.opType === "Add" ? graph.scalar(shifted.inputs[shifted.inputs[0] === variance.outputs[0] ? 1 : 0] as string) : undefined;
  const root = shifted && only(graph, shifted);
  const quotient = root && only(graph, root);
  if (epsilon === undefined || root?.opType !== "Sqrt" || quotient?.opType !== "Div" || quotient.inputs[0] !== centred.outputs[0]) return null;
  if (uses.some((node) => node !== square && node !== quotient)) return null;
  const product = only(graph, quotient);
  const sum = product && only(graph, product);
  if (product?.opType !== "Mul" || sum?.opType !== "Add") return null;
  const gamma = product.inputs.find((input) => input !== quotient.outputs[0]);
  const beta = sum.inputs.find((input) => input !== product.outputs[0]);
  if (!gamma || !beta || !graph.shape(gamma) || graph.rank(gamma) !== 1 || graph.rank(beta) !== 1) return null;
  const members = [mean, centred, square as Node, variance, shifted as Node, root, quotient, product, sum];
  return { virtual: virtual(sum, "LayerNormalization", [x, gamma, beta], sum, { axis: -1, epsilon: { float: epsilon } }), members };
}

/** x² → mean → + ε → √ → 1/· → · x → (Cast to the type it has) → · γ, over the last axis; or x/√· */
function rmsNorm(graph: Graph, mean: Node): Composite | null {
  const square = producer(graph, mean.inputs[0]);
  const x = square?.inputs[0];
  if (!square || !x || !(square.opType === "Pow" ? graph.scalar(square.inputs[1] as string) === 2 : square.opType === "Mul" && square.inputs[1] === x)) return null;
  const shifted = only(graph, mean);
  const epsilon = shifted?.opType === "Add" ? graph.scalar(shifted.inputs[shifted.inputs[0] === mean.outputs[0] ? 1 : 0] as string) : undefined;
  const root = shifted && only(graph, shifted);
  const inverse = root && only(graph, root);
  if (epsilon === undefined || root?.opType !== "Sqrt" || !inverse || !only(graph, square) || !overLastAxis(graph, mean)) return null;
  const members = [square, mean, shifted, root, inverse];
  let hat: Node | undefined = inverse; // x/√
  if (!(inverse.opType === "Div" && inverse.inputs[0] === x)) {
    if (inverse.opType !== "Reciprocal" && !(inverse.opType === "Div" && graph.scalar(inverse.inputs[0] as string) === 1)) return null;
    hat = only(graph, inverse);
    if (hat?.opType !== "Mul" || !bothWays(hat).some(([a, b]) => a === x && b === inverse.outputs[0])) return null;
    members.push(hat);
  }
  let last = only(graph, hat);
  if (last?.opType === "Cast" && graph.dtype(last.outputs[0] as string) === graph.dtype(x)) {
    members.push(last);
    hat = last;
    last = only(graph, last);
  }
  const gamma = last?.inputs.find((input) => input !== hat.outputs[0]);
  if (last?.opType !== "Mul" || !gamma || graph.rank(gamma) !== 1) return null;
  return { virtual: virtual(mean, "RMSNormalization", [x, gamma], last, { axis: -1, epsilon: { float: epsilon } }), members: [...members, last] };
}

/** DynamicQuantizeLinear, or QuantizeLinear → MatMulInteger with a constant weight → Cast → · (scale of x · scale of the weight) */
function dynamicLinear(graph: Graph, product: Node): Composite | null {
  const [quantized, weight = "", , zeroPoint = ""] = product.inputs;
  const quantize = producer(graph, quantized);
  const cast = only(graph, product);
  const scaled = cast && only(graph, cast);
  const own = quantize?.opType === "DynamicQuantizeLinear" ? quantize.outputs[1] : quantize?.opType === "QuantizeLinear" ? quantize.inputs[1] : undefined;
  if (!quantize || own === undefined || cast?.opType !== "Cast" || scaled?.opType !== "Mul" || graph.initializer(weight)?.shape.length !== 2) return null;
  const scales = producer(graph, scaled.inputs.find((input) => input !== cast.outputs[0]));
  const scale = scales?.opType === "Mul" ? bothWays(scales).find(([factor]) => factor === own)?.[1] : undefined;
  if (!scale) return null;
  return { virtual: makeNode("DynamicLinear", [quantize.inputs[0] as string, weight, scale, zeroPoint], [scaled.outputs[0] as string], {}, "lexiscope", product.name), members: [product, cast, scaled] };
}

/** DynamicQuantizeLinear → com.microsoft.MatMulIntegerToFloat(x, weight, scale of x, scale of the weight, zero points …) */
function integerToFloat(graph: Graph, product: Node): Composite | null {
  const [quantized, weight = "", own, scale = "", , zeroPoint = ""] = product.inputs;
  const quantize = producer(graph, quantized);
  if (quantize?.opType !== "DynamicQuantizeLinear" || quantize.outputs[1] !== own || graph.initializer(weight)?.shape.length !== 2) return null;
  return { virtual: makeNode("DynamicLinear", [quantize.inputs[0] as string, weight, scale, zeroPoint], [product.outputs[0] as string], {}, "lexiscope", product.name), members: [product] };
}

/** QuantizeLinear or DynamicQuantizeLinear → DequantizeLinear: the gradient passes as if nothing were rounded or cut off (Bengio et al. 2013, arXiv 1308.3432). */
function straightThrough(graph: Graph, back: Node): Composite | null {
  const rounding = producer(graph, back.inputs[0]);
  if (rounding?.opType !== "QuantizeLinear" && rounding?.opType !== "DynamicQuantizeLinear") return null;
  return { virtual: virtual(back, "Identity", [rounding.inputs[0] as string], back), members: [back] };
}

function overLastAxis(graph: Graph, reduce: Node): boolean {
  const keepdims = reduce.attributes.get("keepdims");
  if (keepdims?.type === "int" && keepdims.value === 0n) return false;
  const attribute = reduce.attributes.get("axes");
  const axes = attribute?.type === "ints" ? attribute.value.map(Number) : Array.from((graph.constant(reduce.inputs[1] ?? "")?.data ?? []) as ArrayLike<number | bigint>, Number);
  return axes.length === 1 && (axes[0] === -1 || axes[0] === (graph.rank(reduce.inputs[0] as string) ?? 0) - 1);
}

function virtual(named: Node, opType: string, inputs: readonly string[], last: Node, attributes: Parameters<typeof makeNode>[3] = {}): Node {
  return makeNode(opType, inputs, [last.outputs[0] as string], attributes, "", named.name);
}

function producer(graph: Graph, value: string | undefined): Node | undefined {
  return value ? graph.producer(value) : undefined;
}

/** The one node that uses a node's output; undefined when several do, or when it is an output of the graph. */
function only(graph: Graph, node: Node): Node | undefined {
  const value = node.outputs[0] as string;
  const consumers = new Set(graph.consumers(value));
  if (consumers.size !== 1 || graph.isOutput(value)) return undefined;
  return consumers.values().next().value;
}

function bothWays(node: Node): [string, string][] {
  const [a = "", b = ""] = node.inputs;
  return [[a, b], [b, a]];
}

/** The other factor of a product with a given constant. */
function scaledBy(graph: Graph, product: Node, factor: number): string | null {
  return bothWays(product).find(([, constant]) => near(graph.scalar(constant), factor))?.[0] ?? null;
}

/** Equal up to the rounding of float32 and float16 files. */
function near(value: number | undefined, wanted: number): boolean {
  return value !== undefined && Math.abs(value - wanted) <= 1e-3 * Math.abs(wanted);
}
