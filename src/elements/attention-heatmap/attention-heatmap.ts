import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { COLORMAPS, colormaps, type ColormapName } from "../../color/colormaps.js";
import { cssColor } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import type { AttentionExplanation, Explanation, ExplanationKind } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import { checkOrdinal, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal } from "../shared/numbers.js";
import { paint, type Scene } from "../shared/scene.js";
import { label, placedTokens, surface } from "../shared/tokens.js";
import { ordinal } from "../shared/words.js";
import { heatMapStyles } from "./attention-heatmap.styles.js";
import { attentionCells, sumCells, type Cells } from "./cells.js";
import { columnX, geometry, mostScale, placeAt, rowY, WHOLE, within, zoomed, type Geometry, type View } from "./geometry.js";
import { heatMapScene } from "./heat-map-scene.js";

type Ordinal = number | "mean" | "max";
interface Place {
  readonly row: number;
  readonly column: number;
}

/** Tables of longer texts list, for each token, only where it looks most. */
const WHOLE_TABLE = 24;
const MOST_IN_TABLE = 8;
/** CSS pixels */
const LARGEST_CELL = 32;
/** A press that moves less than this is a click. */
const STILL = 4;

/** What is drawn now; made anew when the explanation, the width or the colours change. */
interface Drawing {
  readonly key: string;
  readonly explanation: AttentionExplanation;
  /** tokens that are shown */
  readonly tokens: readonly PlacedToken[];
  readonly labels: readonly string[];
  readonly cells: Cells;
  readonly geometry: Geometry;
  readonly font: string;
}

