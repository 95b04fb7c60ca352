/** A grid's numbers as a table: one row a head, in the order of the picture. */
import { HEAD_STATISTICS } from "../../explanation/attention-heads.js";
import type { AttentionHeadsExplanation } from "../../explanation/types.js";
import type { DataTable } from "../shared/data-table.js";
import { gridOrder, type Sort } from "./grid-order.js";
import { gridWordsFor } from "./grid-words.js";
import { saidStatistic } from "./said-statistic.js";

export function gridTable({ maps }: AttentionHeadsExplanation, sort: Sort, language: string): DataTable {
  const words = gridWordsFor(language);
  const { slots } = gridOrder(maps, sort);
  const shown = slots.flatMap((position) => maps[position] ?? []);
  return {
    head: [words.canvas, ...HEAD_STATISTICS.map((name) => words.statistics[name][0])],
    rows: shown.map((map) => [words.named(map.layer, map.head), ...HEAD_STATISTICS.map((name) => saidStatistic(language, name, map[name]))]),
  };
}
