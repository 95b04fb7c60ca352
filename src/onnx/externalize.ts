/**
 * Splits a model into a small graph and the ORIGINAL bytes: every large initializer becomes a reference into the file that it
 * was read from. No weight is copied; onnxruntime takes the file as external data at these offsets, which need no alignment.
 */
import type { Model } from "./types.js";

/**
 * @param model changed in place
 * @param file the bytes that the model was decoded from
 * @param location the name under which the runtime is given `file`
 * @param threshold initializers of fewer bytes stay inline (shape arithmetic must see them)
 */
export function externalizeWeights(model: Model, file: Uint8Array, location: string, threshold = 1024): void {
  for (const tensor of model.graph.initializers) {
    const { raw } = tensor;
    if (!raw || raw.length < threshold || raw.buffer !== file.buffer) continue;
    const offset = raw.byteOffset - file.byteOffset;
    if (offset < 0 || offset + raw.length > file.length) continue;
    tensor.external = { location, offset, length: raw.length };
    tensor.raw = null;
  }
}
