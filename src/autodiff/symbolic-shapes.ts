/**
 * Shapes with a name for every extent that the file does not tell, so that two extents which are equal whatever they are can be seen to
 * be. Where a file's own inference says "not known", un-broadcasting would have to ask in the run, at every addition. Not a check: a
 * name says which extents agree, never how long they are.
 */
import type { Graph } from "../graph/graph.js";
import { inferNode } from "../graph/infer-node.js";
import type { Facts } from "../graph/view.js";
import type { Dim } from "../onnx/types.js";
import type { Value } from "./value.js";

/** Shapes of the values that nodes make, null replaced by names; values of unknown rank are left out. */
export function symbolicShapes(graph: Graph): Map<Value, readonly Dim[]> {
  const facts = new Map<Value, Facts>();
  let unknown = 0;
  const known = (value: Value): Facts => facts.get(value) ?? { dtype: graph.dtype(value), shape: graph.shape(value), items: graph.elements(value) };
  const declared = (value: Value): Facts => ({ dtype: graph.dtype(value), shape: graph.shape(value) });
  for (const node of graph.nodes) {
    const outputs = inferNode(node, graph.model.opsets, known, declared);
    node.outputs.forEach((output, index) => {
      const { shape, ...rest } = outputs[index] ?? {};
      const named = shape?.map((dim) => dim ?? `?${unknown++}`);
      facts.set(output, named ? { ...rest, shape: named } : rest);
    });
  }
  return new Map([...facts].flatMap(([value, { shape }]) => (shape ? [[value, shape] as const] : [])));
}
