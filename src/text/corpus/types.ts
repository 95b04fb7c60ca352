/** What a corpus is made of: rows with the line where each begins, and the rows that could not be read. Plain data; nothing here reads. */

export interface CorpusRow {
  /** where it begins in the file, from 1 */
  readonly line: number;
  /** column → value; from CSV always strings, from JSON whatever stands there */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A row that is left out, and why. */
export interface BrokenRow {
  readonly line: number;
  readonly reason: string;
}

export interface Corpus {
  readonly rows: readonly CorpusRow[];
  readonly broken: readonly BrokenRow[];
}

export type CorpusFormat = "csv" | "json" | "jsonl";

/** Takes the rows of a file as they are found. */
export interface RowSink {
  row(line: number, fields: CorpusRow["fields"]): void;
  broken(line: number, reason: string): void;
}

/** Reads a file that comes in pieces, cut anywhere. */
export interface RowReader {
  push(piece: string): void;
  /** Nothing more comes. Throws `bad-input` where the whole is no such file. */
  end(): void;
}
