/** The words of `<model-metrics>`, in English and Chinese. */
import type { GateReport, IntervalName, MetricName } from "../../explanation/evaluation.js";
import { hanGaps } from "../shared/han-gaps.js";
import { spoken } from "../shared/page.js";

export const VIEWS = ["slices", "worst", "confusion", "roc", "precision-recall", "calibration", "thresholds", "comparison"] as const;
export type View = (typeof VIEWS)[number];

export interface MetricsWords {
  readonly lang: string;
  readonly title: (data: string, rows: string) => string;
  readonly metrics: Readonly<Record<MetricName, string>>;
  readonly colon: string;
  readonly views: Readonly<Record<View, string>>;
  readonly viewsName: string;
  readonly all: string;
  readonly slice: string;
  readonly rows: string;
  readonly metric: string;
  readonly difference: string;
  readonly p: string;
  readonly change: string;
  readonly filter: string;
  readonly tooFew: (minimum: string) => string;
  readonly skipped: (count: string) => string;
  readonly line: (line: string, reason: string) => string;
  readonly andMore: (count: string) => string;
  readonly passed: string;
  readonly failed: string;
  readonly reasons: Readonly<Record<GateReport["reason"], string>>;
  readonly intervals: Readonly<Record<IntervalName, string>>;
  readonly corrections: Readonly<Record<"holm" | "benjamini-hochberg" | "none", string>>;
  /** `correction`: "" where nothing is compared */
  readonly how: (interval: string, correction: string, of: string) => string;
  readonly ofAll: string;
  readonly noneWorse: (tested: string) => string;
  readonly worst: (tested: string) => string;
  readonly wrong: string;
  readonly label: string;
  readonly predicted: string;
  /** `slice`: "" for all rows */
  readonly examples: (slice: string) => string;
  readonly noExamples: string;
  readonly example: (line: string, label: string, predicted: string, probability: string) => string;
  readonly other: (predicted: string) => string;
  readonly falsePositives: string;
  readonly truePositives: string;
  readonly claimed: string;
  readonly right: string;
  readonly threshold: string;
  readonly cost: string;
  readonly cheapest: (threshold: string) => string;
  readonly counts: readonly [hits: string, falseAlarms: string, missed: string, rejected: string];
  readonly of: string;
  readonly none: string;
  readonly compared: (model: string, flips: string, mcNemar: string) => string;
  readonly both: readonly [right: string, first: string, second: string, wrong: string];
  readonly lost: string;
  readonly won: string;
}

const en: MetricsWords = {
  lang: "en", colon: ": ",
  title: (data, rows) => `How good the model is on ${data}: ${rows} rows`,
  metrics: { accuracy: "Accuracy", precision: "Precision", recall: "Recall", f1: "F1", auc: "AUC", "log-loss": "Log loss", brier: "Brier", "calibration-error": "Calibration error" },
  views: { slices: "Slices", worst: "Worst slices", confusion: "Confusion", roc: "ROC", "precision-recall": "Precision–recall", calibration: "Calibration", thresholds: "Thresholds", comparison: "Two models" },
  viewsName: "Views", all: "All rows", slice: "Slice", rows: "Rows", metric: "Metric", difference: "Difference", p: "p", change: "Second model", filter: "Show slices that contain",
  tooFew: (minimum) => `fewer than ${minimum} rows: not judged`,
  skipped: (count) => `${count} skipped`,
  line: (line, reason) => `line ${line}: ${reason}`,
  andMore: (count) => `and ${count} more`,
  passed: "passed", failed: "failed",
  reasons: { "": "", empty: "no such rows", small: "too few rows to judge", undefined: "not defined on these rows" },
  intervals: { wilson: "Wilson, bootstrap percentiles where a metric is no share", bootstrap: "Poisson bootstrap", jackknife: "jackknife", percentile: "bootstrap percentiles" },
  corrections: { holm: "corrected after Holm", "benjamini-hochberg": "corrected after Benjamini and Hochberg", none: "not corrected for many comparisons" },
  how: (interval, correction, of) => `95% intervals: ${interval}.${correction && ` p: difference from all rows, ${correction}.`} Precision, recall, F1 and AUC of ${of}.`,
  ofAll: "all labels, each with the same say",
  noneWorse: (tested) => `No slice is significantly worse than the other rows; ${tested} were looked at.`,
  worst: (tested) => `Found among ${tested} slices; p after Benjamini and Hochberg. They were chosen for being bad: on new data they will look better.`,
  wrong: "Wrong", label: "Label", predicted: "Predicted",
  examples: (slice) => `Examples${slice && ` of ${slice}`}, the worst first`,
  noExamples: "No examples.",
  example: (line, label, predicted, probability) => (label === predicted ? `line ${line}: ${label}, predicted so (${probability})` : `line ${line}: ${label}, predicted ${predicted} (${probability})`),
  other: (predicted) => `second model: ${predicted}`,
  falsePositives: "False positive rate", truePositives: "True positive rate", claimed: "Claimed probability", right: "How often right",
  threshold: "Positive from", cost: "A false alarm costs as many misses as", cheapest: (threshold) => `cheapest at ${threshold}`,
  counts: ["hits", "false alarms", "missed", "rightly rejected"],
  of: "Class", none: "There is nothing to draw: the rows have one label only.",
  compared: (model, flips, mcNemar) => `Against ${model}: ${flips} of the rows are predicted otherwise; McNemar's exact p ${mcNemar}.`,
  both: ["both right", "only the first right", "only the second right", "both wrong"],
  lost: "Right by the first model, wrong by the second", won: "Wrong by the first model, right by the second",
};

