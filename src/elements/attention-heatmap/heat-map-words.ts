/** The line above a heat map, in English and Chinese. */
import type { AttentionPart } from "../../anatomy/types.js";
import type { AttentionExplanation } from "../../explanation/types.js";
import { spoken } from "../shared/page.js";

/** Words with gaps for controls or numbers. */
type Parts = readonly unknown[];

export interface HeatMapWords {
  readonly attentionTitle: (layer: unknown, head: unknown, part: AttentionPart | undefined) => Parts;
  readonly all: Readonly<Record<"mean" | "max", string>>;
}

const en: HeatMapWords = {
  attentionTitle: (layer, head, part) => ["Where layer ", layer, ", head ", head, " looks", { self: "", decoder: " (decoder)", cross: " (cross)" }[part ?? "self"]],
  all: { mean: "all (mean)", max: "all (largest)" },
};

const zh: HeatMapWords = {
  attentionTitle: (layer, head, part) => ["层 ", layer, "、头 ", head, " 看向哪里", { self: "", decoder: "（解码器）", cross: "（交叉）" }[part ?? "self"]],
  all: { mean: "全部（平均）", max: "全部（最大）" },
};

/** The words for a language tag; English where there are none. */
export function heatMapWordsFor(lang: string): HeatMapWords {
  return spoken(lang, en, zh);
}

/** `mean`, `max` or the number itself, as the field counts: from 0. */
export function ordinal(words: HeatMapWords, value: number | "mean" | "max"): string {
  return typeof value === "number" ? String(value) : words.all[value];
}

/** The line above, as plain text. */
export function attentionTitle(language: string, { layer, head, attention }: AttentionExplanation): string {
  const words = heatMapWordsFor(language);
  return words.attentionTitle(ordinal(words, layer), ordinal(words, head), attention).join("");
}
