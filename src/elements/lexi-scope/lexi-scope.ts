import { html, LitElement, nothing, type PropertyDeclaration, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { BackendName } from "../../engine/types.js";
import { scopeOf, type Scope } from "../../state/scope.js";
import { setShared } from "../../state/set-shared.js";
import { actionWordsFor } from "../shared/action-words.js";
import { tolerant } from "../shared/attributes.js";
import { languageOf } from "../shared/page.js";
import { watchPage } from "../shared/watch-page.js";
import { lexiScopeStyles } from "./lexi-scope.styles.js";

/** Milliseconds between a reader's last key and the next question to the model. */
const PAUSE = 200;

/**
 * Gives the elements inside it one model and one text, and links them: a token pointed at or chosen in one of them stands out in all. An
 * element elsewhere in the page joins with `for="id"`. A text that is chosen in one of them (a counterfactual) or written in one that is meant to change
 * it (`<saliency-text editable="scope">`) becomes the scope's. An element's own `model` or `text` goes before the scope's.
 *
 * @summary One model and one text for several elements.
 * @tag lexi-scope
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {boolean} editable - readers can change the text
 * @slot - the elements, and anything else
 * @csspart field - the field of an editable text, with its label
 * @csspart input - the text field itself
 */
export class LexiScope extends LitElement {
  static override styles = [lexiScopeStyles];
  static override properties: PropertyDeclarations = {
    model: { reflect: true },
    text: { reflect: true },
    textPair: { reflect: true, attribute: "text-pair" },
    backend: { reflect: true },
    editable: { reflect: true, type: Boolean },
  };

  static override getPropertyDescriptor(name: PropertyKey, key: string | symbol, options: PropertyDeclaration): PropertyDescriptor | undefined {
    return tolerant(super.getPropertyDescriptor(name, key, options)!, options);
  }

  model: string | null = null;
  text: string | null = null;
  textPair: string | null = null;
  backend: BackendName | "auto" | null = null;
  editable = false;

  /** as the elements have them */
  #text: string | null = null;
  #textPair: string | null = null;
  #timer = 0;
  #leave: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const scope = scopeOf(this);
    const adopt = () => this.#adopt(scope);
    const unwatch = watchPage(() => this.requestUpdate());
    scope.addEventListener("change", adopt);
    this.#leave = () => (unwatch(), scope.removeEventListener("change", adopt));
    // who named this scope before it was there has said that it is not
    if (this.id) for (const element of (this.getRootNode() as ParentNode).querySelectorAll(`[for="${CSS.escape(this.id)}"]`)) if (element instanceof LitElement) element.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (["model", "text", "textPair", "backend"].some((name) => changed.has(name))) {
      [this.#text, this.#textPair] = [this.text, this.textPair];
      setShared(scopeOf(this), { model: this.model, text: this.text, textPair: this.textPair, backend: this.backend });
    }
  }

  /** A text that was chosen or written in one of the elements. */
  #adopt({ text, textPair }: Scope): void {
    if (text === this.#text && textPair === this.#textPair) return;
    [this.#text, this.#textPair] = [text, textPair];
    Object.assign(this, { text, textPair });
  }

  protected override render(): TemplateResult {
    return html`${this.editable ? html`${this.#field("text")}${this.textPair === null ? nothing : this.#field("textPair")}` : nothing}<slot></slot>`;
  }

  protected override updated(): void {
    this.renderRoot.querySelectorAll("textarea").forEach(fitHeight);
  }

  #field(name: "text" | "textPair"): TemplateResult {
    const words = actionWordsFor(this.isConnected ? languageOf(this) : "en");
    return html`<label part="field">
      <span class="label" lang=${words.lang}>${name === "text" ? words.edit : words.editPair}</span>
      <textarea part="input" rows="1" dir="auto" spellcheck="false" .value=${this[name] ?? ""} @input=${(event: InputEvent) => this.#typed(event, name)} @compositionend=${(event: Event) => this.#typed(event, name)}></textarea>
    </label>`;
  }

  /** Waits for a pause, and for the end of a composition (Chinese and Japanese are typed in several keys a character). */
  #typed(event: Event, name: "text" | "textPair"): void {
    clearTimeout(this.#timer);
    const field = event.target as HTMLTextAreaElement;
    fitHeight(field);
    if (event instanceof InputEvent && event.isComposing) return;
    this.#timer = window.setTimeout(() => (this[name] = field.value), PAUSE);
  }
}

/** As high as its text, where the browser does not do so itself. */
function fitHeight(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.setProperty("block-size", "auto");
  field.style.setProperty("block-size", `${field.scrollHeight + 2}px`);
}
