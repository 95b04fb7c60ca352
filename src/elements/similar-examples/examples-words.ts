/** The words of `<similar-examples>`, in English and Chinese: templates that computed facts are filled into, nothing else. */
import type { ExamplesExplanation } from "../../explanation/types.js";
import { spoken } from "../shared/page.js";

export type By = ExamplesExplanation["by"];

/** What the sentence is made of. */
export interface SummaryFacts {
  readonly count: number;
  readonly same: number;
  /** the query's predicted label */
  readonly label: string;
  /** few enough to be named; each with the word that speaks most against the target, "" when none does */
  readonly others: readonly { readonly rank: number; readonly label: string; readonly word: string }[];
  /** given labels, of the examples that are shown, that are not the predicted ones */
  readonly mismatches: number;
}

export interface ExamplesWords {
  readonly lang: string;
  readonly title: (by: unknown, method: unknown) => readonly unknown[];
  readonly by: string;
  readonly ways: Readonly<Record<By, string>>;
  readonly query: string;
  readonly alike: (label: string, by: By) => string;
  readonly otherwise: (label: string, by: By) => string;
  readonly none: string;
  readonly predicted: (label: string, chance: string) => string;
  readonly labelled: (label: string) => string;
  readonly mismatch: (label: string) => string;
  readonly score: (by: By, value: string) => string;
  readonly open: string;
  readonly legend: (target: string) => string;
  readonly shared: string;
  readonly summary: (facts: SummaryFacts) => string;
  readonly influence: (facts: { readonly label: string; readonly for: number; readonly against: number; readonly mismatches: number }) => string;
  readonly head: readonly string[];
}

const ends: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const nth = (rank: number): string => `${rank}${ends[ordinals.select(rank)] ?? "th"}`;

const en: ExamplesWords = {
  lang: "en",
  title: (by, method) => ["Examples ", by, ", with weights by ", method],
  by: "How examples are found",
  ways: { similarity: "most like this text", tracin: "that bear on this prediction (TracIn)", representer: "that bear on this prediction (representer points)" },
  query: "This text",
  alike: (label, by) => (by === "similarity" ? `Also predicted ${label}` : `For ${label}`),
  otherwise: (label, by) => (by === "similarity" ? `Not predicted ${label}` : `Against ${label}`),
  none: "none",
  predicted: (label, chance) => `predicted ${label} ${chance}`,
  labelled: (label) => `labelled ${label}`,
  mismatch: (label) => `⚠ labelled ${label}`,
  score: (by, value) => (by === "similarity" ? `cosine ${value}` : `influence ${value}`),
  open: "Explain this one",
  legend: (target) => `Blue and a solid line: speaks for ${target}; orange and a dotted line: against it. Framed: weighs the same way in this text and in the example.`,
  shared: "in both",
  summary: ({ count, same, label, others, mismatches }) => {
    const first = count === 0 ? "There is no other example." : same === count ? `${count === 1 ? "The nearest example is" : `All ${count} nearest examples are`} predicted ${label} too` : `${same} of the ${count} nearest ${same === 1 ? "is" : "are"} predicted ${label}`;
    const rest = others.map(({ rank, label: other, word }) => (word ? `the ${nth(rank)} turns on “${word}”` : `the ${nth(rank)} is predicted ${other}`));
    const doubt = mismatches === 0 ? "" : ` Of those shown, ${mismatches} ${mismatches === 1 ? "is" : "are"} labelled otherwise than predicted: the label or the model is wrong there.`;
    return `${[first, ...rest].join("; ")}.${doubt}`.replace("..", ".");
  },
  influence: ({ label, for: pro, against, mismatches }) => `The ${pro} strongest for ${label} and the ${against} strongest against it are shown.${mismatches === 0 ? "" : ` ${mismatches} of them ${mismatches === 1 ? "is" : "are"} labelled otherwise than predicted.`}`,
  head: ["Text", "Rank", "Score", "Predicted", "Probability", "Label", "Line"],
};

const zh: ExamplesWords = {
  lang: "zh",
  title: (by, method) => [by, "的例句，权重按", method, "计算"],
  by: "例句的选取方式",
  ways: { similarity: "与这段文字最相似", tracin: "对这一判断影响最大（TracIn）", representer: "对这一判断影响最大（代表点）" },
  query: "这段文字",
  alike: (label, by) => (by === "similarity" ? `同样判为 ${label}` : `支持 ${label}`),
  otherwise: (label, by) => (by === "similarity" ? `未判为 ${label}` : `反对 ${label}`),
  none: "无",
  predicted: (label, chance) => `判为 ${label} ${chance}`,
  labelled: (label) => `标注 ${label}`,
  mismatch: (label) => `⚠ 标注 ${label}`,
  score: (by, value) => (by === "similarity" ? `余弦 ${value}` : `影响 ${value}`),
  open: "解释这一句",
  legend: (target) => `蓝色实线：支持 ${target}；橙色点线：反对。带框：在这段文字和例句中作用相同。`,
  shared: "两者共有",
  summary: ({ count, same, label, others, mismatches }) => {
    const first = count === 0 ? "没有其他例句" : same === count ? `最相似的 ${count} 句也都判为 ${label}` : `最相似的 ${count} 句中有 ${same} 句判为 ${label}`;
    const rest = others.map(({ rank, label: other, word }) => (word ? `第 ${rank} 句的分歧在于“${word}”` : `第 ${rank} 句判为 ${other}`));
    return `${[first, ...rest].join("；")}。${mismatches === 0 ? "" : `下列例句中有 ${mismatches} 句的标注与判断不一致：要么标注有误，要么模型有误。`}`;
  },
  influence: ({ label, for: pro, against, mismatches }) => `列出最支持 ${label} 的 ${pro} 句和最反对的 ${against} 句。${mismatches === 0 ? "" : `其中 ${mismatches} 句的标注与判断不一致。`}`,
  head: ["文本", "名次", "得分", "判断", "概率", "标注", "行"],
};

export function examplesWordsFor(lang: string): ExamplesWords {
  return spoken(lang, en, zh);
}
