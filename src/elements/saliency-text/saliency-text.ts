import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { readableInk } from "../../color/readable-ink.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import type { AttributionExplanation, Explanation } from "../../explanation/types.js";
import { badAttribute } from "../shared/attributes.js";
import { AttributionElement } from "../shared/attribution-element.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal, signedDecimal } from "../shared/numbers.js";
import { rove } from "../shared/roving.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { largestScore, type ScoredUnit } from "../shared/units.js";
import type { Editing } from "./editing.js";
import type { Hierarchy } from "./hierarchy.js";
import { saliencyTextStyles } from "./saliency-text.styles.js";
import { spansOf } from "./spans.js";
import { isHovered, isSelected } from "../../state/pointing.js";

/** The heaviest token's depth of colour: below the deepest, so that the page's own ink stays readable on most. */
const DEPTH = 0.62;
/** A weight below this share of the heaviest is not underlined. */
const FAINT = 0.08;

/**
 * The text itself, exactly as written, with each token's weight as its background: blue speaks for the target, orange against it. An
 * underline says the same without colour: solid for, dotted against, thicker for more; a wavy one may be nothing but sampling error. Methods that value parts of the text (partition SHAP) are
 * drawn in coarse parts first, which a reader opens and closes.
 *
 * @summary Attribution on the text.
 * @tag saliency-text
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {string} method - a method of the library; "integrated-gradients" when not given
 * @attr {string} target - "argmax" (when not given), a label, its number, or "label - label"
 * @attr {string} preset - a known tool's settings of the method
 * @attr {boolean} check-chance - also compares the ranking of the words with random ones, and says in the line below which is better
 * @attr {number} repeats - of a method that samples: so many seeds are run, and the line below says how far their rankings agree
 * @attr {number} samples - how much a method that samples may evaluate; the method's or the preset's own number when not given. Raised, it goes on from what it has; other methods refuse it
 * @attr {number} seed - of a method that samples; 0 when not given
 * @attr {"spacious" | "compact"} density - the space between lines
 * @attr {"" | "scope"} editable - readers can mask, delete and change tokens, and see prediction and weights move against the pinned original. `editable` alone keeps the edits in this element: the text of the `<lexi-scope>` around stays, and so do the linked figures. `editable="scope"` hands every edit to the scope, so that all follow. A text that comes from elsewhere is a new original. Needs a model
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart text - the text
 * @csspart error-bar - the largest standard error, beside the scale of colours, of methods that sample
 * @csspart pinned - the original, while the text is edited
 * @csspart edit - the menu of a token that is edited
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number, partial?: AttributionExplanation}>} lexi-progress - bytes or steps done; of a method that samples also what is known so far
 * @fires {CustomEvent<{explanation: AttributionExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose tokens or took them back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a token
 * @fires {CustomEvent<{text: string, textPair: string | null}>} lexi-text - a person edited the text, or went back
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class SaliencyText extends AttributionElement {
  static override styles = [...AttributionElement.styles, saliencyTextStyles];
  static override properties: PropertyDeclarations = { density: { reflect: true }, editable: { reflect: true } };
  protected static override allowed = { density: ["spacious", "compact"] };

  density: "spacious" | "compact" = "spacious";

  editable: "" | "scope" | null = null;

  #focused = 0;
  #editing: Editing | null = null;
  #loading = false;
  /** the parts of a method that values them; "loading" until their code is there */
  #hierarchy: Hierarchy | "loading" | null = null;

  protected override check(): void {
    super.check();
    if (this.editable !== null && this.editable !== "" && this.editable !== "scope") throw badAttribute("editable", this.editable, 'no value, or "scope"');
  }

  protected override request(input: TextInput): ExplainRequest {
    const { target } = this.#editing ?? {};
    const request = super.request(this.#editing?.versions.follow(input) ?? input);
    return target && (this.target ?? "argmax") === "argmax" ? ({ ...request, target } as ExplainRequest) : request;
  }

  protected override misfit(explanation: Explanation): string {
    return this.#editing?.versions.edited ? "stored explanations are of the text before it was edited" : super.misfit(explanation);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.editable === null) {
      if (this.#editing) this.requestUpdate();
      this.#editing = null;
    } else if (!this.#editing && !this.#loading && this.live && this.state === "ready") void this.#edit();
    this.#editing?.updated(this.renderRoot);
    if (this.explanation?.hierarchy && this.editable === null && !this.#hierarchy) void this.#loadHierarchy();
  }

  async #loadHierarchy(): Promise<void> {
    this.#hierarchy = "loading";
    try {
      const { Hierarchy, hierarchyStyles } = await import("./hierarchy.js");
      this.adopt(hierarchyStyles);
      this.#hierarchy = new Hierarchy({
        element: this,
        language: () => this.language,
        name: (explanation) => this.name(explanation),
        tint: (score, largest) => this.#tint(score, largest),
        sign: signOf,
        hover: (token) => this.explanation && this.hover(token, this.explanation),
        toggle: (tokens) => this.explanation && this.toggle(tokens, this.explanation),
        marked: (token) => this.explanation !== null && isHovered(this.scope, token, this.explanation.input.text),
        selected: (token) => this.explanation !== null && isSelected(this.scope, token, this.explanation.input.text),
      });
      this.requestUpdate();
    } catch {
      this.#hierarchy = null; // the tokens stay as they are; the next update tries again
    }
  }

  /** The text is shown in parts: while it is edited, token by token. */
  #partsOf(explanation: AttributionExplanation): Hierarchy | null {
    return explanation.hierarchy && this.editable === null && this.#hierarchy !== "loading" ? this.#hierarchy : null;
  }

  async #edit(): Promise<void> {
    this.#loading = true;
    try {
      const { Editing, editingStyles } = await import("./editing.js");
      const { explanation } = this;
      if (this.editable === null || !explanation) return;
      this.adopt(editingStyles);
      const host = {
        element: this,
        language: () => this.language,
        shares: () => this.editable === "scope",
        scope: () => this.scope,
        tint: (score: number, largest: number) => this.#tint(score, largest),
        update: () => this.requestUpdate(),
      };
      this.#editing = new Editing(host, explanation, explanation.input);
      this.requestUpdate();
    } finally {
      this.#loading = false;
    }
  }

  protected override units(explanation: AttributionExplanation): ScoredUnit[] {
    return this.#partsOf(explanation)?.units(explanation) ?? spansOf(explanation);
  }

  protected override picture(explanation: AttributionExplanation): TemplateResult {
    const units = this.units(explanation);
    const words = this.attributionWords;
    const largest = largestScore(units);
    const choose = (index: number) => units[index] && this.toggle(units[index].tokens, explanation);
    this.#focused = Math.min(this.#focused, Math.max(0, units.length - 1));
    const { text, textPair } = explanation.input;
    const paragraph = (whole: string, segment: number) => html`<p
      class="text"
      part="text"
      dir="auto"
      role="listbox"
      aria-multiselectable="true"
      aria-label=${this.name(explanation)}
      ?data-compact=${this.density === "compact"}
      @keydown=${(event: KeyboardEvent) => this.#key(event, units, segment, choose)}
      @pointerleave=${() => this.hover(null, explanation)}
      @focusout=${(event: FocusEvent) => (event.currentTarget as Element).contains(event.relatedTarget as Node | null) || this.hover(null, explanation)}
    >${this.#runs(whole, segment, units, largest, explanation, choose)}</p>`;
    const parts = this.#partsOf(explanation);
    const ramp = Array.from({ length: 17 }, (_, index) => cssColor(this.#ground((index / 8 - 1) * largest, largest)));
    return html`${this.#editing?.above(explanation)}${parts ? parts.picture(explanation, this.density === "compact") : html`${paragraph(text, 0)}${textPair === undefined ? "" : paragraph(textPair, 1)}`}
      ${this.#editing?.tools()}
      <div class="legend" lang=${words.lang}>
        <span>${words.against} ${signedDecimal(this.language, -largest, largest)}</span>
        <span class="ramp" ${cssVars({ "--ramp": `linear-gradient(to ${this.rtl ? "left" : "right"}, ${ramp.join()})` })}></span>
        <span>${signedDecimal(this.language, largest, largest)} ${words.support}</span>
        ${this.#errors(units, largest)}
      </div>
      ${parts?.controls(explanation)}${this.#editing?.below(explanation, choose)}`;
  }

  #key(event: KeyboardEvent, units: readonly ScoredUnit[], segment: number, choose: (index: number) => unknown): void {
    const paragraph = event.currentTarget as Element;
    const first = units.findIndex((unit) => unit.segment === segment);
    const index = first + [...paragraph.querySelectorAll("[role=option]")].indexOf(event.target as Element);
    if (!this.#editing?.key(event, units[index], index)) rove(event, getComputedStyle(paragraph).direction === "rtl", (at) => choose(at + first));
  }

  /** The text in pieces: units as options, everything between them as it is. */
  #runs(text: string, segment: number, units: readonly ScoredUnit[], largest: number, explanation: AttributionExplanation, choose: (index: number) => unknown): unknown[] {
    const runs: unknown[] = [];
    let at = 0;
    units.forEach((unit, index) => {
      if (unit.segment !== segment) return;
      if (unit.start > at) runs.push(text.slice(at, unit.start));
      runs.push(this.#span(unit, index, largest, explanation, choose));
      at = unit.end;
    });
    runs.push(text.slice(at));
    return runs;
  }

  #span(unit: ScoredUnit, index: number, largest: number, explanation: AttributionExplanation, choose: (index: number) => unknown): TemplateResult {
    const share = unit.score / largest;
    const { ground, on } = this.#tint(unit.score, largest);
    const first = unit.tokens[0]!;
    return html`<span
      role="option"
      aria-selected=${unit.tokens.some((token) => isSelected(this.scope, token, explanation.input.text))}
      aria-label=${`${label(unit.text)} ${signedDecimal(this.language, unit.score, largest)}${this.#errorOf(unit)}`}
      title=${decimal(this.language, unit.score) + this.#errorOf(unit)}
      tabindex=${index === this.#focused ? 0 : -1}
      data-sign=${signOf(share)}
      ?data-unsure=${isUnsure(unit)}
      ?data-marked=${unit.tokens.some((token) => isHovered(this.scope, token, explanation.input.text))}
      ${cssVars({ "--ground": cssColor(ground), "--on": cssColor(on), "--thick": `${(1 + 2 * Math.abs(share)).toFixed(1)}px` })}
      @pointerenter=${() => this.hover(first, explanation)}
      @focus=${() => ((this.#focused = index), this.hover(first, explanation), this.requestUpdate())}
      @click=${(event: Event) => (this.#editing ? this.#editing.open(unit, index, event.currentTarget as HTMLElement) : choose(index))}
    >${unit.text}</span>`;
  }

  #errorOf({ error }: ScoredUnit): string {
    return error ? ` ± ${decimal(this.language, error, 2)}` : "";
  }

  /** The error bar of a whole text: the largest standard error, as long as it is on the scale of colours; and what a wavy line means, where there is one. */
  #errors(units: readonly ScoredUnit[], largest: number): unknown {
    const most = units.reduce((found, { error = 0 }) => Math.max(found, error), 0);
    if (most === 0) return nothing;
    const words = this.attributionWords;
    const wavy = units.some((unit) => isUnsure(unit) && signOf(unit.score / largest) !== 0);
    return html`<span class="reach"><span class="error-bar" part="error-bar" ${cssVars({ "--size": String(Math.min(1, most / largest)) })}></span> ${words.within(decimal(this.language, most, 2))}</span>${wavy ? html`<span class="unsure">${words.unsure}</span>` : nothing}`;
  }

  #tint(score: number, largest: number): { readonly ground: Rgb; readonly on: Rgb } {
    const ground = this.#ground(score, largest);
    return { ground, on: readableInk(this.colors.ink, ground) };
  }

  #ground(score: number, largest: number): Rgb {
    return over(signed((DEPTH * score) / largest, this.colors.dark), this.colors.paper);
  }

  /** The lines as the browser has set them. */
  protected override scene(explanation: AttributionExplanation): Scene {
    const units = this.units(explanation);
    const largest = largestScore(units);
    const { ink } = this.colors;
    const body = this.renderRoot.querySelector(".body")!.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(this).fontSize);
    const shapes: Shape[] = [];
    const texts = this.renderRoot.querySelectorAll<HTMLElement>(".text");
    let index = 0;
    for (const node of [...texts].flatMap((text) => [...text.childNodes])) {
      const option = node instanceof HTMLElement ? units[index++] : undefined;
      const source = node instanceof HTMLElement ? [...node.childNodes].find((child) => child.nodeType === Node.TEXT_NODE) : node;
      if (source?.nodeType !== Node.TEXT_NODE) continue;
      const ground = option && this.#ground(option.score, largest);
      for (const { text, box } of linesOf(source as Text)) {
        const [x, y] = [box.left - body.left, box.top - body.top];
        if (ground) {
          const thick = isUnsure(option) ? 1 : 1 + (2 * Math.abs(option.score)) / largest;
          shapes.push({ kind: "rect", x, y, width: box.width, height: box.height, fill: ground });
          if (Math.abs(option.score) >= FAINT * largest) {
            const dash = option.score < 0 ? 2 * thick : box.width;
            for (let from = 0; from < box.width; from += 2 * dash) shapes.push({ kind: "rect", x: x + from, y: y + box.height, width: Math.min(dash, box.width - from), height: thick, fill: ink });
          }
        }
        shapes.push({ kind: "text", x, y: y + box.height / 2, text, fill: ground ? readableInk(ink, ground) : ink, size, anchor: "left" });
      }
    }
    const bottom = [...texts].reduce((most, text) => Math.max(most, text.getBoundingClientRect().bottom), body.top);
    return { width: body.width, height: bottom - body.top + 4, font: getComputedStyle(this).fontFamily, shapes };
  }
}

/** A weight that the error of sampling may have made: 0 lies within two standard errors. */
const isUnsure = ({ score, error = 0 }: ScoredUnit) => Math.abs(score) < 2 * error;

/** Which line is drawn under a weight: 1 solid, −1 dotted, 0 none. */
const signOf = (share: number) => (Math.abs(share) < FAINT ? 0 : Math.sign(share));

/** The pieces of a text node, one a line of the page. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const lines: { text: string; box: DOMRect }[] = [];
  const range = document.createRange();
  let from = 0;
  const box = (start: number, end: number) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getBoundingClientRect();
  };
  for (let to = 1; to <= node.length; to++) {
    const last = to === node.length;
    if (!last && box(from, to + 1).height < 1.5 * box(from, from + 1).height) continue;
    const text = node.data.slice(from, to);
    if (text.trim()) lines.push({ text, box: box(from, to) });
    from = to;
  }
  return lines;
}
