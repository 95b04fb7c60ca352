/**
 * Bytes of an address, with progress and an error that says what came instead. Follows redirects; stops at once on abort. Knows
 * nothing of models. `file:` addresses are read with Node's file system.
 */
import { asLexiscopeError, LexiscopeError, throwIfAborted } from "../base/errors.js";
import { inNode, nodeModule } from "./environment.js";
import { keepFile, keptFile } from "./file-cache.js";

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** bytes so far and in all (0 when not known) */
  readonly onBytes?: ((loaded: number, total: number) => void) | undefined;
  /** use and fill the file cache */
  readonly cache?: boolean;
  /** a file of more bytes than this comes as a Blob, which the browser keeps outside of this page's memory */
  readonly blobFrom?: number;
}

/** Bytes that are collected before they are handed on to a Blob. */
const PIECE = 16 * 2 ** 20;

const notFound = (url: string, why: string) => new LexiscopeError("not-found", `${why}: ${url}`, { phase: "download" });
const network = (url: string, why: string, cause?: unknown) => new LexiscopeError("network", `${why}: ${url}`, { phase: "download", ...(cause === undefined ? {} : { cause }) });

async function readFile(url: string, { signal, onBytes }: DownloadOptions): Promise<Uint8Array> {
  const { readFile: read } = await nodeModule("node:fs/promises");
  try {
    const bytes = await read(new URL(url), signal ? { signal } : {});
    onBytes?.(bytes.byteLength, bytes.byteLength);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throwIfAborted(signal);
    const code = (error as { code?: string }).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") throw notFound(url, "no such file");
    throw asLexiscopeError(error, "network", "download");
  }
}

/** A web page in place of the file: what many servers answer, with status 200, for an address that does not exist. */
function looksLikePage(response: Response, first: Uint8Array): boolean {
  if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) return true;
  return /^\s*<(?:!doctype|html)/i.test(new TextDecoder().decode(first.subarray(0, 64)));
}

/** What comes in, as bytes in memory. */
class Bytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #size = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected || 1 << 16);
  }

  add(value: Uint8Array): void {
    if (this.#size + value.byteLength > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#size + value.byteLength));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    this.#bytes.set(value, this.#size);
    this.#size += value.byteLength;
  }

  finish(): Uint8Array {
    return this.#bytes.byteLength === this.#size ? this.#bytes : this.#bytes.slice(0, this.#size);
  }
}

/** What comes in, handed on to a Blob every few megabytes. */
class Pieces {
  #blob = new Blob([]);
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  add(value: Uint8Array): void {
    this.#pieces.push(value as Uint8Array<ArrayBuffer>);
    this.#size += value.byteLength;
    if (this.#size >= PIECE) this.finish();
  }

  finish(): Blob {
    this.#blob = new Blob([this.#blob, ...this.#pieces]);
    this.#pieces = [];
    this.#size = 0;
    return this.#blob;
  }
}

async function readBody(response: Response, url: string, { signal, onBytes, blobFrom = Infinity }: DownloadOptions): Promise<Uint8Array | Blob> {
  const encoded = response.headers.get("content-encoding");
  const total = encoded && encoded !== "identity" ? 0 : Number(response.headers.get("content-length") ?? 0);
  const sink = total > blobFrom ? new Pieces() : new Bytes(total);
  let loaded = 0;
  onBytes?.(0, total);
  try {
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sink.add(value);
      loaded += value.byteLength;
      onBytes?.(loaded, total);
    }
  } catch (cause) {
    throwIfAborted(signal);
    throw network(url, `the connection was cut after ${loaded}${total ? ` of ${total}` : ""} bytes`, cause);
  }
  if (loaded < total) throw network(url, `the connection was cut after ${loaded} of ${total} bytes`);
  return sink.finish();
}

async function request(url: string, options: DownloadOptions): Promise<Uint8Array | Blob> {
  let response: Response;
  try {
    response = await fetch(url, options.signal ? { signal: options.signal } : {});
  } catch (cause) {
    throwIfAborted(options.signal);
    throw network(url, "no answer (server down, or another origin without CORS)", cause);
  }
  if (response.status === 404 || response.status === 410) throw notFound(url, `answered ${response.status}`);
  if (response.status === 401 || response.status === 403) throw notFound(url, `answered ${response.status} (does not exist, or is not public)`);
  if (!response.ok) throw network(url, `answered ${response.status} ${response.statusText}`.trimEnd());
  const bytes = await readBody(response, url, options);
  if (looksLikePage(response, bytes instanceof Blob ? new Uint8Array(await bytes.slice(0, 64).arrayBuffer()) : bytes)) throw network(url, "answered a web page instead of the file");
  if (options.cache) void keepFile(url, bytes, response.headers);
  return bytes;
}

/** As `download`, but a file larger than `blobFrom` may come as a Blob. */
export async function downloadFile(url: string, options: DownloadOptions = {}): Promise<Uint8Array | Blob> {
  throwIfAborted(options.signal);
  if (inNode && url.startsWith("file:")) return readFile(url, options);
  const kept = options.cache ? await keptFile(url, options.signal, options.blobFrom) : null;
  throwIfAborted(options.signal);
  if (kept) {
    const size = kept instanceof Blob ? kept.size : kept.byteLength;
    options.onBytes?.(size, size);
    return kept;
  }
  return request(url, options);
}

/** Throws `not-found`, `network` or `aborted`. */
export async function download(url: string, options: Omit<DownloadOptions, "blobFrom"> = {}): Promise<Uint8Array> {
  return (await downloadFile(url, options)) as Uint8Array;
}

/** A JSON object; `null` when `optional` and it is not there. */
export async function downloadJson(url: string, options: DownloadOptions & { readonly optional?: boolean } = {}): Promise<Record<string, unknown> | null> {
  let bytes: Uint8Array;
  try {
    bytes = await download(url, options);
  } catch (error) {
    const absent = error instanceof LexiscopeError && (error.code === "not-found" || error.message.startsWith("answered a web page"));
    if (options.optional && absent) return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw network(url, "answered something that is not JSON", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw network(url, "answered JSON that is not an object");
  return value as Record<string, unknown>;
}
