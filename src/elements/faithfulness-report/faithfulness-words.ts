/** The words of `<faithfulness-report>`, in English and Chinese. */
import type { FaithfulnessMetric } from "../../methods/faithfulness/metrics.js";
import { hanGaps } from "../shared/han-gaps.js";
import { spoken } from "../shared/page.js";

/** Numbers as they are said, made by the element. */
export interface BestFacts {
  readonly names: readonly string[];
  readonly beats: string;
  readonly rankings: string;
  readonly above: number;
  readonly methods: number;
}

export interface FaithfulnessWords {
  readonly lang: string;
  readonly title: (judge: unknown) => readonly unknown[];
  readonly judge: string;
  readonly own: string;
  readonly best: (facts: BestFacts, corpus: string) => string;
  /** `best`: the one nearest to it; "" when there was only one method */
  readonly none: (methods: string, best: string, beats: string, rankings: string, corpus: string) => string;
  readonly oneUnit: string;
  readonly flat: string;
  readonly noMethod: string;
  readonly texts: (count: string) => string;
  /** of the best over a corpus: by how much more area than chance */
  readonly margin: (mean: string, low: string, high: string) => string;
  readonly level: string;
  /** `skipped`: "" for none */
  readonly sample: (count: string, rows: string, corpus: string, seed: string, skipped: string) => string;
  readonly method: string;
  readonly metrics: Readonly<Record<FaithfulnessMetric, string>>;
  readonly hints: Readonly<Record<FaithfulnessMetric, string>>;
  readonly better: Readonly<Record<"high" | "low", string>>;
  readonly good: string;
  readonly bad: string;
  readonly random: (edge: string) => string;
  readonly low: string;
  readonly mean: string;
  readonly high: string;
  readonly failed: (reason: string) => string;
  readonly deletion: string;
  readonly insertion: string;
  readonly key: (name: string, rankings: string) => string;
  readonly beaten: string;
}

const en: FaithfulnessWords = {
  lang: "en",
  title: (judge) => ["Which method finds what the model uses, judged ", judge],
  judge: "How it is judged",
  own: "by curves and chance",
  best: ({ names, beats, rankings, above, methods }, corpus) =>
    `Best for ${corpus || "this text"}: ${names.join(" and ")}, ahead of ${beats} of ${rankings} random rankings. ${above} of ${methods} method${methods === 1 ? "" : "s"} ${above === 1 ? "is" : "are"} above chance.`,
  none: (methods, best, beats, rankings, corpus) => `None of ${methods} methods beats chance on ${corpus || "this text"}: the nearest, ${best}, is ahead of ${beats} of ${rankings} random rankings.`,
  oneUnit: "The text has one word that can be left out: every ranking is the same, so none can be judged.",
  flat: "No word changes the prediction: no ranking can be told from another.",
  noMethod: "No method gave an answer.",
  texts: (count) => `these ${count} texts`,
  margin: (mean, low, high) => ` Between its curves lies ${mean} more area than by chance (95%: ${low} to ${high}).`,
  level: " The texts do not tell the methods named first apart.",
  sample: (count, rows, corpus, seed, skipped) => `${count} of ${rows} texts of ${corpus}, drawn with seed ${seed}${skipped ? `; ${skipped} more unreadable or of one word` : ""}. ±: half of the 95% interval over the texts.`,
  method: "Method",
  metrics: {
    area: "Area between curves", comprehensiveness: "Comprehen­siveness", sufficiency: "Sufficiency", deletion: "Deletion area", insertion: "Insertion area", "leave-one-out": "Leave-one-out τ", infidelity: "Infidelity",
    "faithfulness-correlation": "Faithfulness correlation", sensitivity: "Sensitivity", sparseness: "Sparseness", complexity: "Complexity", randomisation: "Random weights",
    "rationale-auprc": "Rationale AUPRC", "rationale-f1": "Rationale F1", "rationale-iou": "Rationale IOU",
  },
  hints: {
    area: "area between the insertion and the deletion curve; by this the verdict is given",
    comprehensiveness: "mean loss of probability without the first words (AOPC)", sufficiency: "mean loss of probability with the first words alone (AOPC)",
    deletion: "area under the curve without the first words", insertion: "area under the curve with the first words alone",
    "leave-one-out": "rank correlation with what is lost without each word (Kendall's τ-b)",
    infidelity: "how far the scores miss what is lost without random sets of words: 0 none, 1 all of it; in squared logits as captum judges",
    "faithfulness-correlation": "correlation of the scores of random sets of words with what is lost without them",
    sensitivity: "largest relative change of the scores when the input moves a little", sparseness: "Gini coefficient: 0 when all words weigh alike, near 1 when one carries everything",
    complexity: "entropy of the weights' shares, in nats", randomisation: "mean rank correlation with the scores of the same model with random weights: a method that explains the model has little",
    "rationale-auprc": "area under precision and recall against the words that people marked", "rationale-f1": "F1 of the five heaviest words against those that people marked", "rationale-iou": "overlap of the five heaviest words with those that people marked",
  },
  better: { high: "more is better", low: "less is better" },
  good: "better than chance",
  bad: "worse than chance",
  random: (edge) => `Random rankings (${edge})`,
  low: "5%",
  mean: "mean",
  high: "95%",
  failed: (reason) => `no answer: ${reason}`,
  deletion: "Prediction without the words ranked first",
  insertion: "Prediction with them alone",
  key: (name, rankings) => `Bold line: ${name}. Grey: the middle 90% of ${rankings} random rankings. By luck alone, one ranking in twenty lies above it.`,
  beaten: "Random rankings beaten",
};

