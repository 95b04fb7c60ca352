/**
 * Gates: `accuracy >= 0.85; slice(lang=zh).recall >= 80%; f1.low > 0.7`. A gate compares a metric (or `n`, or an end of a metric's interval) with a
 * number. What cannot be judged (no such rows, too few, a metric without a value) does not pass. It only reads and compares.
 */
import { LexiscopeError } from "../../base/errors.js";
import { METRICS, type GateReport, type MetricName, type SliceReport } from "../../explanation/evaluation.js";
import { cutOutside, parseCondition, type SliceRule } from "./slice-language.js";

type Comparison = ">=" | "<=" | ">" | "<" | "=";

export interface Assertion {
  /** as written */
  readonly text: string;
  /** null: all rows */
  readonly slice: { readonly text: string; readonly rule: SliceRule } | null;
  readonly metric: MetricName | "n";
  /** the metric itself, or the low or high end of its interval */
  readonly part: "value" | "low" | "high";
  readonly comparison: Comparison;
  readonly bound: number;
}

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  ">=": (a, b) => a >= b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, "<": (a, b) => a < b, "=": (a, b) => a === b,
};

const bad = (text: string, why: string): LexiscopeError => new LexiscopeError("bad-input", `cannot read the gate "${text}": ${why}; write e.g. accuracy >= 0.85 or slice(lang=zh).recall >= 0.8`, { phase: "request" });

function assertionOf(text: string): Assertion {
  const [subject = "", number, ...more] = cutOutside(text, />=|<=|==|>|<|=|≥|≤/);
  if (number === undefined || more.length > 0) throw bad(text, number === undefined ? "it compares nothing" : "it compares twice");
  const sign = /^(?:>=|<=|==|>|<|=|≥|≤)/u.exec(text.slice(text.indexOf(subject) + subject.length).trim())![0].replace("≥", ">=").replace("≤", "<=").replace("==", "=");
  const amount = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)$/iu.exec(number);
  if (!amount) throw bad(text, `"${number}" is not a number`);
  const [named = "", ...parts] = cutOutside(subject, /\./);
  const sliced = /^slice\s*\(([\s\S]*)\)$/iu.exec(named);
  const [metric = "", part = "value", ...rest] = sliced ? parts : [named, ...parts];
  if (metric !== "n" && !METRICS.includes(metric as MetricName)) throw bad(text, `"${metric}" is no metric; there are ${[...METRICS, "n"].join(", ")}`);
  if (!["value", "low", "high"].includes(part) || rest.length > 0 || (metric === "n" && part !== "value")) throw bad(text, `after ${metric} may stand .low or .high, the ends of its interval`);
  return {
    text, metric: metric as MetricName | "n", part: part as Assertion["part"], comparison: sign as Comparison, bound: Number(amount[1]) / (amount[2] === "%" ? 100 : 1),
    slice: sliced ? { text: (sliced[1] as string).trim(), rule: parseCondition(sliced[1] as string) } : null,
  };
}

/** The gates of an `assert` attribute, set apart by semicolons. Throws `bad-input`. */
export function parseAssertions(text: string): Assertion[] {
  return cutOutside(text, /;|；/).filter((one) => one !== "").map(assertionOf);
}

/** `report`: of the gate's slice, or of all rows. */
export function judge({ text, metric, part, comparison, bound }: Assertion, report: SliceReport): GateReport {
  const estimate = metric === "n" ? null : report.metrics[metric];
  const value = metric === "n" ? report.count : (estimate?.[part] ?? null);
  const reason: GateReport["reason"] = value !== null ? "" : report.count === 0 ? "empty" : report.suppressed ? "small" : "undefined";
  return { text, value, count: report.count, passed: value !== null && comparisons[comparison](value, bound), reason };
}
