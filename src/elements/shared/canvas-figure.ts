/**
 * What figures on a canvas share: when to draw (after the page's own layout, and when the element's size changes), one frame for many wishes to
 * draw again, and the hand, which is loaded after the picture. Not a picture: what is drawn is the element's.
 */
import type { LitElement, ReactiveController } from "lit";
import { whenIdle } from "./when-idle.js";

/** What makes a figure answer to pointer and keys. */
export interface FigureHand {
  attach(canvas: HTMLCanvasElement, name: string): void;
}

export class CanvasFigure<Hand extends FigureHand> implements ReactiveController {
  /** null until it is loaded */
  hand: Hand | null = null;
  #loading: Promise<void> | null = null;
  #resized: ResizeObserver | null = null;
  #frame = 0;

  constructor(readonly host: LitElement, readonly makeHand: () => Promise<Hand>, readonly draw: () => void) {
    host.addController(this);
  }

  get canvas(): HTMLCanvasElement | null {
    return this.host.renderRoot.querySelector("canvas");
  }

  hostDisconnected(): void {
    this.#resized?.disconnect();
    this.#resized = null;
    cancelAnimationFrame(this.#frame);
  }

  /** Whether it can be drawn now, after an update. The first time it cannot: a layout forced then would be one long task with what came before. */
  settled(): boolean {
    if (!this.canvas) return false;
    if (this.#resized) return true;
    const redraw = () => void requestAnimationFrame(() => this.host.requestUpdate());
    this.#resized = new ResizeObserver(redraw);
    this.#resized.observe(this.host);
    redraw();
    return false;
  }

  /** After the picture: the hand takes hold of it, or is loaded in a quiet moment. */
  handle(name: string): void {
    if (this.hand) this.hand.attach(this.canvas!, name);
    else whenIdle(() => void this.load());
  }

  /** Loads the hand once; a failure is tried again with the next update. */
  load(): Promise<void> {
    return (this.#loading ??= this.makeHand().then(
      (hand) => {
        this.hand = hand;
        this.host.requestUpdate();
      },
      () => void (this.#loading = null),
    ));
  }

  /** Draws in the next frame, however often it is asked. */
  redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.draw);
  }
}
