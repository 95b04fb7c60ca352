/**
 * Editing on `<saliency-text editable>`: a token is masked, deleted or changed, the model is asked again in the ordinary way, and the answer is shown
 * against the pinned original. Loaded when an element is editable and has a model; the element without it is none the larger.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Rgb } from "../../color/rgb.js";
import { cssColor } from "../../color/rgb.js";
import type { LexiscopeError } from "../../base/errors.js";
import type { AttributionExplanation } from "../../explanation/types.js";
import { deletion } from "../../methods/counterfactuals/text-edits.js";
import type { Scope } from "../../state/scope.js";
import { setShared } from "../../state/set-shared.js";
import { cssVars } from "../shared/css-vars.js";
import { emit } from "../shared/events.js";
import { percent, signedDecimal } from "../shared/numbers.js";
import { points } from "../shared/points.js";
import { label } from "../shared/tokens.js";
import { largestScore, type ScoredUnit } from "../shared/units.js";
import { editingWordsFor, type EditingWords } from "./editing-words.js";
import { scoreMoves } from "./score-moves.js";
import { spansOf } from "./spans.js";
import { Versions, type Version } from "./versions.js";

export { editingStyles } from "./editing.styles.js";

const SHOWN_MOVES = 6;

/** What editing needs of its element. */
export interface EditedElement {
  readonly element: HTMLElement;
  readonly language: () => string;
  /** "scope": an edit is handed to the scope */
  readonly shares: () => boolean;
  readonly scope: () => Scope;
  readonly tint: (score: number, largest: number) => { readonly ground: Rgb; readonly on: Rgb };
  readonly update: () => void;
}

interface Open {
  readonly unit: ScoredUnit;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** what stands in the field */
  readonly written: string;
  readonly focus: "field" | "first";
}

export class Editing {
  readonly versions: Versions;
  /** of the original */
  #pinned: AttributionExplanation;
  /** what is drawn: while an answer is on its way, of an older text */
  #shown: AttributionExplanation;
  #open: Open | null = null;
  #focus: "menu" | "token" | null = null;
  #index = 0;
  #said = "";

  constructor(readonly host: EditedElement, explanation: AttributionExplanation, outside: Version) {
    this.versions = new Versions(outside);
    this.#pinned = this.#shown = explanation;
    host.element.addEventListener("lexi-error", (event) => this.#failed(event));
  }

  get #words(): EditingWords {
    return editingWordsFor(this.host.language());
  }

  /** The target stays the original's where it follows the prediction, or the weights could not be compared. */
  get target(): string | null {
    if (!this.versions.edited) return null;
    const { model, target } = this.#pinned;
    return model.labels.length > 0 ? target.label : String(target.index);
  }

  /** Opens the menu of a token. */
  open(unit: ScoredUnit, index: number, anchor: HTMLElement, written?: string): void {
    const [box, body] = [anchor.getBoundingClientRect(), anchor.closest(".body")!.getBoundingClientRect()];
    const rtl = getComputedStyle(this.host.element).direction === "rtl";
    const x = Math.max(0, Math.min(rtl ? body.right - box.right : box.left - body.left, body.width - 260));
    this.#open = { unit, index, x, y: box.bottom - body.top + 4, written: written ?? unit.text, focus: written === undefined ? "first" : "field" };
    this.#focus = "menu";
    this.host.update();
  }

