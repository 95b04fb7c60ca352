import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { readableInk } from "../../color/readable-ink.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { examples } from "../../explanation/examples.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { ExamplesExplanation, Explanation, FoundExample, Token } from "../../explanation/types.js";
import { chosenExamples } from "../../state/chosen-examples.js";
import { examplesRequest } from "../../state/corpus-requests.js";
import { setShared } from "../../state/set-shared.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { OFFERED } from "../shared/attribution-element.js";
import { attributionWordsFor } from "../shared/attribution-words.js";
import { CorpusElement } from "../shared/corpus-element.js";
import { corpusStyles } from "../shared/corpus.styles.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { decimal, percent } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { label as short } from "../shared/tokens.js";
import { trueMinus } from "../shared/true-minus.js";
import { examplesScene } from "./examples-scene.js";
import { examplesWordsFor, type ExamplesWords } from "./examples-words.js";
import { similarExamplesStyles } from "./similar-examples.styles.js";
import { runsOf, type Run } from "./text-runs.js";

/** The heaviest piece's depth of colour, and the share below which a piece is not underlined: as `<saliency-text>` has them. */
const DEPTH = 0.62;
const FAINT = 0.08;
/** So many examples with another prediction are named in the sentence. */
const NAMED = 2;
const WAYS = ["similarity", "influence", "tracin", "representer"] as const;

