/**
 * What every element does: turn attributes into one question, show the answer's frame (a line above, a line below, progress, error,
 * menu), and link tokens with its neighbours. Not a picture: each element draws its own. It exists so that the contract that other
 * people's pages rely on is written once.
 */
import { type CSSResult, html, LitElement, nothing, type PropertyDeclaration, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { LexiscopeError} from "../../base/errors.js";
import { asLexiscopeError, type Phase } from "../../base/errors.js";
import { cssColor } from "../../color/rgb.js";
import type { BackendName, ExplainRequest, Progress, TextInput } from "../../engine/types.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { Explanation } from "../../explanation/types.js";
import { Explainer, type Listener, type State } from "../../state/explainer.js";
import type { Question } from "../../state/question.js";
import { Scope, scopeOf } from "../../state/scope.js";
import { badAttribute, checkWord, tolerant, type Allowed } from "./attributes.js";
import type { DataTable } from "./data-table.js";
import { elementStyles } from "./element.styles.js";
import { emit } from "./events.js";
import type { ExportType } from "./export.js";
import type { Choice, Frame, Option } from "./frame.js";
import { around, languageOf, pageColors, spoken, type PageColors } from "./page.js";
import type { Scene } from "./scene.js";
import type { watchPage } from "./watch-page.js";
import { whenIdle } from "./when-idle.js";

/** How far outside of the window a lazy element begins. */
const NEAR = "300px";

/** The last part of a model's address: the same model is named by a short name, a relative or an absolute address. */
const modelName = (reference: string) => reference.replace(/\/+$/, "").split("/").pop();

export abstract class ExplanationElement<E extends Explanation = Explanation> extends LitElement {
  static override styles = [elementStyles];

  static override properties: PropertyDeclarations = {
    model: { reflect: true },
    text: { reflect: true },
    textPair: { reflect: true, attribute: "text-pair" },
    src: { reflect: true },
    backend: { reflect: true },
    loading: { reflect: true },
    for: { reflect: true },
    explanation: { noAccessor: true, attribute: "explanation" },
  };

  static override getPropertyDescriptor(name: PropertyKey, key: string | symbol, options: PropertyDeclaration): PropertyDescriptor | undefined {
    return tolerant(super.getPropertyDescriptor(name, key, options)!, options);
  }

  /** Which kinds it can draw, and how one that is read in is checked. */
  protected static kinds: KindChecks = {};
  /** Attributes that take one of some words. */
  protected static allowed: Readonly<Record<string, Allowed>> = {};

  /** What loads the model: a built-in name, the address of a folder or a file, or `hf:owner/name`. */
  model: string | null = null;
  text: string | null = null;
  textPair: string | null = null;
  /** address of a stored explanation */
  src: string | null = null;
  backend: BackendName | "auto" | null = null;
  loading: "lazy" | "eager" | "click" = "lazy";
  /** id of the `<lexi-scope>` to join, when it is not around this element */
  for: string | null = null;

  /** that holds here: of numbers */
  protected language = "en";
  /** of the element's own words: there are two */
  protected wordLanguage: "en" | "zh" = "en";
  protected colors: PageColors = { ink: [0, 0, 0], paper: [255, 255, 255], dark: false };
  protected rtl = false;
  /** what the neighbours share; an element alone has its own */
  protected scope: Scope = new Scope();

  readonly #explainer: Explainer;
  readonly #internals: ElementInternals | null;
  #joinedHost: Element | null = null;
  #joined: (() => void) | null = null;
  #given: unknown = null;
  /** how many were given: another is another question */
  #gifts = 0;
  #leave: (() => void)[] = [];
  #near = false;
  #clicked = false;
  #frame: Frame | null = null;
  #framing = false;
  #watchPage: typeof watchPage | null = null;

  constructor() {
    super();
    this.#internals = typeof this.attachInternals === "function" ? this.attachInternals() : null;
    const listener: Listener = {
      changed: () => this.#changed(),
      progressed: (progress: Progress) => emit(this, "lexi-progress", progress),
      explained: (explanation: Explanation) => emit(this, "lexi-explained", { explanation }),
      failed: (error: LexiscopeError, phase: Phase) => emit(this, "lexi-error", { error, phase }),
    };
    this.#explainer = new Explainer(listener);
  }

  /** The explanation now asked for; another promise after each change. Rejects with the error, or `aborted` when something else is asked. */
  get ready(): Promise<E> {
    this.#ask();
    return this.#explainer.ready as Promise<E>;
  }

  get state(): State {
    return this.#explainer.state;
  }

  /** The last answer; it stays while the next is on its way, and is null after an error. Set it to draw a stored explanation. */
  get explanation(): E | null {
    return this.#explainer.explanation as E | null;
  }

  set explanation(value: E | string | null) {
    if (value !== this.#given) this.#gifts++;
    this.#given = value;
    this.requestUpdate();
    this.#ask();
  }

  /** Asks again, without waiting to be seen. */
  refresh(): void {
    this.#hurry();
    this.#explainer.refresh();
  }

  /** Stops what runs: `ready` rejects with `aborted`, the last picture stays. */
  cancel(): void {
    this.#explainer.cancel();
  }

  /** The picture as PNG or SVG, its numbers as CSV, or the whole explanation as JSON. Asks for it, and waits, when there is none yet. */
  async toBlob(type: ExportType): Promise<Blob> {
    if (!this.explanation) this.#hurry();
    const explanation = this.explanation ?? (await this.ready);
    await this.updateComplete;
    const { exportBlob } = await import("./export.js");
    return exportBlob(type, { explanation, scene: () => this.scene(explanation), paper: this.colors.paper, title: this.name(explanation) });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new MutationObserver(() => this.requestUpdate());
    observer.observe(this, { childList: true, characterData: true, subtree: true });
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#near = true;
        seen.disconnect();
        this.#begin();
      },
      { rootMargin: NEAR },
    );
    seen.observe(this);
    this.#leave = [() => observer.disconnect(), () => seen.disconnect()];
    this.#watch();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
    this.#leave = [];
    this.#join(null);
    // An element that is only moved in the page keeps its answer.
    queueMicrotask(() => this.isConnected || this.#explainer.leave());
  }

  // -- what each element fills in --

  /** What to ask the model, given its text. */
  protected abstract request(input: TextInput): ExplainRequest;
  /** The line above. */
  protected abstract heading(explanation: E): unknown;
  /** The same line as plain text. */
  protected abstract name(explanation: E): string;
  protected abstract picture(explanation: E): TemplateResult;
  /** The picture as shapes, for export. */
  protected abstract scene(explanation: E): Scene;
  protected abstract table(explanation: E): DataTable | Promise<DataTable>;

  /** Throws where an attribute is wrong. */
  protected check(): void {
    checkWord("loading", this.loading, ["lazy", "eager", "click"]);
    if (this.#backend() !== null) checkWord("backend", this.#backend(), ["auto", "webgpu", "wasm"]);
    const { allowed } = this.constructor as typeof ExplanationElement;
    for (const [name, words] of Object.entries(allowed)) if (this[name as keyof this] !== null) checkWord(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), this[name as keyof this], words);
  }

  /** The attributes, besides model and text, that `misfit` looks at: when they change, something else is asked. */
  protected abstract get asks(): readonly unknown[];

  /** "" when a stored explanation answers what the attributes ask, otherwise why not. */
  protected misfit(explanation: Explanation): string {
    const { kinds } = this.constructor as typeof ExplanationElement;
    const { text, textPair } = this.#input();
    const model = this.model ?? this.scope.model;
    if (!Object.hasOwn(kinds, explanation.kind)) return `<${this.localName}> draws ${Object.keys(kinds).join(" or ")}, not ${explanation.kind}`;
    const { input, model: { reference } } = explanation;
    const other = text !== null && text !== input.text ? "another text" : textPair !== null && textPair !== input.textPair ? "another second text" : model !== null && modelName(model) !== modelName(reference) ? `the model "${reference}"` : "";
    return other && `the stored explanation is of ${other}`;
  }

  /** Whether another question can be answered, so that its controls make sense. */
  protected get live(): boolean {
    return Boolean(this.model ?? this.scope.model);
  }

  /** Whether there is nothing to ask without a text. */
  protected get needsText(): boolean {
    return true;
  }

  // -- asking --

  #backend(): string | null {
    return this.backend ?? this.scope.backend;
  }

  #input(): { text: string | null; textPair: string | null } {
    return this.text === null ? { text: this.scope.text, textPair: this.textPair ?? this.scope.textPair } : { text: this.text, textPair: this.textPair };
  }

  #question(): Question | null {
    const { text, textPair } = this.#input();
    const model = this.model ?? this.scope.model;
    const [given, written] = typeof this.#given === "string" ? [null, this.#given] : [this.#given];
    const json = written ?? this.querySelector(":scope > script[type='application/json']")?.textContent?.trim();
    let problem: LexiscopeError | null = null;
    let explain: ExplainRequest | null = null;
    try {
      if (this.for !== null && !this.#host() && document.readyState !== "loading") throw badAttribute("for", this.for, "the id of an element in this page");
      this.check();
      if (model && (text?.trim() || !this.needsText)) explain = this.request({ text: text ?? "", ...(textPair !== null && { textPair }) });
    } catch (error) {
      problem = asLexiscopeError(error, "bad-input", "request");
    }
    const live = explain && { model: model!, backend: (this.#backend() ?? "auto") as "auto", explain };
    if (!problem && !given && !json && !this.src && !live) return null;
    const key = JSON.stringify([live, json, this.src, text, textPair, model, given && this.#gifts, problem?.message, this.asks]);
    const { kinds: checks } = this.constructor as typeof ExplanationElement;
    return { key, problem, given, json, src: this.src, live, checks, misfit: (explanation) => this.misfit(explanation) };
  }

  /** Asks without waiting to be seen. */
  #hurry(): void {
    this.#clicked = true;
    this.#ask();
  }

  #ask(): void {
    if (!this.isConnected) return;
    this.#join(this.#host());
    this.#explainer.ask(this.#question());
    this.#begin();
  }

  #begin(): void {
    if (document.readyState === "loading") document.addEventListener("readystatechange", () => this.requestUpdate(), { once: true });
    else if (this.#explainer.waiting && (this.#clicked || this.loading === "eager" || (this.loading === "lazy" && this.#near))) this.#explainer.start();
  }

  /** The element whose scope this one joins. */
  #host(): Element | null {
    return this.for === null ? scopeAround(this) : elementNamed(this.for, this);
  }

  #join(host: Element | null): void {
    if (host === this.#joinedHost && this.#joined) return;
    this.#joined?.();
    this.#joined = null;
    this.#joinedHost = host;
    if (!this.isConnected) return;
    const scope = host ? scopeOf(host) : new Scope();
    const changed = () => this.requestUpdate();
    scope.addEventListener("change", changed);
    this.scope = scope;
    this.#joined = () => scope.removeEventListener("change", changed);
  }

  #changed(): void {
    try {
      const states = this.#internals?.states;
      states?.clear();
      states?.add(this.state);
    } catch {
      // older browsers allow only names that begin with two dashes; `state` says the same
    }
    this.requestUpdate();
  }

  // -- drawing --

  /** An explanation that passed its checks and still cannot be drawn is an error in this element, like any other. */
  protected override performUpdate(): void {
    try {
      super.performUpdate();
    } catch (error) {
      this.#explainer.fail(asLexiscopeError(error, "bad-explanation", "draw"), "draw");
    }
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (!this.isConnected) return;
    this.#ask();
    this.language = languageOf(this);
    this.wordLanguage = spoken(this.language, "en", "zh");
    this.colors = pageColors(this);
    this.rtl = getComputedStyle(this).direction === "rtl";
  }

  protected override render(): unknown {
    const { explanation, error, progress } = this.#explainer;
    const busy = this.state === "loading" || this.state === "running";
    const invites = this.state === "idle" && this.loading === "click" && this.#explainer.waiting;
    const frame = this.#frame;
    if (busy || invites || error) this.#loadFrame();
    return html`<figure part="figure" ?data-busy=${busy} aria-busy=${busy} @transitionend=${this.#faded}>
      ${explanation && !error ? this.#shown(explanation as E) : html`<slot name="fallback"><slot></slot></slot>`}
      ${frame && busy ? frame.progress(progress) : nothing} ${error ? (frame?.error(error) ?? error.message) : nothing} ${frame && invites ? frame.invitation() : nothing}
    </figure>`;
  }

  #shown(explanation: E): TemplateResult {
    const lang = this.wordLanguage;
    return html`<figcaption part="caption"><span class="title" lang=${lang}>${this.heading(explanation)}</span>${this.#frame?.menu(explanation)}</figcaption>
      <div class="body" part="body">${this.picture(explanation)}</div>
      <div class="note" part="note" lang=${lang}>${this.#frame?.note(explanation)}</div>
      ${this.#frame?.below(explanation)}`;
  }

  /** The page's colours have changed around an element that stays. */
  #faded(event: TransitionEvent): void {
    if (event.propertyName === "color") this.requestUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    const { ink, paper, dark } = this.colors;
    const { style } = this.renderRoot.querySelector("figure")!;
    style.setProperty("--paper", cssColor(paper));
    style.setProperty("--ink", cssColor(ink));
    style.setProperty("color-scheme", dark ? "dark" : "light");
    if (this.explanation && !this.#framing) whenIdle(() => this.#loadFrame());
  }

  /** Styles that come later than the element's own. */
  protected adopt({ styleSheet }: CSSResult): void {
    (this.renderRoot as ShadowRoot).adoptedStyleSheets.push(styleSheet!);
  }

  /** From when the frame is there on, for as long as the element is in the page. */
  #watch(): void {
    if (this.#watchPage && this.isConnected) this.#leave.push(this.#watchPage(() => this.requestUpdate()));
  }

  #loadFrame(): void {
    if (this.#framing) return;
    this.#framing = true;
    const host = {
      element: this,
      language: () => this.language,
      name: (explanation: Explanation) => this.name(explanation as E),
      table: (explanation: Explanation) => this.table(explanation as E),
      start: () => this.#hurry(),
    };
    const load = async () => {
      const { Frame, frameStyles, watchPage } = await import("./frame.js");
      this.adopt(frameStyles);
      this.#frame = new Frame(host);
      this.#watchPage = watchPage;
      this.#watch();
      this.requestUpdate();
    };
    load().catch(() => (this.#framing = false));
  }

  /** A quiet menu of words in the line above; plain text when there is no model to ask, or not yet. */
  protected choice(name: Choice, value: string | number, options: () => readonly Option[], choose: (value: string) => void): unknown {
    return this.live && this.#frame ? this.#frame.choice(name, value, options(), choose) : options().find(([option]) => option === value)?.[1];
  }
}

/** The nearest scope, also through slots and shadow roots. */
function scopeAround(element: Element): Element | null {
  const outer = around(element);
  return outer && outer.localName !== "lexi-scope" ? scopeAround(outer) : outer;
}

/** The element of that id beside `element`, or beside a shadow root that it stands in. */
function elementNamed(id: string, element: Element): Element | null {
  const root = element.getRootNode() as Document | ShadowRoot;
  return root.getElementById?.(id) ?? ("host" in root ? elementNamed(id, root.host) : null);
}
