/** The heaviest lines as a table. */
import type { DataTable } from "../shared/data-table.js";
import { decimal } from "../shared/numbers.js";
import { heaviestLines, type TokensInFocus } from "./focus.js";
import type { LinesDrawing, ShownHead } from "./lines-drawing.js";
import { linesWordsFor } from "./lines-words.js";

const LISTED = 200;

export function linesTable(drawing: LinesDrawing, heads: readonly ShownHead[], tokens: TokensInFocus | null, language: string): DataTable {
  const rows = heaviestLines(drawing, heads, tokens, LISTED);
  return { head: linesWordsFor(language).columns, rows: rows.map(({ query, key, weight, head }) => [drawing.rowLabels[query]!, drawing.columnLabels[key]!, String(head), decimal(language, weight)]) };
}
