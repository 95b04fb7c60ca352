import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { norm } from "../../base/statistics.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { attentionFormula, MASKED } from "../../explanation/attention-formula.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { AttentionFormulaExplanation, Explanation } from "../../explanation/types.js";
import { formulaSteps, weightedSum } from "../../methods/attention/formula.js";
import { attentionFormulaRequest } from "../../state/requests.js";
import { isHovered, isSelected } from "../../state/pointing.js";
import { chooseTokens, pointAt } from "../shared/pointing.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal, fixed } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label, piece, placedTokens } from "../shared/tokens.js";
import { trueMinus } from "../shared/true-minus.js";
import { formulaStyles } from "./attention-formula.styles.js";
import { formulaWordsFor } from "./formula-words.js";

/** The mask's column. */
const MASK = 3;
/** Numbers of the output that are written out. */
const WRITTEN = 6;

/**
 * softmax(QKᵀ/√d)V made visible: for one query token of one head, every key's product with the query, scaled, masked, through softmax, and the
 * weighted sum of the values, in the model's own numbers. Draws a stored explanation, or asks the model named by `model` about `text`.
 *
 * @summary The attention formula in a model's own numbers, for one query token.
 * @tag attention-formula
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {number} layer - which layer, from 0 (default)
 * @attr {number} head - which head, from 0 (default)
 * @attr {number} query - position of the query token, from 0; without it the token chosen in the scope, else the first that is not special (the last one of a causal model)
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart formula - the formula
 * @csspart steps - the table of steps, one row a key token
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: AttentionFormulaExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{tokens: PlacedToken[]}>} lexi-select - a person chose tokens or took them back
 * @fires {CustomEvent<{token: PlacedToken | null}>} lexi-hover - a person points at a token
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class AttentionFormula extends ExplanationElement<AttentionFormulaExplanation> {
  static override styles = [...ExplanationElement.styles, formulaStyles];
  static override properties: PropertyDeclarations = {
    layer: { reflect: true, converter: wholeNumber },
    head: { reflect: true, converter: wholeNumber },
    query: { reflect: true, converter: wholeNumber },
  };
  protected static override kinds: KindChecks = { "attention-formula": attentionFormula };

  layer: number | null = null;
  head: number | null = null;
  query: number | null = null;

  /** the row that the Tab key reaches; the arrow keys move it */
  #focused: number | null = null;

  protected override check(): void {
    super.check();
    for (const name of ["layer", "head", "query"] as const) if (this[name] !== null && !(Number.isInteger(this[name]) && this[name] >= 0)) throw badAttribute(name, this[name], "a whole number from 0");
  }

  protected override request(input: TextInput): ExplainRequest {
    return attentionFormulaRequest(input, this.layer, this.head);
  }

  protected override get asks(): readonly unknown[] {
    return [this.layer, this.head];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "attention-formula") return general;
    for (const name of ["layer", "head"] as const) {
      if (this[name] !== null && this[name] !== explanation[name]) return `${name}="${this[name]}" is not stored here (${explanation[name]} is); give a model`;
    }
    return "";
  }

  /** Which token looks; one beyond the text's end is its last. */
  #position(explanation: AttentionFormulaExplanation): number {
    const tokens = placedTokens(explanation);
    const last = tokens.length - 1;
    if (this.query !== null) return Math.min(this.query, last);
    const chosen = tokens.findIndex((token) => isSelected(this.scope, token, explanation.input.text));
    return chosen >= 0 ? chosen : explanation.causal ? last : Math.max(0, tokens.findIndex((token) => !token.special));
  }

  #label(explanation: AttentionFormulaExplanation, position: number): string {
    return label(piece(explanation, explanation.tokens[position]!));
  }

  protected override heading(explanation: AttentionFormulaExplanation): unknown {
    const words = formulaWordsFor(this.language);
    const menu = (name: "layer" | "head", count: number) =>
      this.choice(name, explanation[name], () => Array.from({ length: count }, (_, index) => [index, String(index)] as const), (chosen) => (this[name] = Number(chosen)));
    const options = explanation.tokens.map((_, index) => [index, this.#label(explanation, index)] as const);
    return words.title(quietSelect(words.query, this.#position(explanation), options, (chosen) => (this.query = Number(chosen))), menu("layer", explanation.layers), menu("head", explanation.heads));
  }

  protected override name(explanation: AttentionFormulaExplanation): string {
    return formulaWordsFor(this.language).title(this.#label(explanation, this.#position(explanation)), explanation.layer, explanation.head).join("");
  }

  /** With a true minus sign; a mask may add −0. */
  #number(value: number): string {
    return trueMinus(decimal(this.language, value + 0));
  }

  #keys(event: KeyboardEvent): void {
    const buttons = [...(event.currentTarget as Element).querySelectorAll("button")];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = new Map([["ArrowDown", at + 1], ["ArrowUp", at - 1], ["Home", 0], ["End", buttons.length - 1]]).get(event.key);
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  /** Whether a mask hides or moves anything: of most encoders' texts it adds 0 everywhere, which no reader needs to see. */
  #masks({ mask }: AttentionFormulaExplanation): boolean {
    return mask?.some((row) => row.some((value) => value !== 0)) ?? false;
  }

  /** What stands in the table: a row a key. */
  #rows(explanation: AttentionFormulaExplanation): { head: readonly string[]; rows: readonly { readonly cells: readonly string[]; readonly weight: number; readonly masked: boolean }[]; output: readonly number[] } {
    const words = formulaWordsFor(this.language);
    const position = this.#position(explanation);
    const weights = explanation.weights[position]!;
    const number = (value: number) => this.#number(value);
    const kept = (cells: readonly string[]) => (this.#masks(explanation) ? cells : cells.filter((_, column) => column !== MASK));
    const rows = formulaSteps(explanation, position).map(({ dot, scaled, mask }, key) => {
      const masked = mask < MASKED;
      return { cells: kept([this.#label(explanation, key), number(dot), number(scaled), masked ? words.masked : number(mask), fixed(this.language, weights[key]!), number(norm(explanation.value[key]!))]), weight: weights[key]!, masked };
    });
    return { head: kept(words.steps(number(explanation.scale), this.#label(explanation, position))), rows, output: weightedSum(weights, explanation.value) };
  }

  #sum(explanation: AttentionFormulaExplanation, output: readonly number[]): string {
    return formulaWordsFor(this.language).sum(this.#label(explanation, this.#position(explanation)), this.#number(norm(output)));
  }

  protected override picture(explanation: AttentionFormulaExplanation): TemplateResult {
    const words = formulaWordsFor(this.language);
    const { head, rows, output } = this.#rows(explanation);
    const tokens = placedTokens(explanation);
    const { text } = explanation.input;
    const largest = Math.max(...rows.map(({ weight }) => weight));
    const reached = Math.min(this.#focused ?? this.#position(explanation), rows.length - 1);
    const written = output.slice(0, WRITTEN).map((value) => this.#number(value)).join(", ");
    return html`<div class="formula" part="formula">softmax(q·kᵀ × ${decimal(this.language, explanation.scale)}${this.#masks(explanation) ? " + mask" : ""}) · V</div>
      <div class="scroll"><table class="steps" part="steps" aria-label=${this.name(explanation)} @pointerleave=${() => pointAt(this, this.scope, null, text)}>
        <thead lang=${this.wordLanguage}><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
        <tbody @keydown=${(event: KeyboardEvent) => this.#keys(event)}>${rows.map(({ cells, weight: share, masked }, key) => {
          const [name, numbers, [weight, size]] = [cells[0], cells.slice(1, -2), cells.slice(-2)];
          const token = tokens[key]!;
          const point = () => pointAt(this, this.scope, token, text);
          return html`<tr ?data-marked=${isHovered(this.scope, token, explanation.input.text)} ?data-masked=${masked} @pointerenter=${point}>
            <td><button tabindex=${key === reached ? 0 : -1} aria-pressed=${isSelected(this.scope, token, explanation.input.text)} @focus=${() => ((this.#focused = key), point(), this.requestUpdate())} @click=${() => chooseTokens(this, this.scope, [token], text)}>${name}</button></td>
            ${numbers.map((cell) => html`<td>${cell}</td>`)}
            <td class="weight"><span class="share">${weight}</span><span class="bar" ${cssVars({ "--share": (share / largest).toFixed(4) })}></span></td><td>${size}</td>
          </tr>`;
        })}</tbody>
      </table></div>
      <p class="sum" lang=${this.wordLanguage}>${this.#sum(explanation, output)}${words.first}<span class="numbers">${written}${output.length > WRITTEN ? ", …" : ""}</span></p>
      <p class="hint" lang=${this.wordLanguage}>${words.explained(this.#masks(explanation))}</p>`;
  }

  protected override table(explanation: AttentionFormulaExplanation): DataTable {
    const { head, rows } = this.#rows(explanation);
    return { head, rows: rows.map(({ cells }) => cells) };
  }

  /** The table as it stands, with bars. CSS pixels */
  protected override scene(explanation: AttentionFormulaExplanation): Scene {
    const { head, rows, output } = this.#rows(explanation);
    const style = getComputedStyle(this);
    const size = parseFloat(style.fontSize);
    const [line, column] = [1.6 * size, 6.5 * size];
    const { ink } = this.colors;
    const at = (cells: readonly string[], row: number): Shape[] => cells.map((text, index) => ({ kind: "text", x: index === 0 ? 0 : index * column + column / 2, y: (row + 0.5) * line, text, fill: ink, size, anchor: index === 0 ? "left" : "right" }));
    const bar = (weight: number, row: number, columns: number): Shape => ({ kind: "rect", x: columns * column, y: (row + 0.2) * line, width: weight * 2 * column, height: 0.6 * line, fill: [...ink, 0.55] });
    const sum: Shape = { kind: "text", x: 0, y: (rows.length + 2) * line, text: this.#sum(explanation, output), fill: ink, size, anchor: "left" };
    const shapes = [...at(head, 0), ...rows.flatMap(({ cells, weight }, row) => [...at(cells, row + 1), bar(weight, row + 1, cells.length)]), sum];
    return { width: 8 * column, height: (rows.length + 3) * line, font: style.fontFamily, shapes };
  }
}
