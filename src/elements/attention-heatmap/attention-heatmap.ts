import { html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { AttentionPart } from "../../anatomy/types.js";
import { COLORMAPS, type ColormapName } from "../../color/colormaps.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attention, type KindChecks } from "../../explanation/kinds.js";
import type { Measure } from "../../explanation/measures.js";
import type { AttentionExplanation, Explanation } from "../../explanation/types.js";
import { attentionRequest } from "../../state/requests.js";
import { checkOrdinal, wholeNumber } from "../shared/attributes.js";
import { CanvasFigure } from "../shared/canvas-figure.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import type { ExportType } from "../shared/export.js";
import { paintCanvas } from "../shared/paint-canvas.js";
import { type Scene } from "../shared/scene.js";
import { label, piece, placedTokens } from "../shared/tokens.js";
import { heatMapStyles } from "./attention-heatmap.styles.js";
import { attentionCells } from "./cells.js";
import type { Drawing, Place, Side } from "./drawing.js";
import { geometry, WHOLE, type View } from "./geometry.js";
import type { HeatMapHand } from "./hand.js";
import { heatMapScene, type Labels } from "./heat-map-scene.js";
import { attentionTitle } from "./heat-map-words.js";
import type { Shown, ShownToken } from "./shown-token.js";

type Ordinal = number | "mean" | "max";

/** CSS pixels */
const LARGEST_CELL = 32;

/**
 * Where one attention head looks: rows are the tokens that look, columns the tokens that are looked at. Of an encoder–decoder `attention` says which
 * text looks at which; `text-pair` is what it has written so far. Draws a stored explanation, or
 * asks the model named by `model` about `text`. Counting starts at 0, as in the literature.
 *
 * @summary Attention of a layer and a head as a heat map.
 * @tag attention-heatmap
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two; for an encoder–decoder, what it has written so far
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {number | "mean" | "max"} layer - which layer, from 0; "mean" (default) and "max" are over all
 * @attr {number | "mean" | "max"} head - which head, from 0; "mean" (default) and "max" are over all
 * @attr {"self" | "decoder" | "cross"} attention - of an encoder–decoder: the text that is read at itself (default), the text that is written (`text-pair`) at itself, or at the one that is read
 * @attr {"blues" | "viridis" | "magma" | "hot" | "blue-orange"} colormap - blue-orange shows the distance from even attention
 * @attr {"pattern" | "rollout" | "flow" | "value-weighted" | "value-zeroing"} measure - what the numbers are: the weights that softmax gives (default), these followed from the input up to a layer (rollout, flow), these times the size of what is attended to, or how much a layer's output turns when a token's values are zeroed
 * @attr {boolean} compare - says in the line below how the order of tokens agrees with gradient × input and with leaving tokens out (rank correlation)
 * @attr {"show" | "hide" | "renormalise"} special-tokens - whether tokens that the tokenizer added are shown; renormalise also scales the rows that are left to sum to 1
 * @attr {"token" | "word"} unit - tokens, or words: columns summed, rows averaged
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart canvas - the cells and their labels
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @cssproperty [--lexi-cell=32px] - largest side of a cell
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: AttentionExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose tokens or took them back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a token
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class AttentionHeatmap extends ExplanationElement<AttentionExplanation> {
  static override styles = [...ExplanationElement.styles, heatMapStyles];
  static override properties: PropertyDeclarations = {
    attention: { reflect: true },
    layer: { reflect: true, converter: wholeNumber },
    head: { reflect: true, converter: wholeNumber },
    colormap: { reflect: true },
    measure: { reflect: true },
    compare: { type: Boolean, reflect: true },
    specialTokens: { reflect: true, attribute: "special-tokens" },
    unit: { reflect: true },
  };
  protected static override kinds: KindChecks = { attention };
  protected static override allowed = { colormap: COLORMAPS, specialTokens: ["show", "hide", "renormalise"], unit: ["token", "word"], attention: ["self", "decoder", "cross"] };

  attention: AttentionPart | null = null;
  layer: Ordinal | null = null;
  head: Ordinal | null = null;
  colormap: ColormapName = "blues";
  measure: Measure | null = null;
  compare = false;
  specialTokens: "show" | "hide" | "renormalise" = "show";
  unit: "token" | "word" = "token";

  #drawing: Drawing | null = null;
  readonly #figure = new CanvasFigure(this, () => this.#makeHand(), () => this.#draw());

  protected override check(): void {
    super.check();
    for (const name of ["layer", "head"] as const) if (this[name] !== null) checkOrdinal(name, this[name], ["mean", "max"]);
  }

  protected override request(input: TextInput): ExplainRequest {
    const { layer, head, attention, measure, compare } = this;
    return attentionRequest(input, { layer, head, attention, measure, compare });
  }

  protected override get asks(): readonly unknown[] {
    return [this.layer, this.head, this.attention, this.measure, this.compare];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "attention") return general;
    const stored = { attention: "self", measure: "pattern", ...explanation };
    for (const name of ["layer", "head", "attention", "measure"] as const) {
      if (this[name] !== null && this[name] !== stored[name]) return `${name}="${this[name]}" is not stored here (${stored[name]} is); give a model`;
    }
    return "";
  }

  protected override heading(explanation: AttentionExplanation): unknown {
    return this.#figure.hand?.heading(explanation) ?? this.name(explanation);
  }

  protected override name(explanation: AttentionExplanation): string {
    return this.#figure.hand?.name(explanation) ?? (this.#asItIs(explanation) ? attentionTitle(this.language, explanation) : "");
  }

  /** Whether the picture is drawn of the explanation's own tokens and weights; anything else is read by the hand. */
  #asItIs({ measure, queries }: AttentionExplanation): boolean {
    return !measure && !queries && this.specialTokens === "show" && this.unit === "token";
  }

  protected override picture(explanation: AttentionExplanation): TemplateResult {
    return html`<canvas part="canvas" role="application" tabindex="0" aria-label=${this.name(explanation)}></canvas>
      <div class="readout" lang=${this.wordLanguage}>${this.#figure.hand?.readout()}</div>`;
  }

  protected override scene(explanation: AttentionExplanation): Scene {
    const drawing = this.#prepare(explanation);
    return this.#scene(drawing, WHOLE, null);
  }

  protected override async table(explanation: AttentionExplanation): Promise<DataTable> {
    await this.#figure.load();
    return this.#figure.hand!.table(this.#shown(explanation));
  }

  override async toBlob(type: ExportType): Promise<Blob> {
    await this.#figure.load();
    return super.toBlob(type);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#figure.settled()) return;
    if (!this.#figure.hand && !this.#asItIs(this.explanation!)) return void this.#figure.load();
    const before = this.#drawing;
    this.#draw();
    if (this.#drawing !== before) this.requestUpdate(); // the legend and the buttons depend on what was drawn
    this.#figure.handle(this.name(this.explanation!));
  }

  async #makeHand(): Promise<HeatMapHand> {
    const { HeatMapHand, handStyles } = await import("./hand.js");
    this.adopt(handStyles);
    return new HeatMapHand({
      drawing: () => this.#drawing,
      element: this,
      scope: () => this.scope,
      look: () => ({ colormap: this.colormap, dark: this.colors.dark, language: this.language }),
      choice: (name, options, choose) => this.choice(name, this[name] ?? this.explanation![name], options, choose),
      redraw: () => this.#figure.redraw(),
    });
  }

  #shown(explanation: AttentionExplanation): Shown {
    const all = placedTokens(explanation);
    const sides = [explanation.queries, explanation.keys].map((list) => (list?.map((index) => all[index]!) ?? all).map((token, at) => ({ ...token, at }))) as [ShownToken[], ShownToken[]];
    return this.#figure.hand?.shown({ explanation, sides }) ?? { explanation, sides };
  }

  // -- drawing --

  #prepare(explanation: AttentionExplanation): Drawing {
    const style = getComputedStyle(this);
    const width = Math.max(80, this.#figure.canvas!.parentElement!.clientWidth);
    const largest = parseFloat(style.getPropertyValue("--lexi-cell")) || LARGEST_CELL;
    const { dark } = this.colors;
    const key = JSON.stringify([width, largest, dark, this.rtl, this.colormap, this.specialTokens, this.unit, style.fontSize, style.fontFamily]);
    if (this.#drawing?.explanation === explanation && this.#drawing.key === key) return this.#drawing;
    const fontSize = Math.min(16, Math.max(11, parseFloat(style.fontSize) * 0.8));
    const context = this.#figure.canvas!.getContext("2d")!;
    context.font = `${fontSize}px ${style.fontFamily}`;
    const shown = this.#shown(explanation);
    const sides = shown.sides.map((tokens): Side => {
      const labels = tokens.map((token) => label(piece(explanation, token)));
      return { tokens, labels, widths: labels.map((text) => context.measureText(text).width + 1) };
    });
    const [down, along] = sides.map(({ tokens }) => tokens.length) as [number, number];
    const plan = geometry(along, down, width, Math.max(0, ...sides.flatMap(({ widths }) => widths)), fontSize, largest, this.rtl);
    const [rows, columns] = sides.map((side): Side => ({ ...side, labels: side.labels.map((text, index) => fitting(text, side.widths[index]!, plan.label)) })) as [Side, Side];
    const cells = attentionCells(shown.explanation, rows.tokens, columns.tokens, this.colormap, dark, this.rtl, shown.even);
    const drawing = { key, explanation, weights: shown.explanation.weights, rows, columns, cells, geometry: plan, font: style.fontFamily };
    this.#figure.hand?.fit(drawing, this.#drawing);
    return (this.#drawing = drawing);
  }

  #scene(drawing: Drawing, view: View, place: Place | null): Scene {
    const { rows, columns, geometry, font, cells } = drawing;
    const { ink, paper } = this.colors;
    const [down, along] = [rows, columns].map((side): Labels => ({ ...side, chosen: this.#figure.hand?.chosen(side) ?? [] })) as [Labels, Labels];
    return heatMapScene({ geometry, view, image: cells.image, rows: down, columns: along, font, ink, paper, place, over: (map) => this.#figure.hand?.overlays(drawing, map) ?? [] });
  }

  #draw(): void {
    const { canvas, hand } = this.#figure;
    if (!canvas || !this.explanation) return;
    const drawing = this.#prepare(this.explanation);
    paintCanvas(canvas, this.#scene(drawing, hand?.view ?? WHOLE, hand?.pointed(drawing) ?? null));
  }
}

/** A label that is too wide, cut in proportion. */
function fitting(text: string, width: number, room: number): string {
  return width <= room + 1 ? text : `${[...text].slice(0, Math.floor((text.length * room) / width) - 1).join("")}…`;
}
