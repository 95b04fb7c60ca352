/** The words of the waterfall, force and beeswarm layouts, in English and Chinese. */
import { spoken } from "../shared/page.js";

export interface LayoutWords {
  readonly lang: string;
  /** the target's score */
  readonly value: string;
  /** the score of the method's baseline */
  readonly baseline: string;
  /** where the sum starts when the method has no baseline */
  readonly start: string;
  readonly others: (count: string) => string;
  readonly pushesUp: string;
  readonly pushesDown: string;
}

const en: LayoutWords = {
  lang: "en", value: "score", baseline: "baseline", start: "score without all of these",
  others: (count) => `${count} others`, pushesUp: "speaks for", pushesDown: "speaks against",
};

const zh: LayoutWords = { lang: "zh", value: "得分", baseline: "基线", start: "去掉这些后的得分", others: (count) => `其余 ${count} 个`, pushesUp: "支持", pushesDown: "反对" };

export const layoutWordsFor = (language: string): LayoutWords => spoken(language, en, zh);
