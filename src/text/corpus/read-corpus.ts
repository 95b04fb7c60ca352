/**
 * A corpus from text that comes in pieces: a stream of bytes (a download, a file that was dropped) or a string. Not a loader: who has an
 * address opens it first. It exists so that whatever reads rows, of whatever format, reads them in one way, with lines, without ever
 * holding the page for longer than one piece.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { CsvReader } from "./csv.js";
import { JsonReader } from "./json.js";
import { JsonLinesReader } from "./jsonl.js";
import type { BrokenRow, Corpus, CorpusFormat, CorpusRow, RowReader, RowSink } from "./types.js";

export type CorpusSource = string | Blob | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

export interface ReadCorpusOptions {
  /** found out from the first letters when not given */
  readonly format?: CorpusFormat | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of one piece. */
export interface CorpusPiece extends Corpus {
  /** bytes read so far (of a string: UTF-16 units) */
  readonly loaded: number;
}

const readers: Readonly<Record<CorpusFormat, new (sink: RowSink) => RowReader>> = { csv: CsvReader, json: JsonReader, jsonl: JsonLinesReader };

/** A string is read in pieces of this many UTF-16 units. */
const PIECE = 1 << 16;

/** What a file's name or content type says of its format; undefined when nothing. */
export function formatOf(name: string, contentType = ""): CorpusFormat | undefined {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(name)?.[1]?.toLowerCase();
  const byEnding: Readonly<Record<string, CorpusFormat>> = { csv: "csv", tsv: "csv", json: "json", jsonl: "jsonl", ndjson: "jsonl" };
  if (ending !== undefined && Object.hasOwn(byEnding, ending)) return byEnding[ending];
  if (/\b(?:csv|tab-separated)/i.test(contentType)) return "csv";
  if (/\b(?:jsonl|ndjson|x-jsonlines)/i.test(contentType)) return "jsonl";
  return undefined; // a server calls JSON lines JSON as well
}

/** What the first letters look like. */
function looksLike(start: string): CorpusFormat {
  const text = start.replace(/^\uFEFF/, "").trimStart();
  if (text.startsWith("[")) return "json";
  if (text.startsWith('"') && /^"(?:[^"\\]|\\.)*"\s*\n\s*"/.test(text)) return "jsonl";
  if (!text.startsWith("{")) return "csv";
  try {
    JSON.parse(text.split("\n", 1)[0]!);
    return text.trimEnd().includes("\n") || !/[[]/.test(text) ? "jsonl" : "json";
  } catch {
    return "json";
  }
}

async function* pieces(source: CorpusSource): AsyncGenerator<{ text: string; loaded: number }> {
  if (typeof source === "string") {
    for (let at = 0; at < source.length; at += PIECE) yield { text: source.slice(at, at + PIECE), loaded: Math.min(source.length, at + PIECE) };
    return;
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let loaded = 0;
  for await (const bytes of bytesOf(source)) {
    loaded += bytes.byteLength;
    for (let at = 0; at < bytes.byteLength; at += PIECE) {
      const part = bytes.subarray(at, at + PIECE);
      yield { text: decoder.decode(part, { stream: true }), loaded: loaded - bytes.byteLength + at + part.byteLength };
    }
  }
  yield { text: decoder.decode(), loaded };
}

async function* bytesOf(source: Exclude<CorpusSource, string>): AsyncGenerator<Uint8Array, void> {
  const stream = source instanceof Blob ? source.stream() : source;
  if (!("getReader" in stream)) {
    yield* stream;
    return;
  }
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The rows, piece by piece. Throws `bad-input` where the whole is no such file, and `aborted` within one piece. */
export async function* readCorpus(source: CorpusSource, { format, signal }: ReadCorpusOptions = {}): AsyncGenerator<CorpusPiece> {
  let rows: CorpusRow[] = [];
  let broken: BrokenRow[] = [];
  const sink: RowSink = {
    row: (line, fields) => void rows.push({ line, fields }),
    broken: (line, reason) => void broken.push({ line, reason }),
  };
  let reader: RowReader | null = null;
  let loaded = 0;
  for await (const piece of pieces(source)) {
    throwIfAborted(signal);
    loaded = piece.loaded;
    if (!reader && piece.text.trim() === "" && format === undefined) continue;
    reader ??= new readers[format ?? looksLike(piece.text)](sink);
    reader.push(piece.text);
    yield { rows, broken, loaded };
    [rows, broken] = [[], []];
  }
  if (!reader) throw new LexiscopeError("bad-input", "the corpus is empty", { phase: "request" });
  reader.end();
  if (rows.length > 0 || broken.length > 0) yield { rows, broken, loaded };
}

/** All of it at once. */
export async function collectCorpus(source: CorpusSource, options: ReadCorpusOptions = {}): Promise<Corpus> {
  const rows: CorpusRow[] = [];
  const broken: BrokenRow[] = [];
  for await (const piece of readCorpus(source, options)) {
    rows.push(...piece.rows);
    broken.push(...piece.broken);
  }
  return { rows, broken };
}

/** Names under which the text and the given label are looked for when a page names no column. */
export const usualColumns = {
  text: ["text", "sentence", "review", "content", "review_body", "文本", "句子"],
  label: ["label", "labels", "sentiment", "class", "category", "标签"],
} as const;

/** The column of that name, or the first usual one; null when there is none of the usual. Throws `bad-input` where a named one is missing. */
export function columnOf(rows: readonly CorpusRow[], named: string | null | undefined, usual: readonly string[]): string | null {
  const columns = new Set(rows.slice(0, 100).flatMap(({ fields }) => Object.keys(fields)));
  if (named) {
    if (columns.has(named)) return named;
    throw new LexiscopeError("bad-input", `the corpus has no column "${named}"; it has ${[...columns].map((name) => `"${name}"`).join(", ")}`, { phase: "request" });
  }
  return usual.find((name) => columns.has(name)) ?? null;
}
