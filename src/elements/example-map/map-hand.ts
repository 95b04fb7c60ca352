/** A person's hand on a map of examples: pointing, moving by keys, choosing one or, by a lasso, many, and what is said of them. Loaded after the first picture. */
import { html, type TemplateResult } from "lit";
import type { ExampleMapExplanation } from "../../explanation/types.js";
import { decimal, percent } from "../shared/numbers.js";
import { label as short } from "../shared/tokens.js";
import { pointsInside, pointTowards, pointUnder, type MapGeometry, type Point } from "./map-geometry.js";
import { isWrong } from "./map-groups.js";
import { mapWordsFor } from "./map-words.js";

export interface MapDrawing {
  readonly explanation: ExampleMapExplanation;
  readonly geometry: MapGeometry;
}

/** What a hand needs of its element. */
export interface MapHandHost {
  readonly drawing: () => MapDrawing | null;
  readonly language: () => string;
  /** positions in `examples` */
  readonly chosen: () => ReadonlySet<number>;
  readonly choose: (positions: readonly number[]) => void;
  /** its text is to be explained */
  readonly open: (position: number) => void;
  readonly update: () => void;
  readonly redraw: () => void;
}

/** A pointer that moves less than this clicks. CSS pixels */
const SLACK = 5;
const REACH = 14;
const DIRECTIONS: Readonly<Record<string, Point>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

export class MapHand {
  /** position pointed at, −1 for none */
  pointed = -1;
  lasso: readonly Point[] = [];
  #start: Point | null = null;
  #byKeys = false;
  #canvas: HTMLCanvasElement | null = null;

  constructor(readonly host: MapHandHost) {}

  /** Listens on the canvas, once; `name` is what the picture is called. */
  attach(canvas: HTMLCanvasElement, name: string): void {
    const { canvas: role, canvasKeys } = mapWordsFor(this.host.language());
    canvas.setAttribute("aria-roledescription", role);
    canvas.setAttribute("aria-label", `${name}. ${canvasKeys}`);
    if (this.#canvas === canvas) return;
    this.#canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", () => this.#drop());
    canvas.addEventListener("pointerleave", () => this.#start === null && this.#point(-1));
    canvas.addEventListener("blur", () => this.#point(-1));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Another explanation: nothing is pointed at any more. */
  reset(): void {
    this.pointed = -1;
    this.#drop();
  }

  /** The example pointed at, else what is chosen, else how to begin. */
  readout(): TemplateResult {
    return html`<span aria-live=${this.#byKeys ? "polite" : "off"}>${this.#said()}</span>`;
  }

  #said(): string {
    const language = this.host.language();
    const words = mapWordsFor(language);
    const { examples = [], prototypes = [], criticisms = [], model } = this.host.drawing()?.explanation ?? {};
    const example = examples[this.pointed];
    const mark = prototypes.includes(this.pointed) ? words.prototype : criticisms.includes(this.pointed) ? words.criticism : "";
    if (example) return words.said(short(example.text, 200), model?.labels[example.predicted] ?? String(example.predicted), percent(language, example.probability), example.label === null ? null : short(example.label, 40), mark);
    const chosen = [...this.host.chosen()];
    if (chosen.length === 0) return words.hint;
    return words.chosen(decimal(language, chosen.length, 6), decimal(language, chosen.filter((position) => isWrong(examples[position]!)).length, 6));
  }

  #point(position: number, byKeys = false): void {
    if (position === this.pointed) return;
    this.pointed = position;
    this.#byKeys = byKeys;
    this.host.redraw();
    this.host.update();
  }

  #under({ offsetX, offsetY }: MouseEvent): number {
    return pointUnder(this.host.drawing()?.geometry.points ?? [], offsetX, offsetY, REACH);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#start = { x: event.offsetX, y: event.offsetY };
    // a pointer made by a program cannot be captured
    if (event.isTrusted) this.#canvas!.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const [start, at] = [this.#start, { x: event.offsetX, y: event.offsetY }];
    if (!start || (this.lasso.length === 0 && Math.hypot(at.x - start.x, at.y - start.y) < SLACK)) return this.#point(this.#under(event));
    this.#point(-1);
    this.lasso = this.lasso.length === 0 ? [start, at] : [...this.lasso, at];
    this.host.redraw();
  }

  #up(event: PointerEvent): void {
    if (!this.#start) return;
    const { lasso } = this;
    const under = this.#under(event);
    this.#drop();
    if (lasso.length > 0) this.host.choose([...(event.shiftKey ? this.host.chosen() : []), ...pointsInside(this.host.drawing()!.geometry.points, lasso)]);
    else this.#press(under, event.shiftKey);
  }

  #drop(): void {
    this.#start = null;
    this.lasso = [];
    this.host.redraw();
  }

  /** One example, or with Shift one more or one less; none beside the dots. */
  #press(position: number, more: boolean): void {
    const chosen = this.host.chosen();
    if (position < 0) {
      if (!more && chosen.size > 0) this.host.choose([]);
    } else if (more) this.host.choose(chosen.has(position) ? [...chosen].filter((other) => other !== position) : [...chosen, position]);
    else this.host.open(position);
  }

  #key(event: KeyboardEvent): void {
    const drawing = this.host.drawing();
    if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { points, left, top, plotWidth, plotHeight } = drawing.geometry;
    const direction = DIRECTIONS[event.key];
    if (direction) this.#point(this.pointed < 0 ? pointUnder(points, left + plotWidth / 2, top + plotHeight / 2, Infinity) : pointTowards(points, this.pointed, direction), true);
    else if ((event.key === "Enter" || event.key === " ") && this.pointed >= 0) this.#press(this.pointed, event.shiftKey);
    else if (event.key === "Escape") this.#escape();
    else return;
    event.preventDefault();
  }

  #escape(): void {
    this.#drop();
    this.#point(-1, true);
    if (this.host.chosen().size > 0) this.host.choose([]);
  }
}
