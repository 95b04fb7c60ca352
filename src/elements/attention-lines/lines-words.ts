/** The words of attention as lines, in English and Chinese. */
import { spoken } from "../shared/page.js";

export const PAIRS = ["all", "a-a", "a-b", "b-a", "b-b"] as const;
export type Pair = (typeof PAIRS)[number];

export interface LinesWords {
  readonly title: (layer: unknown, share: unknown, measure: unknown, pair: unknown) => readonly unknown[];
  readonly layer: string;
  readonly share: string;
  readonly pair: string;
  readonly pairs: Readonly<Record<Pair, string>>;
  readonly heads: string;
  readonly headsKeys: string;
  readonly head: (head: number) => string;
  readonly all: string;
  readonly canvas: string;
  readonly canvasKeys: string;
  readonly hint: Readonly<Record<"vertical" | "horizontal", string>>;
  /** the place pointed at, and what its heaviest lines are */
  readonly looks: (token: string, lines: string) => string;
  readonly lookedAt: (token: string, lines: string) => string;
  readonly line: (token: string, weight: string, head: number) => string;
  readonly mean: (heads: string) => string;
  readonly capped: (drawn: string, all: string) => string;
  readonly hidden: string;
  readonly none: string;
  readonly columns: readonly [from: string, to: string, head: string, weight: string];
}

const en: LinesWords = {
  title: (layer, share, measure, pair) => ["Where layer ", layer, " looks: lines for ", share, " of each token's attention, ", measure, ...(pair ? [", ", pair] : [])],
  layer: "Layer",
  share: "Share of the attention that has lines",
  pair: "Which text looks at which",
  pairs: { all: "both texts", "a-a": "first text at itself", "a-b": "first text at the second", "b-a": "second text at the first", "b-b": "second text at itself" },
  heads: "Heads",
  headsKeys: "Click switches a head on and off, double click or Shift and Enter shows it alone",
  head: (head) => `Head ${head}`,
  all: "All heads",
  canvas: "attention lines",
  canvasKeys: "Arrow keys move along a list and between the lists, Enter chooses the token.",
  hint: {
    vertical: "Point at a token of the first column to see where it looks, of the second to see who looks at it",
    horizontal: "Point at a token above to see where it looks, below to see who looks at it",
  },
  looks: (token, lines) => `${token} looks at ${lines}`,
  lookedAt: (token, lines) => `${token} is looked at by ${lines}`,
  line: (token, weight, head) => `${token} ${weight} (head ${head})`,
  mean: (heads) => `numbers: mean of ${heads} heads`,
  capped: (drawn, all) => `the heaviest ${drawn} of ${all} lines in view`,
  hidden: "special tokens hidden, shares are of what is shown",
  none: "nothing",
  columns: ["From", "To", "Head", "Weight"],
};

const zh: LinesWords = {
  title: (layer, share, measure, pair) => ["层 ", layer, " 看向哪里：连线占每个词元注意力的 ", share, "，", measure, ...(pair ? ["，", pair] : [])],
  layer: "层",
  share: "有连线的注意力所占份额",
  pair: "哪段文本看向哪段",
  pairs: { all: "两段文本", "a-a": "第一段看自身", "a-b": "第一段看第二段", "b-a": "第二段看第一段", "b-b": "第二段看自身" },
  heads: "注意力头",
  headsKeys: "单击开关一个头，双击或 Shift 加回车只显示该头",
  head: (head) => `头 ${head}`,
  all: "全部头",
  canvas: "注意力连线",
  canvasKeys: "方向键沿列表移动或在两列之间切换，回车选择词元。",
  hint: { vertical: "指向第一列的词元可看它关注谁，指向第二列可看谁关注它", horizontal: "指向上方的词元可看它关注谁，指向下方可看谁关注它" },
  looks: (token, lines) => `${token} 关注 ${lines}`,
  lookedAt: (token, lines) => `关注 ${token} 的有 ${lines}`,
  line: (token, weight, head) => `${token} ${weight}（头 ${head}）`,
  mean: (heads) => `数字为 ${heads} 个头的平均`,
  capped: (drawn, all) => `视野内 ${all} 条连线中最重的 ${drawn} 条`,
  hidden: "特殊词元已隐藏，份额按所显示的计算",
  none: "无",
  columns: ["从", "到", "头", "权重"],
};

/** The words for a language tag; English where there are none. */
export function linesWordsFor(lang: string): LinesWords {
  return spoken(lang, en, zh);
}