const zh: MetricsWords = {
  lang: "zh", colon: "：",
  title: (data, rows) => `模型在 ${data} 上的表现：${rows} 行`,
  metrics: { accuracy: "准确率", precision: "精确率", recall: "召回率", f1: "F1", auc: "AUC", "log-loss": "对数损失", brier: "Brier 分数", "calibration-error": "校准误差" },
  views: { slices: "切片", worst: "最差切片", confusion: "混淆矩阵", roc: "ROC", "precision-recall": "精确率–召回率", calibration: "校准", thresholds: "阈值", comparison: "两个模型" },
  viewsName: "视图", all: "全部行", slice: "切片", rows: "行数", metric: "指标", difference: "差异", p: "p", change: "第二个模型", filter: "只显示包含下列文字的切片",
  tooFew: (minimum) => `不足 ${minimum} 行，不作评判`,
  skipped: (count) => `跳过 ${count} 行`,
  line: (line, reason) => `第 ${line} 行：${reason}`,
  andMore: (count) => `另有 ${count} 行`,
  passed: "通过", failed: "未通过",
  reasons: { "": "", empty: "没有这样的行", small: "行数太少，无法评判", undefined: "在这些行上没有定义" },
  intervals: { wilson: "Wilson 区间，非比例指标用自助法百分位", bootstrap: "泊松自助法", jackknife: "刀切法", percentile: "自助法百分位" },
  corrections: { holm: "已按 Holm 校正", "benjamini-hochberg": "已按 Benjamini–Hochberg 校正", none: "未作多重比较校正" },
  how: (interval, correction, of) => hanGaps(`95% 区间：${interval}。${correction && `p：与全部行的差异，${correction}。`}精确率、召回率、F1 和 AUC 针对${of}。`),
  ofAll: "所有类别的平均",
  noneWorse: (tested) => `在 ${tested} 个切片中，没有显著差于其余行的切片。`,
  worst: (tested) => `从 ${tested} 个切片中找出；p 已按 Benjamini–Hochberg 校正。它们因差而被选中，在新数据上会显得好一些。`,
  wrong: "错误", label: "标签", predicted: "预测",
  examples: (slice) => `${slice && `${slice} 的`}例子，最差的在前`,
  noExamples: "没有例子。",
  example: (line, label, predicted, probability) => (label === predicted ? `第 ${line} 行：${label}，预测正确（${probability}）` : `第 ${line} 行：${label}，预测为 ${predicted}（${probability}）`),
  other: (predicted) => `第二个模型：${predicted}`,
  falsePositives: "假阳性率", truePositives: "真阳性率", claimed: "声称的概率", right: "实际正确率",
  threshold: "从此概率起算正类", cost: "一次误报相当于几次漏报", cheapest: (threshold) => `代价最小的阈值 ${threshold}`,
  counts: ["命中", "误报", "漏报", "正确排除"],
  of: "类别", none: "没有可画的内容：所有行只有一个标签。",
  compared: (model, flips, mcNemar) => `与 ${model} 比较：${flips} 的行预测不同；McNemar 精确检验 p ${mcNemar}。`,
  both: ["都正确", "只有第一个正确", "只有第二个正确", "都错误"],
  lost: "第一个模型正确、第二个错误", won: "第一个模型错误、第二个正确",
};

export function metricsWordsFor(lang: string): MetricsWords {
  return spoken(lang, en, zh);
}
