/** What the weights of single heads can be, as elements say and check it. */
import { HEAD_MEASURES, type HeadMeasure } from "../../explanation/measures.js";
import type { AttentionHeadsExplanation } from "../../explanation/types.js";
import { badAttribute } from "./attributes.js";
import type { Option } from "./frame.js";
import { spoken } from "./page.js";

const en: Readonly<Record<HeadMeasure, string>> = { pattern: "by weight", "value-weighted": "by weight × size of the value" };
const zh: Readonly<Record<HeadMeasure, string>> = { pattern: "按权重", "value-weighted": "按权重 × 值向量长度" };

export const measureOf = ({ measure = "pattern" }: AttentionHeadsExplanation): HeadMeasure => measure;

export const measureWord = (language: string, measure: HeadMeasure): string => spoken(language, en, zh)[measure];

export const measureOptions = (language: string): readonly Option[] => HEAD_MEASURES.map((measure) => [measure, measureWord(language, measure)]);

/** What the menu is called. */
export const measureName = (language: string): string => spoken(language, "Measure", "度量");

export function checkMeasure(measure: HeadMeasure | null): void {
  if (measure !== null && !HEAD_MEASURES.includes(measure)) throw badAttribute("measure", measure, `${HEAD_MEASURES.join(", ")}; the other measures are of whole layers, which <attention-heatmap> shows`);
}

/** "" when a stored explanation is by the measure that is asked for. */
export function measureMisfit(measure: HeadMeasure | null, explanation: AttentionHeadsExplanation): string {
  return measure === null || measure === measureOf(explanation) ? "" : `measure="${measure}" is not stored here (${measureOf(explanation)} is); give a model`;
}
