/**
 * A corpus by its address: the built-in one by its name, a file beside the page, or a path in Node. The bytes come as a stream, so that
 * reading begins with the first of them. Nothing is read here.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { formatOf } from "../text/corpus/read-corpus.js";
import type { CorpusFormat } from "../text/corpus/types.js";
import { baseUrl, inNode, nodeModule } from "./environment.js";
import { packageRoot } from "./locations.js";

export interface OpenedCorpus {
  readonly url: string;
  readonly format: CorpusFormat | undefined;
  readonly bytes: ReadableStream<Uint8Array>;
  /** 0 when not known */
  readonly total: number;
}

/** The address of a corpus: a built-in name ("reviews"), an address relative to the page, or a path in Node. */
export async function locateCorpus(reference: string): Promise<string> {
  if (typeof (reference as unknown) !== "string" || reference.trim() === "") throw new LexiscopeError("bad-input", 'no corpus: give a built-in name ("reviews") or the address of a CSV, JSON or JSONL file', { phase: "request" });
  if (/^[a-z][\w-]*$/i.test(reference)) return `${packageRoot()}corpora/${reference}.json`;
  if (inNode && !/^[a-z][a-z0-9+.-]+:/i.test(reference)) return (await nodeModule("node:url")).pathToFileURL(reference).href;
  try {
    return new URL(reference, await baseUrl()).href;
  } catch (cause) {
    throw new LexiscopeError("bad-input", `not an address of a corpus: "${reference}"`, { phase: "request", cause });
  }
}

/** Throws `not-found` or `network`. */
export async function openCorpus(reference: string, signal?: AbortSignal): Promise<OpenedCorpus> {
  const url = await locateCorpus(reference);
  return url.startsWith("file:") && inNode ? openFile(url) : openUrl(url, signal);
}

async function openFile(url: string): Promise<OpenedCorpus> {
  const { readFile } = await nodeModule("node:fs/promises");
  try {
    const bytes = await readFile(new URL(url));
    return { url, format: formatOf(url), bytes: new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(), total: bytes.byteLength };
  } catch (cause) {
    throw new LexiscopeError("not-found", `no such corpus file: ${url}`, { phase: "download", cause });
  }
}

async function openUrl(url: string, signal: AbortSignal | undefined): Promise<OpenedCorpus> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    throwIfAborted(signal);
    throw new LexiscopeError("network", `no answer (server down, or another origin without CORS): ${url}`, { phase: "download", cause });
  }
  if (response.status === 404 || response.status === 410) throw new LexiscopeError("not-found", `answered ${response.status}: ${url}`, { phase: "download" });
  if (!response.ok || !response.body) throw new LexiscopeError("network", `answered ${response.status}: ${url}`, { phase: "download" });
  const type = response.headers.get("content-type") ?? "";
  if (/^text\/html\b/i.test(type)) throw new LexiscopeError("not-found", `a web page came instead of a corpus: ${url}`, { phase: "download" });
  const encoded = response.headers.get("content-encoding");
  return { url, format: formatOf(new URL(url).pathname, type), bytes: response.body, total: encoded && encoded !== "identity" ? 0 : Number(response.headers.get("content-length") ?? 0) };
}
