/** A heat map's numbers as a table: every weight of a short text; for a longer one, where each token looks most. */
import type { AttentionExplanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import { actionWordsFor } from "../shared/action-words.js";
import type { DataTable } from "../shared/data-table.js";
import { decimal } from "../shared/numbers.js";
import { label, piece } from "../shared/tokens.js";

/** Up to so many tokens, all weights are listed. */
const WHOLE_TABLE = 24;
/** Keys listed for each token of a longer text. */
const MOST = 8;

export function attentionTable(explanation: AttentionExplanation, tokens: readonly PlacedToken[], language: string): DataTable {
  const words = actionWordsFor(language);
  const name = (token: PlacedToken) => label(piece(explanation, token));
  const weight = (query: PlacedToken, key: PlacedToken) => decimal(language, explanation.weights[query.index]![key.index]!);
  if (tokens.length <= WHOLE_TABLE) {
    return { head: [words.token, ...tokens.map(name)], rows: tokens.map((query) => [name(query), ...tokens.map((key) => weight(query, key))]) };
  }
  const most = (query: PlacedToken) => {
    const row = explanation.weights[query.index]!;
    return [...tokens].sort((a, b) => row[b.index]! - row[a.index]! || a.index - b.index).slice(0, MOST);
  };
  return {
    head: [words.token, ...Array.from({ length: MOST }, (_, index) => (index ? String(index + 1) : words.most))],
    rows: tokens.map((query) => [name(query), ...most(query).map((key) => `${name(key)} ${weight(query, key)}`)]),
  };
}
