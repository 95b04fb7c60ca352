import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attribution } from "../../explanation/attribution.js";
import { prediction, type KindChecks } from "../../explanation/kinds.js";
import type { AttributionExplanation, PredictionExplanation } from "../../explanation/types.js";
import { predictionRequest } from "../../state/requests.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { percent, signedDecimal } from "../shared/numbers.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { predictionBarsStyles } from "./prediction-bars.styles.js";
import { predictionWordsFor } from "./prediction-words.js";

/** Without `top`, so many classes; a language model has as many as words. */
const AT_MOST = 10;

interface Class {
  readonly name: string;
  /** null where the score is no logit: a cosine, a regression */
  readonly probability: number | null;
  readonly logit: number;
}

/** A model without a head, whose one score is the cosine of two texts. */
const isCosine = (labels: readonly string[]): boolean => labels.length === 1 && labels[0] === "cosine";

/** Length of a bar, 0 to 1: a probability, or the size of a score. */
const size = ({ probability, logit }: Class): number => probability ?? Math.min(1, Math.abs(logit));

/**
 * What the model predicts: a classifier's classes, the likeliest tokens at the end of a text, at its first masked place or after what a decoder has
 * written, each with probability and logit, the likeliest in bold; of a model without a head, the cosine of `text` and `text-pair`. Also draws
 * the prediction inside of a stored attribution.
 *
 * @summary A model's prediction as bars.
 * @tag prediction-bars
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two; for an encoder–decoder, what it has written so far
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {number} top - show only so many classes, the likeliest; 10 when not given
 * @attr {"model" | "score"} order - in the model's order (default), or the likeliest first
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart bar - a bar
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty --lexi-bar - colour of the bars
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: PredictionExplanation | AttributionExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class PredictionBars extends ExplanationElement<PredictionExplanation | AttributionExplanation> {
  static override styles = [...ExplanationElement.styles, predictionBarsStyles];
  static override properties: PropertyDeclarations = { top: { reflect: true, converter: wholeNumber }, order: { reflect: true } };
  protected static override kinds: KindChecks = { prediction, attribution };
  protected static override allowed = { order: ["model", "score"] };

  top: number | null = null;
  order: "model" | "score" = "model";

  protected override check(): void {
    super.check();
    if (this.top !== null && !(Number.isInteger(this.top) && this.top > 0)) throw badAttribute("top", this.top, "a whole number from 1");
  }

  protected override request(input: TextInput): ExplainRequest {
    return predictionRequest(input);
  }

  protected override get asks(): readonly unknown[] {
    return [];
  }

  protected override heading(explanation: PredictionExplanation | AttributionExplanation): unknown {
    return this.name(explanation);
  }

  protected override name(explanation: PredictionExplanation | AttributionExplanation): string {
    const words = predictionWordsFor(this.language);
    const { labels } = explanation.model;
    return labels.length === 0 ? words.tokens : isCosine(labels) ? words.alike : words.title;
  }

  protected override picture(explanation: PredictionExplanation | AttributionExplanation): TemplateResult {
    const classes = this.#classes(explanation);
    const most = Math.max(...classes.map(size));
    return html`<ul class="bars">
      ${classes.map(
        (each) => html`<li ?data-first=${size(each) === most}>
          <bdi class="label">${label(each.name, 40)}</bdi>
          <span class="track"><span class="bar" part="bar" ${cssVars({ "--size": `${(100 * size(each)).toFixed(2)}%`, "--fill": cssColor(this.#fill(each)) })}></span></span>
          <span class="numbers"><span>${this.#chance(each)}</span><span class="logit">${signedDecimal(this.language, each.logit)}</span></span>
        </li>`,
      )}
    </ul>`;
  }

  protected override table(explanation: PredictionExplanation | AttributionExplanation): DataTable {
    const words = predictionWordsFor(this.language);
    const classes = this.#classes(explanation);
    if (classes[0]?.probability === null) return { head: [words.label, words.score], rows: classes.map(({ name, logit }) => [name, signedDecimal(this.language, logit)]) };
    const rows = classes.map((each) => [each.name, this.#chance(each), signedDecimal(this.language, each.logit)]);
    return { head: [words.label, words.probability, words.logit], rows };
  }

  protected override scene(explanation: PredictionExplanation | AttributionExplanation): Scene {
    const classes = this.#classes(explanation);
    const { ink } = this.colors;
    const [row, gutter, track, width] = [24, 140, 300, 560];
    const shapes = classes.flatMap((each, index): Shape[] => {
      const { name, logit } = each;
      const y = index * row + row / 2;
      const mirrored = (x: number, wide = 0) => (this.rtl ? width - x - wide : x);
      const end = this.rtl ? "left" : "right";
      return [
        { kind: "text", x: mirrored(gutter), y, text: label(name, 20), fill: ink, size: 14, anchor: end },
        { kind: "rect", x: mirrored(gutter + 10, track), y: y - 7, width: track, height: 14, fill: [...ink, 0.08] },
        { kind: "rect", x: mirrored(gutter + 10, track * size(each)), y: y - 7, width: track * size(each), height: 14, fill: this.#fill(each) },
        { kind: "text", x: mirrored(gutter + track + 60), y, text: this.#chance(each), fill: ink, size: 12, anchor: end },
        { kind: "text", x: mirrored(gutter + track + 115), y, text: signedDecimal(this.language, logit), fill: ink, size: 12, anchor: end },
      ];
    });
    return { width, height: classes.length * row, font: getComputedStyle(this).fontFamily, shapes };
  }

  /** The probability in words; "" where there is none. */
  #chance({ probability }: Class): string {
    return probability === null ? "" : percent(this.language, probability);
  }

  /** A score below zero has the other colour, and its sign beside it. */
  #fill({ probability, logit }: Class): Rgb {
    return over(signed(probability === null && logit < 0 ? -0.6 : 0.6, this.colors.dark), this.colors.paper);
  }

  #classes(explanation: PredictionExplanation | AttributionExplanation): Class[] {
    const { labels, logits, probabilities } = explanation.kind === "prediction" ? explanation : explanation.prediction;
    const cosine = isCosine(explanation.model.labels) ? predictionWordsFor(this.language).cosine : null;
    const all = labels.map((name, index) => ({ name: cosine ?? name, index, probability: probabilities[index] ?? null, logit: logits[index]! }));
    const kept = [...all].sort((a, b) => b.logit - a.logit || a.index - b.index).slice(0, this.top ?? AT_MOST);
    return this.order === "model" && all.length <= AT_MOST ? kept.sort((a, b) => a.index - b.index) : kept;
  }
}
