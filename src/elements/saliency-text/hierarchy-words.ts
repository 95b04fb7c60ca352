/** The words of a text that opens into its parts, in English and Chinese. */
import { spoken } from "../shared/page.js";

export interface HierarchyWords {
  readonly lang: string;
  readonly close: (part: string, score: string) => string;
  readonly openAll: string;
  readonly closeAll: string;
  readonly hint: string;
}

const en: HierarchyWords = {
  lang: "en",
  close: (part, score) => `Close “${part}” (${score})`,
  openAll: "Open all",
  closeAll: "Close all",
  hint: "A part with a bracket opens by click or Enter; Backspace or Escape closes it.",
};

const zh: HierarchyWords = {
  lang: "zh",
  close: (part, score) => `合上“${part}”（${score}）`,
  openAll: "全部展开",
  closeAll: "全部合上",
  hint: "带括线的部分可点击或按 Enter 展开，按 Backspace 或 Esc 合上。",
};

export function hierarchyWordsFor(lang: string): HierarchyWords {
  return spoken(lang, en, zh);
}
