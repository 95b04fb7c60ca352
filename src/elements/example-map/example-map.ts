import { html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { exampleMap, PROJECTIONS, type Projection } from "../../explanation/example-map.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { ExampleMapExplanation, Explanation } from "../../explanation/types.js";
import { chooseExamples, chosenExamples } from "../../state/chosen-examples.js";
import { exampleMapRequest } from "../../state/corpus-requests.js";
import { setShared } from "../../state/set-shared.js";
import { CanvasFigure } from "../shared/canvas-figure.js";
import { badAttribute } from "../shared/attributes.js";
import { CorpusElement } from "../shared/corpus-element.js";
import { corpusStyles } from "../shared/corpus.styles.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { percent } from "../shared/numbers.js";
import { paintCanvas } from "../shared/paint-canvas.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { exampleMapStyles } from "./example-map.styles.js";
import { mapGeometry } from "./map-geometry.js";
import { colorings, groupsOf } from "./map-groups.js";
import type { MapDrawing, MapHand } from "./map-hand.js";
import { mapScene, type LegendEntry, type MapPicture, type Mark } from "./map-scene.js";
import { mapWordsFor, type MapWords } from "./map-words.js";

type Drawing = MapDrawing & { readonly key: string; readonly picture: Omit<MapPicture, "chosen" | "pointed" | "lasso" | "here" | "ink" | "paper" | "dark"> };

/**
 * A corpus as a plane: a dot an example, near where the model's hidden states are alike (two principal components, or UMAP), coloured and shaped by
 * prediction, by error, by label or by a column. Dots are read by pointing or with arrow keys; a click or Enter has an example explained by the
 * linked figures; a lasso chooses many, which `<similar-examples>` of the scope marks. Typical examples and those unlike them are ringed.
 *
 * @summary A corpus as a map of dots.
 * @tag example-map
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`; a classifier
 * @attr {string} text - placed on the map; may be absent
 * @attr {string} corpus - a built-in name, or the address of a CSV, JSON or JSONL file; "reviews" when not given. A child script of type `text/csv`, `application/jsonl` or `application/corpus+json` holds rows as well, and a file may be dropped on the element
 * @attr {string} text-column - the column of the texts; "text" and its kin when not given
 * @attr {string} label-column - the column of the given labels; "label" and its kin when not given
 * @attr {string} vectors - address of vectors that were stored beside the corpus
 * @attr {number} layer - whose hidden state, from 0; -1 is the embeddings; the last when not given
 * @attr {"mean" | "class"} pooling - the mean over the tokens (when not given) or the class token
 * @attr {"pca" | "umap"} projection - how the plane is made: two principal components (default), which show how the examples spread, or UMAP, which keeps neighbours together
 * @attr {string} color - "prediction" (default), "error", "label", or a column of the corpus with 2 to 12 different values
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart canvas - dots, axes and legend
 * @csspart chooser - where a file is chosen
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: ExampleMapExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{corpus: string, examples: ChosenExample[]}>} lexi-examples - a person chose examples, or none any more: all that are chosen now
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class ExampleMap extends CorpusElement<ExampleMapExplanation> {
  static override styles = [...CorpusElement.styles, corpusStyles, exampleMapStyles];
  static override properties: PropertyDeclarations = { color: { reflect: true }, projection: { reflect: true } };
  protected static override kinds: KindChecks = { "example-map": exampleMap };
  protected static override allowed = { projection: PROJECTIONS };

  color = "prediction";
  projection: Projection | null = null;

  #drawing: Drawing | null = null;
  readonly #figure = new CanvasFigure(this, () => this.#makeHand(), () => this.#draw());
  /** of the last whole map, by the corpus that it is of: an error takes the map away */
  #colorings: { readonly of: string; readonly names: readonly string[] } | null = null;

  protected override get needsText(): boolean {
    return false;
  }

  protected override check(): void {
    super.check();
    const { explanation } = this;
    const of = JSON.stringify([this.asks, this.src]);
    if (explanation && this.state === "ready") this.#colorings = { of, names: colorings(explanation) };
    const known = this.#colorings;
    if (known?.of === of && !known.names.includes(this.color)) throw badAttribute("color", this.color, known.names.join(", "));
  }

  protected override request(input: TextInput): ExplainRequest {
    // a text of the corpus has its dot, and needs no place of its own
    const { explanation } = this;
    const known = explanation !== null && this.state === "ready" && explanation.examples.some(({ text }) => text === input.text);
    return exampleMapRequest(known ? { ...input, text: "" } : input, { ...this.source, projection: this.projection });
  }

  /** A stored map is of its corpus, whichever text is explained around it. */
  protected override misfit(explanation: Explanation): string {
    const text = this.text ?? this.scope.text ?? explanation.input.text;
    const general = super.misfit({ ...explanation, input: { ...explanation.input, text } });
    if (general || explanation.kind !== "example-map" || this.projection === null || this.projection === explanation.projection) return general;
    return `projection="${this.projection}" is not stored here; give a model to compute it (${explanation.projection} is)`;
  }

  protected override get asks(): readonly unknown[] {
    return [...super.asks, this.projection];
  }

  get #words(): MapWords {
    return mapWordsFor(this.language);
  }

  #colorName(name: string): string {
    const { colors } = this.#words;
    return Object.hasOwn(colors, name) ? colors[name as keyof typeof colors] : name;
  }

  protected override heading(explanation: ExampleMapExplanation): unknown {
    const words = this.#words;
    const options = colorings(explanation).map((name) => [name, this.#colorName(name)] as const);
    const color = this.#figure.hand ? quietSelect(words.color, this.color, options, (chosen) => (this.color = chosen)) : this.#colorName(this.color);
    const { projection } = explanation;
    const planes = PROJECTIONS.map((name) => [name, words.planes[name]] as const);
    return words.title(this.live && this.#figure.hand ? quietSelect(words.plane, projection, planes, (chosen) => (this.projection = chosen as Projection)) : words.planes[projection], color);
  }

  protected override name({ projection }: ExampleMapExplanation): string {
    return this.#words.title(this.#words.planes[projection], this.#colorName(this.color)).join("");
  }

  protected override picture(explanation: ExampleMapExplanation): TemplateResult {
    return html`<canvas part="canvas" role="application" tabindex="0" aria-label=${this.name(explanation)}></canvas>
      <div class="readout" lang=${this.wordLanguage}>${this.#figure.hand?.readout()}</div>
      <p class="corpus" lang=${this.wordLanguage}>${this.corpusLine(explanation)}</p>`;
  }

  protected override scene(explanation: ExampleMapExplanation): Scene {
    return this.#scene(this.#prepare(explanation), false);
  }

  protected override async table(explanation: ExampleMapExplanation): Promise<DataTable> {
    const { mapTable } = await import("./map-table.js");
    return mapTable(explanation, this.language);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#figure.settled()) return;
    this.#draw();
    this.#figure.handle(this.name(this.explanation!));
  }

  async #makeHand(): Promise<MapHand> {
    const host = {
      drawing: () => this.#drawing,
      language: () => this.language,
      chosen: () => this.#chosen,
      choose: (positions: readonly number[]) => this.#choose(positions),
      open: (position: number) => this.#open(position),
      update: () => this.requestUpdate(),
      redraw: () => this.#figure.redraw(),
    };
    const { MapHand } = await import("./map-hand.js");
    return new MapHand(host);
  }

  // -- choosing --

  /** Positions of what is chosen in the scope. */
  get #chosen(): ReadonlySet<number> {
    const { explanation } = this;
    const chosen = chosenExamples(this.scope);
    if (!explanation || chosen?.corpus !== explanation.corpus.reference) return new Set();
    return new Set(explanation.examples.flatMap(({ line }, position) => (chosen.lines.has(line) ? [position] : [])));
  }

  #choose(positions: readonly number[]): void {
    const { examples, corpus } = this.explanation!;
    const chosen = [...new Set(positions)].sort((a, b) => a - b).map((position) => examples[position]!);
    chooseExamples(this.scope, corpus.reference, chosen.map(({ line }) => line));
    emit(this, "lexi-examples", { corpus: corpus.reference, examples: chosen.map(({ line, text, label }) => ({ line, text, label })) });
  }

  #open(position: number): void {
    this.#choose([position]);
    setShared(this.scope, { text: this.explanation!.examples[position]!.text });
  }

  // -- drawing --

  #prepare(explanation: ExampleMapExplanation): Drawing {
    const style = getComputedStyle(this);
    const width = Math.max(120, this.#figure.canvas!.parentElement!.clientWidth);
    const { color, language } = this;
    const key = JSON.stringify([width, color, language, this.wordLanguage, style.fontSize, style.fontFamily]);
    if (this.#drawing?.explanation === explanation && this.#drawing.key === key) return this.#drawing;
    if (this.#drawing?.explanation !== explanation) this.#figure.hand?.reset();
    const words = this.#words;
    const { examples, explained, prototypes, criticisms, place } = explanation;
    const fontSize = Math.min(15, Math.max(11, parseFloat(style.fontSize) * 0.8));
    const groups = groupsOf(explanation, color, words);
    const entries: [Mark, string][] = groups.map(({ look, name, members }) => [look, `${name} (${members.length})`]);
    if (prototypes.length > 0) entries.push(["prototype", words.prototype]);
    if (criticisms.length > 0) entries.push(["criticism", words.criticism]);
    if (place) entries.push(["here", words.here]);
    const context = this.#figure.canvas!.getContext("2d")!;
    context.font = `${fontSize}px ${style.fontFamily}`;
    const legend = legendOf(entries, width, fontSize, (text) => context.measureText(text).width);
    const top = (legend.at(-1)?.y ?? 0) + 1.2 * fontSize;
    const geometry = mapGeometry({ points: examples, extra: place ? { x: place[0]!, y: place[1]! } : null, width, top, margin: 1.8 * fontSize });
    const axes = explained.length === 0 ? ([words.nearness, ""] as const) : words.axes(percent(language, explained[0]!), percent(language, explained[1]!));
    return (this.#drawing = { key, explanation, geometry, picture: { geometry, groups, legend, axes, prototypes, criticisms, fontSize, font: style.fontFamily } });
  }

  #scene({ picture, explanation, geometry }: Drawing, live: boolean): Scene {
    const { examples, place, input } = explanation;
    const text = this.text ?? this.scope.text ?? input.text;
    const dot = text ? examples.findIndex((example) => example.text === text) : -1;
    const own = place && text === input.text ? geometry.place(place[0]!, place[1]!) : null;
    return mapScene({ ...picture, ...this.colors, chosen: this.#chosen, pointed: live ? (this.#figure.hand?.pointed ?? -1) : -1, lasso: live ? (this.#figure.hand?.lasso ?? []) : [], here: geometry.points[dot] ?? own });
  }

  #draw(): void {
    const canvas = this.#figure.canvas;
    if (canvas && this.explanation) paintCanvas(canvas, this.#scene(this.#prepare(this.explanation), true));
  }
}

/** Entries one after another, in as many lines as they need. CSS pixels */
function legendOf(entries: readonly (readonly [Mark, string])[], width: number, fontSize: number, measure: (text: string) => number): LegendEntry[] {
  let [x, y] = [0, 0.8 * fontSize];
  return entries.map(([mark, text]) => {
    const size = measure(text) + 2.6 * fontSize;
    if (x > 0 && x + size > width) [x, y] = [0, y + 1.6 * fontSize];
    const entry = { mark, text, x, y };
    x += size;
    return entry;
  });
}
