/** The words of `<counterfactual-list>`, in English and Chinese. */
import type { CounterfactualMethod } from "../../explanation/types.js";
import { hanGaps } from "../shared/han-gaps.js";
import { spoken } from "../shared/page.js";

export interface CounterfactualWords {
  readonly lang: string;
  readonly title: (label: string) => string;
  /** of a model with one output */
  readonly titleScore: string;
  readonly original: string;
  readonly list: string;
  readonly methods: Readonly<Record<CounterfactualMethod, string>>;
  /** beside a text that is not another prediction yet */
  readonly still: (label: string) => string;
  readonly none: string;
  readonly calls: (made: string, budget: string) => string;
  readonly ended: Readonly<Record<"complete" | "results" | "budget", string>>;
  readonly failed: (reason: string) => string;
  readonly change: (from: string, to: string) => string;
  readonly removed: (from: string) => string;
  /** after the calls */
  readonly hint: string;
  readonly colon: string;
  readonly all: (count: string) => string;
  readonly fewer: string;
  readonly columns: { readonly method: string; readonly changed: string; readonly text: string; readonly says: string; readonly value: (label: string) => string; readonly difference: string };
}

const en: CounterfactualWords = {
  lang: "en",
  title: (label) => `Which changes make the model no longer say ${label}`,
  titleScore: "Which changes turn the model's score",
  original: "as written",
  list: "Changed texts",
  methods: { hotflip: "words replaced (HotFlip)", ablation: "words left out", minimal: "words left out until it turns" },
  still: (label) => `still ${label}`,
  none: "No change of the prediction was found.",
  calls: (made, budget) => `${made} of ${budget} model calls. `,
  ended: { complete: "everything tried", results: "enough found", budget: "its calls are used up" },
  failed: (reason) => `not possible: ${reason}`,
  change: (from, to) => `${from} becomes ${to}`,
  removed: (from) => `without ${from}`,
  hint: "Choose a text to see it in the linked figures.",
  colon: ": ",
  all: (count) => `Show all ${count}`,
  fewer: "Show fewer",
  columns: { method: "How", changed: "Change", text: "Text", says: "Prediction", value: (label) => `${label} now`, difference: "Difference" },
};

const zh: CounterfactualWords = {
  lang: "zh",
  title: (label) => `怎样改动会让模型不再判断为“${label}”`,
  titleScore: "怎样改动会扭转模型的得分",
  original: "原文",
  list: "改动后的文本",
  methods: { hotflip: "替换词（HotFlip）", ablation: "删去词", minimal: "逐个删词直到改变" },
  still: (label) => hanGaps(`仍为${label}`),
  none: "没有找到能改变判断的改动。",
  calls: (made, budget) => `模型调用 ${made} 次，上限 ${budget} 次。`,
  ended: { complete: "已全部尝试", results: "已找到足够多", budget: "调用次数用尽" },
  failed: (reason) => `无法进行：${reason}`,
  change: (from, to) => `${from} 改为 ${to}`,
  removed: (from) => `删去 ${from}`,
  hint: "选择一段文本，相连的图会随之改变。",
  colon: "：",
  all: (count) => `显示全部 ${count} 条`,
  fewer: "只显示前几条",
  columns: { method: "方式", changed: "改动", text: "文本", says: "判断", value: (label) => `现在的“${label}”`, difference: "变化" },
};

export function counterfactualWordsFor(lang: string): CounterfactualWords {
  return spoken(lang, en, zh);
}
