/**
 * Fetches a model's files and opens it as what it is: a transformer (or another text model) on the runtime, or a tree ensemble, which needs no
 * runtime. The code of trees is loaded when a file has some.
 */
import { LocalModel } from "./local-model.js";
import type { ModelLocation } from "./locations.js";
import { fetchModelFiles } from "./model-files.js";
import type { TreeModel } from "./trees/tree-model.js";
import type { LoadOptions } from "./types.js";

export type AnyModel = LocalModel | TreeModel;

const TREES = /^TreeEnsemble/;

/** Throws `not-found`, `network`, `bad-model`, `unsupported`, `runtime`, `aborted`. */
export async function loadLocalModel(location: ModelLocation, options: LoadOptions, inWorker: boolean, threadReason: string): Promise<AnyModel> {
  const { signal, onProgress, integrity } = options;
  const files = await fetchModelFiles(location, { signal, onProgress, integrity });
  if (!files.model.graph.nodes.some(({ domain, opType }) => domain === "ai.onnx.ml" && TREES.test(opType))) return LocalModel.open(files, location, options, inWorker, threadReason);
  const { TreeModel } = await import("./trees/tree-model.js");
  return new TreeModel(location, files, inWorker, threadReason);
}
