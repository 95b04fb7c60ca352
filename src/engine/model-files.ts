/**
 * The files that make a model: the ONNX file (and its external data), config.json, tokenizer.json, tokenizer_config.json. Fetches and
 * decodes them; interprets nothing. One aggregate progress in bytes; one failure stops the rest.
 */
import { LexiscopeError } from "../base/errors.js";
import { decodeModel } from "../onnx/decode.js";
import { externalizeWeights } from "../onnx/externalize.js";
import type { RandomAccess } from "../onnx/skeleton.js";
import type { GraphProto, Model } from "../onnx/types.js";
import { downloadFile, downloadJson } from "./download.js";
import { checkIntegrity, sha256 } from "./integrity.js";
import { inNode, readsBlobs } from "./environment.js";
import { configuration, largeFrom, type ModelLocation } from "./locations.js";
import type { Progress } from "./types.js";

/** Names under which the runtime gets files: of a decoder that comes apart from its encoder, and of large files, which are read in parts. */
const DECODER_WEIGHTS = "lexi-decoder-weights";
const OWN_WEIGHTS = "lexi-large-file";
const DECODER_FILE_WEIGHTS = "lexi-large-decoder";

export interface ExternalFile {
  /** as the model's tensors name it */
  readonly path: string;
  readonly data: Uint8Array;
}

export interface ModelFile {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly model: Model;
  /** the model once more, as it stands in the file: instrumenting changes the one above */
  readonly decode: () => Model;
  readonly external: readonly ExternalFile[];
  /** SHA-256 of the ONNX file, hex (of an encoder and a decoder: of their two); "" in an insecure context */
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

/** A file that was fetched: its bytes, or those of a large model without its weights, which are read when the runtime asks. */
interface Fetched {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly external: readonly ExternalFile[];
}

/** What reads large files: most pages have none. */
const inParts = () => import("./large-file.js");

/** The file in parts, if it is large and can be read so. A whole that is to be checked comes whole: browsers hash nothing piece by piece. */
async function open(url: string, signal: AbortSignal, track: Track, what: string, integrity?: string): Promise<{ readonly bytes: Uint8Array } | { readonly access: RandomAccess; readonly hash: string }> {
  const local = inNode && (await (await inParts()).largeNodeFile(url));
  if (local) {
    track(what)(local.access.size, local.access.size);
    return local;
  }
  const blobs = integrity === undefined && readsBlobs();
  const file = await downloadFile(url, { signal, cache: configuration().cache !== false, onBytes: track(what), ...(blobs && { blobFrom: largeFrom() }) });
  return file instanceof Blob ? { access: (await inParts()).blobAccess(file), hash: "" } : { bytes: file };
}

/** A model file; `weights` names its own weights where they are left in the file. */
async function openModel(url: string, signal: AbortSignal, track: Track, what: string, weights: string, integrity?: string): Promise<Fetched> {
  const file = await open(url, signal, track, what, integrity);
  if ("access" in file) {
    const [{ skeletonOf }, { bytesOnDemand }] = await Promise.all([import("../onnx/skeleton.js"), inParts()]);
    return { url, bytes: skeletonOf(file.access, weights), hash: file.hash, external: [{ path: weights, data: bytesOnDemand(file.access) }] };
  }
  checkIsModel(file.bytes, url);
  return { url, bytes: file.bytes, hash: await sha256(file.bytes), external: [] };
}

/** The first candidate that is there. The error of the last one is thrown when none is. */
async function firstThere(location: ModelLocation, signal: AbortSignal, track: Track, integrity: string | undefined): Promise<Fetched> {
  const absent: LexiscopeError[] = [];
  for (const url of location.candidates) {
    try {
      return await openModel(url, signal, track, "model", OWN_WEIGHTS, integrity);
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

/** The decoder that hubs put beside an encoder's file; null when the file is no encoder's, or stands alone. */
async function decoderBeside(url: string, signal: AbortSignal, track: Track): Promise<Fetched | null> {
  const address = url.replace(/\/encoder_model([^/]*\.onnx)$/, "/decoder_model$1");
  if (address === url) return null;
  try {
    return await openModel(address, signal, track, address, DECODER_FILE_WEIGHTS);
  } catch (error) {
    if (error instanceof LexiscopeError && error.code === "not-found") return null;
    throw error;
  }
}

async function fetchFile(location: ModelLocation, signal: AbortSignal, track: Track, integrity: string | undefined): Promise<ModelFile> {
  const { url, bytes, hash: own, external: inFile } = await firstThere(location, signal, track, integrity);
  checkIntegrity(own, integrity, url);
  const decoder = await decoderBeside(url, signal, track);
  const hash = decoder && own ? await sha256(new TextEncoder().encode(own + decoder.hash)) : own;
  const join = decoder && (await import("../onnx/join.js")).joinEncoderDecoder;
  const decode = (): Model => {
    if (!join) return decodeModel(bytes);
    const second = decodeModel(decoder.bytes);
    externalizeWeights(second, decoder.bytes, DECODER_WEIGHTS); // each file's weights stay in that file
    return join(decodeModel(bytes), second);
  };
  const model = decode();
  const known: readonly string[] = [OWN_WEIGHTS, DECODER_WEIGHTS, DECODER_FILE_WEIGHTS];
  const external: ExternalFile[] = await Promise.all(
    externalLocations(model.graph).filter((path) => !known.includes(path)).map(async (path) => {
      const address = externalUrl(path, url);
      const file = await open(address, signal, track, address);
      return { path, data: "access" in file ? (await inParts()).bytesOnDemand(file.access) : file.bytes };
    }),
  );
  external.push(...inFile);
  if (decoder) external.push({ path: DECODER_WEIGHTS, data: decoder.bytes }, ...decoder.external);
  return { url, bytes, model, decode, external, hash };
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
