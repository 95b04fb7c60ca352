/** What a heat map shows, measure by measure, and how its tokens were taken together, in English and Chinese. */
import type { AttentionPart } from "../../anatomy/types.js";
import type { Measure } from "../../explanation/measures.js";
import { spoken } from "../shared/page.js";
import { heatMapWordsFor } from "./heat-map-words.js";

export interface ReadingWords {
  readonly titles: Readonly<Record<Measure, (layer: unknown, head: unknown, part?: AttentionPart) => readonly unknown[]>>;
  readonly comma: string;
  readonly byWords: string;
  readonly special: Readonly<Record<"hide" | "renormalise", string>>;
  readonly reach: string;
  readonly noResidual: string;
  readonly valueNorm: string;
}

const en: ReadingWords = {
  titles: {
    pattern: (layer, head, part) => heatMapWordsFor("en").attentionTitle(layer, head, part),
    rollout: (layer, head) => ["Attention followed from the input to layer ", layer, " (rollout), head ", head],
    flow: (layer, head) => ["The most attention that can flow from the input to layer ", layer, ", head ", head],
    "value-weighted": (layer, head) => ["What layer ", layer, ", head ", head, " takes from each token: attention × size of its values"],
    "value-zeroing": (layer, head) => ["How far layer ", layer, ", head ", head, " turns each token when another’s values are zeroed"],
  },
  comma: "; ",
  byWords: "tokens merged into words (columns summed, rows averaged)",
  special: { hide: "special tokens hidden", renormalise: "special tokens left out, rows scaled to sum to 1" },
  reach: "divided by how many tokens can see each one",
  noResidual: "residual stream not counted",
  valueNorm: "values before the output projection",
};

const zh: ReadingWords = {
  titles: {
    pattern: (layer, head, part) => heatMapWordsFor("zh").attentionTitle(layer, head, part),
    rollout: (layer, head) => ["从输入到层 ", layer, " 逐层累积的注意力（rollout），头 ", head],
    flow: (layer, head) => ["从输入到层 ", layer, " 最多能流过的注意力（flow），头 ", head],
    "value-weighted": (layer, head) => ["层 ", layer, "、头 ", head, " 从每个词元取得多少：注意力 × 值向量的大小"],
    "value-zeroing": (layer, head) => ["把一个词元的值置零后，层 ", layer, "、头 ", head, " 的各词元改变多少"],
  },
  comma: "；",
  byWords: "词元合并为词（列求和，行取平均）",
  special: { hide: "已隐藏特殊词元", renormalise: "去掉特殊词元，每行重新归一" },
  reach: "除以能看到它的词元数",
  noResidual: "不计残差流",
  valueNorm: "输出投影之前的值",
};

/** The words for a language tag; English where there are none. */
export function readingWordsFor(lang: string): ReadingWords {
  return spoken(lang, en, zh);
}
