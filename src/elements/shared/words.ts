/**
 * The words that stand beside a picture, in English and Chinese. Not the page's text and not the model's: labels and tokens are shown as
 * they are. A table of its own instead of a library: the language is that of the nearest `lang`, so that one page can hold both.
 */
import type { Quality } from "../../explanation/types.js";

/** Words with gaps for controls or numbers. */
type Parts = readonly unknown[];

export interface Words {
  readonly lang: string;
  readonly attentionTitle: (layer: unknown, head: unknown) => Parts;
  readonly all: Readonly<Record<"mean" | "max", string>>;
  readonly layer: string;
  readonly head: string;
  readonly quality: Readonly<Record<Quality["name"], (percent: string, count: string) => string>>;
  readonly even: string;
  readonly canvas: string;
}

const en: Words = {
  lang: "en",
  attentionTitle: (layer, head) => ["Where layer ", layer, ", head ", head, " looks"],
  all: { mean: "all (mean)", max: "all (largest)" },
  layer: "Layer",
  head: "Head",
  quality: {
    "exact-gradient": () => "exact gradient",
    "approximate-gradient": () => "approximate gradient",
    "completeness-gap": (percent) => `completeness gap ${percent}`,
    "sampling-error": (percent) => `sampling error ${percent}`,
    evaluations: (_, count) => `${count} evaluations`,
    "row-sum-error": (_, count) => `rows sum to 1 within ${count}`,
    fit: (_, count) => `fit R² ${count}`,
    spread: (_, count) => `spread ${count}`,
  },
  even: "even",
  canvas: "heat map",
};

const zh: Words = {
  lang: "zh",
  attentionTitle: (layer, head) => ["层 ", layer, "、头 ", head, " 看向哪里"],
  all: { mean: "全部（平均）", max: "全部（最大）" },
  layer: "层",
  head: "头",
  quality: {
    "exact-gradient": () => "精确梯度",
    "approximate-gradient": () => "近似梯度",
    "completeness-gap": (percent) => `完备性误差 ${percent}`,
    "sampling-error": (percent) => `采样误差 ${percent}`,
    evaluations: (_, count) => `${count} 次求值`,
    "row-sum-error": (_, count) => `每行之和与 1 相差不超过 ${count}`,
    fit: (_, count) => `拟合 R² ${count}`,
    spread: (_, count) => `离散度 ${count}`,
  },
  even: "均匀",
  canvas: "热力图",
};



/** The words for a language tag; English where there are none. */
export function wordsFor(lang: string): Words {
  return /^zh\b/i.test(lang) ? zh : en;
}

/** `mean`, `max` or the number itself, as the field counts: from 0. */
export function ordinal(words: Words, value: number | "mean" | "max"): string {
  return typeof value === "number" ? String(value) : words.all[value];
}
