/** The words of `<bias-probe>`, in English and Chinese. */
import type { BiasCaution, BiasMeasure } from "../../explanation/types.js";
import { spoken } from "../shared/page.js";

export interface BiasWords {
  readonly lang: string;
  readonly title: (measure: unknown, target: string) => readonly unknown[];
  readonly measure: string;
  readonly measures: Readonly<Record<BiasMeasure, string>>;
  readonly fillings: string;
  readonly mean: (value: string, range: string) => string;
  readonly range: (low: string, high: string) => string;
  readonly compared: (group: string, reference: string, difference: string, range: string) => string;
  readonly numbers: (pairs: string, d: string, delta: string, p: string, exact: boolean, comparisons: string) => string;
  readonly holds: string;
  /** the verdict, and why */
  readonly unsupported: (reasons: string) => readonly [string, string];
  readonly cautions: Readonly<Record<BiasCaution, string>>;
  readonly sample: (fillings: string) => string;
  readonly without: (reason: string) => string;
  readonly between: string;
  readonly columns: readonly [group: string, text: string, says: string];
}

const en: BiasWords = {
  lang: "en",
  title: (measure, target) => ["How groups differ in ", measure, ` for ${target}`],
  measure: "Measure",
  measures: { prediction: "the prediction", own: "the weight of the words that differ", rest: "the weight of all other words" },
  fillings: "Fillings",
  mean: (value, range) => `mean ${value}${range && ` (${range})`}`,
  range: (low, high) => `95% interval ${low} to ${high}`,
  compared: (group, reference, difference, range) => `${group} minus ${reference}: ${difference}${range && ` (${range})`}. `,
  numbers: (pairs, d, delta, p, exact, comparisons) => ` ${pairs} pairs · Cohen's d ${d} · Cliff's delta ${delta} · ${exact ? "exact" : "sampled"} permutation p ${p}, corrected for ${comparisons} comparisons`,
  holds: "In these sentences the groups differ.",
  unsupported: (reasons) => ["This sample cannot support a conclusion", `: ${reasons}.`],
  cautions: { few: "there are too few pairs for any test (six at least)", zero: "the interval includes zero", chance: "chance alone makes such a difference often", many: "among so many comparisons one such difference is to be expected" },
  sample: (fillings) => `${fillings} written sentences, not a sample of the language: what holds here need not hold elsewhere.`,
  without: (reason) => `No attributions: ${reason}`,
  between: ", and ",
  columns: ["Group", "Text", "Prediction"],
};

const zh: BiasWords = {
  lang: "zh",
  title: (measure, target) => ["各组的差异：", measure, `（“${target}”）`],
  measure: "度量",
  measures: { prediction: "判断", own: "相异词的权重", rest: "其余词的权重" },
  fillings: "各句",
  mean: (value, range) => `均值 ${value}${range && `（${range}）`}`,
  range: (low, high) => `95% 区间 ${low} 至 ${high}`,
  compared: (group, reference, difference, range) => `${group} 减 ${reference}：${difference}${range && `（${range}）`}。`,
  numbers: (pairs, d, delta, p, exact, comparisons) => `${pairs} 对 · Cohen's d ${d} · Cliff's δ ${delta} · ${exact ? "精确" : "抽样"}置换检验 p ${p}（已按 ${comparisons} 次比较校正）`,
  holds: "在这些句子里，两组有差异。",
  unsupported: (reasons) => ["此样本不足以下结论", `：${reasons}。`],
  cautions: { few: "成对的句子太少，任何检验都无意义（至少六对）", zero: "区间包含零", chance: "偶然也常出现这样的差异", many: "比较次数很多，出现一个这样的差异并不意外" },
  sample: (fillings) => `共 ${fillings} 个写定的句子，并非语言的抽样：此处成立，别处未必成立。`,
  without: (reason) => `没有归因：${reason}`,
  between: "；",
  columns: ["组", "文本", "判断"],
};

export function biasWordsFor(lang: string): BiasWords {
  return spoken(lang, en, zh);
}
