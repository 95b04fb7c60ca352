/**
 * Splits a model into a small graph and the ORIGINAL bytes: every large initializer becomes a reference into the file that it
 * was read from. No weight is copied; onnxruntime takes the file as external data at these offsets, which need no alignment.
 */
import type { GraphProto, Model } from "./types.js";

/**
 * @param model changed in place
 * @param file the bytes that the model was decoded from
 * @param location the name under which the runtime is given `file`
 * @param threshold initializers of fewer bytes stay inline (shape arithmetic must see them)
 */
export function externalizeWeights(model: Model, file: Uint8Array, location: string, threshold = 1024): void {
  visit(model.graph);

  function visit(graph: GraphProto): void {
    for (const tensor of graph.initializers) {
      const { raw } = tensor;
      if (!raw || raw.length < threshold || raw.buffer !== file.buffer) continue;
      const offset = raw.byteOffset - file.byteOffset;
      if (offset < 0 || offset + raw.length > file.length) continue;
      tensor.external = { location, offset, length: raw.length };
      tensor.raw = null;
    }
    for (const node of graph.nodes) {
      for (const attribute of node.attributes.values()) if (attribute.type === "graph") visit(attribute.value);
    }
  }
}
