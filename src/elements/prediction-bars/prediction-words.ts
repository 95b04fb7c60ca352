/** The words of `<prediction-bars>`, in English and Chinese. */
import { spoken } from "../shared/page.js";

export interface PredictionWords {
  readonly lang: string;
  readonly title: string;
  /** of a vocabulary */
  readonly tokens: string;
  /** of two texts that are compared */
  readonly alike: string;
  readonly cosine: string;
  readonly score: string;
  readonly label: string;
  readonly probability: string;
  readonly logit: string;
}

const en: PredictionWords = { lang: "en", title: "What the model predicts", tokens: "Likeliest tokens here", alike: "How alike the two texts are", cosine: "cosine", score: "Score", label: "Label", probability: "Probability", logit: "Logit" };
const zh: PredictionWords = { lang: "zh", title: "模型的判断", tokens: "此处最可能的词元", alike: "两段文本有多相似", cosine: "余弦", score: "得分", label: "类别", probability: "概率", logit: "logit" };

export function predictionWordsFor(lang: string): PredictionWords {
  return spoken(lang, en, zh);
}
