/** Metrics as numbers in the reader's language: shares in per cent, losses as they are. */
import type { Estimate, MetricName } from "../../explanation/evaluation.js";
import { decimal, fixed, percent } from "../shared/numbers.js";
import { points } from "../shared/points.js";

const isShare = (metric: MetricName): boolean => !["auc", "log-loss", "brier", "calibration-error"].includes(metric);

export function saidMetric(lang: string, metric: MetricName, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return isShare(metric) ? percent(lang, value) : fixed(lang, value);
}

export function saidDifference(lang: string, metric: MetricName, value: number | undefined): string {
  if (value === undefined) return "";
  return isShare(metric) ? points(lang, value) : `${value < 0 ? "−" : "+"}${fixed(lang, Math.abs(value))}`;
}

export function saidInterval(lang: string, metric: MetricName, { low, high }: Estimate): string {
  return low === undefined || high === undefined ? "" : `${saidMetric(lang, metric, low)}–${saidMetric(lang, metric, high)}`;
}

export function saidP(lang: string, p: number | undefined): string {
  return p === undefined ? "" : p < 0.001 ? `< ${decimal(lang, 0.001)}` : decimal(lang, p, 2);
}
