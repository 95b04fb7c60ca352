/** The words of `<explanation-summary>` around its sentences, in English and Chinese. The sentences themselves are in state/summary-sentences.ts. */
import { spoken } from "../shared/page.js";
import type { Detail } from "../../state/summary-sentences.js";

export interface SummaryWords {
  readonly lang: string;
  readonly title: (detail: unknown) => readonly unknown[];
  readonly detail: string;
  readonly details: Readonly<Record<Detail, string>>;
  readonly leftOut: string;
  readonly nothing: string;
  readonly weight: string;
  readonly target: (label: string) => string;
  readonly predicted: string;
}

const en: SummaryWords = {
  lang: "en",
  title: (detail) => ["Why the model says so, ", detail],
  detail: "How much is said",
  details: { plain: "in short", analyst: "with numbers", expert: "with all numbers" },
  leftOut: "Left out",
  nothing: "nothing",
  weight: "Weight",
  target: (label) => `Then “${label}”`,
  predicted: "Then predicted",
};

const zh: SummaryWords = {
  lang: "zh",
  title: (detail) => ["模型为什么这样判断，", detail],
  detail: "详细程度",
  details: { plain: "简述", analyst: "附数字", expert: "附全部数字" },
  leftOut: "去掉",
  nothing: "无",
  weight: "权重",
  target: (label) => `此时“${label}”`,
  predicted: "此时的判断",
};

export function summaryWordsFor(lang: string): SummaryWords {
  return spoken(lang, en, zh);
}
