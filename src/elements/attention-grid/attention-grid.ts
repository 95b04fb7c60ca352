import { html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { COLORMAPS, type ColormapName } from "../../color/colormaps.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attentionHeads, weightsOfMap } from "../../explanation/attention-heads.js";
import type { HeadMeasure } from "../../explanation/measures.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { AttentionExplanation, AttentionHeadsExplanation, Explanation, HeadMap } from "../../explanation/types.js";
import { attentionGridRequest } from "../../state/requests.js";
import type { ChosenHead } from "../../state/scope.js";
import { setShared } from "../../state/set-shared.js";
import { CanvasFigure } from "../shared/canvas-figure.js";
import { badAttribute, checkOrdinal, wholeNumber } from "../shared/attributes.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { checkMeasure, measureMisfit, measureName, measureOf, measureOptions, measureWord } from "../shared/head-measure.js";
import { decimal } from "../shared/numbers.js";
import { paintCanvas } from "../shared/paint-canvas.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { attentionGridStyles } from "./attention-grid.styles.js";
import type { GridDrawing } from "./grid-drawing.js";
import { gridGeometry } from "./grid-geometry.js";
import type { GridHand } from "./grid-hand.js";
import { gridOrder, largestOf, SORTS, type Sort } from "./grid-order.js";
import { gridScene } from "./grid-scene.js";
import { gridWordsFor, type GridWords } from "./grid-words.js";
import { saidStatistic } from "./said-statistic.js";
import { thumbnails } from "./thumbnails.js";

/** CSS pixels */
const LARGEST_CELL = 96;

/**
 * Every head of every layer at once, each a small map, so that a reader finds the heads worth looking at: in the model's order, or sorted by
 * how focused a head is, how far it looks, how little it gives to special tokens. A click or Enter sends the head to the linked
 * `<attention-heatmap>` and `<attention-lines>`: those in the same `<lexi-scope>`, or that name it by `for`.
 *
 * @summary All layers and heads as thumbnails.
 * @tag attention-grid
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {"none" | "entropy" | "distance" | "special"} sort - the model's order (default), or a list: the most focused heads first, those that look farthest, those that give least to special tokens
 * @attr {"none" | "entropy" | "distance" | "special"} mark - a bar under each head for this number; that of `sort` when not given
 * @attr {"pattern" | "value-weighted"} measure - the weights (default), or each times the size of the value it brings
 * @attr {number} layer - the chosen head's layer, from 0
 * @attr {number} head - the chosen head, from 0
 * @attr {"blues" | "viridis" | "magma" | "hot"} colormap - each map by its own largest weight
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart canvas - the thumbnails and their labels
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @cssproperty [--lexi-thumbnail=96px] - largest side of a thumbnail
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: AttentionHeadsExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{layer: number, head: number}>} lexi-head - a person chose a head
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class AttentionGrid extends ExplanationElement<AttentionHeadsExplanation> {
  static override styles = [...ExplanationElement.styles, attentionGridStyles];
  static override properties: PropertyDeclarations = {
    sort: { reflect: true },
    mark: { reflect: true },
    measure: { reflect: true },
    layer: { reflect: true, converter: wholeNumber },
    head: { reflect: true, converter: wholeNumber },
    colormap: { reflect: true },
  };
  protected static override kinds: KindChecks = { "attention-heads": attentionHeads };
  protected static override allowed = { sort: SORTS, colormap: COLORMAPS.filter((name) => name !== "blue-orange") };

  sort: Sort = "none";
  mark: Sort | null = null;
  measure: HeadMeasure | null = null;
  layer: number | null = null;
  head: number | null = null;
  colormap: Exclude<ColormapName, "blue-orange"> = "blues";

  #drawing: GridDrawing | null = null;
  #images: readonly HTMLCanvasElement[] = [];
  #imagesOf: readonly unknown[] = [];
  readonly #figure = new CanvasFigure(this, () => this.#makeHand(), () => this.#draw());
  #shared: ChosenHead | null = null;

  protected override check(): void {
    super.check();
    checkMeasure(this.measure);
    if (this.mark !== null && !SORTS.includes(this.mark)) throw badAttribute("mark", this.mark, SORTS.join(", "));
    for (const name of ["layer", "head"] as const) if (this[name] !== null) checkOrdinal(name, this[name], []);
  }

  protected override request(input: TextInput): ExplainRequest {
    return attentionGridRequest(input, this.measure);
  }

  protected override get asks(): readonly unknown[] {
    return [this.measure];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    return general || explanation.kind !== "attention-heads" ? general : measureMisfit(this.measure, explanation);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#follow(changed);
  }

  /** What is chosen here and what is chosen in the scope are one. */
  #follow(changed: PropertyValues): void {
    const { head: shared } = this.scope;
    if (shared && shared !== this.#shared) Object.assign(this, { layer: shared.layer, head: shared.head });
    else if ((changed.has("layer") || changed.has("head")) && (shared?.layer !== this.layer || shared?.head !== this.head) && Number.isInteger(this.layer) && Number.isInteger(this.head)) this.#share();
    this.#shared = this.scope.head;
  }

  #share(map?: AttentionExplanation): void {
    setShared(this.scope, { head: { layer: this.layer!, head: this.head!, ...(map && { map }) } });
    this.#shared = this.scope.head;
  }

  #choose({ layer, head }: HeadMap, position: number): void {
    Object.assign(this, { layer, head });
    this.#share(mapAlone(this.explanation!, position));
    emit(this, "lexi-head", { layer, head });
  }

  protected override heading(explanation: AttentionHeadsExplanation): unknown {
    const { language } = this;
    const words = this.#words;
    const [sort, measure] = [words.sorts[this.sort], measureWord(language, measureOf(explanation))];
    if (!this.#figure.hand) return this.#title(explanation, measure, sort);
    return this.#title(
      explanation,
      this.live ? quietSelect(measureName(language), measureOf(explanation), measureOptions(language), (chosen) => (this.measure = chosen as HeadMeasure)) : measure,
      quietSelect(words.order, this.sort, SORTS.map((option) => [option, words.sorts[option]] as const), (chosen) => (this.sort = chosen as Sort)),
    );
  }

  protected override name(explanation: AttentionHeadsExplanation): string {
    return this.#title(explanation, measureWord(this.language, measureOf(explanation)), this.#words.sorts[this.sort]).join("");
  }

  protected override picture(explanation: AttentionHeadsExplanation): TemplateResult {
    return html`<canvas part="canvas" role="application" tabindex="0" aria-label=${this.name(explanation)}></canvas>
      <div class="readout" lang=${this.wordLanguage}>${this.#figure.hand?.readout()}</div>`;
  }

  protected override scene(explanation: AttentionHeadsExplanation): Scene {
    return this.#scene(this.#prepare(explanation), -1);
  }

  protected override async table(explanation: AttentionHeadsExplanation): Promise<DataTable> {
    const { gridTable } = await import("./grid-table.js");
    return gridTable(explanation, this.sort, this.language);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#figure.settled()) return;
    const before = this.#drawing;
    this.#draw();
    if (this.#drawing !== before) this.requestUpdate(); // the line below depends on what was drawn
    this.#figure.handle(this.name(this.explanation!));
  }

  async #makeHand(): Promise<GridHand> {
    const host = {
      drawing: () => this.#drawing,
      language: () => this.language,
      chosen: () => this.#chosen,
      choose: (map: HeadMap, position: number) => this.#choose(map, position),
      update: () => this.requestUpdate(),
      redraw: () => this.#figure.redraw(),
    };
    const { GridHand } = await import("./grid-hand.js");
    return new GridHand(host);
  }

  get #words(): GridWords {
    return gridWordsFor(this.language);
  }

  get #chosen(): { readonly layer: number; readonly head: number } | null {
    const { layer, head } = this;
    return layer === null || head === null ? null : { layer, head };
  }

  #title({ layers, heads }: AttentionHeadsExplanation, measure: unknown, sort: unknown): readonly unknown[] {
    return this.#words.title(decimal(this.language, layers), decimal(this.language, heads), measure, sort);
  }

  // -- drawing --

  #prepare(explanation: AttentionHeadsExplanation): GridDrawing {
    const style = getComputedStyle(this);
    const width = Math.max(80, this.#figure.canvas!.parentElement!.clientWidth);
    const largest = parseFloat(style.getPropertyValue("--lexi-thumbnail")) || LARGEST_CELL;
    const { sort, mark, colormap, language, rtl } = this;
    const { dark } = this.colors;
    const key = JSON.stringify([width, largest, dark, rtl, colormap, sort, mark, this.wordLanguage, language, style.fontSize, style.fontFamily]);
    if (this.#drawing?.explanation === explanation && this.#drawing.key === key) return this.#drawing;
    const words = this.#words;
    const { maps } = explanation;
    const order = gridOrder(maps, sort);
    const statistic = sort === "none" ? (mark ?? "none") : sort;
    const foot = sort === "none" ? (statistic === "none" ? "none" : "bar") : "named";
    const fontSize = Math.min(14, Math.max(11, parseFloat(style.fontSize) * 0.75));
    const context = this.#figure.canvas!.getContext("2d")!;
    context.font = `bold ${fontSize}px ${style.fontFamily}`;
    const widest = (labels: readonly string[]) => labels.reduce((most, text) => Math.max(most, context.measureText(text).width), 0);
    const table = sort === "none";
    const rowLabels = table ? order.layers.map(words.layer) : [];
    const columnLabels = table ? order.heads.map(words.head) : [];
    const most = statistic === "none" ? 1 : largestOf(maps, statistic);
    if (this.#drawing?.explanation !== explanation || this.#drawing.order.slots.length !== order.slots.length || !sameOrder(this.#drawing, order.slots)) this.#figure.hand?.reset();
    const picture = {
      geometry: gridGeometry({ rows: order.rows, columns: order.columns, width, label: widest(rowLabels), fontSize, largest, foot, rtl }),
      slots: order.slots,
      images: this.#thumbnails(explanation, colormap, dark, rtl),
      rowLabels, columnLabels, columnLabel: widest(columnLabels),
      names: foot === "named" && statistic !== "none" ? maps.map((map) => [`${words.layer(map.layer)} ${words.head(map.head)}`, saidStatistic(language, statistic, map[statistic])] as const) : [],
      marks: statistic === "none" ? [] : maps.map((map) => map[statistic] / most),
      font: style.fontFamily,
    };
    return (this.#drawing = { key, explanation, order, picture });
  }

  /** Coloured once for each explanation and look, not for each width. */
  #thumbnails(...of: Parameters<typeof thumbnails>): readonly HTMLCanvasElement[] {
    if (of.some((part, index) => part !== this.#imagesOf[index])) this.#images = thumbnails(...of);
    this.#imagesOf = of;
    return this.#images;
  }

  #scene({ picture, explanation: { maps } }: GridDrawing, pointed: number): Scene {
    const { ink, paper } = this.colors;
    const chosen = this.#chosen;
    const slot = picture.slots.findIndex((position) => chosen !== null && maps[position]?.layer === chosen.layer && maps[position].head === chosen.head);
    return gridScene({ ...picture, ink, paper, chosen: slot, pointed });
  }

  #draw(): void {
    const canvas = this.#figure.canvas;
    if (canvas && this.explanation) paintCanvas(canvas, this.#scene(this.#prepare(this.explanation), this.#figure.hand?.pointed ?? -1));
  }
}

const sameOrder = ({ order }: GridDrawing, slots: readonly number[]) => order.slots.every((position, slot) => position === slots[slot]);

/** One head's map as a heat map draws it; none where only a smaller one is kept. */
function mapAlone(explanation: AttentionHeadsExplanation, position: number): AttentionExplanation | undefined {
  const { maps, side, ...rest } = explanation;
  if (side !== rest.tokens.length) return undefined;
  const flat = weightsOfMap(explanation, position);
  const { layer, head } = maps[position]!;
  return { ...rest, kind: "attention", layer, head, weights: rest.tokens.map((_, query) => Array.from(flat.subarray(query * side, (query + 1) * side))) };
}
