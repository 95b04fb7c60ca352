/**
 * Takes the branch of an If whose condition is known before any run, and writes its nodes where the If stood: merged decoders choose by an
 * input that says whether there is a past, some exporters leave a condition that is a constant or follows from the shapes. Everything after this sees one plain graph.
 * An If whose condition is computed in the run stays as it is.
 */
import { tensorData } from "../onnx/tensor-data.js";
import type { GraphProto, Model, Node } from "../onnx/types.js";
import { node as makeNode } from "../onnx/attributes.js";
import { Graph } from "./graph.js";
import { renameCaptured, subgraphsOf } from "./subgraphs.js";

/** @param inputs what some graph inputs always are. The model is not changed; weights are not copied. */
export function takeBranches(model: Model, inputs: Readonly<Record<string, boolean>>): Model {
  let { graph } = model;
  for (let taken = takeOne(model, graph, inputs); taken !== null; taken = takeOne(model, graph, inputs)) graph = taken;
  return graph === model.graph ? model : { ...model, graph };
}

/** The graph without its first If that is decided; null when there is none. */
function takeOne(model: Model, graph: GraphProto, inputs: Readonly<Record<string, boolean>>): GraphProto | null {
  let known: Graph | undefined;
  for (const [at, node] of graph.nodes.entries()) {
    if (node.opType !== "If" || node.domain !== "") continue;
    const condition = conditionOf(graph, node.inputs[0]!, inputs) ?? folded((known ??= Graph.of({ ...model, graph })), node.inputs[0]!);
    const branch = condition === undefined ? undefined : node.attributes.get(condition ? "then_branch" : "else_branch");
    if (branch?.type === "graph") return spliced(graph, at, branch.value);
  }
  return null;
}

function conditionOf(graph: GraphProto, value: string, inputs: Readonly<Record<string, boolean>>): boolean | undefined {
  const attribute = graph.nodes.find(({ opType, outputs }) => opType === "Constant" && outputs[0] === value)?.attributes.get("value");
  const stored = graph.initializers.find(({ name }) => name === value) ?? (attribute?.type === "tensor" ? attribute.value : undefined);
  if (stored) return stored.raw === null ? undefined : Number(tensorData(stored).data[0]) !== 0;
  return graph.inputs.some(({ name }) => name === value) && Object.hasOwn(inputs, value) ? inputs[value] : undefined;
}

/** What follows from the shapes: an axis has one element or not, queries are as many as keys. */
function folded(graph: Graph, value: string): boolean | undefined {
  const known = graph.scalar(value);
  return known === undefined ? undefined : known !== 0;
}

/** Every name that a graph defines, inside branches too. */
function namesOf(graph: GraphProto): string[] {
  return [
    ...[...graph.inputs, ...graph.initializers].map(({ name }) => name),
    ...graph.nodes.flatMap((node) => [...node.outputs, ...subgraphsOf(node).flatMap(namesOf)]),
  ];
}

/** The branch's nodes in the place of the If; its own names give way where the graph has them already. */
function spliced(graph: GraphProto, at: number, branch: GraphProto): GraphProto {
  const chosen = graph.nodes[at]!;
  const taken = new Set(namesOf({ ...graph, nodes: graph.nodes.filter((node) => node !== chosen) }));
  const made = new Set(branch.nodes.flatMap(({ outputs }) => outputs));
  const names = new Map<string, string>(); // in the branch → in the graph
  const copies: Node[] = []; // for what the branch hands out without making it, or twice
  branch.outputs.forEach(({ name }, index) => {
    const wanted = chosen.outputs[index] ?? "";
    if (wanted === "") return;
    if (made.has(name) && !names.has(name)) names.set(name, wanted);
    else copies.push(makeNode("Identity", [name], [wanted], {}, "", wanted));
    taken.add(wanted);
  });
  for (const name of [...made, ...branch.initializers.map((tensor) => tensor.name)]) {
    if (name === "" || names.has(name)) continue;
    let free = name;
    for (let count = 0; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    names.set(name, free);
  }
  const swap = (name: string): string => names.get(name) ?? name;
  const nodes = [...branch.nodes, ...copies].map((node): Node => ({
    ...node,
    inputs: node.inputs.map(swap),
    outputs: copies.includes(node) ? node.outputs : node.outputs.map(swap),
    attributes: subgraphsOf(node).length === 0 ? node.attributes : [...names].reduce((attributes, [from, to]) => (from === to ? attributes : renameCaptured({ ...node, attributes }, from, to)), node.attributes),
  }));
  return {
    ...graph,
    nodes: [...graph.nodes.slice(0, at), ...nodes, ...graph.nodes.slice(at + 1)],
    initializers: [...graph.initializers, ...branch.initializers.map((tensor) => ({ ...tensor, name: swap(tensor.name) }))],
    valueInfo: [...graph.valueInfo, ...branch.valueInfo.filter(({ name }) => names.has(name)).map((info) => ({ ...info, name: swap(info.name) }))],
  };
}
