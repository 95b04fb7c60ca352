/**
 * Which rows of a data file can be evaluated: those with a text and a label that the model knows. The others are named with their line and the
 * reason. No model is asked.
 */
import { LexiscopeError } from "../base/errors.js";
import type { SliceTable } from "../methods/evaluation/slicing.js";
import type { BrokenRow } from "../text/corpus/types.js";
import { labelIndex } from "./label-index.js";
import type { DataRow, Rows } from "./read-rows.js";
import type { EvaluationRequest } from "./requests.js";

export interface EvaluatedRows {
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly textPairColumn: string | null;
  readonly columns: readonly string[];
  readonly records: readonly DataRow[]; // [row]
  readonly labels: Int32Array; // [row]
  /** by line */
  readonly broken: readonly BrokenRow[];
}

const bad = (message: string): LexiscopeError => new LexiscopeError("bad-input", message, { phase: "request" });
/** A column that must be there. `flag`: how it is chosen. */
function columnOf({ columns }: Rows, name: string, flag: string): string {
  if (!columns.includes(name)) throw bad(`no column "${name}" in the data; there are ${columns.map((column) => `"${column}"`).join(", ")}; choose the one with the ${flag}`);
  return name;
}

/** Throws `bad-input` for a column that is not there, and when no row is left. */
export function evaluatedRows(rows: Rows, labels: readonly string[], { textColumn: text = "text", label = "label", textPairColumn: textPair }: EvaluationRequest): EvaluatedRows {
  const [textColumn, labelColumn] = [columnOf(rows, text, "text"), columnOf(rows, label, "label")];
  const textPairColumn = textPair === undefined ? null : columnOf(rows, textPair, "second text");
  const broken = [...rows.broken];
  const records: DataRow[] = [];
  const found: number[] = [];
  for (const record of rows.records) {
    const written = record.fields[labelColumn] ?? "";
    const index = labelIndex(written, labels);
    const reason = !(record.fields[textColumn] ?? "").trim() ? "no text" : written.trim() === "" ? "no label" : index === -1 ? `label "${written.slice(0, 40)}" is none of ${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""}` : "";
    if (reason !== "") broken.push({ line: record.line, reason });
    else {
      records.push(record);
      found.push(index);
    }
  }
  broken.sort((a, b) => a.line - b.line);
  if (records.length === 0) throw bad(`no row of the data can be used; line ${broken[0]!.line}: ${broken[0]!.reason}`);
  return { textColumn, labelColumn, textPairColumn, columns: rows.columns, records, labels: Int32Array.from(found), broken };
}

/** The rows at these places, as slices see them. */
export function sliceTable({ records, columns, textColumn }: EvaluatedRows, places: ArrayLike<number>): SliceTable {
  const chosen = Array.from(places, (place) => records[place]!);
  return { columns, texts: chosen.map(({ fields }) => fields[textColumn]!), value: (row, column) => chosen[row]!.fields[column] ?? "" };
}
