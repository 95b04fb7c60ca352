/**
 * Exact reverse mode by rewriting: adds to a graph the nodes that compute the cotangent of one value from the cotangent of another.
 * The walk undoes broadcasting, accumulates, prunes what the target does not reach and stops at integer edges; the mathematics is in the
 * rule tables. Nothing of the forward pass is changed, except that layer normalisations are asked for their statistics too.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Graph } from "../graph/graph.js";
import { node as makeNode } from "../onnx/attributes.js";
import { dataTypeOf } from "../onnx/dtypes.js";
import type { GraphProto, Node, ValueInfo } from "../onnx/types.js";
import { float32 } from "../tensor/tensor.js";
import { Emitter } from "./emitter.js";
import { zerosLike } from "./extents.js";
import { broadcasting, operatorName } from "./operators.js";
import { activeInputs, gradientPath, noRule, rowOf } from "./path.js";
import type { Inputs, Rule, Value } from "./rule.js";
import { declareScattering } from "./scatter-opset.js";
import { sumTo } from "./unbroadcast.js";

export interface GradientRequest {
  /** the value to differentiate, usually the logits */
  readonly of: Value;
  /** the value to differentiate by, usually the output of the embedding lookup */
  readonly wrt: Value;
  /** name of the new graph input with the cotangent of `of`: float32, its shape */
  readonly seed: string;
  /** name of a bool scalar graph input (added where the graph has none): false skips the backward pass, and `into` is then zeros [1, 1, 1] */
  readonly gate?: string;
  /** name of the new graph output with the cotangent of `wrt`: float32, its shape */
  readonly into: string;
  /** further values on the way whose cotangents become outputs of their own, each float32 */
  readonly also?: readonly { readonly value: Value; readonly into: string }[];
  /** other backward tables: these rules stand in for the table's own, by exact operator name */
  readonly rules?: Readonly<Partial<Record<string, Rule>>>;
}

/** Rules add and slice with operators of this opset on. */
const oldestOpset = 11;

/**
 * Adds the backward pass. Throws `no-gradient` (detail.node: the node) when an operator on the way has no rule, or there is no way;
 * the graph is then unchanged.
 */
export function differentiate(graph: Graph, request: GradientRequest): void {
  const { of, wrt, seed, gate, into, also = [] } = request;
  const results = [into, ...also.map((each) => each.into)];
  if (graph.opset < oldestOpset) throw new LexiscopeError("unsupported", `no gradient: the file is of opset ${graph.opset}; export it with ${oldestOpset} or later`, { phase: "model" });
  const path = gradientPath(graph, of, wrt);
  const refused = path.refused[0];
  if (refused) throw noRule(refused);
  if (path.nodes.length === 0 && of !== wrt) throw new LexiscopeError("no-gradient", `no gradient: "${of}" does not depend on "${wrt}" by differentiable operators`, { phase: "model" });

  const shape = graph.shape(of);
  if (!shape) throw new LexiscopeError("no-gradient", `no gradient: the rank of "${of}" is not known`, { phase: "model" });
  graph.addInput(seed, "float32", shape);
  declareScattering(graph, path.nodes);
  askForStatistics(graph, path.nodes);
  const forward = gradientPath(graph, of, wrt).nodes; // as they stand now
  const m = new Emitter(graph); // before the section: inside it the graph shows the section's own nodes, and their shapes would have no names
  if (gate === undefined) {
    backward(m, forward, request, results);
  } else {
    if (!graph.has(gate)) graph.addInput(gate, "bool", []);
    const inside = results.map(() => graph.fresh("gradient"));
    const nodes = graph.section(() => backward(m, forward, request, inside));
    const zeros = results.map(() => graph.fresh("lexi_no_gradient"));
    graph.emit("If", [gate], {
      outputs: results,
      attributes: {
        then_branch: branch("lexi_gradient", weightsFirst(nodes), inside),
        else_branch: branch("lexi_no_gradient", zeros.map((zero) => makeNode("Constant", [], [zero], { value: float32([0], [1, 1, 1]) })), zeros),
      },
    });
  }
  [wrt, ...also.map(({ value }) => value)].forEach((value, index) => graph.addOutput(results[index]!, "float32", gate === undefined ? graph.shape(value) : undefined));
}

