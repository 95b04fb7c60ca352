/** The words of what comes after the picture: menus, progress, errors, what a hand points at. Loaded with them, not before. */
import type { ErrorCode } from "../../base/errors.js";
import type { Level } from "../../explanation/quality-levels.js";
import type { Quality } from "../../explanation/types.js";
import { spoken } from "./page.js";

export interface ActionWords {
  readonly lang: string;
  readonly layer: string;
  readonly head: string;
  readonly method: string;
  readonly target: string;
  readonly menu: string;
  readonly save: (format: string) => string;
  readonly table: Readonly<Record<"true" | "false", string>>;
  readonly embed: string;
  readonly copied: string;
  readonly notCopied: string;
  readonly explain: string;
  readonly retry: string;
  readonly waiting: string;
  readonly download: (loaded: string, total: string) => string;
  readonly session: string;
  readonly steps: (loaded: string, total: string) => string;
  /** the text was longer than the model takes */
  readonly truncated: (count: string) => string;
  /** `percent`: "" for what rounding leaves of nothing; `of`: runs or rankings that it comes from, "" where that is not said */
  readonly quality: Readonly<Record<Quality["name"], (percent: string, count: string, of: string) => string>>;
  /** what is thought of the number before it */
  readonly judged: (number: string, level: string) => string;
  readonly level: (name: string, level: Level) => string;
  readonly errors: Readonly<Record<ErrorCode, string>>;
  readonly looksAt: (query: string, key: string, weight: string) => string;
  readonly chosen: (count: string) => string;
  readonly zoomHint: string;
  readonly zoom: Readonly<Record<"in" | "out", string>>;
  readonly canvas: string;
  readonly canvasKeys: string;
  readonly even: string;
  readonly token: string;
  readonly most: string;
  readonly edit: string;
  readonly editPair: string;
}

const en: ActionWords = {
  lang: "en",
  layer: "Layer",
  head: "Head",
  method: "Method",
  target: "Target",
  menu: "Save, table, embed",
  save: (format) => `Save as ${format}`,
  table: { false: "Show as table", true: "Hide table" },
  embed: "Copy embed code",
  copied: "Copied",
  notCopied: "This page may not write to the clipboard",
  explain: "Load the model and explain",
  retry: "Try again",
  waiting: "Fetching",
  download: (loaded, total) => `Fetching the model: ${loaded}${total && ` of ${total}`}`,
  session: "Preparing the model",
  steps: (loaded, total) => `Computing${total && `: step ${loaded} of ${total}`}`,
  truncated: (count) => `text cut at ${count} tokens, the most this model takes`,
  quality: {
    "exact-gradient": () => "exact gradient",
    "approximate-gradient": () => "approximate gradient",
    "completeness-gap": (percent) => (percent ? `adds up to within ${percent}` : "adds up exactly"),
    "sampling-error": (percent) => `sampling error ${percent}`,
    evaluations: (_, count) => `${count} evaluation${count === "1" ? "" : "s"}`,
    "row-sum-error": (_, count) => `rows sum to 1 within ${count}`,
    fit: (_, count) => `fit R² ${count}`,
    background: (_, count) => `absent features from ${count} background row${count === "1" ? "" : "s"}`,
    spread: (_, count) => `spread ${count}`,
    "rank-gradient": (_, count) => `rank correlation ${count} with |gradient × input|`,
    "rank-ablation": (_, count) => `${count} with leaving each token out`,
    agreement: (_, count, of) => `rank agreement over ${of} seeds τ ${count}`,
    "better-than-random": (percent, _, of) => `ahead of ${percent} of ${of} random rankings`,
    masks: (_, count) => `the first of ${count} masked places`,
    "single-checkpoint": () => "gradient of the last layer, at one checkpoint",
    partial: (percent) => `partial, from ${percent} of the samples`,
    "head-agreement": (percent) => `the fitted last layer agrees with the model on ${percent}`,
    trustworthiness: (_, count, of) => `trustworthiness of the ${of} nearest ${count}`,
  },
  judged: (number, level) => `${number}: ${level}`,
  level: (name, level) => (name === "better-than-random" ? { good: "better than chance", fair: "", poor: "no better than chance" } : { good: "good", fair: "fair", poor: "poor" })[level],
  errors: {
    aborted: "Stopped.",
    "bad-input": "This figure was asked for something that does not exist.",
    "bad-model": "The model file cannot be read.",
    "bad-explanation": "The stored explanation cannot be read.",
    "not-found": "A file that this figure needs is not there.",
    network: "A file could not be fetched. Check the connection.",
    unsupported: "This model cannot be explained in this way.",
    "no-gradient": "This model has a step without an exact gradient.",
    device: "The graphics device stopped.",
    runtime: "The model stopped with an error.",
  },
  looksAt: (query, key, weight) => `${query} → ${key} ${weight}`,
  chosen: (count) => `Σ of ${count} chosen`,
  zoomHint: "Double-tap, pinch, or Ctrl and scroll to enlarge; drag to move",
  zoom: { in: "Enlarge", out: "Reduce" },
  canvas: "heat map",
  even: "even",
  canvasKeys: "Arrow keys move, Enter chooses the row's token, Shift and Enter the column's, plus and minus zoom.",
  token: "Token",
  most: "Looks most at",
  edit: "Text for the model to read",
  editPair: "Second text",
};

