/** An evaluation as plain text: gates first, then the metrics by slice, then what was found. */
import { METRICS, type EvaluationExplanation, type GateReport, type MetricReport, type SliceReport } from "../explanation/evaluation.js";
import { table } from "./table.js";

const reasons: Readonly<Record<GateReport["reason"], string>> = { "": "", empty: "no such rows", small: "too few rows to judge", undefined: "not defined on these rows" };
const number = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : value.toFixed(3));
const signed = (value: number): string => `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;
const interval = (metric: MetricReport | undefined): string => (metric?.low === undefined ? "" : `${number(metric.low)}…${number(metric.high)}`);
const p = (value: number | undefined): string => (value === undefined ? "" : value < 0.001 ? "<.001" : value.toFixed(3));

/** Slices as rows; of accuracy also the interval, the difference from all rows and its corrected p. */
function metricsTable({ whole, slices, comparison }: EvaluationExplanation): string {
  const row = ({ name, count, suppressed, metrics }: SliceReport): string[] => {
    const { accuracy } = metrics;
    const change = accuracy?.change;
    return [
      name === "" ? "all rows" : name, String(count), ...(suppressed ? ["too few", "", "", ""] : [number(accuracy?.value), interval(accuracy), accuracy?.difference === undefined ? "" : signed(accuracy.difference), p(accuracy?.p)]),
      ...METRICS.slice(1).map((metric) => (suppressed ? "" : number(metrics[metric]?.value))), ...(comparison ? [change?.value == null ? "" : signed(change.value), p(change?.p)] : []),
    ];
  };
  return table(["slice", "rows", "accuracy", "95 %", "difference", "p", ...METRICS.slice(1), ...(comparison ? ["change", "p"] : [])], [whole, ...slices].map(row));
}

export function evaluationText(explanation: EvaluationExplanation): string {
  const { data, gates, worst, options, comparison, model, positive } = explanation;
  const lines = [
    `${data.source}: ${data.rows} rows${data.truncated ? `, ${data.truncated} texts cut at what the model takes` : ""}${data.skipped ? `, ${data.skipped} skipped` : ""}`,
    ...data.broken.slice(0, 10).map(({ line, reason }) => `  line ${line}: ${reason}`), ...(data.skipped > 10 ? [`  … and ${data.skipped - 10} more`] : []), "",
    ...gates.map(({ text, value, passed, reason }) => `${passed ? "pass" : "FAIL"}  ${text}  (${reason === "" ? number(value) : reasons[reason]})`), ...(gates.length ? [""] : []),
    metricsTable(explanation), "",
    `precision, recall, F1 and AUC of ${positive === null ? "all labels, each with the same say" : model.labels[positive]!}; intervals: ${options.interval}; p corrected by ${options.correction}; slices below ${options.minimum} rows have no metrics`,
  ];
  if (comparison) {
    const { bothRight, onlyFirst, onlySecond, bothWrong, mcNemar, flipRate } = comparison;
    lines.push("", `against ${comparison.model.name}: both right ${bothRight}, only the first ${onlyFirst}, only the second ${onlySecond}, both wrong ${bothWrong}; McNemar p ${p(mcNemar)}; ${(100 * flipRate).toFixed(1)} % predicted otherwise`);
  }
  lines.push("", worst.slices.length === 0 ? `no slice is significantly worse than the others (${worst.tested} looked at)` : `worst slices (of ${worst.tested} looked at, p by Benjamini and Hochberg):`);
  if (worst.slices.length > 0) lines.push(table(["slice", "rows", "wrong", "p"], worst.slices.map(({ name, count, errors, p: one }) => [name, String(count), `${errors} (${((100 * errors) / count).toFixed(1)} %)`, p(one)])));
  return lines.join("\n") + "\n";
}
