import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import type { AttributionExplanation, Explanation } from "../../explanation/types.js";
import { attributionRequest } from "../../state/requests.js";
import { isHovered, isSelected } from "../../state/pointing.js";
import { badAttribute, json, wholeNumber } from "../shared/attributes.js";
import { AttributionElement } from "../shared/attribution-element.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal, signedDecimal } from "../shared/numbers.js";
import { rove } from "../shared/roving.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { largestScore, scoredUnits, type ScoredUnit } from "../shared/units.js";
import { cssFill, fillOf, share } from "./bar-fill.js";
import type { Layout, LayoutName, LayoutView } from "./layouts.js";
import type { LayoutWords } from "./layout-words.js";
import { saliencyBarsStyles } from "./saliency-bars.styles.js";

/** Without `top`, so many are shown before a reader asks for all. */
const AT_FIRST = 30;

/**
 * How much each token or word speaks for a target, or against it: bars to the one side or the other, with the number at the end.
 *
 * @summary Attribution as bars.
 * @tag saliency-bars
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {string} method - a method of the library; "integrated-gradients" when not given
 * @attr {string} target - "argmax" (when not given), a label, its number, or "label - label"
 * @attr {string} preset - a known tool's settings of the method
 * @attr {boolean} check-chance - also compares the ranking of the words with random ones, and says in the line below which is better
 * @attr {number} repeats - of a method that samples: so many seeds are run, and the line below says how far their rankings agree
 * @attr {number} samples - how much a method that samples may evaluate; the method's or the preset's own number when not given. Raised, it goes on from what it has; other methods refuse it
 * @attr {number} seed - of a method that samples; 0 when not given
 * @attr {object} features - a row of a table as JSON, `{"age": 41, …}`, for a model that is a tree ensemble; null is a missing value
 * @attr {object[]} background - rows as JSON that absent features are taken from (interventional Tree SHAP); path-dependent without them
 * @attr {"token" | "word"} unit - what a bar stands for; a word's weight is the sum of its tokens'
 * @attr {number} top - show only so many, the heaviest
 * @attr {"text" | "score"} order - as read, or by weight
 * @attr {"bars" | "waterfall" | "force" | "beeswarm"} layout - bars from zero; steps from the baseline's score to the text's; the same as one band; dots along one axis
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart bar - a bar
 * @csspart error-bar - the standard error of a bar, one to each side, of methods that sample
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty --lexi-positive - colour of what speaks for the target
 * @cssproperty --lexi-negative - colour of what speaks against it
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number, partial?: AttributionExplanation}>} lexi-progress - bytes or steps done; of a method that samples also what is known so far
 * @fires {CustomEvent<{explanation: AttributionExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose tokens or took them back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a token
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class SaliencyBars extends AttributionElement {
  static override styles = [...AttributionElement.styles, saliencyBarsStyles];
  static override properties: PropertyDeclarations = {
    unit: { reflect: true },
    top: { reflect: true, converter: wholeNumber },
    order: { reflect: true },
    layout: { reflect: true },
    features: { reflect: true, converter: json },
    background: { reflect: true, converter: json },
  };
  protected static override allowed = { unit: ["token", "word"], order: ["text", "score"], layout: ["bars", "waterfall", "force", "beeswarm"] };

  unit: "token" | "word" = "token";
  top: number | null = null;
  order: "text" | "score" = "text";
  layout: "bars" | LayoutName = "bars";
  /** a row of a table, for tree ensembles; null is a missing value */
  features: Features | null = null;
  /** rows that absent features are taken from */
  background: readonly Features[] | null = null;

  /** the other layouts, when one of them has been asked for */
  #layouts: { readonly layouts: Readonly<Record<LayoutName, Layout>>; readonly words: (language: string) => LayoutWords } | null = null;

  #all = false;
  #focused = 0;

  protected override check(): void {
    super.check();
    if (this.top !== null && !(Number.isInteger(this.top) && this.top > 0)) throw badAttribute("top", this.top, "a whole number from 1");
    if (this.features !== null && !isRow(this.features)) throw badAttribute("features", said(this.features), '{"name": value, …} as JSON, values being numbers, or null where one is missing');
    if (this.background !== null && !(Array.isArray(this.background) && this.background.length > 0 && this.background.every(isRow))) throw badAttribute("background", said(this.background), '[{"name": value, …}, …] as JSON');
  }

  protected override get needsText(): boolean {
    return this.features === null;
  }

  protected override request(input: TextInput): ExplainRequest {
    if (this.features === null) return super.request(input);
    const request = attributionRequest({ ...input, features: this.features }, this.method ?? "tree-shap", this.target, this.preset, false, null, this.samples, this.seed);
    return this.background === null ? request : { ...request, background: this.background } as ExplainRequest;
  }

  protected override get asks(): readonly unknown[] {
    return [...super.asks, this.features, this.background];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || this.features === null) return general;
    const { features = {} } = explanation.input;
    const same = Object.entries(this.features).length === Object.entries(features).length && Object.entries(this.features).every(([name, value]) => features[name] === value);
    return same ? "" : "the stored explanation is of other features";
  }

  protected override units(explanation: AttributionExplanation): ScoredUnit[] {
    const units = scoredUnits(explanation, this.unit);
    const heaviest = units.map((unit, index) => ({ unit, index })).sort((a, b) => Math.abs(b.unit.score) - Math.abs(a.unit.score) || a.index - b.index);
    const kept = heaviest.slice(0, this.top ?? (this.#all ? units.length : AT_FIRST));
    if (this.order === "text") kept.sort((a, b) => a.index - b.index);
    return kept.map(({ unit }) => unit);
  }

  protected override picture(explanation: AttributionExplanation): TemplateResult {
    if (this.layout !== "bars") return this.#laidOut(this.layout, explanation);
    const units = this.units(explanation);
    const words = this.attributionWords;
    const all = scoredUnits(explanation, this.unit).length;
    const scale = scaleOf(units);
    const choose = (index: number) => units[index] && this.toggle(units[index].tokens, explanation);
    this.#focused = Math.min(this.#focused, units.length - 1);
    return html`<ol
        class="bars"
        role="listbox"
        aria-multiselectable="true"
        aria-label=${this.name(explanation)}
        ${cssVars({ "--zero": share(scale.zero), "--before": scale.low < 0 ? "4.2em" : "0px" })}
        @keydown=${(event: KeyboardEvent) => rove(event, this.rtl, choose)}
        @pointerleave=${() => this.hover(null, explanation)}
        @focusout=${(event: FocusEvent) => (event.currentTarget as Element).contains(event.relatedTarget as Node | null) || this.hover(null, explanation)}
      >
        ${units.map((unit, index) => this.#row(unit, index, scale, explanation, choose))}
      </ol>
      ${units.length < all
        ? html`<div class="more" lang=${words.lang}>
            ${words.shown(decimal(this.language, units.length), decimal(this.language, all))}
            ${this.top === null ? html`<button class="quiet" @click=${() => ((this.#all = true), this.requestUpdate())}>${words.showAll}</button>` : nothing}
          </div>`
        : nothing}`;
  }

  #laidOut(layout: LayoutName, explanation: AttributionExplanation): TemplateResult {
    if (!this.#layouts) void this.#loadLayouts();
    const choose = (index: number) => this.units(explanation)[index] && this.toggle(this.units(explanation)[index]!.tokens, explanation);
    return html`<div
      role="listbox"
      aria-multiselectable="true"
      aria-label=${this.name(explanation)}
      @keydown=${(event: KeyboardEvent) => rove(event, this.rtl, (at) => choose(this.#optionAt(event, at)))}
      @pointerleave=${() => this.hover(null, explanation)}
      @focusout=${(event: FocusEvent) => (event.currentTarget as Element).contains(event.relatedTarget as Node | null) || this.hover(null, explanation)}
    >${this.#layouts ? this.#layouts.layouts[layout].picture(this.#view(explanation)) : nothing}</div>`;
  }

  /** Options may stand in another order than the units. */
  #optionAt(event: KeyboardEvent, at: number): number {
    const said = (event.currentTarget as Element).querySelectorAll("[role=option]")[at]?.getAttribute("data-unit");
    return Number(said ?? at);
  }

  async #loadLayouts(): Promise<void> {
    const [{ layouts }, { layoutWordsFor }, { layoutStyles }] = await Promise.all([import("./layouts.js"), import("./layout-words.js"), import("./layouts.styles.js")]);
    if (this.#layouts) return;
    this.adopt(layoutStyles);
    this.#layouts = { layouts, words: layoutWordsFor };
    this.requestUpdate();
  }

  #view(explanation: AttributionExplanation): LayoutView {
    const units = this.units(explanation);
    const all = scoredUnits(explanation, this.unit);
    const sum = (list: readonly ScoredUnit[]) => list.reduce((total, { score }) => total + score, 0);
    const { value = sum(all), baselineValue } = explanation;
    return {
      units, rest: { score: sum(all) - sum(units), count: all.length - units.length },
      value, baseline: baselineValue ?? value - sum(all), ownBaseline: baselineValue !== undefined,
      words: this.#layouts!.words(this.language), language: this.language, colors: this.colors, rtl: this.rtl, font: getComputedStyle(this).fontFamily, focused: this.#focused,
      marked: (unit) => unit.tokens.some((token) => isHovered(this.scope, token, explanation.input.text)),
      selected: (unit) => unit.tokens.some((token) => isSelected(this.scope, token, explanation.input.text)),
      point: (index) => {
        this.#focused = index;
        this.hover(units[index]!.tokens[0]!, explanation);
        this.requestUpdate();
      },
      choose: (index) => void this.toggle(units[index]!.tokens, explanation),
    };
  }

  #row(unit: ScoredUnit, index: number, scale: Scale, explanation: AttributionExplanation, choose: (index: number) => unknown): TemplateResult {
    const { score, error = 0 } = unit;
    const value = signedDecimal(this.language, score, scale.high);
    const from = scale.at(Math.min(0, score));
    const to = scale.at(Math.max(0, score));
    const marked = unit.tokens.some((token) => isHovered(this.scope, token, explanation.input.text));
    const selected = unit.tokens.some((token) => isSelected(this.scope, token, explanation.input.text));
    const first = unit.tokens[0]!;
    const [low, high] = [scale.at(score - error), scale.at(score + error)];
    return html`<li
      role="option"
      aria-selected=${selected}
      aria-label=${`${label(unit.label)} ${value}${error ? ` ± ${decimal(this.language, error, 2)}` : ""}`}
      ?data-marked=${marked}
      tabindex=${index === this.#focused ? 0 : -1}
      @pointerenter=${() => this.hover(first, explanation)}
      @focus=${() => ((this.#focused = index), this.hover(first, explanation), this.requestUpdate())}
      @click=${() => choose(index)}
    >
      <bdi class="unit" ?data-special=${unit.special}>${label(unit.label)}</bdi>
      <span class="plot">
        <span class="bar" part="bar" ${cssVars({ "--from": share(from), "--size": share(to - from), background: cssFill(score, this.colors) })}></span>
        ${error ? html`<span class="error-bar" part="error-bar" ${cssVars({ "--from": share(low), "--size": share(high - low) })}></span>` : nothing}
        <span class="zero"></span>
        <span class="value" ?data-negative=${score < 0} ${cssVars({ "--at": share(score < 0 ? 1 - low : high) })}>${value}</span>
      </span>
    </li>`;
  }

  protected override scene(explanation: AttributionExplanation): Scene {
    if (this.layout !== "bars" && this.#layouts) return this.#layouts.layouts[this.layout].scene(this.#view(explanation));
    const units = this.units(explanation);
    const scale = scaleOf(units);
    const { ink } = this.colors;
    const [size, row, gutter, plot, value] = [13, 20, 130, 360, 60];
    const left = gutter + 8 + (scale.low < 0 ? value : 0);
    const mirrored = (x: number) => (this.rtl ? width - x : x);
    const width = left + plot + value;
    const rect = (x: number, y: number, w: number, h: number, fill: Rgb | Rgba): Shape => ({ kind: "rect", x: this.rtl ? width - x - w : x, y, width: w, height: h, fill });
    const side = (anchor: "left" | "right") => (this.rtl ? (anchor === "left" ? "right" : "left") : anchor);
    const shapes = units.flatMap((unit, index): Shape[] => {
      const y = index * row + row / 2;
      const from = left + scale.at(Math.min(0, unit.score)) * plot;
      const to = left + scale.at(Math.max(0, unit.score)) * plot;
      const fill = fillOf(unit.score, this.colors);
      const [low, high] = [-1, 1].map((side) => left + scale.at(unit.score + side * (unit.error ?? 0)) * plot) as [number, number];
      const end = unit.score < 0 ? low - 5 : high + 5;
      return [
        { kind: "text", x: mirrored(gutter), y, text: label(unit.label, 18), fill: ink, size, anchor: side("right") },
        rect(from, y - 6, Math.max(1, to - from), 12, fill),
        ...(unit.error ? [rect(low, y - 0.5, high - low, 1, ink), rect(low, y - 3, 1, 6, ink), rect(high - 1, y - 3, 1, 6, ink)] : []),
        { kind: "text", x: mirrored(end), y, text: signedDecimal(this.language, unit.score, scale.high), fill: ink, size: 11, anchor: side(unit.score < 0 ? "right" : "left") },
      ];
    });
    shapes.push(rect(left + scale.zero * plot, 0, 1, units.length * row, [...ink, 0.45]));
    return { width, height: units.length * row, font: getComputedStyle(this).fontFamily, shapes };
  }
}

type Features = NonNullable<TextInput["features"]>;

const isRow = (value: unknown): value is Features =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((each) => each === null || typeof each === "boolean" || typeof each === "string" || (typeof each === "number" && Number.isFinite(each)));

const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 80);

interface Scale {
  readonly high: number;
  readonly low: number;
  /** where 0 lies, 0–1 */
  readonly zero: number;
  /** where a score lies, 0–1 */
  readonly at: (score: number) => number;
}

/** Symmetrical when any score is below zero, so that both sides can be compared; from zero otherwise. Error bars fit, but for what they reach beyond zero. */
function scaleOf(units: readonly ScoredUnit[]): Scale {
  const high = largestScore(units.map(({ score, error = 0 }) => ({ score: Math.abs(score) + error })));
  const low = units.some(({ score }) => score < 0) ? -high : 0;
  const at = (score: number) => Math.max(0, Math.min(1, (score - low) / (high - low)));
  return { high, low, zero: at(0), at };
}

