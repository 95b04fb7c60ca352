/**
 * What is known of a node's outputs: the rule of its operator, what the file declares, and the branches of an If.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Dim, GraphProto, Node } from "../onnx/types.js";
import { foldNode } from "./constants.js";
import { commonShape, mergeShapes } from "./dims.js";
import { inferenceRule } from "./inference.js";
import type { ValueType } from "./shape-rules.js";
import { declaredFacts } from "./value-info.js";
import { type Facts, NodeView, StoredFacts, noFacts } from "./view.js";

type Lookup = (value: string) => Facts | undefined;

/** Facts of every output of `node`, in order. `declared` is what the file says of a value. */
export function inferNode(node: Node, opsets: ReadonlyMap<string, number>, known: Lookup, declared: Lookup): Facts[] {
  const view = new NodeView(node, opsets.get(node.domain) ?? 1, known);
  const types: readonly ValueType[] = node.opType === "If" && node.domain === "" ? inferIf(view, opsets, known) : (inferenceRule(node.opType, node.domain)?.(view) ?? []);
  return node.outputs.map((name, index) => {
    const stated = declared(name);
    const dtype = types[index]?.dtype ?? (stated?.dtype === "undefined" ? undefined : stated?.dtype);
    const shape = mergeShapes(types[index]?.shape?.map(possibleDim), stated?.shape);
    return { dtype, shape, items: index === 0 ? quietly(() => foldNode(view, shape, dtype)) : undefined };
  });
}

/** A length that no tensor has, as it comes out of a node that the runtime would refuse, is not known. */
function possibleDim(dim: Dim): Dim {
  return typeof dim === "number" && !(Number.isSafeInteger(dim) && dim >= 0) ? null : dim;
}

/** A constant that the runtime would refuse is not known, and no reason to refuse the graph here. */
function quietly<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LexiscopeError) return undefined;
    throw error;
  }
}

/** The branch that is known to be taken, or what both branches have in common. */
function inferIf(view: NodeView, opsets: ReadonlyMap<string, number>, known: Lookup): ValueType[] {
  const branches = ["then_branch", "else_branch"].map((name) => {
    const attribute = view.node.attributes.get(name);
    return attribute?.type === "graph" ? inferOutputs(attribute.value, opsets, known) : [];
  });
  const condition = view.numbers(0)?.[0];
  if (condition !== undefined) return branches[condition === 0 ? 1 : 0]!;
  const [first = [], second = []] = branches;
  return first.map(({ dtype, shape }, index) => ({ dtype: dtype === second[index]?.dtype ? dtype : undefined, shape: commonShape(shape, second[index]?.shape) }));
}

/** Types of a subgraph's outputs, with the values of the graph around it in sight. */
function inferOutputs(graph: GraphProto, opsets: ReadonlyMap<string, number>, outer: Lookup): ValueType[] {
  const own = new Map<string, Facts>();
  const stated = new Map([...graph.valueInfo, ...graph.outputs, ...graph.inputs].map((info) => [info.name, declaredFacts(info)]));
  const lookup: Lookup = (value) => own.get(value) ?? outer(value);
  for (const { name } of graph.inputs) own.set(name, stated.get(name) ?? noFacts);
  for (const tensor of graph.initializers) own.set(tensor.name, new StoredFacts(tensor));
  for (const node of graph.nodes) {
    const outputs = inferNode(node, opsets, lookup, (value) => stated.get(value));
    node.outputs.forEach((name, index) => own.set(name, outputs[index]!));
  }
  return graph.outputs.map(({ name }) => {
    const { dtype, shape } = lookup(name) ?? noFacts;
    return { dtype, shape };
  });
}
