/**
 * Scattering with addition came with opset 16, and lookups by computed indices need it on the way back. A file of opset 13 to 15 means the
 * same in 16 but for operators named here, so that it may be declared to be of 16. Files before 13 give axes as attributes and cannot.
 */
import type { Graph } from "../graph/graph.js";
import type { Node } from "../onnx/types.js";

/** ScatterElements and ScatterND have `reduction`. */
export const scatterOpset = 16;

/** Axes of Squeeze, Unsqueeze, Split and ReduceSum are inputs, Softmax is over one axis. */
const oldestAlike = 13;

/** Standard operators whose defaults changed between the two. */
const CHANGED: ReadonlySet<string> = new Set(["RoiAlign", "BatchNormalization"]);

const SCATTERED: ReadonlySet<string> = new Set(["GatherElements", "GatherND", "MaxPool"]);

/** Why a lookup of this file has no way back, or null. */
export function scatterRefusal(graph: Graph): string | null {
  if (graph.opset >= scatterOpset) return null;
  const changed = graph.nodes.find(({ opType, domain }) => domain === "" && CHANGED.has(opType));
  return graph.opset >= oldestAlike && !changed ? null : `opset ${graph.opset} cannot add while scattering`;
}

/** Declares the opset that scattering needs, where a node of the path will scatter. */
export function declareScattering(graph: Graph, path: readonly Node[]): void {
  if (path.some(({ opType, domain }) => domain === "" && SCATTERED.has(opType))) graph.raiseOpset(scatterOpset);
}