/** Makes mean and inverse deviation outputs of each LayerNormalization, both: with one of the two, WebGPU returns the wrong one. */
function askForStatistics(graph: Graph, path: readonly Node[]): void {
  const real = new Set(graph.nodes); // a norm that the file spells out is none of them, and has no such outputs
  for (const node of path) {
    if (operatorName(node) !== "LayerNormalization" || !real.has(node)) continue;
    graph.remove(node);
    graph.emit(node.opType, node.inputs, { attributes: node.attributes, outputs: [0, 1, 2].map((index) => node.outputs[index] || graph.fresh("norm")), name: node.name });
  }
}

/** Emits the walk, which ends in the float32 cotangents of wrt and of what else is asked for, under the names `results`. */
function backward(m: Emitter, nodes: readonly Node[], { of, wrt, seed, also = [], rules = {} }: GradientRequest, results: readonly Value[]): void {
  const { graph } = m;
  const native = m.dtype(of);
  const cotangents = new Map<Value, Value>([[of, native === "float32" ? seed : m.cast(seed, native)]]);
  const reached = new Set<Value>([wrt, ...nodes.flatMap((node) => node.outputs.filter((output) => output !== ""))]);
  for (const node of [...nodes].reverse()) {
    const dys = node.outputs.map((output) => cotangents.get(output) ?? null);
    if (dys.every((dy) => dy === null)) continue;
    const y = node.outputs[0] as Value;
    const x = [...node.inputs, "", "", "", "", ""] as unknown as Inputs;
    const rule = rules[operatorName(node)] ?? (rowOf(node) as Rule);
    const pullbacks = rule({ m, node, x, y, dy: dys[0] ?? zerosLike(m, y), dys });
    for (const index of activeInputs(graph, node, reached)) {
      const input = node.inputs[index] as Value;
      const pullback = pullbacks[index];
      if (!pullback) continue;
      const cotangent = broadcasting.has(operatorName(node)) ? unbroadcast(m, pullback(), node, index) : pullback();
      const earlier = cotangents.get(input);
      cotangents.set(input, earlier === undefined ? cotangent : m.add(earlier, cotangent));
    }
  }
  [wrt, ...also.map(({ value }) => value)].forEach((value, index) => {
    const gradient = cotangents.get(value);
    if (gradient === undefined) throw new LexiscopeError("no-gradient", `no gradient: nothing flows back from "${of}" to "${value}"`, { phase: "model" });
    graph.emit("Cast", [gradient], { attributes: { to: dataTypeOf("float32") }, outputs: [results[index]!] });
  });
}

/** The cotangent of one operand of an elementwise operator, from one in the shape of the output. */
function unbroadcast(m: Emitter, g: Value, node: Node, index: number): Value {
  const others = node.inputs.filter((input, at) => at !== index && input !== "").map((input) => m.shape(input));
  return sumTo(m, g, m.shape(node.outputs[0] as Value), node.inputs[index] as Value, others);
}

/**
 * Stored weights that are dequantised stand first. So the runtime makes each of them right before its use; in any other place it makes all of them
 * at the start, and all are in memory together (measured, on wasm and on WebGPU).
 */
function weightsFirst(nodes: readonly Node[]): Node[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const isWeight = ({ opType, inputs }: Node): boolean => opType === "DequantizeLinear" && !inputs.some((input) => made.has(input));
  return [...nodes.filter(isWeight), ...nodes.filter((node) => !isWeight(node))];
}

function branch(name: string, nodes: readonly Node[], outputs: readonly Value[]): GraphProto {
  const info = (output: Value): ValueInfo => ({ name: output, type: { dtype: "float32", dataType: dataTypeOf("float32"), shape: null }, unknown: [] });
  return { name, nodes: [...nodes], initializers: [], inputs: [], outputs: outputs.map(info), valueInfo: [], unknown: [] };
}
