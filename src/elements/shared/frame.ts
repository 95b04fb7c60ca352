/**
 * What stands around a picture besides its two lines: progress, errors, the menu, the data table. Loaded after the first picture or as
 * soon as one of them is needed, so that a page of stored pictures paints without it. Each element has one frame.
 */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { LexiscopeError } from "../../base/errors.js";
import type { Progress } from "../../engine/types.js";
import { qualityLevel, ROUNDING } from "../../explanation/quality-levels.js";
import type { Explanation } from "../../explanation/types.js";
import { actionWordsFor } from "./action-words.js";
import { cssVars } from "./css-vars.js";
import { dataTable, type DataTable } from "./data-table.js";
import type { ExportType } from "./export.js";
import { decimal, megabytes, percent } from "./numbers.js";
import { whenIdle } from "./when-idle.js";

export { frameStyles } from "./frame.styles.js";
export { watchPage } from "./watch-page.js";

const FILES: readonly ExportType[] = ["png", "svg", "csv", "json"];

/** A value of an attribute, and how it is called. */
export type Option = readonly [value: string | number, text: string];

/** What a frame needs of its element. */
export interface Framed {
  readonly element: LitElement & { toBlob(type: ExportType): Promise<Blob>; refresh(): void };
  readonly language: () => string;
  readonly name: (explanation: Explanation) => string;
  readonly table: (explanation: Explanation) => DataTable | Promise<DataTable>;
  readonly start: () => void;
}

/** Of what the table is: the explanation, and the words it is told in. */
type TableOf = readonly [Explanation | null, string];

let warm = false;

/** A page's first canvas and first measured text take tens of milliseconds each: taken while the model loads, not when its answer is drawn. */
function warmUp(element: Element): void {
  if (warm) return;
  warm = true;
  whenIdle(() => {
    const context = document.createElement("canvas").getContext("2d");
    whenIdle(() => {
      if (!context) return;
      context.font = `12px ${getComputedStyle(element).fontFamily}`;
      context.measureText("a");
    });
  });
}

/** What can be chosen in the line above; each has a name among the words. */
export type Choice = "layer" | "head" | "method" | "target";

export class Frame {
  #shown = false;
  #table: DataTable | null = null;
  #tableOf: TableOf = [null, ""];
  #said = "";

  constructor(readonly host: Framed) {
    warmUp(host.element);
  }

