/**
 * A data file's rows with their columns, every value as text, as slices and labels need them. How a file is read is `text/corpus/`.
 */
import { LexiscopeError } from "../base/errors.js";
import { formatOf, readCorpus } from "../text/corpus/read-corpus.js";
import type { BrokenRow } from "../text/corpus/types.js";
import { openCorpus } from "./open-corpus.js";
import type { EvaluationRequest } from "./requests.js";

export interface DataRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Rows {
  readonly columns: readonly string[];
  readonly records: readonly DataRow[];
  readonly broken: readonly BrokenRow[];
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** bytes so far and in all (0 when not known) */
  readonly onBytes?: ((loaded: number, total: number) => void) | undefined;
}

const cell = (value: unknown): string => (value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** A file in hand is read itself: a strict policy would refuse an address of it. Throws `not-found`, `network`, `aborted`; `bad-input` without a row that can be read. */
export async function readRows({ data, file }: Pick<EvaluationRequest, "data" | "file">, { signal, onBytes }: ReadOptions = {}): Promise<Rows> {
  const { bytes, format, total } = file ? { bytes: file, format: formatOf(data, file.type), total: file.size } : await openCorpus(data, signal);
  const columns = new Set<string>();
  const records: DataRow[] = [];
  const broken: BrokenRow[] = [];
  for await (const piece of readCorpus(bytes, { format, signal })) {
    for (const { line, fields } of piece.rows) {
      const entries = Object.entries(fields).map(([name, value]) => [name, cell(value)] as const);
      for (const [name] of entries) columns.add(name);
      records.push({ line, fields: Object.fromEntries(entries) });
    }
    broken.push(...piece.broken);
    onBytes?.(piece.loaded, total);
  }
  if (records.length === 0) throw new LexiscopeError("bad-input", `the data file has no row that can be read${broken[0] ? `; line ${broken[0].line}: ${broken[0].reason}` : ""}`, { phase: "request" });
  return { columns: [...columns], records, broken };
}
