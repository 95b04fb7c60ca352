/** Rows to look at: each a button that sends its text to the neighbours. */
import { html, nothing, type TemplateResult } from "lit";
import type { EvaluationExample, EvaluationExplanation } from "../../explanation/evaluation.js";
import { decimal, percent } from "../shared/numbers.js";
import type { MetricsWords } from "./metrics-words.js";

export interface ExamplesContext {
  readonly explanation: EvaluationExplanation;
  readonly words: MetricsWords;
  readonly lang: string;
  /** the text that the neighbours show */
  readonly shown: string | null;
  readonly open: (example: EvaluationExample) => void;
}

export function examplesList({ explanation: { examples, model: { labels } }, words, lang, shown, open }: ExamplesContext, positions: readonly number[]): TemplateResult {
  if (positions.length === 0) return html`<p class="said">${words.noExamples}</p>`;
  const said = ({ line, label, predicted, probability, other }: EvaluationExample): TemplateResult =>
    html`${words.example(decimal(lang, line, 9), labels[label]!, labels[predicted]!, percent(lang, probability))}${other === undefined ? nothing : html` · ${words.other(labels[other]!)}`}`;
  return html`<ul class="examples" part="examples">${positions.map((position) => {
    const example = examples[position]!;
    return html`<li><button aria-pressed=${example.text === shown} @click=${() => open(example)}><bdi class="quote">${example.text}</bdi><span class="what">${said(example)}</span></button></li>`;
  })}</ul>`;
}
