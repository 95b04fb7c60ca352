/**
 * The files that make a model: the ONNX file (and its external data), config.json, tokenizer.json, tokenizer_config.json. Fetches and
 * decodes them; interprets nothing. One aggregate progress in bytes; one failure stops the rest.
 */
import { LexiscopeError } from "../base/errors.js";
import { decodeModel } from "../onnx/decode.js";
import type { GraphProto, Model } from "../onnx/types.js";
import { download, downloadJson } from "./download.js";
import { checkIntegrity, sha256 } from "./integrity.js";
import { configuration, type ModelLocation } from "./locations.js";
import type { Progress } from "./types.js";

export interface ExternalFile {
  /** as the model's tensors name it */
  readonly path: string;
  readonly data: Uint8Array;
}

export interface ModelFile {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly external: readonly ExternalFile[];
  /** SHA-256 of the ONNX file, hex; "" in an insecure context */
  readonly hash: string;
}

export interface ModelFiles extends ModelFile {
  readonly config: Record<string, unknown>;
  /** null when the folder has none */
  readonly tokenizer: Record<string, unknown> | null;
  readonly tokenizerConfig: Record<string, unknown>;
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly integrity?: string | undefined;
}

/** Adds up the bytes of several downloads; the total is 0 while one of them has not said its size. */
function aggregate(onProgress: FetchOptions["onProgress"]): (url: string) => (loaded: number, total: number) => void {
  const files = new Map<string, { loaded: number; total: number }>();
  return (url) => (loaded, total) => {
    files.set(url, { loaded, total });
    const all = [...files.values()];
    const known = all.every((file) => file.total > 0);
    onProgress?.({ phase: "download", loaded: all.reduce((sum, file) => sum + file.loaded, 0), total: known ? all.reduce((sum, file) => sum + file.total, 0) : 0 });
  };
}

function checkIsModel(bytes: Uint8Array, url: string): void {
  const start = new TextDecoder().decode(bytes.subarray(0, 42));
  if (start.startsWith("version https://git-lfs")) throw new LexiscopeError("bad-model", `a Git LFS pointer instead of the model: ${url}; run git lfs pull`, { phase: "download" });
  if (bytes.byteLength === 0) throw new LexiscopeError("bad-model", `the model file is empty: ${url}`, { phase: "download" });
}

/** External-data files that the model's tensors name, subgraphs included. */
export function externalLocations(graph: GraphProto): string[] {
  const found = new Set<string>();
  const visit = ({ initializers, nodes }: GraphProto): void => {
    for (const tensor of initializers) if (tensor.external) found.add(tensor.external.location);
    for (const node of nodes)
      for (const attribute of node.attributes.values()) {
        if (attribute.type === "graph") visit(attribute.value);
        if (attribute.type === "tensor" && attribute.value.external) found.add(attribute.value.external.location);
      }
  };
  visit(graph);
  return [...found];
}

function externalUrl(location: string, modelUrl: string): string {
  const isInside = !/^[a-z][a-z0-9+.-]*:|^[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/i.test(location);
  if (!isInside) throw new LexiscopeError("bad-model", `external data outside the model's folder: "${location}" in ${modelUrl}`, { phase: "download" });
  return new URL(location.split("/").map(encodeURIComponent).join("/"), modelUrl).href;
}

type Track = ReturnType<typeof aggregate>;

/** The first candidate that is there. The error of the last one is thrown when none is. */
async function firstThere(location: ModelLocation, signal: AbortSignal, track: Track): Promise<{ url: string; bytes: Uint8Array }> {
  const cache = configuration().cache !== false;
  const absent: LexiscopeError[] = [];
  for (const url of location.candidates) {
    try {
      return { url, bytes: await download(url, { signal, cache, onBytes: track("model") }) };
    } catch (error) {
      const goOn = error instanceof LexiscopeError && (error.code === "not-found" || error.message.startsWith("answered a web page"));
      if (!goOn) throw error;
      absent.push(error);
    }
  }
  if (absent.length === 1) throw absent[0]!;
  const worst = absent.find((error) => error.code !== "not-found") ?? absent[0]!;
  throw new LexiscopeError(worst.code, `no model "${location.reference}": ${absent.map((error) => error.message).join("; ")}`, { phase: "download" });
}

async function fetchFile(location: ModelLocation, signal: AbortSignal, track: Track, integrity: string | undefined): Promise<ModelFile> {
  const { url, bytes } = await firstThere(location, signal, track);
  checkIsModel(bytes, url);
  const hash = await sha256(bytes);
  checkIntegrity(hash, integrity, url);
  const model = decodeModel(bytes);
  const cache = configuration().cache !== false;
  const external = await Promise.all(
    externalLocations(model.graph).map(async (path) => {
      const address = externalUrl(path, url);
      return { path, data: await download(address, { signal, cache, onBytes: track(address) }) };
    }),
  );
  return { url, bytes, model, external, hash };
}

/** Runs the downloads together; the first failure stops the others. */
async function together<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await work(abort.signal);
  } catch (error) {
    abort.abort();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Throws `not-found`, `network`, `bad-model` or `aborted`. */
export function fetchModelFiles(location: ModelLocation, options: FetchOptions = {}): Promise<ModelFiles> {
  const track = aggregate(options.onProgress);
  return together(options.signal, async (signal) => {
    const json = (name: string) => downloadJson(`${location.folder}${name}`, { signal, optional: true });
    const [file, config, tokenizer, tokenizerConfig] = await Promise.all([
      fetchFile(location, signal, track, options.integrity),
      json("config.json"),
      json("tokenizer.json"),
      json("tokenizer_config.json"),
    ]);
    return { ...file, config: config ?? {}, tokenizer, tokenizerConfig: tokenizerConfig ?? {} };
  });
}

/** The ONNX file and its data once more (from the cache where there is one), to make a session again. */
export function fetchModelFile(location: ModelLocation, options: FetchOptions = {}): Promise<ModelFile> {
  const track = aggregate(options.onProgress);
  return together(options.signal, (signal) => fetchFile(location, signal, track, options.integrity));
}
