/** The words of what comes after the picture: menus, progress, errors, what a hand points at. Loaded with them, not before. */
import type { ErrorCode } from "../../base/errors.js";

export interface ActionWords {
  readonly lang: string;
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
  readonly errors: Readonly<Record<ErrorCode, string>>;
  readonly looksAt: (query: string, key: string, weight: string) => string;
  readonly chosen: (count: string) => string;
  readonly zoomHint: string;
  readonly zoom: Readonly<Record<"in" | "out", string>>;
  readonly canvasKeys: string;
  readonly token: string;
  readonly weight: string;
  readonly most: string;
  readonly label: string;
  readonly probability: string;
  readonly logit: string;
  readonly shown: (shown: string, all: string) => string;
  readonly showAll: string;
  readonly edit: string;
  readonly editPair: string;
}

const en: ActionWords = {
  lang: "en",
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
  canvasKeys: "Arrow keys move, Enter chooses the row's token, Shift and Enter the column's, plus and minus zoom.",
  token: "Token",
  weight: "Weight",
  most: "Looks most at",
  label: "Label",
  probability: "Probability",
  logit: "Logit",
  shown: (shown, all) => `${shown} of ${all}`,
  showAll: "Show all",
  edit: "Text for the model to read",
  editPair: "Second text",
};

const zh: ActionWords = {
  lang: "zh",
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
  canvasKeys: "方向键移动，回车选择行的词元，Shift 加回车选择列的词元，加号和减号缩放。",
  token: "词元",
  weight: "权重",
  most: "最关注",
  label: "类别",
  probability: "概率",
  logit: "对数几率",
  shown: (shown, all) => `显示 ${shown} / ${all}`,
  showAll: "全部显示",
  edit: "供模型阅读的文本",
  editPair: "第二段文本",
};

/** The words for a language tag; English where there are none. */
export function actionWordsFor(lang: string): ActionWords {
  return /^zh\b/i.test(lang) ? zh : en;
}
