/** A head's number as it is read: entropy and distance as numbers, shares as percentages. */
import type { HeadStatistics } from "../../explanation/types.js";
import { decimal, percent } from "../shared/numbers.js";

export function saidStatistic(language: string, name: keyof HeadStatistics, value: number): string {
  return name === "entropy" || name === "distance" ? decimal(language, value) : percent(language, value);
}