  /** A key on a token; true when it was one of editing. */
  key(event: KeyboardEvent, unit: ScoredUnit | undefined, index: number): boolean {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) this.#undo();
    else if (!unit || event.altKey || event.ctrlKey || event.metaKey) return false;
    else if (event.key === "Delete" || event.key === "Backspace") this.#replace(unit, index, "");
    else if (event.key === "Enter") this.open(unit, index, event.target as HTMLElement);
    else if (event.key.length === 1 && event.key !== " ") this.open(unit, index, event.target as HTMLElement, event.key);
    else return false;
    event.preventDefault();
    return true;
  }

  /** The original, when the text is another one by now. */
  above(explanation: AttributionExplanation): unknown {
    if (!this.versions.edited) {
      const { input } = explanation;
      if (input.text === this.versions.original.text && input.textPair === this.versions.original.textPair) this.#pinned = explanation;
      return nothing;
    }
    const words = this.#words;
    const units = spansOf(this.#pinned);
    const largest = largestScore(units);
    const { text, textPair } = this.#pinned.input;
    const line = (whole: string, segment: number) => {
      const runs: unknown[] = [];
      let at = 0;
      for (const unit of units) {
        if (unit.segment !== segment) continue;
        const { ground, on } = this.host.tint(unit.score, largest);
        runs.push(whole.slice(at, unit.start), html`<span ${cssVars({ "--ground": cssColor(ground), "--on": cssColor(on) })}>${unit.text}</span>`);
        at = unit.end;
      }
      return html`<p dir="auto">${runs}${whole.slice(at)}</p>`;
    };
    return html`<div class="pinned" part="pinned"><small lang=${words.lang}>${words.pinned}${this.#chance(this.#pinned, this.#pinned)}</small>${line(text, 0)}${textPair === undefined ? nothing : line(textPair, 1)}</div>`;
  }

  /** The way back, right under the text: the menu of a word in its last line lies over this, not over the legend. */
  tools(): TemplateResult {
    const words = this.#words;
    const { edited } = this.versions;
    return html`<div class="tools" lang=${words.lang}>
      <button class="quiet" part="button" ?disabled=${!edited} @click=${() => this.#undo()}>${words.undo}</button><button class="quiet" part="button" ?disabled=${!edited} @click=${() => this.#reset()}>${words.reset}</button> <small>${words.hint}</small>
    </div>`;
  }

  /** The open menu, and what moved. */
  below(explanation: AttributionExplanation, choose: (index: number) => unknown): TemplateResult {
    const words = this.#words;
    this.#shown = explanation;
    return html`${this.#open ? this.#menu(this.#open, explanation, choose) : nothing}
      <div class="moved" lang=${words.lang}>
        ${this.versions.edited ? this.#moves(explanation) : nothing}
        <span role="status">${this.#said}</span>
      </div>`;
  }

  /** Where the focus goes once the picture is there. */
  updated(root: ParentNode): void {
    const focus = this.#focus;
    if (focus === "menu" && this.#open) {
      const field = root.querySelector<HTMLInputElement>(".edit input");
      if (!field) return;
      if (this.#open.focus === "field") {
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
      } else root.querySelector<HTMLElement>(".edit button")!.focus();
    } else if (focus === "token") {
      const tokens = root.querySelectorAll<HTMLElement>("[role=option]");
      tokens[Math.min(this.#index, tokens.length - 1)]?.focus();
    }
    this.#focus = null;
  }

  #menu({ unit, index, x, y, written }: Open, { model }: AttributionExplanation, choose: (index: number) => unknown): TemplateResult {
    const words = this.#words;
    const { mask } = model;
    const item = (text: string, act: () => void) => html`<button type="button" class="quiet" @click=${act}>${text}</button>`;
    const replace = (event: Event) => {
      event.preventDefault();
      this.#replace(unit, index, (event.currentTarget as HTMLFormElement).querySelector("input")!.value);
    };
    return html`<div
      class="edit" part="edit" role="group" lang=${words.lang} aria-label=${words.menu(label(unit.text))} ${cssVars({ "--x": `${x}px`, "--y": `${y}px` })}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.#close()}
      @focusout=${({ currentTarget, relatedTarget }: FocusEvent) => relatedTarget && !(currentTarget as Element).contains(relatedTarget as Node) && ((this.#open = null), this.host.update())}
    >
      ${mask ? item(words.mask, () => this.#replace(unit, index, mask)) : nothing}${item(words.remove, () => this.#replace(unit, index, ""))}${item(words.select, () => (choose(index), this.#close()))}
      <form @submit=${replace}><input dir="auto" aria-label=${words.field} .value=${written} /><button class="quiet">${words.change}</button></form>
    </div>`;
  }

  #moves(explanation: AttributionExplanation): unknown {
    const words = this.#words;
    const language = this.host.language();
    const comparable = explanation.method.name === this.#pinned.method.name && explanation.method.preset === this.#pinned.method.preset && explanation.target.label === this.#pinned.target.label;
    const moves = comparable ? scoreMoves(spansOf(this.#pinned), spansOf(explanation)).slice(0, SHOWN_MOVES) : [];
    const said = (score: number | null, absent: string) => (score === null ? absent : signedDecimal(language, score));
    return html`<strong class="prediction">${this.#chance(this.#pinned, explanation)}</strong>
      ${moves.length > 0 ? html`<div>${words.scores}</div><ul>${moves.map(({ text, before, after, difference }) => html`<li><bdi>${label(text)}</bdi> ${said(before, words.added)} → ${said(after, words.gone)} (${signedDecimal(language, difference)})</li>`)}</ul>` : nothing}`;
  }

  /** How the prediction of the pinned target's label moved; alone, what it is. */
  #chance(before: AttributionExplanation, after: AttributionExplanation): string {
    const language = this.host.language();
    const { label: name, index } = before.target;
    const at = ({ prediction, model }: AttributionExplanation) => (model.labels.length > 0 ? index : prediction.labels.indexOf(name)); // of a vocabulary, the likeliest are listed
    const value = (explanation: AttributionExplanation) => (explanation.prediction.probabilities.length > 0 ? (explanation.prediction.probabilities[at(explanation)] ?? null) : null);
    const score = (explanation: AttributionExplanation) => explanation.prediction.logits[at(explanation)] ?? null;
    const [old, now] = [value(before), value(after)];
    const shown = label(name, 40);
    if (old !== null && now !== null) {
      if (before === after) return `${shown} ${percent(language, old)}`;
      return this.#words.moved(shown, percent(language, old), percent(language, now), points(language, now - old));
    }
    const [oldScore, newScore] = [score(before), score(after)];
    if (oldScore === null || newScore === null) return `${shown} → ${label(after.prediction.labels[0] ?? "", 40)}`;
    if (before === after) return `${shown} ${signedDecimal(language, oldScore)}`;
    return this.#words.moved(shown, signedDecimal(language, oldScore), signedDecimal(language, newScore), signedDecimal(language, newScore - oldScore));
  }

  #replace(unit: ScoredUnit, index: number, replacement: string): void {
    const { text, textPair } = this.versions.current;
    const { input } = this.#shown;
    if (input.text !== text || input.textPair !== textPair) return this.#close(); // its tokens are those of an older text
    const whole = unit.segment === 1 ? (textPair ?? "") : text;
    const { start, end } = replacement === "" ? deletion(whole, unit.start, unit.end) : unit;
    const changed = whole.slice(0, start) + replacement + whole.slice(end);
    if (changed.trim() === "") {
      this.#said = this.#words.nothingLeft;
      return this.#close();
    }
    this.#change(index, () => this.versions.edit(unit.segment === 1 ? { text, textPair: changed } : { ...this.versions.current, text: changed }));
  }

  #undo(): void {
    if (this.versions.edited) this.#change(this.#index, () => this.versions.undo());
  }

  #reset(): void {
    this.#change(0, () => this.versions.reset());
  }

  #change(index: number, act: () => void): void {
    act();
    [this.#open, this.#said, this.#index, this.#focus] = [null, "", index, "token"];
    const { text, textPair = null } = this.versions.current;
    if (this.host.shares()) setShared(this.host.scope(), { text, textPair });
    emit(this.host.element, "lexi-text", { text, textPair });
    this.host.update();
  }

  #close(): void {
    if (this.#open) [this.#index, this.#focus] = [this.#open.index, "token"];
    this.#open = null;
    this.host.update();
  }

  /** A text that the model refuses is taken back, or there would be no picture to go back from. */
  #failed({ target, detail: { error } }: CustomEvent<{ readonly error: LexiscopeError }>): void {
    if (target !== this.host.element || !this.versions.edited || error.code !== "bad-input") return;
    this.#undo();
    this.#said = this.#words.refused(error.message);
  }
}
