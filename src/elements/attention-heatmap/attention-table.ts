/** A heat map's numbers as a table: every weight of a short text; for a longer one, where each token looks most. */
import { actionWordsFor } from "../shared/action-words.js";
import type { DataTable } from "../shared/data-table.js";
import { decimal } from "../shared/numbers.js";
import { label, piece } from "../shared/tokens.js";
import type { Shown, ShownToken } from "./shown-token.js";

/** Up to so many tokens, all weights are listed. */
const WHOLE_TABLE = 24;
/** Keys listed for each token of a longer text. */
const MOST = 8;

export function attentionTable({ explanation, sides: [queries, keys] }: Shown, language: string): DataTable {
  const words = actionWordsFor(language);
  const name = (token: ShownToken) => label(piece(explanation, token));
  const weight = (query: ShownToken, key: ShownToken) => decimal(language, explanation.weights[query.at]![key.at]!);
  if (keys.length <= WHOLE_TABLE && queries.length <= WHOLE_TABLE) {
    return { head: [words.token, ...keys.map(name)], rows: queries.map((query) => [name(query), ...keys.map((key) => weight(query, key))]) };
  }
  const most = (query: ShownToken) => {
    const row = explanation.weights[query.at]!;
    return [...keys].sort((a, b) => row[b.at]! - row[a.at]! || a.at - b.at).slice(0, MOST);
  };
  return {
    head: [words.token, ...Array.from({ length: MOST }, (_, index) => (index ? String(index + 1) : words.most))],
    rows: queries.map((query) => [name(query), ...most(query).map((key) => `${name(key)} ${weight(query, key)}`)]),
  };
}
