/** Words about a corpus, in English and Chinese. */
import type { CorpusInfo } from "../../explanation/types.js";
import { decimal } from "./numbers.js";
import { spoken } from "./page.js";

export interface CorpusWords {
  readonly lang: string;
  readonly other: string;
  readonly drop: string;
  readonly corpus: (corpus: CorpusInfo, language: string) => string;
}

type Stored = NonNullable<CorpusInfo["vectors"]>;
const storedEn: Readonly<Record<Stored, string>> = { stored: "vectors from their file", stale: "the file of vectors is of another model, layer or other texts: computed anew", missing: "the file of vectors is not there: computed" };
const storedZh: Readonly<Record<Stored, string>> = { stored: "向量取自文件", stale: "向量文件属于其他模型、层或文本：已重新计算", missing: "没有找到向量文件：已计算" };

const en: CorpusWords = {
  lang: "en",
  other: "Other examples: choose a CSV or JSON file, or drop it here",
  drop: "Let go to use this file",
  corpus: ({ reference, rows, skipped, broken, brokenRows, vectors }, language) => {
    const first = brokenRows[0];
    return [
      `${decimal(language, rows, 6)} examples from ${reference}`, skipped > 0 && `${decimal(language, skipped, 6)} without a readable text`,
      first && `${decimal(language, broken, 6)} broken row${broken === 1 ? "" : "s"} left out (line ${first.line}: ${first.reason})`,
      vectors && storedEn[vectors],
    ].filter(Boolean).join(" · ");
  },
};

const zh: CorpusWords = {
  lang: "zh",
  other: "换用其他例句：选择 CSV 或 JSON 文件，或拖到这里",
  drop: "松开即可使用此文件",
  corpus: ({ reference, rows, skipped, broken, brokenRows, vectors }, language) => {
    const first = brokenRows[0];
    return [
      `${reference} 中的 ${decimal(language, rows, 6)} 个例句`, skipped > 0 && `${decimal(language, skipped, 6)} 行没有可读的文本`,
      first && `略去 ${decimal(language, broken, 6)} 个损坏的行（第 ${first.line} 行：${first.reason}）`,
      vectors && storedZh[vectors],
    ].filter(Boolean).join(" · ");
  },
};

export function corpusWordsFor(lang: string): CorpusWords {
  return spoken(lang, en, zh);
}
