/** The words of `<prediction-bars>`, in English and Chinese. */
import { spoken } from "../shared/page.js";

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
  return spoken(lang, en, zh);
}
