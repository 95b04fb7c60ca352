/**
 * The text in parts of parts, for methods that value them (partition SHAP): coarse parts first, each with its own value, opened and closed by the
 * reader. Not the tokens' own picture, which the element draws itself. Loaded when an explanation has a hierarchy.
 */
import { html, nothing, type LitElement, type TemplateResult } from "lit";
import { cssColor, type Rgb } from "../../color/rgb.js";
import type { AttributionExplanation, AttributionPart } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal, signedDecimal } from "../shared/numbers.js";
import { label, placedTokens, surface } from "../shared/tokens.js";
import { largestScore, type ScoredUnit } from "../shared/units.js";
import { hierarchyWordsFor } from "./hierarchy-words.js";
import { PartTree } from "./part-tree.js";
import { withoutOverlap } from "./spans.js";

export { hierarchyStyles } from "./hierarchy.styles.js";

/** What the parts need of their element. */
export interface HierarchyHost {
  readonly element: LitElement;
  readonly language: () => string;
  readonly name: (explanation: AttributionExplanation) => string;
  readonly tint: (score: number, largest: number) => { readonly ground: Rgb; readonly on: Rgb };
  /** 0 where it is too little to be underlined */
  readonly sign: (share: number) => number;
  readonly hover: (token: PlacedToken | null) => void;
  readonly toggle: (tokens: readonly PlacedToken[]) => void;
  readonly marked: (token: PlacedToken) => boolean;
  readonly selected: (token: PlacedToken) => boolean;
}

export class Hierarchy {
  #of: AttributionExplanation | null = null;
  #tree: PartTree | null = null;
  #focused = 0;

  constructor(readonly host: HierarchyHost) {}

