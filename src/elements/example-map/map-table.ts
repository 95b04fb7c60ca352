/** The examples of a map as a table, those predicted otherwise than labelled first. */
import type { ExampleMapExplanation } from "../../explanation/types.js";
import type { DataTable } from "../shared/data-table.js";
import { decimal, percent } from "../shared/numbers.js";
import { label as short } from "../shared/tokens.js";
import { trueMinus } from "../shared/true-minus.js";
import { isWrong } from "./map-groups.js";
import { mapWordsFor } from "./map-words.js";

export function mapTable({ examples, prototypes, criticisms, model: { labels } }: ExampleMapExplanation, language: string): DataTable {
  const { head, yes } = mapWordsFor(language);
  const [typical, unlike] = [new Set(prototypes), new Set(criticisms)];
  const order = examples.map((_, position) => position).sort((a, b) => Number(isWrong(examples[b]!)) - Number(isWrong(examples[a]!)) || a - b);
  const rows = order.map((position) => {
    const { text, predicted, probability, label, x, y, line } = examples[position]!;
    return [short(text, 80), labels[predicted] ?? String(predicted), percent(language, probability), label ?? "", trueMinus(decimal(language, x)), trueMinus(decimal(language, y)), String(line), typical.has(position) ? yes : "", unlike.has(position) ? yes : ""];
  });
  return { head, rows };
}
