import { html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { CATEGORIES, category } from "../../color/categorical.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attentionHeads } from "../../explanation/attention-heads.js";
import type { HeadMeasure } from "../../explanation/measures.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { AttentionHeadsExplanation, Explanation } from "../../explanation/types.js";
import { attentionLinesRequest, headList } from "../../state/requests.js";
import type { ChosenHead, PlacedToken } from "../../state/scope.js";
import { isHovered, isSelected } from "../../state/pointing.js";
import { chooseTokens, pointAt } from "../shared/pointing.js";
import { setShared } from "../../state/set-shared.js";
import { CanvasFigure } from "../shared/canvas-figure.js";
import { badAttribute, checkOrdinal, wholeNumber } from "../shared/attributes.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import type { Option } from "../shared/frame.js";
import { checkMeasure, measureMisfit, measureName, measureOf, measureOptions, measureWord } from "../shared/head-measure.js";
import { decimal, percent } from "../shared/numbers.js";
import { paintCanvas } from "../shared/paint-canvas.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { attentionLinesStyles } from "./attention-lines.styles.js";
import { reachedBy, type TokensInFocus } from "./focus.js";
import type { LinesDrawing, ShownHead } from "./lines-drawing.js";
import type { LinesHand } from "./lines-hand.js";
import { linesScene, type LinesPicture } from "./lines-scene.js";
import { linesWordsFor, PAIRS, type LinesWords, type Pair } from "./lines-words.js";
import { prepareLines } from "./prepare-lines.js";

/** Most that is seen at once of a long text in columns. CSS pixels */
const HIGHEST = 480;
/** Lines drawn at most: at rest, while the lists move (the rest follows at once), and in a file. */
const MOST = { rest: 3000, moving: 1000, file: 12_000 };
/** The lists rest when they have not moved for so long. Milliseconds */
const REST = 120;
const SHARES = [0.5, 0.7, 0.9, 1];
/** Whole lines, dashes, dots: the second sign of a head beside its colour. */
const DASHES = [[], [7, 3], [1.5, 2.5]];

const numeric = {
  fromAttribute: (value: string | null) => (value !== null && /^\d*\.?\d+$/.test(value) ? Number(value) : value),
  toAttribute: (value: number | string | null) => (value === null ? null : String(value)),
};

/**
 * Who looks at whom, as lines between two lists of the same tokens: on the left (or above) those that look, on the other side those that are
 * looked at. Several heads at once, a colour and a dash each; chips switch them on and off. Each token gets its heaviest lines, as many as carry the
 * wanted share of its attention. Pointing at a token shows its lines alone, with their weights. Long texts scroll.
 *
 * @summary Attention of a layer's heads as lines between tokens.
 * @tag attention-lines
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {number} layer - which layer, from 0 (default)
 * @attr {string} heads - which heads there are lines of, from 0: "all" (default) or a list, "0, 2, 5"
 * @attr {number} threshold - share of each token's attention that gets lines, above 0 and at most 1; 0.7 when not given
 * @attr {"all" | "a-a" | "a-b" | "b-a" | "b-b"} pair - of a pair of texts, which looks at which
 * @attr {"pattern" | "value-weighted"} measure - the weights (default), or each times the size of the value it brings
 * @attr {"vertical" | "horizontal"} orientation - two columns (default), or two lines of text, which suits Chinese and Japanese
 * @attr {"show" | "hide"} special-tokens - whether tokens that the tokenizer added are shown
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart legend - the chips of the heads
 * @csspart canvas - the tokens and the lines
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @cssproperty [--lexi-lines=480px] - how much is seen at once of a long text in columns
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: AttentionHeadsExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose tokens or took them back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a token
 * @fires {CustomEvent<{layer: number, head: number}>} lexi-head - a person shows one head alone
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class AttentionLines extends ExplanationElement<AttentionHeadsExplanation> {
  static override styles = [...ExplanationElement.styles, attentionLinesStyles];
  static override properties: PropertyDeclarations = {
    layer: { reflect: true, converter: wholeNumber },
    heads: { reflect: true },
    threshold: { reflect: true, converter: numeric },
    pair: { reflect: true },
    orientation: { reflect: true },
    measure: { reflect: true },
    specialTokens: { reflect: true, attribute: "special-tokens" },
  };
  protected static override kinds: KindChecks = { "attention-heads": attentionHeads };
  protected static override allowed = { pair: PAIRS, orientation: ["vertical", "horizontal"], specialTokens: ["show", "hide"] };

  layer: number | null = null;
  heads: string | null = null;
  threshold: number | null = null;
  measure: HeadMeasure | null = null;
  pair: Pair = "all";
  orientation: "vertical" | "horizontal" = "vertical";
  specialTokens: "show" | "hide" = "show";

  /** heads that a person has switched off */
  #off: ReadonlySet<number> = new Set();
  #drawing: LinesDrawing | null = null;
  #count = { drawn: 0, total: 0 };
  readonly #figure = new CanvasFigure(this, () => this.#makeHand(), () => this.#draw());
  #shared: ChosenHead | null = null;
  #moving = 0;

  // -- asking --

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#moving);
    this.#moving = 0;
  }

  protected override check(): void {
    super.check();
    checkMeasure(this.measure);
    if (this.layer !== null) checkOrdinal("layer", this.layer, []);
    if (this.heads !== null && headList(this.heads) === undefined) throw badAttribute("heads", this.heads, "all, or whole numbers from 0 with commas");
    if (this.threshold !== null && !(this.threshold > 0 && this.threshold <= 1)) throw badAttribute("threshold", this.threshold, "a number above 0 and at most 1");
  }

  protected override request(input: TextInput): ExplainRequest {
    return attentionLinesRequest(input, this.layer, this.#listed, this.measure);
  }

  protected override get asks(): readonly unknown[] {
    return [this.layer, this.heads, this.measure];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "attention-heads") return general;
    const { maps, side, tokens } = explanation;
    if (side !== tokens.length) return `the stored maps are of ${side} × ${side}, made smaller than the ${tokens.length} tokens; give a model`;
    const layer = this.layer ?? maps[0]?.layer;
    const heads = maps.filter((map) => map.layer === layer).map(({ head }) => head);
    if (heads.length === 0) return `layer="${layer}" is not stored here; give a model`;
    const missing = this.#listed?.find((head) => !heads.includes(head));
    return missing === undefined ? measureMisfit(this.measure, explanation) : `heads="${this.heads}": head ${missing} is not stored here (${heads.join(", ")} are); give a model`;
  }

  get #listed(): readonly number[] | null {
    return headList(this.heads ?? "all") ?? null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { head: shared } = this.scope;
    if (shared && shared !== this.#shared) this.#show(shared);
    this.#shared = shared;
  }

  /** The head that was chosen elsewhere, alone; its layer only where it can be had. */
  #show({ layer, head }: ChosenHead): void {
    if (!this.live && !this.explanation?.maps.some((map) => map.layer === layer)) return;
    this.layer = layer;
    this.#off = this.#listed?.includes(head) === false ? new Set() : new Set(this.#others(head));
  }

  /** Heads of a layer besides one; more than there may be, for the layer may be on its way. */
  #others(head: number): number[] {
    const count = Math.max(head + 1, this.explanation?.heads ?? 0);
    return [...Array(count).keys()].filter((other) => other !== head);
  }

  #toggle(head: number): void {
    const off = new Set(this.#off);
    if (!off.delete(head)) off.add(head);
    this.#off = off;
    this.requestUpdate();
  }

  /** Shows one head alone; all of them again when it is alone already. */
  #isolate(head: number): void {
    const alone = this.#shown().every((shown) => shown.head === head);
    this.#off = new Set(alone ? [] : this.#others(head));
    this.requestUpdate();
    if (alone || !this.#drawing) return;
    const { layer } = this.#drawing;
    setShared(this.scope, { head: (this.#shared = { layer, head }) });
    emit(this, "lexi-head", { layer, head });
  }

  // -- the lines around the picture --

  protected override heading(explanation: AttentionHeadsExplanation): unknown {
    const words = this.#words;
    const layers = this.live ? [...Array(explanation.layers).keys()] : [...new Set(explanation.maps.map(({ layer }) => layer))];
    const layer = this.#layerOf(explanation);
    const shares = [...new Set([...SHARES, this.#share])].sort((a, b) => a - b);
    return words.title(
      this.#menu(words.layer, layer, layers.map((option) => [option, String(option)]), (chosen) => (this.layer = Number(chosen))),
      this.#menu(words.share, this.#share, shares.map((share) => [share, percent(this.language, share)]), (chosen) => (this.threshold = Number(chosen))),
      this.live ? this.#menu(measureName(this.language), measureOf(explanation), measureOptions(this.language), (chosen) => (this.measure = chosen as HeadMeasure)) : measureWord(this.language, measureOf(explanation)),
      explanation.input.textPair === undefined ? null : this.#menu(words.pair, this.pair, PAIRS.map((pair) => [pair, words.pairs[pair]]), (chosen) => (this.pair = chosen as Pair)),
    );
  }

  /** Plain words where there is nothing to choose, or no hand yet. */
  #menu(name: string, value: string | number, options: readonly Option[], choose: (value: string) => void): unknown {
    return this.#figure.hand && options.length > 1 ? quietSelect(name, value, options, choose) : options.find(([option]) => option === value)?.[1];
  }

  protected override name(explanation: AttentionHeadsExplanation): string {
    const words = this.#words;
    return words.title(this.#layerOf(explanation), percent(this.language, this.#share), measureWord(this.language, measureOf(explanation)), explanation.input.textPair === undefined ? null : words.pairs[this.pair]).join("");
  }

  protected override picture(explanation: AttentionHeadsExplanation): TemplateResult {
    return html`${this.#figure.hand?.legend()}
      <div class="scroller" ?data-vertical=${this.orientation === "vertical"} @scroll=${() => this.#scrolled()}>
        <div class="extent"><canvas part="canvas" role="application" tabindex="0" aria-label=${this.name(explanation)}></canvas></div>
      </div>
      <div class="readout" lang=${this.wordLanguage}>${this.#figure.hand?.readout()}</div>`;
  }

  protected override scene(explanation: AttentionHeadsExplanation): Scene {
    const drawing = this.#prepare(explanation);
    return linesScene(this.#picture(drawing, 0, drawing.layout.extent, this.#selected(drawing), MOST.file)).scene;
  }

  protected override async table(explanation: AttentionHeadsExplanation): Promise<DataTable> {
    const { linesTable } = await import("./lines-table.js");
    const drawing = this.#prepare(explanation);
    return linesTable(drawing, this.#shown(drawing), this.#selected(drawing), this.language);
  }

  get #words(): LinesWords {
    return linesWordsFor(this.language);
  }

  get #share(): number {
    return this.threshold ?? 0.7;
  }

  #layerOf({ maps }: AttentionHeadsExplanation): number {
    return this.layer !== null && maps.some(({ layer }) => layer === this.layer) ? this.layer : (maps[0]?.layer ?? 0);
  }

  // -- drawing --

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#figure.settled()) return;
    const before = this.#drawing;
    const { drawn, total } = this.#count;
    this.#draw();
    if (this.#drawing !== before || this.#count.drawn !== drawn || this.#count.total !== total) this.requestUpdate(); // chips and the line below depend on what was drawn
    this.#figure.handle(this.name(this.explanation!));
  }

  async #makeHand(): Promise<LinesHand> {
    const text = () => this.explanation!.input.text;
    const host = {
      drawing: () => this.#drawing,
      shown: () => this.#shown(),
      language: () => this.language,
      dark: () => this.colors.dark,
      count: () => this.#count,
      hidesSpecial: () => this.specialTokens === "hide",
      focus: () => this.#focus(this.#drawing!),
      offset: () => this.#offset,
      reveal: (from: number, to: number) => this.#reveal(from, to),
      hover: (token: PlacedToken | null) => pointAt(this, this.scope, token, text()),
      choose: (token: PlacedToken) => chooseTokens(this, this.scope, [token], text()),
      toggle: (head: number) => this.#toggle(head),
      isolate: (head: number) => this.#isolate(head),
      update: () => this.requestUpdate(),
      redraw: () => this.#figure.redraw(),
    };
    const { LinesHand, legendStyles } = await import("./lines-hand.js");
    this.adopt(legendStyles);
    return new LinesHand(host);
  }

  get #scroller(): HTMLElement {
    return this.renderRoot.querySelector(".scroller")!;
  }

  /** Where the window begins along the lists. */
  get #offset(): number {
    return this.orientation === "vertical" ? this.#scroller.scrollTop : Math.abs(this.#scroller.scrollLeft);
  }

  #reveal(from: number, to: number): void {
    const { view, vertical, rtl } = this.#drawing!.layout;
    const offset = Math.min(from, Math.max(this.#offset, to - view));
    if (vertical) this.#scroller.scrollTop = offset;
    else this.#scroller.scrollLeft = rtl ? -offset : offset;
  }

  #shown(drawing = this.#drawing): readonly ShownHead[] {
    return drawing?.heads.filter(({ head }) => !this.#off.has(head)) ?? [];
  }

  #prepare(explanation: AttentionHeadsExplanation): LinesDrawing {
    const { rtl, pair, specialTokens, orientation } = this;
    const before = this.#drawing;
    const asked = { layer: this.#layerOf(explanation), heads: this.#listed, share: this.#share, pair, specialTokens, orientation, rtl, highest: HIGHEST };
    const drawing = (this.#drawing = prepareLines(explanation, asked, this.#figure.canvas!, this.#scroller.parentElement!, before));
    if (before && (before.rows.length !== drawing.rows.length || before.columns.length !== drawing.columns.length)) this.#figure.hand?.reset();
    return drawing;
  }

  /** Tokens that are chosen, as rows. */
  #selected({ rows, explanation }: LinesDrawing): TokensInFocus | null {
    const places = rows.flatMap((token, place) => (isSelected(this.scope, token, explanation.input.text) ? [place] : []));
    return places.length ? { kind: "tokens", side: "query", places } : null;
  }

  /** Whose lines alone are shown: of the token pointed at here, else in a neighbour, else of those that are chosen. */
  #focus(drawing: LinesDrawing): TokensInFocus | null {
    const pointed = this.#figure.hand?.place;
    if (pointed) return { kind: "tokens", side: pointed.side, places: [pointed.place] };
    const find = (tokens: readonly PlacedToken[]) => tokens.findIndex((token) => isHovered(this.scope, token, drawing.explanation.input.text));
    const [row, column] = [find(drawing.rows), find(drawing.columns)];
    if (row >= 0) return { kind: "tokens", side: "query", places: [row] };
    if (column >= 0) return { kind: "tokens", side: "key", places: [column] };
    return this.#selected(drawing);
  }

  #picture(drawing: LinesDrawing, offset: number, length: number, tokens: TokensInFocus | null, most: number): LinesPicture {
    const { layout, explanation, rows, columns, rowLabels, columnLabels, font, edges } = drawing;
    const { ink, paper, dark } = this.colors;
    const shown = this.#shown(drawing);
    const heads = shown.map(({ head, position }) => ({ edges: edges(position), color: category(head, dark), dash: DASHES[Math.floor(head / CATEGORIES) % DASHES.length]! }));
    const numbers = tokens && shown.length ? reachedBy(drawing, shown, tokens).map(({ place, weight }) => ({ place, text: decimal(this.language, weight, 2) })) : [];
    const marked = (list: readonly PlacedToken[]) => new Set(list.flatMap((token, place) => (isSelected(this.scope, token, explanation.input.text) ? [place] : [])));
    return { layout, heads, queryLabels: rowLabels, keyLabels: columnLabels, font, ink, paper, offset, length, most, tokens, chosen: { queries: marked(rows), keys: marked(columns) }, numbers };
  }

  #draw(): void {
    const canvas = this.#figure.canvas;
    if (!canvas || !this.explanation) return;
    const drawing = this.#prepare(this.explanation);
    const { extent, view, breadth, vertical } = drawing.layout;
    const extentStyle = canvas.parentElement!.style;
    extentStyle.setProperty("block-size", `${vertical ? extent : breadth}px`);
    extentStyle.setProperty("inline-size", vertical ? "auto" : `${extent}px`);
    this.#scroller.style.setProperty("max-block-size", vertical ? `${view}px` : "none");
    const { scene, drawn, total } = linesScene(this.#picture(drawing, this.#offset, view, this.#focus(drawing), this.#moving ? MOST.moving : MOST.rest));
    canvas.style.setProperty("inline-size", `${scene.width}px`);
    paintCanvas(canvas, scene);
    this.#count = { drawn, total };
  }

  #scrolled(): void {
    clearTimeout(this.#moving);
    this.#moving = window.setTimeout(() => {
      this.#moving = 0;
      this.requestUpdate();
    }, REST);
    this.#figure.redraw();
  }
}
