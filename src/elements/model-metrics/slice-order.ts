/** Which slices are shown, and in which order. */
import type { MetricName, SliceReport } from "../../explanation/evaluation.js";

export type SortKey = "name" | "count" | "difference" | "p" | MetricName;

export interface SliceOrder {
  /** null: as asked for */
  readonly key: SortKey | null;
  readonly descending: boolean;
}

/** The same column once more turns the order; another begins with what is worst or largest. */
export function turned(order: SliceOrder, key: SortKey): SliceOrder {
  const falling = key === "count" || key === "log-loss" || key === "brier" || key === "calibration-error";
  return order.key === key ? { key, descending: !order.descending } : { key, descending: falling };
}

function keyOf({ name, count, metrics }: SliceReport, key: SortKey, metric: MetricName): number | string | null {
  if (key === "name") return name;
  if (key === "count") return count;
  if (key === "difference") return metrics[metric]?.difference ?? null;
  if (key === "p") return metrics[metric]?.p ?? null;
  return metrics[key]?.value ?? null;
}

/** `metric`: the one whose difference and p are shown. Slices without a number come last. */
export function ordered(slices: readonly SliceReport[], { key, descending }: SliceOrder, metric: MetricName, filter: string): SliceReport[] {
  const wanted = filter.trim().toLowerCase();
  const shown = slices.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (key === null) return shown;
  const sign = descending ? -1 : 1;
  return shown.sort((first, second) => {
    const [a, b] = [keyOf(first, key, metric), keyOf(second, key, metric)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === "string" ? a.localeCompare(String(b), undefined, { numeric: true }) : a - Number(b));
  });
}
