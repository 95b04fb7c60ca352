/**
 * A corpus as the engine works on it: texts, given labels, the lines they come from, and a hash of the texts, by which vectors are kept. Read
 * once a session; the last few stay.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { textsHash } from "../base/texts-hash.js";
import { columnOf, formatOf, readCorpus, usualColumns } from "../text/corpus/read-corpus.js";
import type { BrokenRow, CorpusRow } from "../text/corpus/types.js";
import type { CorpusInfo } from "../explanation/examples.js";
import { openCorpus } from "./open-corpus.js";
import type { CorpusChoice } from "./corpus-requests.js";
import type { RunOptions } from "./types.js";

export interface CorpusTexts {
  readonly reference: string;
  /** of a corpus that came as a file */
  readonly revision?: string;
  readonly rows: readonly CorpusRow[]; // those with a text
  readonly texts: readonly string[];
  readonly labels: readonly (string | null)[];
  readonly broken: readonly BrokenRow[];
  /** rows without a text */
  readonly skipped: number;
  readonly textColumn: string;
  readonly labelColumn: string | null;
  readonly hash: string;
}

/** How many are kept. */
const KEPT = 4;
/** Broken rows that an explanation names. */
const NAMED = 5;
const kept = new Map<string, CorpusTexts>();

/** Throws `bad-input`, `not-found`, `network`, `aborted`. */
export async function corpusTexts({ corpus: reference, file, revision, textColumn, labelColumn }: CorpusChoice, { signal, onProgress }: RunOptions): Promise<CorpusTexts> {
  const key = JSON.stringify([reference, file?.size, revision, textColumn, labelColumn]);
  const known = kept.get(key);
  if (known) return known;
  const opened = file ? { bytes: file, format: formatOf(reference, file.type), total: file.size } : await openCorpus(reference, signal);
  const rows: CorpusRow[] = [];
  const broken: BrokenRow[] = [];
  for await (const piece of readCorpus(opened.bytes, { format: opened.format, signal })) {
    rows.push(...piece.rows);
    broken.push(...piece.broken);
    onProgress?.({ phase: "explain", loaded: 0, total: 0 });
  }
  throwIfAborted(signal);
  const found = { ...textsOf(reference, rows, broken, textColumn, labelColumn), ...(file && revision !== undefined && { revision }) };
  kept.set(key, found);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

function textsOf(reference: string, all: readonly CorpusRow[], broken: readonly BrokenRow[], textName: string | undefined, labelName: string | undefined): CorpusTexts {
  const textColumn = columnOf(all, textName, usualColumns.text);
  if (textColumn === null) {
    const columns = Object.keys(all[0]?.fields ?? {});
    throw new LexiscopeError("bad-input", all.length === 0 ? `the corpus "${reference}" has no rows${broken.length > 0 ? ` that can be read (line ${broken[0]!.line}: ${broken[0]!.reason})` : ""}` : `the corpus "${reference}" has no column "text"; name the one with the texts by text-column: ${columns.map((name) => `"${name}"`).join(", ")}`, { phase: "request" });
  }
  const labelColumn = columnOf(all, labelName, usualColumns.label);
  const rows = all.filter(({ fields }) => typeof fields[textColumn] === "string" && fields[textColumn].trim() !== "");
  if (rows.length === 0) throw new LexiscopeError("bad-input", `no row of the corpus "${reference}" has a text in column "${textColumn}"`, { phase: "request" });
  const texts = rows.map(({ fields }) => fields[textColumn] as string);
  const said = (value: unknown) => (typeof value === "string" ? value.trim() || null : typeof value === "number" || typeof value === "boolean" ? String(value) : null);
  const labels = rows.map(({ fields }) => (labelColumn === null ? null : said(fields[labelColumn])));
  return { reference, rows, texts, labels, broken, skipped: all.length - rows.length, textColumn, labelColumn, hash: textsHash(texts) };
}

export function corpusInfo({ reference, revision, texts, skipped, broken, textColumn, labelColumn }: CorpusTexts, unreadable = 0, vectors?: CorpusInfo["vectors"]): CorpusInfo {
  return { reference, ...(revision !== undefined && { revision }), rows: texts.length, skipped: skipped + unreadable, broken: broken.length, brokenRows: broken.slice(0, NAMED), textColumn, labelColumn, ...(vectors && { vectors }) };
}
