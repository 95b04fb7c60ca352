/**
 * Which nodes a gradient passes through, and which of them refuse: known before anything is emitted or run. Every later step walks the
 * nodes found here, and only them.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Graph } from "../graph/graph.js";
import { capturedBy } from "../graph/subgraphs.js";
import type { Node } from "../onnx/types.js";
import type { DType } from "../tensor/tensor.js";
import { withComposites } from "./composites.js";
import { differentiableInputs, differentiableOutputs, operatorName, operators, refusals, type OperatorName, type Row } from "./operators.js";
import type { Value } from "./rule.js";

export interface GradientPath {
  /** in topological order; a softmax with its NaN guard, a spelled-out GELU or norm is one node here */
  readonly nodes: readonly Node[];
  readonly refused: readonly { readonly node: Node; readonly reason: string }[];
}

const floating: ReadonlySet<DType> = new Set<DType>(["float32", "float16", "float64", "bfloat16"]);

/** The nodes between two values through which a cotangent flows. No nodes: the one does not depend on the other, differentiably. */
export function gradientPath(graph: Graph, of: Value, wrt: Value): GradientPath {
  const reached = new Set<Value>([wrt]); // values that depend on wrt
  const forward: Node[] = [];
  for (const node of withComposites(graph, [of, wrt])) {
    if (node.outputs.includes(wrt) || (!activeInputs(graph, node, reached).length && !captures(graph, node, reached))) continue;
    forward.push(node);
    for (const output of node.outputs) if (output && isFloating(graph, output)) reached.add(output);
  }
  const wanted = new Set<Value>([of]); // values on which `of` depends
  const nodes: Node[] = [];
  for (const node of forward.reverse()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    nodes.unshift(node);
    for (const input of activeInputs(graph, node, reached)) wanted.add(node.inputs[input] as Value);
  }
  return { nodes, refused: nodes.flatMap((node) => refusal(graph, node, wanted)) };
}

/** Positions of the inputs of a node that depend on wrt and can receive a cotangent. */
export function activeInputs(graph: Graph, node: Node, reached: ReadonlySet<Value>): number[] {
  const row = rowOf(node);
  if (row && "stops" in row) return [];
  const positions = differentiableInputs[operatorName(node) as OperatorName];
  return node.inputs.flatMap((input, index) =>
    reached.has(input) && isFloating(graph, input) && (!positions || positions.includes(index)) ? [index] : []);
}

/** Whether a branch or loop reads, inside, what depends on wrt: no input of the node says so. */
function captures(graph: Graph, node: Node, reached: ReadonlySet<Value>): boolean {
  return [...capturedBy(node)].some((value) => reached.has(value) && isFloating(graph, value));
}

export function rowOf(node: Node): Row | undefined {
  const name = operatorName(node);
  return Object.hasOwn(operators, name) ? operators[name as OperatorName] : undefined;
}

function refusal(graph: Graph, node: Node, wanted: ReadonlySet<Value>): { node: Node; reason: string }[] {
  const name = operatorName(node) as OperatorName;
  const row = rowOf(node);
  const accepts = differentiableOutputs[name] ?? ((output: number) => output === 0);
  const output = node.outputs.findIndex((value, index) => wanted.has(value) && !accepts(index));
  const reason = row === undefined ? "unknown operator"
    : "unsupported" in row ? row.unsupported
    : output >= 0 ? `the gradient would pass its output ${output}`
    : refusals[name]?.(node, graph);
  return reason ? [{ node, reason }] : [];
}

/** Values of unknown type count as floating: a wrong stop would be a wrong gradient without an error. */
function isFloating(graph: Graph, value: Value): boolean {
  const dtype = graph.dtype(value);
  return dtype === undefined || floating.has(dtype);
}

/** The error for a path that is refused. */
export function noRule(refused: GradientPath["refused"][number]): LexiscopeError {
  const name = refused.node.name || refused.node.outputs[0] || "";
  return new LexiscopeError("no-gradient", `no gradient rule: ${operatorName(refused.node)} (node "${name}")`, { phase: "model", node: name, cause: refused.reason });
}