const zh: ActionWords = {
  lang: "zh",
  layer: "层",
  head: "头",
  method: "方法",
  target: "目标",
  menu: "保存、表格、嵌入",
  save: (format) => `保存为 ${format}`,
  table: { false: "显示为表格", true: "收起表格" },
  embed: "复制嵌入代码",
  copied: "已复制",
  notCopied: "此页面不允许写入剪贴板",
  explain: "加载模型并解释",
  retry: "重试",
  waiting: "正在获取",
  download: (loaded, total) => `正在下载模型：${loaded}${total && `，共 ${total}`}`,
  session: "正在准备模型",
  steps: (loaded, total) => `正在计算${total && `：第 ${loaded} 步，共 ${total} 步`}`,
  truncated: (count) => `文本在 ${count} 个词元处截断（模型上限）`,
  quality: {
    "exact-gradient": () => "精确梯度",
    "approximate-gradient": () => "近似梯度",
    "completeness-gap": (percent) => (percent ? `总和误差在 ${percent} 以内` : "总和完全相符"),
    "sampling-error": (percent) => `采样误差 ${percent}`,
    evaluations: (_, count) => `${count} 次求值`,
    "row-sum-error": (_, count) => `每行之和与 1 相差不超过 ${count}`,
    fit: (_, count) => `拟合 R² ${count}`,
    background: (_, count) => `缺失特征取自 ${count} 行背景数据`,
    spread: (_, count) => `离散度 ${count}`,
    "rank-gradient": (_, count) => `与 |梯度 × 输入| 的秩相关 ${count}`,
    "rank-ablation": (_, count) => `与逐个去掉词元的秩相关 ${count}`,
    agreement: (_, count, of) => `${of} 个种子间的排序一致性 τ ${count}`,
    "better-than-random": (percent, _, of) => `优于 ${of} 个随机排序中的 ${percent}`,
    masks: (_, count) => `共 ${count} 处遮盖，此为第一处`,
    "single-checkpoint": () => "仅最后一层、单个检查点的梯度",
    partial: (percent) => `部分结果，仅用 ${percent} 的样本`,
    "head-agreement": (percent) => `重新拟合的末层与模型一致率 ${percent}`,
    trustworthiness: (_, count, of) => `最近 ${of} 个邻居的可信度 ${count}`,
  },
  judged: (number, level) => `${number}：${level}`,
  level: (name, level) => (name === "better-than-random" ? { good: "优于随机", fair: "", poor: "不优于随机" } : { good: "良好", fair: "一般", poor: "较差" })[level],
  errors: {
    aborted: "已停止。",
    "bad-input": "此图所要求的内容不存在。",
    "bad-model": "无法读取模型文件。",
    "bad-explanation": "无法读取已保存的解释。",
    "not-found": "此图所需的文件不存在。",
    network: "无法获取文件，请检查网络连接。",
    unsupported: "此模型不支持这种解释方式。",
    "no-gradient": "此模型的某一步没有精确梯度。",
    device: "图形设备已停止工作。",
    runtime: "模型运行出错。",
  },
  looksAt: (query, key, weight) => `${query} → ${key} ${weight}`,
  chosen: (count) => `所选 ${count} 个之和`,
  zoomHint: "双击、双指张开或按住 Ctrl 滚动可放大，拖动可移动",
  zoom: { in: "放大", out: "缩小" },
  canvas: "热力图",
  even: "均匀",
  canvasKeys: "方向键移动，回车选择行的词元，Shift 加回车选择列的词元，加号和减号缩放。",
  token: "词元",
  most: "最关注",
  edit: "供模型阅读的文本",
  editPair: "第二段文本",
};

/** The words for a language tag; English where there are none. */
export function actionWordsFor(lang: string): ActionWords {
  return spoken(lang, en, zh);
}
