/**
 * A person's hand on attention lines: pointing at tokens, moving by keys, choosing, switching heads, and what is said about it. Not the drawing.
 * Loaded after the first picture.
 */
import { html, nothing, type TemplateResult } from "lit";
import { CATEGORIES, category } from "../../color/categorical.js";
import { cssColor } from "../../color/rgb.js";
import type { PlacedToken } from "../../state/scope.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal } from "../shared/numbers.js";
import { heaviestLines, type TokensInFocus } from "./focus.js";
import type { LinesDrawing, ShownHead } from "./lines-drawing.js";
import { placeAt, type LinesPlace } from "./lines-layout.js";
import { linesWordsFor } from "./lines-words.js";

export { legendStyles } from "./legend.styles.js";

/** What a hand needs of its element. */
export interface LinesHandHost {
  readonly drawing: () => LinesDrawing | null;
  /** heads that are switched on */
  readonly shown: () => readonly ShownHead[];
  readonly language: () => string;
  readonly dark: () => boolean;
  /** what was drawn last, of how many lines */
  readonly count: () => { readonly drawn: number; readonly total: number };
  readonly hidesSpecial: () => boolean;
  readonly focus: () => TokensInFocus | null;
  /** where the window begins along the lists */
  readonly offset: () => number;
  readonly reveal: (from: number, to: number) => void;
  readonly hover: (token: PlacedToken | null) => void;
  readonly choose: (token: PlacedToken) => void;
  readonly toggle: (head: number) => void;
  readonly isolate: (head: number) => void;
  readonly update: () => void;
  readonly redraw: () => void;
}

/** Lines named in the line below. */
const NAMED = 4;

export class LinesHand {
  place: LinesPlace | null = null;
  #byKeys = false;
  #chip = 0;
  #canvas: HTMLCanvasElement | null = null;

  constructor(readonly host: LinesHandHost) {}