/**
 * Labelled examples beside a text: the nearest with the same prediction and with another one by the cosine of a hidden state, or those that bear
 * most on the prediction. On the text and on each example the same attribution is drawn; words that weigh alike in both are framed, and given
 * labels that the model does not predict are pointed out. A sentence sums up.
 *
 * @summary The nearest examples, with their explanations.
 * @tag similar-examples
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`; a classifier
 * @attr {string} text - what the model reads
 * @attr {string} corpus - a built-in name, or the address of a CSV, JSON or JSONL file; "reviews" when not given. A child script of type `text/csv`, `application/jsonl` or `application/corpus+json` holds rows as well, and a file may be dropped on the element
 * @attr {string} text-column - the column of the texts; "text" and its kin when not given
 * @attr {string} label-column - the column of the given labels; "label" and its kin when not given
 * @attr {string} vectors - address of vectors that `lexiscope bake` stored beside the corpus
 * @attr {number} layer - whose hidden state, from 0; -1 is the embeddings; the last when not given
 * @attr {"mean" | "class"} pooling - the mean over the tokens (when not given) or the class token
 * @attr {"similarity" | "influence" | "tracin" | "representer"} by - how examples are found; "influence" is TracIn of the last layer
 * @attr {number} count - how many of each list; 4 when not given
 * @attr {string} method - a method of the library; "gradient-x-input" when not given
 * @attr {string} preset - a known tool's settings of the method
 * @attr {string} target - "argmax" (when not given), a label, its number, or "label - label"
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
 * @csspart summary - the sentence
 * @csspart example - an example with its line of facts
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
 * @fires {CustomEvent<{explanation: ExamplesExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{corpus: string, examples: ChosenExample[]}>} lexi-examples - a person chose an example: the other elements of the scope explain its text
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class SimilarExamples extends CorpusElement<ExamplesExplanation> {
  static override styles = [...CorpusElement.styles, corpusStyles, similarExamplesStyles];
  static override properties: PropertyDeclarations = {
    by: { reflect: true },
    count: { reflect: true, converter: wholeNumber },
    method: { reflect: true },
    preset: { reflect: true },
    target: { reflect: true },
  };
  protected static override kinds: KindChecks = { examples };

  by: (typeof WAYS)[number] | null = null;
  count: number | null = null;
  method: string | null = null;
  preset: string | null = null;
  target: string | null = null;

  protected override check(): void {
    super.check();
    if (this.by !== null && !WAYS.includes(this.by)) throw badAttribute("by", this.by, WAYS.join(", "));
    if (this.count !== null && !(Number.isInteger(this.count) && this.count >= 1 && this.count <= 50)) throw badAttribute("count", this.count, "a whole number from 1 to 50");
  }

  protected override request(input: TextInput): ExplainRequest {
    const { by, count, method, preset, target } = this;
    return examplesRequest(input, { ...this.source, by, count, method, preset, target });
  }

  protected override get asks(): readonly unknown[] {
    return [...super.asks, this.by, this.count, this.method, this.preset, this.target];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "examples") return general;
    const stored = "is not stored here; give a model to compute it";
    const by = this.by === "influence" ? "tracin" : this.by;
    if (by !== null && by !== explanation.by) return `by="${this.by}" ${stored} (${explanation.by} is)`;
    return this.method !== null && this.method !== explanation.method.name ? `method="${this.method}" ${stored} (${explanation.method.name} is)` : "";
  }

  get #words(): ExamplesWords {
    return examplesWordsFor(this.language);
  }

  #methodName(name: string): string {
    return attributionWordsFor(this.language).methods[name] ?? name.replace(/-/g, " ");
  }

  protected override heading({ by, method }: ExamplesExplanation): unknown {
    const words = this.#words;
    const ways = (["similarity", "tracin", "representer"] as const).map((way) => [way, words.ways[way]] as const);
    const offered = OFFERED.includes(method.name) ? OFFERED : [method.name, ...OFFERED];
    const way = this.live ? quietSelect(words.by, by, ways, (chosen) => (this.by = chosen as typeof by)) : words.ways[by];
    const how = this.choice("method", method.name, () => offered.map((name) => [name, this.#methodName(name)] as const), (name) => Object.assign(this, { method: name, preset: null }));
    return words.title(way, how);
  }

  protected override name({ by, method }: ExamplesExplanation): string {
    return this.#words.title(this.#words.ways[by], this.#methodName(method.name)).join("");
  }

  #predicted({ prediction }: ExamplesExplanation): { label: string; probability: number } {
    const { labels, probabilities } = prediction;
    const best = probabilities.indexOf(Math.max(...probabilities));
    return { label: labels[best]!, probability: probabilities[best]! };
  }

  /** The sentence that sums up. */
  #summary(explanation: ExamplesExplanation): string {
    const { by, nearest, prediction, examples: found } = explanation;
    const { label } = this.#predicted(explanation);
    if (by !== "similarity") {
      const pro = found.filter(({ alike }) => alike).length;
      return this.#words.influence({ label, for: pro, against: found.length - pro, mismatches: found.filter(({ mismatch }) => mismatch).length });
    }
    const { count, same, others } = nearest;
    const mismatches = found.filter(({ mismatch }) => mismatch).length;
    const named = others.length <= NAMED ? others : [];
    return this.#words.summary({ count, same, label, mismatches, others: named.map(({ rank, predicted, word }) => ({ rank, label: prediction.labels[predicted]!, word })) });
  }

  protected override picture(explanation: ExamplesExplanation): TemplateResult {
    const words = this.#words;
    const { by, input, tokens, scores, shared, examples: found, target } = explanation;
    const { label, probability } = this.#predicted(explanation);
    const list = (title: string, alike: boolean) => {
      const members = found.filter((one) => one.alike === alike);
      return html`<h4>${title}</h4>${members.length === 0 ? html`<p class="none">${words.none}</p>` : html`<ol>${members.map((example) => this.#example(explanation, example))}</ol>`}`;
    };
    const goal = target.contrast ? `${target.label} − ${target.contrast.label}` : target.label;
    return html`<div lang=${words.lang}>
      <p class="summary" part="summary">${this.#summary(explanation)}</p>
      <div class="query">
        <p class="meta"><b>${words.query}</b><span>${words.predicted(label, percent(this.language, probability))}</span></p>
        ${this.#text(input.text, tokens, scores, shared)}
      </div>
      ${list(words.alike(label, by), true)} ${list(words.otherwise(label, by), false)}
      <p class="legend">${words.legend(goal)}</p>
      <p class="corpus">${this.corpusLine(explanation)}</p>
    </div>`;
  }

  #example(explanation: ExamplesExplanation, example: FoundExample): TemplateResult {
    const words = this.#words;
    const { by, prediction, corpus } = explanation;
    const { line, text, label, predicted, probability, rank, score, mismatch, tokens, scores, shared } = example;
    const chosen = chosenExamples(this.scope);
    const open = () => {
      setShared(this.scope, { text });
      emit(this, "lexi-examples", { corpus: corpus.reference, examples: [{ line, text, label }] });
    };
    return html`<li part="example" ?data-chosen=${chosen?.corpus === corpus.reference && chosen.lines.has(line)}>
      <p class="meta">
        <b>${rank}</b><span>${words.score(by, trueMinus(decimal(this.language, score)))}</span><span>${words.predicted(prediction.labels[predicted]!, percent(this.language, probability))}</span>
        ${label === null ? nothing : html`<span class=${mismatch ? "mismatch" : ""}><bdi>${mismatch ? words.mismatch(short(label, 40)) : words.labelled(short(label, 40))}</bdi></span>`}
        <button class="open" @click=${open}>${words.open}<span class="hidden">: ${short(text, 40)}</span></button>
      </p>
      ${this.#text(text, tokens, scores, shared)}
    </li>`;
  }

  #text(text: string, tokens: readonly Token[], scores: readonly number[], shared: readonly number[]): TemplateResult {
    const runs = runsOf(text, tokens, scores, shared);
    const largest = Math.max(0, ...runs.map(({ score }) => Math.abs(score ?? 0))) || 1;
    return html`<p class="text" dir="auto">${runs.map((run) => (run.score === null || scores.length === 0 ? run.text : this.#piece(run, run.score, largest)))}</p>`;
  }

  #piece({ text, shared }: Run, score: number, largest: number): TemplateResult {
    const share = score / largest;
    const ground = this.#ground(share);
    return html`<span
      data-sign=${Math.abs(share) < FAINT ? 0 : Math.sign(share)}
      ?data-shared=${shared}
      title=${`${trueMinus(decimal(this.language, score))}${shared ? ` · ${this.#words.shared}` : ""}`}
      ${cssVars({ "--ground": cssColor(ground), "--on": cssColor(readableInk(this.colors.ink, ground)), "--thick": `${(1 + 2 * Math.abs(share)).toFixed(1)}px` })}
    >${text}</span>`;
  }

  #ground(share: number): Rgb {
    return over(signed(DEPTH * share, this.colors.dark), this.colors.paper);
  }

  protected override table(explanation: ExamplesExplanation): DataTable {
    const { label, probability } = this.#predicted(explanation);
    const { labels } = explanation.prediction;
    const rows = explanation.examples.map(({ text, rank, score, predicted, probability: chance, label: given, line }) => [short(text, 80), String(rank), trueMinus(decimal(this.language, score)), labels[predicted]!, percent(this.language, chance), given ?? "", String(line)]);
    return { head: this.#words.head, rows: [[short(explanation.input.text, 80), "", "", label, percent(this.language, probability), "", ""], ...rows] };
  }

  protected override scene(): Scene {
    return examplesScene(this.renderRoot.querySelector<HTMLElement>(".body")!, this.colors.ink, getComputedStyle(this));
  }
}