const zh: FaithfulnessWords = {
  lang: "zh",
  title: (judge) => ["哪种方法找到了模型真正依据的词，评判方式：", judge],
  judge: "评判方式",
  own: "曲线与随机对照",
  best: ({ names, beats, rankings, above, methods }, corpus) => hanGaps(`最适合${corpus || "这段文本"}的是${names.join("和")}：优于 ${rankings} 个随机排序中的 ${beats} 个。${methods} 种方法中有 ${above} 种优于随机。`),
  none: (methods, best, beats, rankings, corpus) => hanGaps(`在${corpus || "这段文本"}上，${methods} 种方法都不优于随机：最接近的${best}优于 ${rankings} 个随机排序中的 ${beats} 个。`),
  oneUnit: "文本中只有一个可去掉的词：所有排序都相同，无法评判。",
  flat: "去掉任何词都不改变预测：无法区分各种排序。",
  noMethod: "没有方法给出结果。",
  texts: (count) => `这 ${count} 段文本`,
  margin: (mean, low, high) => `其曲线间面积平均比随机高 ${mean}（95%：${low} 至 ${high}）。`,
  level: "这些文本无法区分上述几种方法的高下。",
  sample: (count, rows, corpus, seed, skipped) => `取自 ${corpus} 的 ${rows} 段文本中的 ${count} 段，随机种子 ${seed}${skipped ? `；另有 ${skipped} 段无法读取或只有一个词` : ""}。±：各文本间 95% 区间的一半。`,
  method: "方法",
  metrics: {
    area: "曲线间面积", comprehensiveness: "全面性", sufficiency: "充分性", deletion: "删除曲线面积", insertion: "插入曲线面积", "leave-one-out": "留一法 τ", infidelity: "不忠实度",
    "faithfulness-correlation": "忠实度相关", sensitivity: "敏感度", sparseness: "稀疏度", complexity: "复杂度", randomisation: "随机权重",
    "rationale-auprc": "人工依据 AUPRC", "rationale-f1": "人工依据 F1", "rationale-iou": "人工依据 IOU",
  },
  hints: {
    area: "插入曲线与删除曲线之间的面积，结论以此为准",
    comprehensiveness: "去掉排在前面的词后概率的平均下降（AOPC）", sufficiency: "只保留排在前面的词时概率的平均下降（AOPC）",
    deletion: "去掉排在前面的词时曲线下的面积", insertion: "只保留排在前面的词时曲线下的面积",
    "leave-one-out": "与逐词去掉后下降量的秩相关（Kendall τ-b）",
    infidelity: "得分与随机去掉若干词后实际下降的差距：0 表示没有，1 表示完全不符；按 captum 评判时单位为 logit 的平方",
    "faithfulness-correlation": "随机若干词的得分与去掉它们后下降量的相关",
    sensitivity: "输入略微移动时得分的最大相对变化", sparseness: "基尼系数：各词权重相同为 0，由一个词承担一切时接近 1",
    complexity: "权重份额的熵（nat）", randomisation: "与同一模型随机权重下得分的平均秩相关：真正解释模型的方法应当很低",
    "rationale-auprc": "对照人工标注的词，精确率–召回率曲线下的面积", "rationale-f1": "权重最大的五个词对照人工标注的 F1", "rationale-iou": "权重最大的五个词与人工标注的重合度",
  },
  better: { high: "越大越好", low: "越小越好" },
  good: "优于随机",
  bad: "不如随机",
  random: (edge) => `随机排序（${edge}）`,
  low: "5%",
  mean: "均值",
  high: "95%",
  failed: (reason) => `没有结果：${reason}`,
  deletion: "去掉排在前面的词后的预测",
  insertion: "只保留它们时的预测",
  key: (name, rankings) => `粗线：${name}。灰色：${rankings} 个随机排序的中间 90%。仅凭运气，二十个排序中会有一个在其上方。`,
  beaten: "胜过的随机排序数",
};

export function faithfulnessWordsFor(lang: string): FaithfulnessWords {
  return spoken(lang, en, zh);
}
