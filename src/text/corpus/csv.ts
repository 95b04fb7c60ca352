/**
 * CSV by RFC 4180, in pieces: quotes, doubled quotes, line ends inside quotes, CR LF or LF, a byte-order mark. The first line names the
 * columns; where it holds no comma but tabs or semicolons, those separate. It does not guess beyond that: a row of another length, or with
 * a quote where none may stand, is reported with its line and left out. A quote that is never closed costs its own line only: reading goes
 * on at the next.
 */
import { LexiscopeError } from "../../base/errors.js";
import type { RowReader, RowSink } from "./types.js";

/** No quoted value is longer than this: beyond it, the quote was not meant to open. UTF-16 units. */
const LONGEST_VALUE = 1 << 20;

interface CsvRecord {
  readonly values: readonly string[];
  /** where the next one begins */
  readonly next: number;
  readonly problem: string;
}

export class CsvReader implements RowReader {
  #text = "";
  #line = 1;
  #columns: readonly string[] | null = null;
  #separator = ",";

  constructor(readonly sink: RowSink) {}

  push(piece: string): void {
    this.#text += piece;
    this.#take(false);
  }

  end(): void {
    this.#take(true);
    if (!this.#columns) throw new LexiscopeError("bad-input", "the CSV file is empty: its first line must name the columns", { phase: "request" });
  }

  #take(last: boolean): void {
    const text = this.#line === 1 && this.#text.startsWith("\uFEFF") ? this.#text.slice(1) : this.#text;
    let start = 0;
    while (start < text.length) {
      if (!this.#columns) {
        const end = text.indexOf("\n", start);
        if (end === -1 && !last) break;
        this.#separator = separatorOf(text.slice(start, end === -1 ? undefined : end));
      }
      const record = recordAt(text, start, this.#separator, last);
      if (!record) break;
      this.#accept(record);
      for (let at = text.indexOf("\n", start); at !== -1 && at < record.next; at = text.indexOf("\n", at + 1)) this.#line++;
      start = record.next;
    }
    this.#text = text.slice(start);
  }

  #accept({ values, problem }: CsvRecord): void {
    if (values.length === 1 && values[0] === "" && problem === "") return; // an empty line
    const columns = this.#columns;
    if (!columns) {
      if (problem) throw new LexiscopeError("bad-input", `line ${this.#line}, which names the columns: ${problem}`, { phase: "request" });
      this.#columns = columnNames(values);
    } else if (problem) this.sink.broken(this.#line, problem);
    else if (values.length !== columns.length) this.sink.broken(this.#line, `${values.length} values for ${columns.length} columns`);
    else this.sink.row(this.#line, Object.fromEntries(columns.map((name, index) => [name, values[index]!])));
  }
}

function separatorOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  return bare.includes(",") ? "," : bare.includes("\t") ? "\t" : bare.includes(";") ? ";" : ",";
}

function columnNames(values: readonly string[]): string[] {
  const names = values.map((value, index) => value.trim() || `column ${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new LexiscopeError("bad-input", `two columns are named "${twice}"`, { phase: "request" });
  return names;
}

/** The record that begins at `start`; null when its end has not come yet. */
function recordAt(text: string, start: number, separator: string, last: boolean): CsvRecord | null {
  const values: string[] = [];
  const lineEnd = (from: number): number => {
    const end = text.indexOf("\n", from);
    return end === -1 ? text.length : end;
  };
  const broken = (problem: string): CsvRecord | null => {
    const end = lineEnd(start);
    return end === text.length && !last ? null : { values, next: Math.min(text.length, end + 1), problem };
  };
  for (let at = start; ; ) {
    let value = "";
    if (text[at] === '"') {
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote === -1 || quote - at > LONGEST_VALUE) {
          if (quote === -1 && !last && text.length - at <= LONGEST_VALUE) return null;
          return broken("a quote is opened and never closed");
        }
        value += text.slice(from, quote);
        at = quote + 1;
        if (at === text.length && !last) return null; // another quote may follow
        if (text[at] !== '"') break;
        value += '"';
        from = at + 1;
      }
      if (text[at] === "\r" && (text[at + 1] === "\n" || at + 1 === text.length)) at++;
      if (at < text.length && text[at] !== separator && text[at] !== "\n") return broken(`"${text[at]!}" after a closing quote`);
    } else {
      const end = lineEnd(at);
      const cut = text.indexOf(separator, at);
      const stop = cut === -1 || cut > end ? end : cut;
      value = text.slice(at, stop);
      if (stop === end) value = value.replace(/\r$/, "");
      if (value.includes('"')) return broken("a quote inside a value that is not quoted");
      at = stop;
    }
    values.push(value);
    if (at >= text.length) return last ? { values, next: text.length, problem: "" } : null;
    if (text[at] === "\n") return { values, next: at + 1, problem: "" };
    at++;
  }
}