  /** Listens on the canvas, once; `name` is what the picture is called. */
  attach(canvas: HTMLCanvasElement, name: string): void {
    canvas.setAttribute("aria-roledescription", this.#words.canvas);
    canvas.setAttribute("aria-label", `${name}. ${this.#words.canvasKeys}`);
    if (this.#canvas === canvas) return;
    this.#canvas = canvas;
    canvas.addEventListener("pointermove", (event) => event.pointerType === "touch" || this.#point(this.#under(event)));
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "touch" || this.#point(null));
    canvas.addEventListener("blur", () => this.#point(null));
    canvas.addEventListener("click", (event) => this.#press(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Other lists: no token is pointed at any more. */
  reset(): void {
    this.place = null;
  }

  get #words() {
    return linesWordsFor(this.host.language());
  }

  // -- what is said --

  /** One chip a head: a click switches it, a double click shows it alone. */
  legend(): TemplateResult | typeof nothing {
    const drawing = this.host.drawing();
    if (!drawing) return nothing;
    const words = this.#words;
    const on = new Set(this.host.shown().map(({ head }) => head));
    this.#chip = Math.min(this.#chip, drawing.heads.length - 1);
    return html`<div class="chips" part="legend" role="toolbar" aria-label=${`${words.heads}. ${words.headsKeys}`} title=${words.headsKeys} @keydown=${(event: KeyboardEvent) => this.#chipKey(event)}>
      ${drawing.heads.map(({ head }, index) => html`<button
        aria-pressed=${on.has(head)}
        aria-label=${words.head(head)}
        tabindex=${index === this.#chip ? 0 : -1}
        @click=${() => ((this.#chip = index), this.host.toggle(head))}
        @dblclick=${() => this.host.isolate(head)}
        ${cssVars({ "--head": cssColor(category(head, this.host.dark())) })}
      ><span class="swatch" data-dash=${Math.floor(head / CATEGORIES) % 3}></span>${head}</button>`)}
    </div>`;
  }

  /** What the token pointed at looks at, or how to point at one. */
  readout(): TemplateResult {
    return html`<span aria-live=${this.#byKeys ? "polite" : "off"}>${this.#said()}</span>`;
  }

  #said(): string {
    const drawing = this.host.drawing();
    if (!drawing) return "";
    const words = this.#words;
    const language = this.host.language();
    const number = (value: number) => decimal(language, value, 2);
    const heads = this.host.shown();
    const focus = this.host.focus();
    if (!focus) {
      const { drawn, total } = this.host.count();
      return [words.hint[drawing.layout.vertical ? "vertical" : "horizontal"], drawn < total ? words.capped(number(drawn), decimal(language, total)) : "", this.host.hidesSpecial() ? words.hidden : ""].filter(Boolean).join(" · ");
    }
    const isolated = (text: string) => `\u2068${text}\u2069`; // a token may run the other way
    const own = focus.side === "query" ? drawing.rowLabels : drawing.columnLabels;
    const other = focus.side === "query" ? drawing.columnLabels : drawing.rowLabels;
    const name = focus.places.map((place) => isolated(own[place]!)).join(" + ");
    const lines = heaviestLines(drawing, heads, focus, NAMED).map(({ query, key, weight, head }) => words.line(isolated(other[focus.side === "query" ? key : query]!), number(weight), head));
    const said = (focus.side === "query" ? words.looks : words.lookedAt)(name, lines.join(" · ") || words.none);
    return heads.length > 1 ? `${said} · ${words.mean(String(heads.length))}` : said;
  }

  // -- tokens --

  #token({ side, place }: LinesPlace): PlacedToken | null {
    const drawing = this.host.drawing();
    return drawing?.[side === "query" ? "rows" : "columns"][place] ?? null;
  }

  #under({ offsetX, offsetY }: MouseEvent): LinesPlace | null {
    const drawing = this.host.drawing();
    if (!drawing) return null;
    const { layout } = drawing;
    const { vertical, rtl, breadth, view } = layout;
    const [along, across] = vertical ? [offsetY, rtl ? breadth - offsetX : offsetX] : [rtl ? view - offsetX : offsetX, offsetY];
    return placeAt(layout, along + this.host.offset(), across);
  }

  #point(place: LinesPlace | null, byKeys = false): void {
    if (place?.side === this.place?.side && place?.place === this.place?.place) return;
    this.place = place;
    this.#byKeys = byKeys;
    this.host.hover(place && this.#token(place));
    this.host.redraw();
    this.host.update();
  }

  #press(event: MouseEvent): void {
    const place = this.#under(event);
    const known = place?.side === this.place?.side && place?.place === this.place?.place;
    this.#point(place);
    // A finger has not pointed before it touches: its first touch points, the next one chooses.
    if (place && (known || (event as PointerEvent).pointerType !== "touch")) this.#choose(place);
  }

  #choose(place: LinesPlace): void {
    const token = this.#token(place);
    if (token) this.host.choose(token);
  }

  #key(event: KeyboardEvent): void {
    const drawing = this.host.drawing();
    if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { vertical, rtl } = drawing.layout;
    const [back, on, otherSide] = vertical ? ["ArrowUp", "ArrowDown", /^Arrow(Left|Right)$/] : rtl ? ["ArrowRight", "ArrowLeft", /^Arrow(Up|Down)$/] : ["ArrowLeft", "ArrowRight", /^Arrow(Up|Down)$/];
    const side = this.place?.side ?? "query";
    const last = (side === "query" ? drawing.rows : drawing.columns).length - 1;
    const at = this.place?.place ?? -1;
    const moves: Readonly<Record<string, number>> = { [back]: at - 1, [on]: at + 1, Home: 0, End: last, PageUp: at - 10, PageDown: at + 10 };
    const to = moves[event.key];
    if (to !== undefined) this.#go(side, to);
    else if (otherSide.test(event.key)) this.#go(side === "query" ? "key" : "query", at);
    else if ((event.key === "Enter" || event.key === " ") && this.place) this.#choose(this.place);
    else if (event.key === "Escape") this.#point(null);
    else return;
    event.preventDefault();
  }

  /** Points at a place, into which a number outside of the list is brought, and shows it. */
  #go(side: "query" | "key", to: number): void {
    const { layout } = this.host.drawing()!;
    const [middles, halves] = side === "query" ? [layout.queries, layout.halfQueries] : [layout.keys, layout.halfKeys];
    const place = Math.max(0, Math.min(middles.length - 1, to));
    if (middles.length === 0) return;
    this.host.reveal(middles[place]! - halves[place]!, middles[place]! + halves[place]!);
    this.#point({ side, place }, true);
  }

  /** Arrow keys move between the chips; Shift and Enter shows one head alone. */
  #chipKey(event: KeyboardEvent): void {
    const chips = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
    const at = chips.indexOf((event.target as HTMLElement).closest("button")!);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl" ? -1 : 1;
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: chips.length - 1 };
    const to = steps[event.key];
    if (to !== undefined) {
      this.#chip = Math.max(0, Math.min(chips.length - 1, to));
      chips[this.#chip]!.focus();
      this.host.update();
    } else if (event.key === "Enter" && event.shiftKey) this.host.isolate(this.host.drawing()!.heads[at]!.head);
    else return;
    event.preventDefault();
  }
}
