import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { bias, BIAS_MEASURES } from "../../explanation/bias.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { BiasComparison, BiasExplanation, BiasFilling, BiasMeasure, Explanation } from "../../explanation/types.js";
import { biasRequest } from "../../state/requests.js";
import { setShared } from "../../state/set-shared.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal, percent, signedDecimal } from "../shared/numbers.js";
import { points, signedPoints } from "../shared/points.js";
import { quietSelect } from "../shared/quiet-select.js";
import { rove } from "../shared/roving.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { biasProbeStyles } from "./bias-probe.styles.js";
import { biasWordsFor, type BiasWords } from "./bias-words.js";

/** Room beside the outermost dots. */
const MARGIN = 0.06;

/**
 * One sentence in many versions that differ by group: what the model says of each, as dots, with each group's mean and its interval; how the groups
 * differ from the first, with interval, effect size and an exact permutation test; and, in plain words, where such a sample cannot support a conclusion.
 * `template="{The man|The woman} is a {doctor|nurse}."` makes every combination: one slot is the groups, the others are the contexts in which they are
 * compared. `{who=he|she} … {who=his|her}` fills slots together; `\{` is a brace. `pairs` gives the versions as they are written.
 *
 * @summary Differences between groups over a template or pairs.
 * @tag bias-probe
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} template - a text with slots
 * @attr {string} compare - the slot whose fillings are the groups: its number from 1, or its name; the first when not given
 * @attr {string} pairs - `[["He is late.", "She is late."], …]` or `{"groups": ["he", "she"], "pairs": […]}` as JSON, or the address of such a file; a child `<script type="application/pairs+json">` does as well
 * @attr {string} text-pair - a second text, the same for all
 * @attr {string} target - the label that is asked about; when not given, the one that all versions together speak for
 * @attr {string} method - of the attributions; "gradient-x-input" when not given, "none" for none
 * @attr {"prediction" | "own" | "rest"} measure - what is drawn: the prediction (default), the weight of the words that differ, of all others
 * @attr {number} max-fillings - texts at most; 256 when not given
 * @attr {number} seed - of the bootstrap
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart dot - a version of the text
 * @csspart comparison - how two groups differ, in words
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty --lexi-bar - colour of the dots
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: BiasExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{text: string, textPair: string | null}>} lexi-text - a person chose a version; the scope around shows it
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class BiasProbe extends ExplanationElement<BiasExplanation> {
  static override styles = [...ExplanationElement.styles, biasProbeStyles];
  static override properties: PropertyDeclarations = {
    template: { reflect: true },
    compare: { reflect: true },
    pairs: { reflect: true },
    target: { reflect: true },
    method: { reflect: true },
    measure: { reflect: true },
    maxFillings: { reflect: true, attribute: "max-fillings", converter: wholeNumber },
    seed: { reflect: true, converter: wholeNumber },
  };
  protected static override kinds: KindChecks = { bias };
  protected static override allowed = { measure: BIAS_MEASURES };

  template: string | null = null;
  compare: string | null = null;
  pairs: string | null = null;
  target: string | null = null;
  method: string | null = null;
  measure: BiasMeasure = "prediction";
  maxFillings: number | null = null;
  seed: number | null = null;

  #focused = 0;
  #pointed: number | null = null;

  protected override check(): void {
    super.check();
    if (this.maxFillings !== null && !(Number.isInteger(this.maxFillings) && this.maxFillings > 1)) throw badAttribute("max-fillings", this.maxFillings, "a whole number from 2");
    if (this.seed !== null && !Number.isInteger(this.seed)) throw badAttribute("seed", this.seed, "a whole number from 0");
    if (this.template !== null && this.pairs !== null) throw badAttribute("pairs", this.pairs, "either template or pairs");
  }

  protected override get needsText(): boolean {
    return false;
  }

  get #pairs(): string | null {
    return this.pairs ?? (this.template === null ? (this.querySelector(":scope > script[type='application/pairs+json']")?.textContent?.trim() ?? null) : null);
  }

  protected override request(_input: TextInput): ExplainRequest {
    const { template, target, method, maxFillings, seed } = this;
    return biasRequest(this.textPair, { template, pairs: this.#pairs, slot: this.compare, target, method, maxFillings, seed }, this.baseURI);
  }

  protected override get asks(): readonly unknown[] {
    return [this.template, this.#pairs, this.compare, this.target, this.method, this.maxFillings, this.seed];
  }

  protected override misfit(explanation: Explanation): string {
    const { text } = this.scope;
    const general = super.misfit(explanation.kind === "bias" ? { ...explanation, input: { ...explanation.input, text: this.text ?? text ?? "" } } : explanation); // it is of no single text
    if (general || explanation.kind !== "bias") return general;
    const stored = "is not stored here; give a model to compute it";
    if (this.template !== null && this.template !== explanation.template) return `template="${label(this.template)}" ${stored}`;
    if (this.target !== null && this.target !== explanation.target.label) return `target="${this.target}" ${stored} (${explanation.target.label} is)`;
    if (this.method !== null && this.method !== (explanation.method?.name ?? "none") && explanation.withoutMethod === undefined) return `method="${this.method}" ${stored}`;
    return "";
  }

  get #words(): BiasWords {
    return biasWordsFor(this.language);
  }

  /** The measure that is drawn: where there are no attributions, the prediction. */
  #shown({ summaries }: BiasExplanation): BiasMeasure {
    return summaries.some(({ measure }) => measure === this.measure) ? this.measure : "prediction";
  }

  protected override heading(explanation: BiasExplanation): unknown {
    const words = this.#words;
    const there = BIAS_MEASURES.filter((measure) => explanation.summaries.some((summary) => summary.measure === measure));
    return words.title(quietSelect(words.measure, this.#shown(explanation), there.map((measure) => [measure, words.measures[measure]] as const), (chosen) => (this.measure = chosen as BiasMeasure)), this.#target(explanation));
  }

  protected override name(explanation: BiasExplanation): string {
    return this.#words.title(this.#words.measures[this.#shown(explanation)], this.#target(explanation)).join("");
  }

  #target({ target: { label: name, contrast } }: BiasExplanation): string {
    return label(contrast ? `${name} − ${contrast.label}` : name, 40);
  }

  protected override picture(explanation: BiasExplanation): TemplateResult {
    const words = this.#words;
    const measure = this.#shown(explanation);
    const { groups, fillings, summaries, comparisons, withoutMethod } = explanation;
    const axis = this.#axis(explanation, measure);
    const fill = cssColor(over(signed(0.6, this.colors.dark), this.colors.paper));
    const place = (value: number) => `${(100 * axis.at(value)).toFixed(2)}%`;
    this.#focused = Math.min(this.#focused, fillings.length - 1);
    const order = groups.flatMap((_, group) => fillings.flatMap((filling, index) => (filling.group === group ? [index] : [])));
    const contexts = Math.max(1, explanation.contexts.length - 1);
    const dot = (index: number) => {
      const filling = fillings[index]!;
      return html`<span class="dot" part="dot" role="option" tabindex=${index === order[this.#focused] ? 0 : -1} aria-selected=${this.scope.text === filling.text} aria-label=${`${label(filling.text, 80)}: ${this.#said(explanation, measure, filling[measure]!)}`}
        ${cssVars({ "--at": place(filling[measure]!), "--high": `${25 + (50 * filling.context) / contexts}%`, "--fill": fill })}
        @pointerenter=${() => this.#point(index)} @pointerleave=${() => this.#point(null)} @blur=${() => this.#point(null)}
        @focus=${() => ((this.#focused = order.indexOf(index)), this.#point(index))} @click=${() => this.#choose(explanation, index)}></span>`;
    };
    const pointed = this.#pointed === null ? null : fillings[this.#pointed];
    return html`<div class="groups" role="listbox" aria-label=${words.fillings} @keydown=${(event: KeyboardEvent) => rove(event, this.rtl, (at) => this.#choose(explanation, order[at]!))}>
        ${groups.map((group, index) => {
          const { mean, low, high } = summaries.find((summary) => summary.group === index && summary.measure === measure)!;
          return html`<div class="group" role="group" aria-label=${label(group, 40)}>
            <bdi>${label(group, 24)}</bdi>
            <div class="plot">
              ${axis.low < 0 && axis.high > 0 ? html`<span class="zero" ${cssVars({ "--at": place(0) })}></span>` : nothing}
              ${low === null || high === null ? nothing : html`<span class="interval" ${cssVars({ "--at": place(low), "--size": `${(100 * (axis.at(high) - axis.at(low))).toFixed(2)}%` })}></span>`}
              <span class="center" ${cssVars({ "--at": place(mean) })}></span>
              ${order.filter((at) => fillings[at]!.group === index).map(dot)}
            </div>
            <span class="mean" role="presentation" lang=${words.lang}>${words.mean(this.#said(explanation, measure, mean), this.#range(explanation, measure, low, high, false))}</span>
          </div>`;
        })}
        <div class="ends" aria-hidden="true">${this.#ends(explanation, measure, axis).map((end) => html`<span>${end}</span>`)}</div>
      </div>
      <div class="readout">${pointed ? `${pointed.text} · ${this.#said(explanation, measure, pointed[measure]!)}` : nothing}</div>
      <ul class="compared" lang=${words.lang}>
        ${comparisons.filter((comparison) => comparison.measure === measure).map((comparison) => this.#compared(explanation, comparison))}
        <li>${words.sample(decimal(this.language, fillings.length))} ${withoutMethod ? words.without(withoutMethod) : nothing}</li>
      </ul>`;
  }

  #compared(explanation: BiasExplanation, comparison: BiasComparison): TemplateResult {
    const words = this.#words;
    const { group, measure, n, difference, low, high, cohenD, cliffDelta, adjusted, exact, cautions } = comparison;
    const number = (value: number) => decimal(this.language, value);
    const [verdict, why] = cautions.length === 0 ? [words.holds, ""] : words.unsupported(cautions.map((caution) => words.cautions[caution]).join(words.between));
    return html`<li part="comparison">
      ${words.compared(label(explanation.groups[group]!), label(explanation.groups[0]!), this.#moved(explanation, measure, difference), this.#range(explanation, measure, low, high, true))}<strong>${verdict}</strong>${why}
      <small>${words.numbers(number(n), cohenD === null ? "–" : signedDecimal(this.language, cohenD), signedDecimal(this.language, cliffDelta), number(adjusted), exact, number(explanation.comparisons.length))}</small>
    </li>`;
  }

  /** From the least to the greatest that is drawn, with a little room, of probabilities not beyond 0 and 1; `at`: 0 to 1, also for an interval that goes beyond. */
  #axis({ fillings, summaries, measure: kind }: BiasExplanation, measure: BiasMeasure): { readonly low: number; readonly high: number; readonly at: (value: number) => number } {
    const values = [...fillings.map((filling) => filling[measure]!), ...summaries.filter((summary) => summary.measure === measure).flatMap(({ low, high }) => [low, high].filter((end) => end !== null))];
    const [floor, ceiling] = measure === "prediction" && kind === "probability" ? [0, 1] : [-Infinity, Infinity];
    const inside = (value: number, from = floor, to = ceiling) => Math.min(to, Math.max(from, value));
    const [least, most] = [inside(Math.min(...values)), inside(Math.max(...values))];
    const room = MARGIN * (most - least) || 0.01;
    const [low, high] = [inside(least - room), inside(most + room)];
    return { low, high, at: (value) => (inside(value, low, high) - low) / (high - low) };
  }

  #said({ measure: kind }: BiasExplanation, measure: BiasMeasure, value: number): string {
    return measure === "prediction" && kind === "probability" ? percent(this.language, Math.min(1, Math.max(0, value))) : signedDecimal(this.language, value);
  }

  /** The axis' ends, with more digits where three do not tell them apart. */
  #ends(explanation: BiasExplanation, measure: BiasMeasure, { low, high }: { readonly low: number; readonly high: number }): readonly [string, string] {
    const [first, last] = [low, high].map((end) => this.#said(explanation, measure, end)) as [string, string];
    if (first !== last) return [first, last];
    const scale = first.includes("%") ? 100 : 1;
    const exact = (end: number) => `${decimal(this.language, end * scale, 7)}${scale === 1 ? "" : "%"}`;
    return [exact(low), exact(high)];
  }

  /** A difference, with its sign. */
  #moved({ measure: kind }: BiasExplanation, measure: BiasMeasure, difference: number): string {
    if (measure !== "prediction" || kind === "score") return signedDecimal(this.language, difference);
    return points(this.language, difference);
  }

  #range(explanation: BiasExplanation, measure: BiasMeasure, low: number | null, high: number | null, moved: boolean): string {
    if (low === null || high === null) return "";
    const said = (value: number) => (moved ? this.#moved(explanation, measure, value) : this.#said(explanation, measure, value));
    const first = moved && measure === "prediction" && explanation.measure === "probability" ? signedPoints(this.language, low) : said(low); // the unit stands once
    return this.#words.range(first, said(high));
  }

  #point(index: number | null): void {
    this.#pointed = index;
    this.requestUpdate();
  }

  #choose({ fillings, input }: BiasExplanation, index: number): void {
    const { text } = fillings[index] as BiasFilling;
    const chosen = { text, textPair: input.textPair ?? null };
    setShared(this.scope, chosen);
    emit(this, "lexi-text", chosen);
  }

  protected override table(explanation: BiasExplanation): DataTable {
    const words = this.#words;
    const there = BIAS_MEASURES.filter((measure) => explanation.summaries.some((summary) => summary.measure === measure));
    return {
      head: [...words.columns, ...there.map((measure) => words.measures[measure])],
      rows: explanation.fillings.map((filling) => [label(explanation.groups[filling.group]!, 40), label(filling.text, 200), label(filling.label, 40), ...there.map((measure) => this.#said(explanation, measure, filling[measure]!))]),
    };
  }

  protected override scene(explanation: BiasExplanation): Scene {
    const measure = this.#shown(explanation);
    const axis = this.#axis(explanation, measure);
    const { ink } = this.colors;
    const [row, left, width] = [40, 150, 640];
    const across = (value: number) => left + axis.at(value) * (width - left - 20);
    const shapes = explanation.groups.flatMap((group, index): Shape[] => {
      const { mean, low, high } = explanation.summaries.find((summary) => summary.group === index && summary.measure === measure)!;
      const y = index * row + row / 2;
      return [
        { kind: "text", x: left - 10, y, text: label(group, 20), fill: ink, size: 14, anchor: "right" },
        ...(low === null || high === null ? [] : [{ kind: "rect", x: across(low), y: y - 2, width: across(high) - across(low), height: 4, fill: [...ink, 0.55] } as const]),
        { kind: "rect", x: across(mean) - 1.5, y: y - 12, width: 3, height: 24, fill: ink },
        ...explanation.fillings.filter((filling) => filling.group === index).map((filling): Shape => ({ kind: "rect", x: across(filling[measure]!) - 3, y: y - 10 + (20 * filling.context) / Math.max(1, explanation.contexts.length - 1) - 3, width: 6, height: 6, fill: [...over(signed(0.6, this.colors.dark), this.colors.paper), 0.8] })),
      ];
    });
    const bottom = explanation.groups.length * row + 10;
    const [first, last] = this.#ends(explanation, measure, axis);
    shapes.push({ kind: "text", x: left, y: bottom, text: first, fill: ink, size: 12, anchor: "left" }, { kind: "text", x: width - 20, y: bottom, text: last, fill: ink, size: 12, anchor: "right" });
    return { width, height: bottom + 12, font: getComputedStyle(this).fontFamily, shapes };
  }
}
