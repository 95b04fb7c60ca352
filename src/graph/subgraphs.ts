/**
 * Graphs inside attributes (the branches of If, the body of Loop and Scan): which values of the outer graph they read, and
 * the renaming of those. Recursion is bounded by the depth that the decoder accepts.
 */
import type { Attribute, GraphProto, Node } from "../onnx/types.js";

/** The graphs among a node's attributes. */
export function subgraphsOf(node: Node): GraphProto[] {
  const graphs: GraphProto[] = [];
  for (const attribute of node.attributes.values()) if (attribute.type === "graph") graphs.push(attribute.value);
  return graphs;
}

/** Values that a graph defines itself. */
function definedIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const { name } of graph.inputs) names.add(name);
  for (const { name } of graph.initializers) names.add(name);
  for (const { outputs } of graph.nodes) for (const name of outputs) names.add(name);
  return names;
}

/** Values of the surrounding graph that a node reads inside its subgraphs. */
export function capturedBy(node: Node): Set<string> {
  const captured = new Set<string>();
  for (const graph of subgraphsOf(node)) for (const name of freeNames(graph)) captured.add(name);
  return captured;
}

/** Everything a node needs: its inputs, and what its subgraphs read of the graph around them. */
export function readsOf(node: Node): string[] {
  return [...node.inputs.filter((name) => name !== ""), ...capturedBy(node)];
}

/** Asked again and again while a graph is rewritten; a subgraph is replaced and never changed. */
const known = new WeakMap<GraphProto, ReadonlySet<string>>();

function freeNames(graph: GraphProto): ReadonlySet<string> {
  const before = known.get(graph);
  if (before) return before;
  const own = definedIn(graph);
  const free = new Set<string>();
  const take = (name: string): void => {
    if (name !== "" && !own.has(name)) free.add(name);
  };
  for (const inner of graph.nodes) {
    inner.inputs.forEach(take);
    capturedBy(inner).forEach(take);
  }
  for (const { name } of graph.outputs) take(name);
  known.set(graph, free);
  return free;
}

/** Every name used anywhere inside a node's subgraphs, so that no fresh name meets it. */
export function namesInside(node: Node, into: Set<string>): void {
  for (const graph of subgraphsOf(node)) {
    for (const name of definedIn(graph)) into.add(name);
    for (const inner of graph.nodes) namesInside(inner, into);
  }
}

/** A node whose subgraphs read `to` where they read the outer value `from`. Its own inputs are left alone. */
export function renameCaptured(node: Node, from: string, to: string): Map<string, Attribute> {
  return new Map(Array.from(node.attributes, ([name, attribute]) => [name, attribute.type === "graph" ? { ...attribute, value: renameInGraph(attribute.value, from, to) } : attribute]));
}

function renameInGraph(graph: GraphProto, from: string, to: string): GraphProto {
  if (definedIn(graph).has(from)) return graph;
  const swap = (name: string): string => (name === from ? to : name);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(swap), attributes: renameCaptured(node, from, to) })),
    outputs: graph.outputs.map((value) => ({ ...value, name: swap(value.name) })),
  };
}
