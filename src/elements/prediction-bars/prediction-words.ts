/** The words of `<prediction-bars>`, in English and Chinese. */

export interface PredictionWords {
  readonly lang: string;
  readonly title: string;
  readonly label: string;
  readonly probability: string;
  readonly logit: string;
}

const en: PredictionWords = { lang: "en", title: "What the model predicts", label: "Label", probability: "Probability", logit: "Logit" };
const zh: PredictionWords = { lang: "zh", title: "模型的判断", label: "类别", probability: "概率", logit: "logit" };

export function predictionWordsFor(lang: string): PredictionWords {
  return /^zh\b/i.test(lang) ? zh : en;
}
