import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { COUNTERFACTUAL_METHODS, counterfactuals } from "../../explanation/counterfactuals.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { Counterfactual, CounterfactualChange, CounterfactualsExplanation, Explanation } from "../../explanation/types.js";
import { counterfactualsRequest } from "../../state/requests.js";
import { setShared } from "../../state/set-shared.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal, percent, signedDecimal } from "../shared/numbers.js";
import { points } from "../shared/points.js";
import { rove } from "../shared/roving.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { changedRuns } from "./changed-runs.js";
import { counterfactualListStyles } from "./counterfactual-list.styles.js";
import { counterfactualWordsFor, type CounterfactualWords } from "./counterfactual-words.js";

/** So many changed texts are shown before a reader asks for all. */
const SHOWN = 8;

/** A number, or what was written, for the check to refuse. */
const anyNumber = {
  fromAttribute: (value: string | null) => (value !== null && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value),
  toAttribute: (value: number | string | null) => (value === null ? null : String(value)),
};

/**
 * Changed versions of the text with another prediction, the smallest changes first: words replaced (HotFlip: by the exact gradient, over the
 * whole vocabulary), words left out (every small set that turns the prediction and no part of which does), and words left out until it turns. Each was
 * run by the model as it stands here, within the budget of model calls. A click or Enter hands the text to the `<lexi-scope>` around, so that the
 * linked figures show it; this list stays with the text that it is of. The first entry is that text.
 *
 * @summary What would change the prediction.
 * @tag counterfactual-list
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {string} methods - "hotflip", "ablation", "minimal", with spaces between them; all when not given
 * @attr {number} budget - model calls at most; 200 when not given. A text is one call, in whatever batch, and so is the gradient
 * @attr {string} to - the label that the model shall say; any other than now when not given
 * @attr {number} threshold - of a model with one output: the score that has to be crossed; 0 when not given, of a cosine 0.5
 * @attr {number} results - texts of each method at most; when not given 5 of HotFlip, 10 of words left out
 * @attr {"lit"} preset - HotFlip as LIT does it: places by the length of the gradient of the predicted label
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart list - the texts
 * @csspart item - a text with what the model says of it
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
 * @fires {CustomEvent<{explanation: CounterfactualsExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{text: string, textPair: string | null}>} lexi-text - a person chose a text
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class CounterfactualList extends ExplanationElement<CounterfactualsExplanation> {
  static override styles = [...ExplanationElement.styles, counterfactualListStyles];
  static override properties: PropertyDeclarations = {
    methods: { reflect: true },
    budget: { reflect: true, converter: wholeNumber },
    to: { reflect: true },
    threshold: { reflect: true, converter: anyNumber },
    results: { reflect: true, converter: wholeNumber },
    preset: { reflect: true },
  };
  protected static override kinds: KindChecks = { counterfactuals };

  methods: string | null = null;
  budget: number | null = null;
  to: string | null = null;
  threshold: number | null = null;
  results: number | null = null;
  preset: string | null = null;

  #focused = 0;
  #all = false;

  protected override check(): void {
    super.check();
    for (const name of ["budget", "results"] as const) if (this[name] !== null && !(Number.isInteger(this[name]) && this[name] > 0)) throw badAttribute(name, this[name], "a whole number from 1");
    if (this.threshold !== null && typeof this.threshold !== "number") throw badAttribute("threshold", this.threshold, "a number");
    if (this.preset !== null && this.preset !== "" && this.preset !== "lit") throw badAttribute("preset", this.preset, "lit");
    const unknown = this.#methods?.find((name) => !(COUNTERFACTUAL_METHODS as readonly string[]).includes(name));
    if (unknown !== undefined) throw badAttribute("methods", this.methods, COUNTERFACTUAL_METHODS.join(", "));
  }

  get #methods(): string[] | null {
    const names = this.methods?.split(/[\s,]+/).filter(Boolean) ?? [];
    return names.length > 0 ? names : null;
  }

  protected override request(input: TextInput): ExplainRequest {
    return counterfactualsRequest(this.#subject(input), this);
  }

  /** The text that this list is of: where the scope shows one of its own texts, still the one they were made from. */
  #subject(input: TextInput): TextInput {
    const { explanation } = this;
    const isOwn = this.text === null && explanation?.results.some(({ text, textPair }) => text === input.text && textPair === input.textPair);
    return explanation && isOwn ? explanation.input : input;
  }

  protected override get asks(): readonly unknown[] {
    return [this.methods, this.budget, this.to, this.threshold, this.results, this.preset];
  }

  protected override misfit(explanation: Explanation): string {
    if (explanation.kind !== "counterfactuals") return super.misfit(explanation);
    const { text, textPair } = this.scope;
    const shown = this.text === null && explanation.results.some((result) => result.text === text && (result.textPair ?? null) === textPair);
    const general = super.misfit(shown ? { ...explanation, input: { text: text!, ...(textPair !== null && { textPair }) } } : explanation);
    if (general) return general;
    const stored = "is not stored here; give a model to compute it";
    const names = explanation.methods.map(({ name }) => name as string);
    if (this.budget !== null && this.budget !== explanation.budget) return `budget="${this.budget}" ${stored}`;
    if (this.preset !== null && this.preset !== explanation.preset) return `preset="${this.preset}" ${stored}`;
    if (this.to !== null && this.to !== explanation.target.contrast?.label) return `to="${this.to}" ${stored}`;
    const asked = this.#methods ?? names;
    return asked.length === names.length && asked.every((name) => names.includes(name)) ? "" : `methods="${this.methods}" ${stored} (${names.join(", ")} are)`;
  }

  get #words(): CounterfactualWords {
    return counterfactualWordsFor(this.language);
  }

  protected override heading(explanation: CounterfactualsExplanation): unknown {
    return this.name(explanation);
  }

  protected override name({ measure, target }: CounterfactualsExplanation): string {
    return measure === "score" ? this.#words.titleScore : this.#words.title(label(target.label, 40));
  }

  protected override picture(explanation: CounterfactualsExplanation): TemplateResult {
    const words = this.#words;
    const { input, results, target, value, methods, calls, budget, prediction } = explanation;
    const shown = results.length > SHOWN + 1 && !this.#all ? results.slice(0, SHOWN) : results;
    this.#focused = Math.min(this.#focused, shown.length);
    const name = label(target.label, 40);
    const item = (index: number, changes: readonly CounterfactualChange[], how: string, says: string, chance: string, flipped: boolean, now: number, change: string) => html`<li
      role="option"
      part="item"
      aria-selected=${this.#isShown(explanation, index)}
      tabindex=${index === this.#focused ? 0 : -1}
      @focus=${() => ((this.#focused = index), this.requestUpdate())}
      @click=${() => this.#choose(explanation, index)}
    >
      <span class="said" lang=${words.lang}>${change}</span><span class="written" dir="auto">${[input.text, ...(input.textPair === undefined ? [] : [input.textPair])].map((text, segment) => html`<span dir="auto">${this.#runs(text, changes.filter((change) => change.segment === segment))}</span>`)}<small class="how" lang=${words.lang}>${how}</small></span>
      <span class="says" ?data-flipped=${flipped}><bdi>${says}</bdi> ${chance}</span>
      <span class="value">${this.#bar(explanation, now)}<small><bdi>${name}</bdi> ${this.#said(explanation, now)}${index > 0 ? html` <span class="moved">${this.#moved(explanation, now - value)}</span>` : nothing}</small></span>
    </li>`;
    return html`<ul class="texts" part="list" role="listbox" aria-label=${words.list} @keydown=${(event: KeyboardEvent) => rove(event, this.rtl, (index) => this.#choose(explanation, index))}>
        ${item(0, [], words.original, name, this.#chance(explanation, prediction, target.label), false, value, "")}
        ${shown.map((result, index) => item(index + 1, result.changes, words.methods[result.method], this.#says(result), this.#chance(explanation, result.prediction, result.label), result.flipped, result.value, this.#change(explanation, result)))}
      </ul>
      ${results.length > SHOWN + 1 ? html`<button class="quiet more" part="button" lang=${words.lang} aria-expanded=${this.#all} @click=${() => ((this.#all = !this.#all), this.requestUpdate())}>${this.#all ? words.fewer : words.all(decimal(this.language, results.length))}</button>` : nothing}
      ${results.some(({ flipped }) => flipped) ? nothing : html`<p class="readout" lang=${words.lang}>${words.none}</p>`}
      <ul class="ends" lang=${words.lang}>
        <li>${words.calls(decimal(this.language, calls), decimal(this.language, budget))}${words.hint}</li>
        ${methods.map(({ name, ended, reason }) => html`<li>${words.methods[name]}${words.colon}${ended === "failed" ? words.failed(reason ?? "") : words.ended[ended]}</li>`)}
      </ul>`;
  }

  #runs(text: string, changes: readonly CounterfactualChange[]): unknown[] {
    return changedRuns(text, changes).map(({ kind, text: run }) => (kind === "kept" ? run : kind === "deleted" ? html`<del>${run}</del>` : html`<ins>${run}</ins>`));
  }

  #bar({ measure, value }: CounterfactualsExplanation, now: number): unknown {
    if (measure === "score") return nothing;
    const share = (part: number) => `${(100 * part).toFixed(2)}%`;
    return html`<span class="track"><span class="bar" part="bar" ${cssVars({ "--size": share(now), "--fill": cssColor(this.#fill) })}></span><span class="before" ${cssVars({ "--at": share(value) })}></span></span>`;
  }

  get #fill(): Rgb {
    return over(signed(0.6, this.colors.dark), this.colors.paper);
  }

  #says({ flipped, label: said }: Counterfactual): string {
    return flipped ? label(said, 40) : this.#words.still(label(said, 40));
  }

  /** The probability of what is predicted: never another label's. */
  #chance({ measure }: CounterfactualsExplanation, { labels, probabilities }: Counterfactual["prediction"], predicted: string): string {
    const chance = probabilities[labels.indexOf(predicted)];
    return measure === "score" || chance === undefined ? "" : percent(this.language, chance);
  }

  #said({ measure }: CounterfactualsExplanation, value: number): string {
    return measure === "score" ? signedDecimal(this.language, value) : percent(this.language, value);
  }

  /** A difference of probabilities in points, with its sign. */
  #moved({ measure }: CounterfactualsExplanation, difference: number): string {
    return measure === "score" ? signedDecimal(this.language, difference) : points(this.language, difference);
  }

  /** What was changed, in a few words. */
  #change({ input }: CounterfactualsExplanation, { changes }: Counterfactual): string {
    const words = this.#words;
    return changes.map(({ segment, start, end, text }) => {
      const from = label((segment === 1 ? (input.textPair ?? "") : input.text).slice(start, end).trim());
      return text === "" ? words.removed(from) : words.change(from, label(text));
    }).join(", ");
  }

  #textAt({ input, results }: CounterfactualsExplanation, index: number): { readonly text: string; readonly textPair: string | null } {
    const { text, textPair = null } = index === 0 ? input : results[index - 1]!;
    return { text, textPair };
  }

  #isShown(explanation: CounterfactualsExplanation, index: number): boolean {
    const { text, textPair } = this.#textAt(explanation, index);
    return this.scope.text === text && this.scope.textPair === textPair;
  }

  #choose(explanation: CounterfactualsExplanation, index: number): void {
    if (index > explanation.results.length) return;
    const chosen = this.#textAt(explanation, index);
    setShared(this.scope, chosen);
    emit(this, "lexi-text", chosen);
  }

  protected override table(explanation: CounterfactualsExplanation): DataTable {
    const { columns, methods } = this.#words;
    const { target, results } = explanation;
    return {
      head: [columns.text, columns.changed, columns.method, columns.says, columns.value(label(target.label, 40)), columns.difference],
      rows: results.map((result) => [
        label(result.text, 200), this.#change(explanation, result), methods[result.method], `${this.#says(result)} ${this.#chance(explanation, result.prediction, result.label)}`.trim(), this.#said(explanation, result.value), this.#moved(explanation, result.difference),
      ]),
    };
  }

  protected override scene(explanation: CounterfactualsExplanation): Scene {
    const { results, target, input, value, prediction } = explanation;
    const { ink } = this.colors;
    const name = label(target.label, 14);
    const [row, width, says, number] = [26, 860, 560, 855];
    const mirrored = (x: number) => (this.rtl ? width - x : x);
    const [start, end] = this.rtl ? (["right", "left"] as const) : (["left", "right"] as const);
    const line = (index: number, text: string, said: string, now: number, bold: boolean): Shape[] => [
      { kind: "text", x: mirrored(5), y: (index + 0.5) * row, text: label(text, 72), fill: ink, size: 14, anchor: start },
      { kind: "text", x: mirrored(says), y: (index + 0.5) * row, text: said, fill: ink, size: 14, anchor: start, bold },
      { kind: "text", x: mirrored(number), y: (index + 0.5) * row, text: `${name} ${this.#said(explanation, now)}`, fill: ink, size: 14, anchor: end },
    ];
    const shapes = [line(0, input.text, `${name} ${this.#chance(explanation, prediction, target.label)}`, value, false), ...results.map((result, index) => line(index + 1, result.text, `${this.#says(result)} ${this.#chance(explanation, result.prediction, result.label)}`, result.value, result.flipped))].flat();
    return { width, height: (results.length + 1) * row, font: getComputedStyle(this).fontFamily, shapes };
  }
}
