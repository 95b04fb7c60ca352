/** A person's hand on a grid of heads: pointing, moving by keys, choosing, and what is said about the head pointed at. Loaded after the first picture. */
import { html, type TemplateResult } from "lit";
import { HEAD_STATISTICS } from "../../explanation/attention-heads.js";
import type { AttentionHeadsExplanation, HeadMap } from "../../explanation/types.js";
import { decimal } from "../shared/numbers.js";
import type { GridDrawing } from "./grid-drawing.js";
import { slotUnder } from "./grid-geometry.js";
import { gridWordsFor } from "./grid-words.js";
import { saidStatistic } from "./said-statistic.js";

/** What a hand needs of its element. */
export interface GridHandHost {
  readonly drawing: () => GridDrawing | null;
  readonly language: () => string;
  readonly chosen: () => { readonly layer: number; readonly head: number } | null;
  readonly choose: (map: HeadMap, position: number) => void;
  readonly update: () => void;
  readonly redraw: () => void;
}

export class GridHand {
  /** slot pointed at, −1 for none */
  pointed = -1;
  #byKeys = false;
  #canvas: HTMLCanvasElement | null = null;

  constructor(readonly host: GridHandHost) {}

  /** Listens on the canvas, once; `name` is what the picture is called. */
  attach(canvas: HTMLCanvasElement, name: string): void {
    const { canvas: role, canvasKeys } = gridWordsFor(this.host.language());
    canvas.setAttribute("aria-roledescription", role);
    canvas.setAttribute("aria-label", `${name}. ${canvasKeys}`);
    if (this.#canvas === canvas) return;
    this.#canvas = canvas;
    canvas.addEventListener("pointermove", (event) => this.#point(this.#under(event)));
    canvas.addEventListener("pointerleave", () => this.#point(-1));
    canvas.addEventListener("blur", () => this.#point(-1));
    canvas.addEventListener("click", (event) => this.#press(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Another order or explanation: no slot is pointed at any more. */
  reset(): void {
    this.pointed = -1;
  }

  /** The head pointed at, else the one chosen, with its numbers; how the maps are drawn. */
  readout(): TemplateResult {
    const drawing = this.host.drawing();
    const words = gridWordsFor(this.host.language());
    const map = drawing && (this.#mapAt(this.pointed) ?? this.#chosenMap(drawing.explanation));
    const number = (value: number) => decimal(this.host.language(), value);
    const { side = 0, tokens = [] } = drawing?.explanation ?? {};
    const how = side < tokens.length ? words.scaled + words.smaller(number(side), number(tokens.length)) : words.scaled;
    const said = map ? `${words.named(map.layer, map.head)}: ${HEAD_STATISTICS.map((name) => words.statistics[name][1](saidStatistic(this.host.language(), name, map[name]))).join(" · ")}` : how;
    return html`<span aria-live=${this.#byKeys ? "polite" : "off"}>${said}</span>`;
  }

  #mapAt(slot: number): HeadMap | null {
    const drawing = this.host.drawing();
    return drawing?.explanation.maps[drawing.order.slots[slot] ?? -1] ?? null;
  }

  #chosenMap({ maps }: AttentionHeadsExplanation): HeadMap | null {
    const chosen = this.host.chosen();
    return maps.find(({ layer, head }) => layer === chosen?.layer && head === chosen.head) ?? null;
  }

  #under(event: MouseEvent): number {
    const drawing = this.host.drawing();
    if (!drawing) return -1;
    const slot = slotUnder(drawing.picture.geometry, event.offsetX, event.offsetY);
    return this.#mapAt(slot) ? slot : -1;
  }

  #point(slot: number, byKeys = false): void {
    if (slot === this.pointed) return;
    this.pointed = slot;
    this.#byKeys = byKeys;
    this.host.redraw();
    this.host.update();
  }

  #press(event: MouseEvent): void {
    const slot = this.#under(event);
    this.#point(slot);
    this.#choose(slot);
  }

  #choose(slot: number): void {
    const map = this.#mapAt(slot);
    if (map) this.host.choose(map, this.host.drawing()!.order.slots[slot]!);
  }

  #key(event: KeyboardEvent): void {
    const drawing = this.host.drawing();
    if (!drawing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { columns, rtl } = drawing.picture.geometry;
    const last = drawing.order.slots.length - 1;
    const forward = rtl ? -1 : 1;
    const steps: Readonly<Record<string, number>> = { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -forward, ArrowRight: forward, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) this.#point(this.#next(step, last), true);
    else if (event.key === "Enter" || event.key === " ") this.#choose(this.pointed);
    else if (event.key === "Escape") this.#point(-1);
    else return;
    event.preventDefault();
  }

  /** The slot `step` further, or the same where the grid ends or a layer has no such head; the chosen or first one to begin with. */
  #next(step: number, last: number): number {
    const { order, explanation } = this.host.drawing()!;
    const chosen = this.#chosenMap(explanation);
    if (this.pointed < 0 && Number.isFinite(step)) return Math.max(0, order.slots.findIndex((position) => explanation.maps[position] === (chosen ?? explanation.maps[0])));
    const to = step === -Infinity ? 0 : step === Infinity ? last : this.pointed + step;
    return to >= 0 && to <= last && this.#mapAt(to) ? to : this.pointed;
  }
}
