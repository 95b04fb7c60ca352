/**
 * The word embeddings of the whole vocabulary, as the model looks them up: read from the file where the table stands there as floats, otherwise
 * (8-bit and 4-bit tables) by looking up every id, as many in a run as the model takes. Kept as long as the model is.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { tensorData } from "../onnx/tensor-data.js";
import { float16ToFloat32 } from "../tensor/float16.js";
import type { Answering, Facts } from "./answering.js";
import { fetchModelFile } from "./model-files.js";

export interface EmbeddingTable {
  /** [id, width], row-major */
  readonly values: Float32Array;
  readonly width: number;
}

const LOOKED_UP_TOGETHER = 512;
const tables = new WeakMap<Facts, EmbeddingTable>();

async function tableOfFile({ location, options, instrumented }: Facts, width: number, signal?: AbortSignal): Promise<Float32Array | null> {
  const file = await fetchModelFile(location, { integrity: options.integrity, ...(signal && { signal }) });
  const tensor = file.model.graph.initializers.find(({ name }) => name === instrumented.anatomy.embeddings?.table);
  if (!tensor || tensor.shape.length !== 2 || tensor.shape[1] !== width || (tensor.dtype !== "float32" && tensor.dtype !== "float16")) return null;
  const { external } = tensor;
  if (external) {
    const data = file.external.find(({ path }) => path === external.location)?.data;
    if (!data) return null;
    tensor.raw = data.subarray(external.offset, external.offset + external.length);
    tensor.external = null;
  }
  const { data } = tensorData(tensor);
  return data instanceof Uint16Array ? float16ToFloat32(data) : (data as Float32Array).slice(); // the file's bytes need not stay
}

/**
 * `take` is asked for the model runs that are needed (none where the file has the table) and may refuse. Throws `unsupported` when it does, and
 * when the model has no word embeddings.
 */
export async function embeddingTable(model: Answering, take: (runs: number) => boolean, signal?: AbortSignal): Promise<EmbeddingTable> {
  const { facts } = model;
  const kept = tables.get(facts);
  if (kept) return kept;
  const width = await model.ask((runner) => Promise.resolve(runner.width), signal);
  const values = (await tableOfFile(facts, width, signal)) ?? (await lookedUp(model, width, take, signal));
  const table = { values, width };
  tables.set(facts, table);
  return table;
}

async function lookedUp(model: Answering, width: number, take: (runs: number) => boolean, signal?: AbortSignal): Promise<Float32Array> {
  const { tokenizer, maxTokens, instrumented } = model.facts;
  const count = Math.min(instrumented.anatomy.embeddings?.vocabulary ?? Infinity, tokenizer.vocabularySize);
  const together = Math.min(maxTokens ?? LOOKED_UP_TOGETHER, LOOKED_UP_TOGETHER, count);
  const runs = Math.ceil(count / together);
  if (instrumented.anatomy.decoder !== null) throw new LexiscopeError("unsupported", "the table of word embeddings of this encoder–decoder is not stored as floats; use ablation", { phase: "model" });
  if (!take(runs)) throw new LexiscopeError("unsupported", `the table of word embeddings is not stored as floats: to look up all ${count} words takes ${runs} model calls, more than are left; raise the budget`, { phase: "explain" });
  const values = new Float32Array(count * width);
  for (let first = 0; first < count; first += together) {
    throwIfAborted(signal);
    const ids = Array.from({ length: Math.min(together, count - first) }, (_, index) => first + index);
    values.set(await model.ask((runner) => runner.embeddings({ ids, typeIds: ids.map(() => 0) }, signal), signal), first * width);
  }
  return values;
}