  get #words() {
    return actionWordsFor(this.host.language());
  }

  /** Files, table, embed code. */
  menu(explanation: Explanation): TemplateResult {
    const words = this.#words;
    const close = (event: Event) => {
      const menu = (event.currentTarget as Element).closest("details")!;
      menu.open = false;
      menu.querySelector("summary")!.focus();
    };
    const item = (text: string, act: () => unknown) => html`<button @click=${(event: Event) => (close(event), void act())}>${text}</button>`;
    return html`<details
        part="menu"
        lang=${this.#words.lang}
        @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close(event)}
        @focusout=${({ currentTarget, relatedTarget }: FocusEvent) => (currentTarget as Element).contains(relatedTarget as Node) || ((currentTarget as HTMLDetailsElement).open = false)}
      >
        <summary aria-label=${words.menu}>⋯</summary>
        <div class="menu">
          ${FILES.map((type) => item(words.save(type.toUpperCase()), () => this.#save(type)))}
          ${item(words.table[`${this.#shown}`], () => ((this.#shown = !this.#shown), this.host.element.requestUpdate()))}
          ${item(words.embed, () => this.#copy(explanation))}
        </div>
      </details>
      <span class="hidden" role="status" lang=${this.#words.lang}>${this.#said}</span>`;
  }

  /** How far to trust it, and where it comes from. */
  note({ quality, provenance, model, tokens, truncated }: Explanation): TemplateResult {
    const language = this.host.language();
    const words = this.#words;
    const said = quality.map(({ name, value, of }) => {
      const exact = name === "completeness-gap" && value < ROUNDING;
      const level = exact ? null : qualityLevel(name, value);
      const number = Object.hasOwn(words.quality, name) ? words.quality[name](exact ? "" : percent(language, value), decimal(language, value), of === undefined ? "" : decimal(language, of)) : `${name} ${decimal(language, value)}`;
      return level ? words.judged(number, words.level(name, level)) : number;
    });
    const cut = truncated ? this.#words.truncated(decimal(language, tokens.length)) : "";
    const partial = quality.some(({ name }) => name === "partial");
    return html`<span ?data-partial=${partial}>${[cut, ...said, model.name, provenance.backend].filter(Boolean).join(" · ")}</span>`;
  }

  /** The data table, when it is shown. */
  below(explanation: Explanation): unknown {
    if (!this.#shown) return nothing;
    const name = this.host.name(explanation);
    const words = `${name} ${this.host.language()}`; // the name changes with the language, as the table's words do
    const [known, said] = this.#tableOf;
    if (explanation !== known || words !== said) {
      const of: TableOf = (this.#tableOf = [explanation, words]);
      this.#table = null;
      void Promise.resolve(this.host.table(explanation)).then((table) => {
        if (of !== this.#tableOf) return;
        this.#table = table;
        this.host.element.requestUpdate();
      });
    }
    return this.#table ? dataTable(name, this.#table) : nothing;
  }

  progress(progress: Progress | null): TemplateResult {
    const words = this.#words;
    const language = this.host.language();
    const { loaded = 0, total = 0 } = progress ?? {};
    const size = progress?.phase === "download" ? (bytes: number) => megabytes(language, bytes) : (count: number) => decimal(language, count);
    const steps = () => words.steps(size(loaded), total > 1 ? size(total) : "");
    const phrases: Readonly<Record<Progress["phase"], () => string>> = { download: () => words.download(size(loaded), total ? size(total) : ""), session: () => words.session, run: steps, explain: steps };
    const phrase = progress ? phrases[progress.phase]() : words.waiting;
    const known = total > 0 && progress?.phase !== "session";
    return html`<div class="status" part="status" lang=${this.#words.lang} role="progressbar" aria-label=${phrase} aria-valuetext=${phrase}>
      <div class="line" ?data-open=${!known} ${cssVars({ "--done": String(known ? Math.min(1, loaded / total) : 1) })}><div></div></div>
      ${phrase}
    </div>`;
  }

  error(error: LexiscopeError): TemplateResult {
    const words = this.#words;
    return html`<div class="error" part="error" role="alert" lang=${this.#words.lang}>
      ${words.errors[error.code]} <button class="quiet" part="button" @click=${() => this.host.element.refresh()}>${words.retry}</button>
      <code lang="en" dir="ltr">${error.message}</code>
    </div>`;
  }

  /** One of some values, as a native menu in a line of text. */
  choice(name: Choice, value: string | number, options: readonly Option[], choose: (value: string) => void): TemplateResult {
    return html`<select part="select" aria-label=${this.#words[name]} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${options.map(([option, text]) => html`<option value=${option} .selected=${option === value}>${text}</option>`)}
    </select>`;
  }

  /** The button of `loading="click"`. */
  invitation(): TemplateResult {
    return html`<button class="quiet" part="button" lang=${this.#words.lang} @click=${this.host.start}>${this.#words.explain}</button>`;
  }

  async #save(type: ExportType): Promise<void> {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await this.host.element.toBlob(type));
    link.download = `${this.host.element.localName}.${type}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async #copy(explanation: Explanation): Promise<void> {
    const { embedCode } = await import("./export.js");
    const copied = await navigator.clipboard?.writeText(embedCode(this.host.element, explanation)).then(() => true, () => false);
    this.#said = copied ? this.#words.copied : this.#words.notCopied;
    this.host.element.requestUpdate();
  }
}
