/** The words of the formula made visible, in English and Chinese. */
import { spoken } from "../shared/page.js";

export interface FormulaWords {
  readonly title: (token: unknown, layer: unknown, head: unknown) => readonly unknown[];
  readonly query: string;
  readonly steps: (scale: string, query: string) => readonly [key: string, dot: string, scaled: string, mask: string, weight: string, size: string];
  readonly masked: string;
  readonly sum: (query: string, size: string) => string;
  readonly first: string;
  /** `masks`: the mask has a column */
  readonly explained: (masks: boolean) => string;
}

const en: FormulaWords = {
  title: (token, layer, head) => ["How “", token, "” shares its attention in layer ", layer, ", head ", head],
  query: "Query token",
  steps: (scale, query) => ["key token", `q(${query}) · k`, `× ${scale}`, "+ mask", "softmax", "size of v"],
  masked: "hidden",
  sum: (query, size) => `Output for “${query}”: the values, each times its weight, added up. Size ${size}`,
  first: "; its first numbers: ",
  explained: (masks) => `Each row: how well the query fits the key, scaled;${masks ? " what the mask adds;" : ""} its share after softmax (the shares sum to 1; bars are drawn against the largest); how large the value vector is that is added with this share.`,
};

const zh: FormulaWords = {
  title: (token, layer, head) => ["在层 ", layer, "、头 ", head, " 中，“", token, "”如何分配注意力"],
  query: "查询词元",
  steps: (scale, query) => ["键词元", `q(${query}) · k`, `× ${scale}`, "+ 掩码", "softmax", "v 的大小"],
  masked: "遮蔽",
  sum: (query, size) => `“${query}”的输出：各个值乘以权重后相加，大小 ${size}`,
  first: "；前几个数：",
  explained: (masks) => `每行依次为：查询与键的契合程度；缩放后的数；${masks ? "掩码所加的数；" : ""}经 softmax 后所占的份额（各份额之和为 1，条长以最大者为准）；按此份额加入的值向量的大小。`,
};

/** The words for a language tag; English where there are none. */
export function formulaWordsFor(lang: string): FormulaWords {
  return spoken(lang, en, zh);
}
