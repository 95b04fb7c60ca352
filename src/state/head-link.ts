/**
 * Keeps a figure of one head and the head that is chosen in its scope the same. Not for the first picture: what is chosen is followed once a
 * hand is there. A figure never chooses by itself, so two heat maps in one scope stay apart until a person chooses in a grid.
 */
import type { AttentionExplanation } from "../explanation/types.js";
import type { ChosenHead, Scope } from "./scope.js";
import { setShared } from "./set-shared.js";

type Ordinal = number | "mean" | "max";

/** An element that shows one head. */
export interface HeadFigure {
  layer: Ordinal | null;
  head: Ordinal | null;
  readonly model: string | null;
  explanation: AttentionExplanation | null;
}

export class HeadLink {
  #shared: ChosenHead | null = null;
  #layer: Ordinal | null = null;
  #head: Ordinal | null = null;

  /** Called at each update of the figure. What was chosen elsewhere moves the figure; where there is such a choice, the figure's menus move it. */
  follow(scope: Scope, figure: HeadFigure): void {
    const { head: shared } = scope;
    if (shared && shared !== this.#shared) show(shared, scope, figure);
    else if (shared && typeof figure.layer === "number" && typeof figure.head === "number" && (figure.layer !== this.#layer || figure.head !== this.#head)) setShared(scope, { head: { layer: figure.layer, head: figure.head } });
    this.#shared = scope.head;
    this.#layer = figure.layer;
    this.#head = figure.head;
  }
}

/** Without a model, a figure shows only what is handed to it. */
function show({ layer, head, map }: ChosenHead, scope: Scope, figure: HeadFigure): void {
  const live = figure.model ?? scope.model;
  if (!live && !map) return;
  Object.assign(figure, { layer, head });
  if (!live && map) figure.explanation = map;
}
