/**
 * A person's hand on a heat map: pointing, choosing, moving, enlarging, by mouse, finger and keys, and what is said about the place
 * pointed at. Not the drawing. Loaded after the first picture.
 */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import { colormaps, type ColormapName } from "../../color/colormaps.js";
import { cssColor } from "../../color/rgb.js";
import type { AttentionExplanation } from "../../explanation/types.js";
import { HeadLink, type HeadFigure } from "../../state/head-link.js";
import type { PlacedToken, Scope } from "../../state/scope.js";
import { isHovered, isSelected } from "../../state/pointing.js";
import { chooseTokens, pointAt } from "../shared/pointing.js";
import { actionWordsFor } from "../shared/action-words.js";
import { wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import type { Option } from "../shared/frame.js";
import { decimal } from "../shared/numbers.js";
import type { Shape } from "../shared/scene.js";
import type { Drawing, Place, Side } from "./drawing.js";
import { columnX, rowY, WHOLE, type View } from "./geometry.js";
import type { HeatMap, Labels } from "./heat-map-scene.js";
import { heatMapWordsFor, ordinal } from "./heat-map-words.js";
import { cross, overview, sumStrips } from "./overlays.js";
import { arranged, title, type Reading } from "./reading.js";
import type { Shown } from "./shown-token.js";
import { sumAt, sumCells, weightAt } from "./sums.js";
import { mostScale, placeAt, within, zoomed } from "./view.js";

export { handStyles } from "./hand.styles.js";

type Ordinal = number | "mean" | "max";

/** What a hand needs of its element. */
export interface HandHost {
  readonly drawing: () => Drawing | null;
  readonly element: LitElement & HeadFigure & Reading;
  readonly choice: (name: "layer" | "head", options: () => readonly Option[], choose: (value: string) => void) => unknown;
  readonly scope: () => Scope;
  readonly look: () => { readonly colormap: ColormapName; readonly dark: boolean; readonly language: string };
  readonly redraw: () => void;
}

/** A press that moves less than this is a click. CSS pixels. */
const STILL = 4;
/** Below this much to gain, there are no buttons to enlarge. */
const WORTH_ZOOMING = 1.3;

/** The token of a row, or of a column where there is no row. */
function tokenAt({ explanation, rows, columns }: Drawing, { row, column }: Place): PlacedToken | null {
  const index = (row >= 0 ? rows.tokens[row] : columns.tokens[column])?.index;
  return index === undefined ? null : { ...explanation.tokens[index]!, index };
}

export class HeatMapHand {
  view: View = WHOLE;
  place: Place | null = null;
  #byKeys = false;
  #canvas: HTMLCanvasElement | null = null;
  readonly #pressed = new Map<number, { readonly x: number; readonly y: number }>();
  #moved = 0;
  readonly #link = new HeadLink();

  constructor(readonly host: HandHost) {}

  /** Listens on the canvas, once; `name` is what the picture is called. Shows the head that is chosen in the scope. */
  attach(canvas: HTMLCanvasElement, name: string): void {
    this.#link.follow(this.host.scope(), this.host.element);
    canvas.setAttribute("aria-roledescription", this.#words.canvas);
    canvas.setAttribute("aria-label", `${name}. ${this.#words.canvasKeys}`);
    canvas.toggleAttribute("data-zoomed", this.view.scale > 1);
    if (this.#canvas === canvas) return;
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
    canvas.addEventListener("pointerleave", () => this.#pressed.size || this.#point(null));
    canvas.addEventListener("blur", () => this.#point(null));
    canvas.addEventListener("dblclick", (event) => this.#zoom(2.5, event.offsetX, event.offsetY));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The map as it is read. */
  shown(shown: Shown): Shown {
    return arranged(shown, this.host.element);
  }

  /** The numbers as they are read. */
  async table(shown: Shown): Promise<DataTable> {
    const { attentionTable } = await import("./attention-table.js");
    return attentionTable(shown, this.host.look().language);
  }

  /** The line above with its controls. */
  heading(explanation: AttentionExplanation): readonly unknown[] {
    const { element, choice, look } = this.host;
    const words = heatMapWordsFor(look().language);
    const menu = (name: "layer" | "head", count: number) => {
      const options = () => ([...Array(count).keys(), "mean", "max"] as Ordinal[]).map((option) => [option, ordinal(words, option)] as const);
      return choice(name, options, (chosen) => (element[name] = wholeNumber.fromAttribute(chosen) as Ordinal));
    };
    return title(look().language, explanation, element, menu("layer", explanation.layers), menu("head", explanation.heads));
  }

  name(explanation: AttentionExplanation): string {
    const { language } = this.host.look();
    const words = heatMapWordsFor(language);
    return title(language, explanation, this.host.element, ordinal(words, explanation.layer), ordinal(words, explanation.head)).join("");
  }

  /** The map has another shape now, and perhaps other tokens than `before`. */
  fit({ geometry: plan, rows, columns }: Drawing, before: Drawing | null): void {
    const same = before?.rows.tokens.length === rows.tokens.length && before.columns.tokens.length === columns.tokens.length;
    if (!same) Object.assign(this, { view: WHOLE, place: null });
    this.view = within(plan, this.view);
  }

  /** The cross, the sums, and the overview of an enlarged map. */
  overlays(drawing: Drawing, map: HeatMap): Shape[] {
    const { colormap, dark, language } = this.host.look();
    const shapes: Shape[] = [];
    if (map.rows.chosen.includes(true) || map.columns.chosen.includes(true)) {
      const chosen = (side: Labels) => side.chosen.flatMap((each, index) => (each ? [index] : []));
      const sums = (over: "rows" | "columns", along: Side) => sumCells(along.tokens.map((_, at) => sumAt(drawing, chosen(map[over]), at, over)), colormap, dark, over === "columns", map.geometry.rtl);
      shapes.push(...sumStrips(map, sums("rows", drawing.columns), sums("columns", drawing.rows)));
    }
    const number = map.place && map.place.row >= 0 && map.place.column >= 0 ? decimal(language, weightAt(drawing, map.place)) : "";
    shapes.push(...cross(map, number));
    if (map.view.scale > 1) shapes.push(...overview(map));
    return shapes;
  }

  /** The place pointed at here, or the token that a neighbour points at, as a row and a column. */
  pointed({ rows, columns, explanation }: Drawing): Place | null {
    if (this.place) return this.place;
    const at = ({ tokens }: Side): number => tokens.findIndex((token) => isHovered(this.host.scope(), token, explanation.input.text));
    const [row, column] = [at(rows), at(columns)];
    return row < 0 && column < 0 ? null : { row, column };
  }

  chosen({ tokens }: Side): boolean[] {
    const drawing = this.host.drawing();
    return tokens.map((token) => drawing !== null && isSelected(this.host.scope(), token, drawing.explanation.input.text));
  }

  /** The place pointed at, in words, else how to enlarge a map that needs it; the buttons for it; the legend. */
  readout(): TemplateResult {
    const { zoom, zoomHint } = this.#words;
    const hint = this.#zooms ? html`<span class="hint">${zoomHint}</span>` : nothing;
    return html`${this.#legend()}<span class="said" aria-live=${this.#byKeys ? "polite" : "off"}>${this.#said() || hint}</span>
      ${this.#zooms
        ? html`<span class="zoom">
            <button class="quiet" aria-label=${zoom.out} @click=${() => this.#zoom(0.5)}>−</button>
            <button class="quiet" aria-label=${zoom.in} @click=${() => this.#zoom(2)}>+</button>
          </span>`
        : nothing}`;
  }

  #legend(): unknown {
    const drawing = this.host.drawing();
    if (!drawing) return nothing;
    const { cells, geometry: { rtl, left, side, width } } = drawing;
    const start = rtl ? width - left - side : left;
    const { colormap, dark, language } = this.host.look();
    const high = decimal(language, cells.high, 2);
    const [from, ends] = cells.low < 0 ? [-1, [`${this.#words.even} − ${high}`, `+ ${high}`]] : [0, ["0", high]];
    const stops = Array.from({ length: 17 }, (_, index) => cssColor(colormaps[colormap](from + (index * (1 - from)) / 16, dark)));
    return html`<span class="legend" ${cssVars({ "--start": `${Math.round(start)}px` })}>${ends[0]}<span class="ramp" ${cssVars({ "--ramp": `linear-gradient(to ${rtl ? "left" : "right"}, ${stops.join()})` })}></span>${ends[1]}</span>`;
  }

  get #words() {
    return actionWordsFor(this.host.look().language);
  }

  get #zooms(): boolean {
    const drawing = this.host.drawing();
    return drawing !== null && mostScale(drawing.geometry) > WORTH_ZOOMING;
  }

  #said(): string {
    const drawing = this.host.drawing();
    const { place } = this;
    if (!drawing || !place) return "";
    const { rows, columns } = drawing;
    const { language } = this.host.look();
    const words = this.#words;
    const chosen = ({ tokens }: Side) => tokens.flatMap((token, index) => (isSelected(this.host.scope(), token, drawing.explanation.input.text) ? [index] : []));
    const [chosenRows, chosenColumns] = [chosen(rows), chosen(columns)];
    const name = ({ labels }: Side, index: number) => `\u2068${labels[index] ?? "…"}\u2069`; // isolated: a token may run the other way
    const [row, column] = [name(rows, place.row), name(columns, place.column)];
    const number = (value: number) => decimal(language, value);
    const total = ({ length }: readonly number[]) => words.chosen(number(length));
    const parts: string[] = [];
    if (place.row >= 0 && place.column >= 0) parts.push(words.looksAt(row, column, number(weightAt(drawing, place))));
    if (chosenRows.length && place.column >= 0) parts.push(words.looksAt(total(chosenRows), column, number(sumAt(drawing, chosenRows, place.column, "rows"))));
    if (chosenColumns.length && place.row >= 0) parts.push(words.looksAt(row, total(chosenColumns), number(sumAt(drawing, chosenColumns, place.row, "columns"))));
    return parts.join(" · ");
  }

  #point(place: Place | null, byKeys = false): void {
    const drawing = this.host.drawing();
    if (!drawing || (place?.row === this.place?.row && place?.column === this.place?.column)) return;
    this.place = place;
    this.#byKeys = byKeys;
    pointAt(this.host.element, this.host.scope(), place ? tokenAt(drawing, place) : null, drawing.explanation.input.text);
    this.host.redraw();
    this.host.element.requestUpdate();
  }

  #choose(place: Place): void {
    const drawing = this.host.drawing();
    const token = drawing && tokenAt(drawing, place);
    if (token) chooseTokens(this.host.element, this.host.scope(), [token], drawing.explanation.input.text);
  }

  #look(view: View): void {
    const drawing = this.host.drawing();
    if (!drawing) return;
    this.view = within(drawing.geometry, view);
    this.host.redraw();
    this.host.element.requestUpdate();
  }

  /** Enlarges around a place of the canvas; around the cell pointed at, or the middle, when none is given. */
  #zoom(factor: number, x?: number, y?: number): void {
    const drawing = this.host.drawing();
    if (!drawing) return;
    const { geometry: plan } = drawing;
    const half = (plan.cell * this.view.scale) / 2;
    const { row, column } = this.place ?? { row: -1, column: -1 };
    const at = row >= 0 && column >= 0 ? { x: columnX(plan, this.view, column) + half, y: rowY(plan, this.view, row) + half } : { x: plan.left + plan.side / 2, y: plan.top + plan.high / 2 };
    this.#look(zoomed(plan, this.view, factor, x ?? at.x, y ?? at.y));
  }

  #drag(byX: number, byY: number): void {
    const plan = this.host.drawing()!.geometry;
    const size = plan.cell * this.view.scale;
    this.#look({ ...this.view, column: this.view.column - (plan.rtl ? -byX : byX) / size, row: this.view.row - byY / size });
  }

  #down(event: PointerEvent): void {
    this.#pressed.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.#moved = this.#pressed.size > 1 ? Infinity : 0;
    if (this.view.scale > 1) this.#canvas!.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const drawing = this.host.drawing();
    if (!drawing) return;
    const { offsetX: x, offsetY: y } = event;
    const before = this.#pressed.get(event.pointerId);
    if (before) {
      this.#moved += Math.hypot(x - before.x, y - before.y);
      this.#pressed.set(event.pointerId, { x, y });
      const other = [...this.#pressed].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const distance = (from: { readonly x: number; readonly y: number }) => Math.hypot(from.x - other.x, from.y - other.y) || 1;
        return this.#zoom(distance({ x, y }) / distance(before), (x + other.x) / 2, (y + other.y) / 2);
      }
      if (this.view.scale > 1) return this.#drag(x - before.x, y - before.y);
    }
    this.#point(placeAt(drawing.geometry, this.view, x, y));
  }

  #up(event: PointerEvent): void {
    const drawing = this.host.drawing();
    const was = this.#pressed.delete(event.pointerId);
    if (!was || !drawing || event.type !== "pointerup" || this.#moved > STILL || event.button > 0) return;
    const place = placeAt(drawing.geometry, this.view, event.offsetX, event.offsetY);
    if (!place) return;
    const known = place.row === this.place?.row && place.column === this.place.column;
    this.#point(place);
    // A finger has not pointed before it touches: its first touch points, the next one chooses.
    if (known || event.pointerType === "mouse") this.#choose(place);
  }

  #wheel(event: WheelEvent): void {
    if (!this.#zooms) return;
    const focused = (this.#canvas!.getRootNode() as ShadowRoot).activeElement === this.#canvas;
    if (event.ctrlKey || event.metaKey) this.#zoom(Math.exp(-event.deltaY / 200), event.offsetX, event.offsetY);
    else if (focused && this.view.scale > 1) this.#drag(-event.deltaX, -event.deltaY);
    else return;
    event.preventDefault();
  }

  #key(event: KeyboardEvent): void {
    const drawing = this.host.drawing();
    if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
    const lastOf = ({ tokens }: Side) => tokens.length - 1;
    const { row, column } = this.place ?? { row: 0, column: 0 };
    const forward = drawing.geometry.rtl ? -1 : 1;
    const moves: Readonly<Record<string, Place>> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - forward },
      ArrowRight: { row, column: column + forward },
      Home: { row, column: 0 },
      End: { row, column: lastOf(drawing.columns) },
      PageUp: { row: row - 10, column },
      PageDown: { row: row + 10, column },
    };
    const choose = () => this.#choose({ row: event.shiftKey ? -1 : row, column });
    const acts: Readonly<Record<string, () => void>> = {
      Enter: choose,
      " ": choose,
      "+": () => this.#zoom(1.5),
      "=": () => this.#zoom(1.5),
      "-": () => this.#zoom(1 / 1.5),
      Escape: () => this.#point(null),
    };
    const move = moves[event.key];
    if (move) {
      const into = (value: number, side: Side) => Math.max(0, Math.min(lastOf(side), value));
      const to = this.place ? { row: into(move.row, drawing.rows), column: into(move.column, drawing.columns) } : { row: 0, column: 0 };
      this.#point(to, true);
      this.#reveal(to);
    } else if (acts[event.key]) {
      if (!this.place && event.key !== "Escape") this.#point({ row: 0, column: 0 }, true);
      acts[event.key]!();
    } else return;
    event.preventDefault();
  }

  /** Moves the window so that the place is in it. */
  #reveal({ row, column }: Place): void {
    const { rows, columns } = this.host.drawing()!;
    const into = (from: number, at: number, { tokens }: Side) => Math.min(at, Math.max(from, at + 1 - tokens.length / this.view.scale));
    this.#look({ ...this.view, row: into(this.view.row, row, rows), column: into(this.view.column, column, columns) });
  }
}
