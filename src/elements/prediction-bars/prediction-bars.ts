import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attribution, prediction, type KindChecks } from "../../explanation/kinds.js";
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
  readonly probability: number;
  readonly logit: number;
}

/**
 * What the model predicts: its classes, each with probability and logit, the likeliest in bold. Also draws the prediction inside of a
 * stored attribution.
 *
 * @summary A model's prediction as bars.
 * @tag prediction-bars
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
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

  protected override heading(): unknown {
    return predictionWordsFor(this.language).title;
  }

  protected override name(): string {
    return predictionWordsFor(this.language).title;
  }

  protected override picture(explanation: PredictionExplanation | AttributionExplanation): TemplateResult {
    const classes = this.#classes(explanation);
    const most = Math.max(...classes.map(({ probability }) => probability));
    return html`<ul class="bars" ${cssVars({ "--fill": cssColor(this.#fill()) })}>
      ${classes.map(
        ({ name, probability, logit }) => html`<li ?data-first=${probability === most}>
          <bdi class="label">${label(name, 40)}</bdi>
          <span class="track"><span class="bar" part="bar" ${cssVars({ "--size": `${(100 * probability).toFixed(2)}%` })}></span></span>
          <span class="numbers"><span>${percent(this.language, probability)}</span><span class="logit">${signedDecimal(this.language, logit)}</span></span>
        </li>`,
      )}
    </ul>`;
  }

  protected override table(explanation: PredictionExplanation | AttributionExplanation): DataTable {
    const words = predictionWordsFor(this.language);
    const rows = this.#classes(explanation).map(({ name, probability, logit }) => [name, percent(this.language, probability), signedDecimal(this.language, logit)]);
    return { head: [words.label, words.probability, words.logit], rows };
  }

  protected override scene(explanation: PredictionExplanation | AttributionExplanation): Scene {
    const classes = this.#classes(explanation);
    const { ink } = this.colors;
    const [row, gutter, track, width] = [24, 140, 300, 560];
    const shapes = classes.flatMap(({ name, probability, logit }, index): Shape[] => {
      const y = index * row + row / 2;
      const mirrored = (x: number, wide = 0) => (this.rtl ? width - x - wide : x);
      const end = this.rtl ? "left" : "right";
      return [
        { kind: "text", x: mirrored(gutter), y, text: label(name, 20), fill: ink, size: 14, anchor: end },
        { kind: "rect", x: mirrored(gutter + 10, track), y: y - 7, width: track, height: 14, fill: [...ink, 0.08] },
        { kind: "rect", x: mirrored(gutter + 10, track * probability), y: y - 7, width: track * probability, height: 14, fill: this.#fill() },
        { kind: "text", x: mirrored(gutter + track + 60), y, text: percent(this.language, probability), fill: ink, size: 12, anchor: end },
        { kind: "text", x: mirrored(gutter + track + 115), y, text: signedDecimal(this.language, logit), fill: ink, size: 12, anchor: end },
      ];
    });
    return { width, height: classes.length * row, font: getComputedStyle(this).fontFamily, shapes };
  }

  #fill(): Rgb {
    return over(signed(0.6, this.colors.dark), this.colors.paper);
  }

  #classes(explanation: PredictionExplanation | AttributionExplanation): Class[] {
    const { labels, logits, probabilities } = explanation.kind === "prediction" ? explanation : explanation.prediction;
    const all = labels.map((name, index) => ({ name, index, probability: probabilities[index]!, logit: logits[index]! }));
    const kept = [...all].sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, this.top ?? AT_MOST);
    return this.order === "model" && all.length <= AT_MOST ? kept.sort((a, b) => a.index - b.index) : kept;
  }
}