  /** The parts that are shown, in order of the text. */
  units(explanation: AttributionExplanation): ScoredUnit[] {
    return withoutOverlap(explanation, this.#treeOf(explanation).shown.flatMap((part) => unitsOf(part, explanation)));
  }

  picture(explanation: AttributionExplanation, compact: boolean): TemplateResult {
    const units = this.units(explanation);
    const { text, textPair } = explanation.input;
    this.#focused = Math.min(this.#focused, Math.max(0, units.length - 1));
    const paragraph = (whole: string, segment: number) => html`<p
      class="text"
      part="text"
      dir="auto"
      role="group"
      aria-label=${this.host.name(explanation)}
      ?data-compact=${compact}
      @pointerleave=${() => this.host.hover(null)}
      @focusout=${(event: FocusEvent) => (event.currentTarget as Element).contains(event.relatedTarget as Node | null) || this.host.hover(null)}
    >${this.#runs(whole, segment, units, explanation)}</p>`;
    return html`${paragraph(text, 0)}${textPair === undefined ? nothing : paragraph(textPair, 1)}`;
  }

  /** What closes the part around the focused one, and all. */
  controls(explanation: AttributionExplanation): TemplateResult {
    const tree = this.#treeOf(explanation);
    const units = this.units(explanation);
    const { lang, close, openAll, closeAll, hint } = hierarchyWordsFor(this.host.language());
    const around = units[this.#focused] && tree.parent(partAt(tree, units[this.#focused]!));
    const said = (part: AttributionPart) => close(label(unitsOf(part, explanation)[0]!.text), signedDecimal(this.host.language(), part.score, largestScore(units)));
    const all = (move: () => void) => () => {
      move();
      this.host.element.requestUpdate();
    };
    return html`<div class="parts" lang=${lang}>
      ${around ? html`<button class="quiet" part="button" aria-expanded="true" @click=${() => this.#close(around, explanation)}>${said(around)}</button>` : nothing}
      <button class="quiet" part="button" ?disabled=${tree.allOpen} @click=${all(() => tree.openAll())}>${openAll}</button>
      <button class="quiet" part="button" ?disabled=${tree.coarse} @click=${all(() => tree.closeAll())}>${closeAll}</button>
      <small>${hint}</small>
    </div>`;
  }

  #treeOf(explanation: AttributionExplanation): PartTree {
    if (!this.#tree || this.#of !== explanation) {
      this.#of = explanation;
      this.#tree = new PartTree(explanation.hierarchy!, explanation.tokens);
    }
    return this.#tree;
  }

  #runs(text: string, segment: number, units: readonly ScoredUnit[], explanation: AttributionExplanation): unknown[] {
    const runs: unknown[] = [];
    const largest = largestScore(units);
    let at = 0;
    units.forEach((unit, index) => {
      if (unit.segment !== segment) return;
      if (unit.start > at) runs.push(text.slice(at, unit.start));
      runs.push(this.#span(unit, index, largest, explanation));
      at = unit.end;
    });
    runs.push(text.slice(at));
    return runs;
  }

  #span(unit: ScoredUnit, index: number, largest: number, explanation: AttributionExplanation): TemplateResult {
    const { host } = this;
    const language = host.language();
    const share = unit.score / largest;
    const { ground, on } = host.tint(unit.score, largest);
    const opens = partAt(this.#treeOf(explanation), unit).children !== undefined;
    const first = unit.tokens[0]!;
    return html`<span
      class="part"
      role="button"
      aria-expanded=${opens ? "false" : nothing}
      aria-pressed=${opens ? nothing : unit.tokens.some((token) => host.selected(token))}
      aria-label=${`${label(unit.text)} ${signedDecimal(language, unit.score, largest)}`}
      title=${decimal(language, unit.score)}
      tabindex=${index === this.#focused ? 0 : -1}
      data-sign=${host.sign(share)}
      ?data-marked=${unit.tokens.some((token) => host.marked(token))}
      ${cssVars({ "--ground": cssColor(ground), "--on": cssColor(on), "--thick": `${(1 + 2 * Math.abs(share)).toFixed(1)}px` })}
      @pointerenter=${() => host.hover(first)}
      @focus=${() => ((this.#focused = index), host.hover(first), host.element.requestUpdate())}
      @click=${() => this.#act(unit, explanation)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, unit, index, explanation)}
    >${unit.text}</span>`;
  }

  /** Opens a part; what has no parts is chosen. */
  #act(unit: ScoredUnit, explanation: AttributionExplanation): void {
    const tree = this.#treeOf(explanation);
    const part = partAt(tree, unit);
    if (!part.children) return this.host.toggle(unit.tokens);
    tree.open(part);
    this.#focus(part, explanation);
  }

  #close(part: AttributionPart, explanation: AttributionExplanation): void {
    this.#treeOf(explanation).close(part);
    this.#focus(part, explanation);
  }

  /** The focus goes to the first of what is shown of a part. */
  #focus(part: AttributionPart, explanation: AttributionExplanation): void {
    const { element } = this.host;
    const token = part.tokens[0]!;
    this.#focused = Math.max(0, this.units(explanation).findIndex(({ tokens }) => tokens.some(({ index }) => index === token)));
    element.requestUpdate();
    void element.updateComplete.then(() => this.#parts()[this.#focused]?.focus());
  }

  #parts(): HTMLElement[] {
    return [...this.host.element.renderRoot.querySelectorAll<HTMLElement>(".part")];
  }

  #key(event: KeyboardEvent, unit: ScoredUnit, index: number, explanation: AttributionExplanation): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const tree = this.#treeOf(explanation);
    const mirrored = getComputedStyle(event.currentTarget as Element).direction === "rtl";
    const last = this.units(explanation).length - 1;
    const places: Readonly<Record<string, number>> = {
      ArrowDown: index + 1, ArrowUp: index - 1, ArrowRight: index + (mirrored ? -1 : 1), ArrowLeft: index - (mirrored ? -1 : 1), Home: 0, End: last,
    };
    if (event.key === "Enter" || event.key === " ") this.#act(unit, explanation);
    else if (event.key === "Backspace" || event.key === "Escape") {
      const around = tree.parent(partAt(tree, unit));
      if (!around) return;
      this.#close(around, explanation);
    } else if (event.key in places) this.#parts()[places[event.key]!]?.focus();
    else return;
    event.preventDefault();
  }
}

/** The shown part that a unit is, or, where several share characters, the first of them. */
function partAt(tree: PartTree, unit: ScoredUnit): AttributionPart {
  const token = unit.tokens[0]!.index;
  return tree.shown.find(({ tokens }) => tokens.includes(token))!;
}

/** A part as it stands in the text: one piece, or where it was not opened over both texts of a pair, one in each, with the shares of its tokens. */
function unitsOf(part: AttributionPart, explanation: AttributionExplanation): ScoredUnit[] {
  const all = placedTokens(explanation);
  const members = part.tokens.map((index) => all[index]!);
  const pieces = [0, 1].map((segment) => members.filter((token) => (token.segment ?? 0) === segment)).filter((tokens) => tokens.length > 0);
  return pieces.flatMap((tokens) => {
    const [start, end] = [Math.min(...tokens.map((token) => token.start)), Math.max(...tokens.map((token) => token.end))];
    if (start === end) return [];
    const text = surface(explanation, { ...tokens[0]!, start, end });
    const score = pieces.length === 1 ? part.score : tokens.reduce((sum, { index }) => sum + explanation.scores[index]!, 0);
    return [{ text, label: text, start, end, segment: tokens[0]!.segment ?? 0, special: false, score, tokens }];
  });
}
