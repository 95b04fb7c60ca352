import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import type { KindChecks } from "../../explanation/kinds.js";
import { summary } from "../../explanation/summary.js";
import type { Explanation, SummaryExplanation } from "../../explanation/types.js";
import { summaryRequest } from "../../state/requests.js";
import type { PlacedToken } from "../../state/scope.js";
import { summarySentences, summaryText, type Detail, type Part, type Sentence } from "../../state/summary-sentences.js";
import { isHovered, isSelected } from "../../state/pointing.js";
import { chooseTokens, pointAt } from "../shared/pointing.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { attributionWordsFor } from "../shared/attribution-words.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { linesOf } from "../shared/lines.js";
import { decimal, percent } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { placedTokens } from "../shared/tokens.js";
import { explanationSummaryStyles } from "./explanation-summary.styles.js";
import { summaryWordsFor, type SummaryWords } from "./summary-words.js";

const DETAILS: readonly Detail[] = ["plain", "analyst", "expert"];

/**
 * Two or three sentences for readers: what was predicted, on which words it rests, what would change it, and how far this can be trusted. Made of
 * numbers alone: the words that change the prediction were really left out, and the ranking was compared with random ones.
 *
 * @summary An explanation in words.
 * @tag explanation-summary
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {"plain" | "analyst" | "expert"} detail - for whom it is said: in short (default), with numbers, with all numbers
 * @attr {string} method - where the words' weights come from; "integrated-gradients" when not given
 * @attr {string} preset - a known tool's settings of the method
 * @attr {string} target - "argmax" (when not given), a label, its number, or "label - label"
 * @attr {number} seed - of the random rankings, and of a method that samples
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart text - the sentences
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: SummaryExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose a word or took it back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a word
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class ExplanationSummary extends ExplanationElement<SummaryExplanation> {
  static override styles = [...ExplanationElement.styles, explanationSummaryStyles];
  static override properties: PropertyDeclarations = {
    detail: { reflect: true },
    method: { reflect: true },
    preset: { reflect: true },
    target: { reflect: true },
    seed: { reflect: true, converter: wholeNumber },
  };
  protected static override kinds: KindChecks = { summary };
  protected static override allowed = { detail: DETAILS };

  detail: Detail = "plain";
  method: string | null = null;
  preset: string | null = null;
  target: string | null = null;
  seed: number | null = null;

  protected override check(): void {
    super.check();
    if (this.seed !== null && !Number.isInteger(this.seed)) throw badAttribute("seed", this.seed, "a whole number from 0");
  }

  protected override request(input: TextInput): ExplainRequest {
    return summaryRequest(input, this.method, this.preset, this.target, this.seed);
  }

  protected override get asks(): readonly unknown[] {
    return [this.method, this.preset, this.target, this.seed];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "summary") return general;
    const { method, target, label } = explanation;
    const stored = "is not stored here; give a model to compute it";
    if (this.method !== null && this.method !== method.name) return `method="${this.method}" ${stored} (${method.name} is)`;
    if (this.preset !== null && this.preset !== method.preset) return `preset="${this.preset}" ${stored}`;
    if (this.seed !== null && this.seed !== method.seed) return `seed="${this.seed}" ${stored}`;
    const name = target.contrast ? `${target.label} - ${target.contrast.label}` : target.label;
    const fits = this.target === null || this.target === name || (!target.contrast && (this.target === String(target.index) || (this.target === "argmax" && label === target.label)));
    return fits ? "" : `target="${this.target}" ${stored} (${name} is)`;
  }

  get #words(): SummaryWords {
    return summaryWordsFor(this.language);
  }

  protected override heading(): unknown {
    const words = this.#words;
    return words.title(quietSelect(words.detail, this.detail, DETAILS.map((detail) => [detail, words.details[detail]] as const), (chosen) => (this.detail = chosen as Detail)));
  }

  protected override name(): string {
    return this.#words.title(this.#words.details[this.detail]).join("");
  }

  #sentences(explanation: SummaryExplanation): Sentence[] {
    const { name } = explanation.method;
    const methodName = attributionWordsFor(this.language).methods[name] ?? name.replace(/-/g, " ");
    return summarySentences(explanation, { language: this.language, detail: this.detail, methodName });
  }

  protected override picture(explanation: SummaryExplanation): TemplateResult {
    const tokens = placedTokens(explanation);
    const gap = this.wordLanguage === "zh" ? "" : " ";
    return html`<p class="said" part="text" lang=${this.wordLanguage} @pointerleave=${() => this.#point(null, explanation)}>${this.#sentences(explanation).map((sentence, index) => [index ? gap : "", sentence.map((part) => this.#part(part, tokens, explanation))])}</p>`;
  }

  /** Words of the text can be pointed at and chosen, as everywhere. */
  #part(part: Part, tokens: readonly PlacedToken[], explanation: SummaryExplanation): unknown {
    if (typeof part === "string") return part;
    const own = part.units.flatMap((unit) => (explanation.units[unit]?.tokens ?? []).flatMap((token) => tokens[token] ?? []));
    const first = own[0] ?? null;
    return html`<button
      aria-pressed=${own.some((token) => isSelected(this.scope, token, explanation.input.text))}
      ?data-marked=${own.some((token) => isHovered(this.scope, token, explanation.input.text))}
      @pointerenter=${() => this.#point(first, explanation)}
      @focus=${() => this.#point(first, explanation)}
      @blur=${() => this.#point(null, explanation)}
      @click=${() => chooseTokens(this, this.scope, own, explanation.input.text)}
    ><bdi>${part.text}</bdi></button>`;
  }

  #point(token: PlacedToken | null, { input }: SummaryExplanation): void {
    pointAt(this, this.scope, token, input.text);
  }

  protected override table({ units, leftOut, target, measure, value, label }: SummaryExplanation): DataTable {
    const words = this.#words;
    const size = (number: number) => (measure === "score" ? decimal(this.language, number) : percent(this.language, number));
    return {
      head: [words.leftOut, words.weight, words.target(target.label), words.predicted],
      rows: [
        [words.nothing, "", size(value), label],
        ...leftOut.map((out) => [
          out.units.map((unit) => units[unit]?.text ?? "").join(" + "), decimal(this.language, out.units.reduce((sum, unit) => sum + (units[unit]?.score ?? 0), 0)), size(out.value), `${out.label} ${size(out.labelValue)}`,
        ]),
      ],
    };
  }

  protected override scene(explanation: SummaryExplanation): Scene {
    const { ink } = this.colors;
    const [width, row, size] = [640, 24, 15];
    const lines = linesOf(summaryText(this.#sentences(explanation), this.language), 84);
    const at = this.rtl ? { x: width, anchor: "right" as const } : { x: 0, anchor: "left" as const };
    return { width, height: lines.length * row, font: getComputedStyle(this).fontFamily, shapes: lines.map((text, index) => ({ kind: "text", ...at, y: row * (index + 0.5), text, fill: ink, size })) };
  }
}