/**
 * Where one attention head looks: rows are the tokens that look, columns the tokens that are looked at. Draws a stored explanation, or
 * asks the model named by `model` about `text`. Counting starts at 0, as in the literature.
 *
 * @summary Attention of a layer and a head as a heat map.
 * @tag attention-heatmap
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {number | "mean" | "max"} layer - which layer, from 0; "mean" (default) and "max" are over all
 * @attr {number | "mean" | "max"} head - which head, from 0; "mean" (default) and "max" are over all
 * @attr {"blues" | "viridis" | "magma" | "hot" | "blue-orange"} colormap - blue-orange shows the distance from even attention
 * @attr {"show" | "hide"} special-tokens - whether tokens that the tokenizer added are shown
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
    layer: { reflect: true, converter: wholeNumber },
    head: { reflect: true, converter: wholeNumber },
    colormap: { reflect: true },
    specialTokens: { reflect: true, attribute: "special-tokens" },
  };
  protected static override kinds: readonly ExplanationKind[] = ["attention"];
  protected static override allowed = { colormap: COLORMAPS, specialTokens: ["show", "hide"] };

  layer: Ordinal | null = null;
  head: Ordinal | null = null;
  colormap: ColormapName = "blues";
  specialTokens: "show" | "hide" = "show";

  #drawing: Drawing | null = null;
  #view: View = WHOLE;
  #place: Place | null = null;
  #byKeys = false;
  #pressed = new Map<number, { x: number; y: number }>();
  #moved = 0;
  #resized: ResizeObserver | null = null;
  #frame = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.#resized = null;
    cancelAnimationFrame(this.#frame);
  }

  protected override check(): void {
    super.check();
    if (this.layer !== null) checkOrdinal("layer", this.layer, ["mean", "max"]);
    if (this.head !== null) checkOrdinal("head", this.head, ["mean", "max"]);
  }

  protected override request(input: TextInput): ExplainRequest {
    return { kind: "attention", ...input, layer: this.layer ?? "mean", head: this.head ?? "mean" };
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "attention") return general;
    for (const name of ["layer", "head"] as const) {
      if (this[name] !== null && this[name] !== explanation[name]) return `${name}="${this[name]}" is not stored here (${name} ${explanation[name]} is); give a model to compute it`;
    }
    return "";
  }

  protected override heading(explanation: AttentionExplanation): unknown {
    const menu = (name: "layer" | "head", count: number) => {
      const value = this[name] ?? explanation[name];
      const options = [...Array.from({ length: count }, (_, index) => index), "mean", "max"] as Ordinal[];
      return this.choice(this.words[name], value, options.map((option) => [option, ordinal(this.words, option)] as const), (chosen) => (this[name] = wholeNumber.fromAttribute(chosen) as Ordinal));
    };
    return this.words.attentionTitle(menu("layer", explanation.layers), menu("head", explanation.heads));
  }

  protected override name({ layer, head }: AttentionExplanation): string {
    return this.words.attentionTitle(ordinal(this.words, layer), ordinal(this.words, head)).join("");
  }

  protected override picture(explanation: AttentionExplanation): TemplateResult {
    const { words } = this;
    const zooms = this.#drawing !== null && this.#drawing.explanation === explanation && mostScale(this.#drawing.geometry) > 1.3;
    return html`<div class="paper">
        <canvas
          part="canvas"
          role="application"
          tabindex="0"
          aria-roledescription="heat map"
          aria-label=${`${this.name(explanation)}. ${words.canvasKeys}`}
          ?data-zoomed=${this.#view.scale > 1}
          @pointerdown=${this.#down}
          @pointermove=${this.#move}
          @pointerup=${this.#up}
          @pointercancel=${this.#up}
          @pointerleave=${() => this.#pressed.size || this.#point(null)}
          @dblclick=${(event: MouseEvent) => this.#zoom(2.5, event.offsetX, event.offsetY)}
          @wheel=${this.#wheel}
          @keydown=${this.#key}
          @blur=${() => this.#point(null)}
        ></canvas>
      </div>
      <div class="readout" lang=${words.lang}>
        <span class="said" aria-live=${this.#byKeys ? "polite" : "off"}>${this.#say(explanation) || (zooms ? html`<span class="hint">${words.zoomHint}</span>` : nothing)}</span>
        ${zooms
          ? html`<span class="zoom">
              <button class="quiet" aria-label=${words.zoom.out} @click=${() => this.#zoom(0.5)}>−</button>
              <button class="quiet" aria-label=${words.zoom.in} @click=${() => this.#zoom(2)}>+</button>
            </span>`
          : nothing}
        ${this.#legend()}
      </div>`;
  }

  protected override scene(explanation: AttentionExplanation): Scene {
    const drawing = this.#prepare(explanation);
    return this.#scene(drawing, WHOLE, null);
  }

  protected override table(explanation: AttentionExplanation): DataTable {
    const tokens = this.#visible(explanation);
    const name = (token: PlacedToken) => label(surface(explanation, token));
    const weight = (query: PlacedToken, key: PlacedToken) => decimal(this.language, explanation.weights[query.index]![key.index]!);
    if (tokens.length <= WHOLE_TABLE) {
      return { head: ["", ...tokens.map(name)], rows: tokens.map((query) => [name(query), ...tokens.map((key) => weight(query, key))]) };
    }
    const most = (query: PlacedToken) => {
      const row = explanation.weights[query.index]!;
      return [...tokens].sort((a, b) => row[b.index]! - row[a.index]! || a.index - b.index).slice(0, MOST_IN_TABLE);
    };
    return {
      head: [this.words.token, ...Array.from({ length: MOST_IN_TABLE }, (_, index) => (index ? String(index + 1) : this.words.most))],
      rows: tokens.map((query) => [name(query), ...most(query).map((key) => `${name(key)} ${weight(query, key)}`)]),
    };
  }

  protected override updated(_changed: PropertyValues): void {
    const canvas = this.#canvas;
    if (!canvas) return;
    if (!this.#resized) {
      this.#resized = new ResizeObserver(() => this.requestUpdate());
      this.#resized.observe(this);
    }
    const before = this.#drawing;
    this.#draw();
    // Whether there is anything to enlarge is known only now.
    if (before?.explanation !== this.#drawing?.explanation || before?.geometry.width !== this.#drawing?.geometry.width) this.requestUpdate();
  }

  get #canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector("canvas");
  }

  #visible(explanation: AttentionExplanation): PlacedToken[] {
    return placedTokens(explanation).filter((token) => this.specialTokens === "show" || !token.special);
  }

  // -- drawing --

  #prepare(explanation: AttentionExplanation): Drawing {
    const style = getComputedStyle(this);
    const paper = this.renderRoot.querySelector(".paper");
    const width = Math.max(80, Math.floor(paper?.clientWidth ?? this.clientWidth));
    const largest = parseFloat(style.getPropertyValue("--lexi-cell")) || LARGEST_CELL;
    const { dark } = this.colors;
    const key = JSON.stringify([width, largest, dark, this.rtl, this.colormap, this.specialTokens, style.fontSize, style.fontFamily]);
    if (this.#drawing?.explanation === explanation && this.#drawing.key === key) return this.#drawing;
    const tokens = this.#visible(explanation);
    const fontSize = Math.min(16, Math.max(11, parseFloat(style.fontSize) * 0.8));
    const context = this.#canvas!.getContext("2d")!;
    context.font = `${fontSize}px ${style.fontFamily}`;
    const full = tokens.map((token) => label(surface(explanation, token)));
    const widths = full.map((text) => context.measureText(text).width + 1);
    const plan = geometry(tokens.length, width, Math.max(0, ...widths), fontSize, largest, this.rtl);
    const shortened = (text: string) => {
      let cut = [...text];
      while (cut.length > 1 && context.measureText(`${cut.join("")}…`).width > plan.label) cut = cut.slice(0, -1);
      return `${cut.join("")}…`;
    };
    const labels = full.map((text, index) => (widths[index]! <= plan.label + 1 ? text : shortened(text)));
    const cells = attentionCells(explanation, tokens.map(({ index }) => index), this.colormap, dark, this.rtl);
    if (this.#drawing?.tokens.length !== tokens.length) this.#view = WHOLE;
    this.#view = within(plan, this.#view, tokens.length);
    return (this.#drawing = { key, explanation, tokens, labels, cells, geometry: plan, font: style.fontFamily });
  }

  #scene(drawing: Drawing, view: View, place: Place | null): Scene {
    const { tokens, explanation, geometry, font, labels, cells } = drawing;
    const { ink, paper, dark } = this.colors;
    const chosen = new Set(tokens.flatMap((token, index) => (this.isSelected(token, explanation) ? [index] : [])));
    const sums = chosen.size
      ? {
          rows: sumCells(tokens.map((_, column) => this.#sum(drawing, chosen, column, "rows")), this.colormap, dark, false, this.rtl),
          columns: sumCells(tokens.map((_, row) => this.#sum(drawing, chosen, row, "columns")), this.colormap, dark, true, this.rtl),
        }
      : null;
    const number = place && place.row >= 0 && place.column >= 0 ? decimal(this.language, this.#weight(drawing, place)) : "";
    return heatMapScene({ geometry, view, image: cells.image, labels, font, ink, paper, chosen, sums, place, number });
  }

  #weight({ explanation, tokens }: Drawing, { row, column }: Place): number {
    return explanation.weights[tokens[row]!.index]![tokens[column]!.index]!;
  }

  /** What the chosen rows give to a column, or what a row gives to the chosen columns. */
  #sum(drawing: Drawing, chosen: ReadonlySet<number>, at: number, over: "rows" | "columns"): number {
    let sum = 0;
    for (const other of chosen) sum += this.#weight(drawing, over === "rows" ? { row: other, column: at } : { row: at, column: other });
    return sum;
  }

  #draw(): void {
    const canvas = this.#canvas;
    const explanation = this.explanation;
    if (!canvas || !explanation) return;
    const drawing = this.#prepare(explanation);
    const { width, height } = drawing.geometry;
    const ratio = window.devicePixelRatio || 1;
    const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    if (canvas.width !== pixels.width || canvas.height !== pixels.height) Object.assign(canvas, pixels);
    canvas.style.setProperty("block-size", `${height}px`);
    const context = canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, this.#scene(drawing, this.#view, this.#place ?? this.#linked(drawing)));
  }

  /** The token that a neighbour points at, as a row and a column. */
  #linked({ tokens, explanation }: Drawing): Place | null {
    const index = tokens.findIndex((token) => this.isHovered(token, explanation));
    return index < 0 ? null : { row: index, column: index };
  }

  #redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #legend(): TemplateResult {
    const { dark } = this.colors;
    const { low, high } = this.#drawing?.cells ?? { low: 0, high: 0 };
    const stops = Array.from({ length: 17 }, (_, index) => cssColor(colormaps[this.colormap](low < 0 ? index / 8 - 1 : index / 16, dark)));
    const ends = low < 0 ? [`${this.words.even} − ${decimal(this.language, high, 2)}`, `+ ${decimal(this.language, high, 2)}`] : ["0", decimal(this.language, high, 2)];
    return html`<span class="legend">
      ${ends[0]}<span class="ramp" ${cssVars({ "background-image": `linear-gradient(to ${this.rtl ? "left" : "right"}, ${stops.join(", ")})` })}></span>${ends[1]}
    </span>`;
  }

  /** The place that is pointed at, in words. */
  #say(explanation: AttentionExplanation): string {
    const drawing = this.#drawing;
    const place = this.#place;
    if (!drawing || drawing.explanation !== explanation || !place) return "";
    const { tokens, labels } = drawing;
    const chosen = new Set(tokens.flatMap((token, index) => (this.isSelected(token, explanation) ? [index] : [])));
    const isolated = (index: number) => `\u2068${labels[index] ?? "…"}\u2069`;
    const parts: string[] = [];
    if (place.row >= 0 && place.column >= 0) parts.push(this.words.looksAt(isolated(place.row), isolated(place.column), decimal(this.language, this.#weight(drawing, place))));
    const total = this.words.chosen(decimal(this.language, chosen.size));
    if (chosen.size && place.column >= 0) parts.push(this.words.looksAt(total, isolated(place.column), decimal(this.language, this.#sum(drawing, chosen, place.column, "rows"))));
    if (chosen.size && place.row >= 0) parts.push(this.words.looksAt(isolated(place.row), total, decimal(this.language, this.#sum(drawing, chosen, place.row, "columns"))));
    return parts.join(" · ");
  }

  // -- a person's hand --

  #point(place: Place | null, byKeys = false): void {
    const drawing = this.#drawing;
    if (!drawing || (place?.row === this.#place?.row && place?.column === this.#place?.column)) return;
    this.#place = place;
    this.#byKeys = byKeys;
    const index = place ? (place.row >= 0 ? place.row : place.column) : -1;
    this.hover(drawing.tokens[index] ?? null, drawing.explanation);
    this.#redraw();
    this.requestUpdate();
  }

  #choose(index: number): void {
    const drawing = this.#drawing;
    const token = drawing?.tokens[index];
    if (drawing && token) this.toggle([token], drawing.explanation);
  }

  #look(view: View): void {
    const drawing = this.#drawing;
    if (!drawing) return;
    this.#view = within(drawing.geometry, view, drawing.tokens.length);
    this.#redraw();
    this.requestUpdate();
  }

  /** Enlarges around a place of the canvas; around the middle or the focused cell when none is given. */
  #zoom(factor: number, x?: number, y?: number): void {
    const drawing = this.#drawing;
    if (!drawing) return;
    const { geometry: plan, tokens } = drawing;
    const half = (plan.cell * this.#view.scale) / 2;
    const at = this.#place && this.#place.row >= 0 && this.#place.column >= 0 ? { x: columnX(plan, this.#view, this.#place.column) + half, y: rowY(plan, this.#view, this.#place.row) + half } : { x: plan.left + plan.side / 2, y: plan.top + plan.side / 2 };
    this.#look(zoomed(plan, this.#view, tokens.length, factor, x ?? at.x, y ?? at.y));
  }

  #drag(byX: number, byY: number): void {
    const { geometry: plan } = this.#drawing!;
    const size = plan.cell * this.#view.scale;
    this.#look({ ...this.#view, column: this.#view.column - (plan.rtl ? -byX : byX) / size, row: this.#view.row - byY / size });
  }

  #down(event: PointerEvent): void {
    this.#pressed.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.#moved = this.#pressed.size > 1 ? Infinity : 0;
    if (this.#view.scale > 1) (event.target as Element).setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (!this.#drawing) return;
    const { offsetX: x, offsetY: y } = event;
    const before = this.#pressed.get(event.pointerId);
    if (before) {
      this.#moved += Math.hypot(x - before.x, y - before.y);
      this.#pressed.set(event.pointerId, { x, y });
      const other = [...this.#pressed].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const distance = (from: { x: number; y: number }) => Math.hypot(from.x - other.x, from.y - other.y) || 1;
        return this.#zoom(distance({ x, y }) / distance(before), (x + other.x) / 2, (y + other.y) / 2);
      }
      if (this.#view.scale > 1) return this.#drag(x - before.x, y - before.y);
    }
    this.#point(placeAt(this.#drawing.geometry, this.#view, this.#drawing.tokens.length, x, y));
  }

  #up(event: PointerEvent): void {
    const was = this.#pressed.delete(event.pointerId);
    if (!was || !this.#drawing || event.type !== "pointerup" || this.#moved > STILL || event.button > 0) return;
    const place = placeAt(this.#drawing.geometry, this.#view, this.#drawing.tokens.length, event.offsetX, event.offsetY);
    if (!place) return;
    const known = place.row === this.#place?.row && place.column === this.#place.column;
    this.#point(place);
    // A finger has not pointed before it touches: its first touch points, the next one chooses.
    if (known || event.pointerType === "mouse") this.#choose(place.row >= 0 ? place.row : place.column);
  }

  #wheel(event: WheelEvent): void {
    if (!this.#drawing || mostScale(this.#drawing.geometry) === 1) return;
    const focused = this.shadowRoot?.activeElement === event.target;
    if (event.ctrlKey || event.metaKey) this.#zoom(Math.exp(-event.deltaY / 200), event.offsetX, event.offsetY);
    else if (focused && this.#view.scale > 1) this.#drag(-event.deltaX, -event.deltaY);
    else return;
    event.preventDefault();
  }

  #key(event: KeyboardEvent): void {
    const drawing = this.#drawing;
    if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = drawing.tokens.length - 1;
    const { row, column } = this.#place ?? { row: 0, column: 0 };
    const forward = this.rtl ? -1 : 1;
    const moves: Readonly<Record<string, Place>> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - forward },
      ArrowRight: { row, column: column + forward },
      Home: { row, column: 0 },
      End: { row, column: last },
      PageUp: { row: row - 10, column },
      PageDown: { row: row + 10, column },
    };
    const acts: Readonly<Record<string, () => void>> = {
      Enter: () => this.#choose(event.shiftKey ? column : row),
      " ": () => this.#choose(event.shiftKey ? column : row),
      "+": () => this.#zoom(1.5),
      "=": () => this.#zoom(1.5),
      "-": () => this.#zoom(1 / 1.5),
      Escape: () => this.#point(null),
    };
    const move = moves[event.key];
    if (move) {
      const to = this.#place ? { row: Math.max(0, Math.min(last, move.row)), column: Math.max(0, Math.min(last, move.column)) } : { row: 0, column: 0 };
      this.#point(to, true);
      this.#reveal(to);
    } else if (acts[event.key]) {
      if (!this.#place && event.key !== "Escape") this.#point({ row: 0, column: 0 }, true);
      acts[event.key]!();
    } else return;
    event.preventDefault();
  }

  /** Moves the window so that the place is in it. */
  #reveal({ row, column }: Place): void {
    const seen = this.#drawing!.tokens.length / this.#view.scale;
    const into = (from: number, at: number) => Math.min(at, Math.max(from, at + 1 - seen));
    this.#look({ ...this.#view, row: into(this.#view.row, row), column: into(this.#view.column, column) });
  }
}
