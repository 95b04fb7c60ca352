import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest } from "../../engine/types.js";
import { CORRECTIONS, evaluation, INTERVALS, METRICS, type CorrectionName, type EvaluationExample, type EvaluationExplanation, type IntervalName, type MetricName } from "../../explanation/evaluation.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { Explanation } from "../../explanation/types.js";
import { parseAssertions } from "../../methods/evaluation/assertions.js";
import { parseSlices } from "../../methods/evaluation/slice-language.js";
import { evaluationRequest } from "../../state/evaluation-request.js";
import { setShared } from "../../state/set-shared.js";
import { badAttribute, checkWord, wholeNumber } from "../shared/attributes.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { emit } from "../shared/events.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal } from "../shared/numbers.js";
import type { Scene } from "../shared/scene.js";
import { examplesList } from "./examples-list.js";
import { metricsScene } from "./metrics-scene.js";
import { metricsWordsFor, VIEWS, type MetricsWords, type View } from "./metrics-words.js";
import { modelMetricsStyles } from "./model-metrics.styles.js";
import { saidDifference, saidInterval, saidMetric, saidP } from "./numbers-said.js";
import { ordered, type SliceOrder } from "./slice-order.js";
import type { Chosen } from "./view-context.js";
import { views } from "./views.js";

/** Data in hand: what is read, how it is called ("" inside of the element), and what tells it from others. */
interface NamedBlob {
  readonly file: Blob;
  readonly name: string;
  readonly revision: string;
}

let revisions = 0;

/**
 * How good a model is on labelled data, as a whole and by slice: metrics with intervals, differences with tests corrected for many comparisons,
 * gates, confusion matrix, ROC, precision–recall, calibration and threshold views, two models compared, and the worst slices found by
 * looking at all of them. The examples of a slice are a click away from their explanations: a click sends the text to the neighbours of the same
 * `<lexi-scope>`. A file dropped on the element is evaluated as well.
 *
 * @summary A model's metrics by slice.
 * @tag model-metrics
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} data - address of a CSV, JSONL or JSON file; a child `<script type="text/csv">` does as well
 * @attr {string} label - the column with the label: a label of the model, in any case, or its index; "label" when not given
 * @attr {string} text-column - the column with the text; "text" when not given
 * @attr {string} text-pair-column - the column with the second text, for models that compare two
 * @attr {string} slices - what to slice by, e.g. "lang, length, contains(not|never), source × lang, stars>=4"
 * @attr {string} assert - gates, e.g. "accuracy >= 0.85; slice(lang=zh).recall >= 0.8; f1.low > 0.7"
 * @attr {string} model-b - a second model, to compare with
 * @attr {string} positive - the label that precision, recall, F1 and AUC are of; of two labels the second when not given, of more all
 * @attr {"wilson" | "bootstrap" | "jackknife" | "percentile"} interval - "wilson" (default): Wilson for shares, bootstrap percentiles for other metrics; bootstrap, jackknife: as TensorFlow Model Analysis
 * @attr {"holm" | "benjamini-hochberg" | "none"} correction - of the p-values, over the slices; "holm" when not given
 * @attr {number} minimum - slices of fewer rows get no metrics; 20 when not given
 * @attr {number} seed - of the resamples
 * @attr {"accuracy" | "precision" | "recall" | "f1" | "auc" | "log-loss" | "brier" | "calibration-error"} metric - the one shown with its interval
 * @attr {"slices" | "worst" | "confusion" | "roc" | "precision-recall" | "calibration" | "thresholds" | "comparison"} view - what is shown
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
 * @csspart gates - the gates, each passed or failed
 * @csspart views - the row of views
 * @csspart examples - the rows of the chosen slice
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a menu of words
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty --lexi-positive - colour of marks and curves
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or rows done
 * @fires {CustomEvent<{explanation: EvaluationExplanation}>} lexi-explained - an evaluation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @fires {CustomEvent<{text: string, line: number, label: string, predicted: string}>} lexi-example - a person chose an example
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class ModelMetrics extends ExplanationElement<EvaluationExplanation> {
  static override styles = [...ExplanationElement.styles, modelMetricsStyles];
  static override properties: PropertyDeclarations = {
    text: { attribute: false },
    data: { reflect: true },
    label: { reflect: true },
    textColumn: { reflect: true, attribute: "text-column" },
    textPairColumn: { reflect: true, attribute: "text-pair-column" },
    slices: { reflect: true },
    assert: { reflect: true },
    modelB: { reflect: true, attribute: "model-b" },
    positive: { reflect: true },
    interval: { reflect: true },
    correction: { reflect: true },
    minimum: { reflect: true, converter: wholeNumber },
    seed: { reflect: true, converter: wholeNumber },
    file: { attribute: false },
    metric: { reflect: true },
    view: { reflect: true },
  };
  protected static override kinds: KindChecks = { evaluation };
  protected static override allowed = { metric: METRICS, view: VIEWS };

  /** Not of one text: the scope's text is none of its question. */
  override text: string | null = "";
  data: string | null = null;
  label: string | null = null;
  textColumn: string | null = null;
  textPairColumn: string | null = null;
  slices: string | null = null;
  assert: string | null = null;
  modelB: string | null = null;
  positive: string | null = null;
  interval: IntervalName | null = null;
  correction: CorrectionName | null = null;
  minimum: number | null = null;
  seed: number | null = null;
  /** a file that takes the place of `data`: a dropped one */
  file: File | null = null;
  metric: MetricName = "accuracy";
  view: View = "slices";

  #slice: string | null = null;
  #order: SliceOrder = { key: null, descending: false };
  #filter = "";
  #curve = 0;
  #threshold = 50;
  #cost = 1;
  /** the data in hand, with what tells them from others: the file, or what the child script says */
  #known: { readonly of: File | string; readonly source: NamedBlob } | null = null;

  constructor() {
    super();
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || !this.live) return;
      event.preventDefault();
      this.file = file;
    });
  }

  /** The file, or where neither a file nor an address is given the data inside. */
  get #source(): NamedBlob | null {
    const of = this.file ?? (this.data === null ? this.querySelector(":scope > script[type='text/csv']")?.textContent?.trim() : null);
    if (!of) return null;
    if (this.#known?.of !== of) this.#known = { of, source: { file: typeof of === "string" ? new Blob([of]) : of, name: typeof of === "string" ? "" : of.name, revision: String(++revisions) } };
    return this.#known.source;
  }

  /** What says where the data come from: an address, or a name. */
  get #data(): string | null {
    const source = this.#source;
    return source ? source.name || "inside.csv" : this.data;
  }

  protected override get needsText(): boolean {
    return this.#data === null; // without data there is nothing to ask
  }

  protected override check(): void {
    super.check();
    if (this.interval !== null) checkWord("interval", this.interval, INTERVALS);
    if (this.correction !== null) checkWord("correction", this.correction, CORRECTIONS);
    if (this.minimum !== null && !(Number.isInteger(this.minimum) && this.minimum > 0)) throw badAttribute("minimum", this.minimum, "a whole number from 1");
    if (this.seed !== null && !Number.isInteger(this.seed)) throw badAttribute("seed", this.seed, "a whole number from 0");
    parseSlices(this.slices ?? "");
    parseAssertions(this.assert ?? "");
  }

  protected override request(): ExplainRequest {
    const { label, textColumn, textPairColumn, slices, assert, modelB, positive, interval, correction, minimum, seed } = this;
    const { file, name, revision } = this.#source ?? {};
    return evaluationRequest(this.#data!, { file, revision, name, label, textColumn, textPairColumn, slices, assert, modelB, positive, interval, correction, minimum, seed });
  }

  protected override get asks(): readonly unknown[] {
    return [this.#data, this.#source?.revision, this.label, this.textColumn, this.textPairColumn, this.slices, this.assert, this.modelB, this.positive, this.interval, this.correction, this.minimum, this.seed];
  }

  protected override misfit(explanation: Explanation): string {
    const general = super.misfit(explanation);
    if (general || explanation.kind !== "evaluation") return general;
    const { data, options, gates, comparison, model, positive } = explanation;
    const told = (name: string, asked: string | number | null | undefined, stored: string | number | null | undefined): string => (asked == null || asked === stored ? "" : `the stored evaluation has ${name}="${String(stored)}", not "${String(asked)}"`);
    const last = (address: string | null): string | null => address && decodeURIComponent(address.replace(/[?#].*$/, "").split("/").pop()!);
    const listed = (text: string | null): string | null => (text === null ? null : parseAssertions(text).map((one) => one.text).join("; "));
    return (
      told("data", this.file ? this.file.name : last(this.data), data.source.replace(/\.json$/, "") === this.data ? this.data : data.source) || told("label", this.label, data.labelColumn) || told("text-column", this.textColumn, data.textColumn) || told("interval", this.interval, options.interval) ||
      told("correction", this.correction, options.correction) || told("minimum", this.minimum, options.minimum) || told("seed", this.seed, options.seed) || told("slices", this.slices, options.slices ?? this.slices) ||
      told("assert", listed(this.assert), gates.map(({ text }) => text).join("; ")) || told("model-b", this.modelB, comparison?.model.reference ?? "") ||
      told("positive", this.positive, positive === null ? "" : this.positive === String(positive) ? this.positive : model.labels[positive])
    );
  }

  get #words(): MetricsWords {
    return metricsWordsFor(this.language);
  }

  get #accent(): Rgb {
    return over(signed(0.8, this.colors.dark), this.colors.paper);
  }

  protected override heading(explanation: EvaluationExplanation): unknown {
    return this.name(explanation);
  }

  protected override name({ data }: EvaluationExplanation): string {
    return this.#words.title(data.source || "CSV", decimal(this.language, data.rows, 9));
  }

  #choose(change: Partial<Chosen>): void {
    const { view, metric, slice, order, filter, curve, threshold, cost } = { ...this.#chosen, ...change };
    Object.assign(this, { view, metric });
    [this.#slice, this.#order, this.#filter, this.#curve, this.#threshold, this.#cost] = [slice, order, filter, curve, threshold, cost];
    this.requestUpdate();
  }

  get #chosen(): Chosen {
    return { view: this.view, metric: this.metric, slice: this.#slice, order: this.#order, filter: this.#filter, curve: this.#curve, threshold: this.#threshold, cost: this.#cost };
  }

  /** The text goes to the neighbours, as if a reader had typed it. */
  #open({ text, line, label, predicted }: EvaluationExample, { model: { labels } }: EvaluationExplanation): void {
    const host = this.for === null ? this.closest("lexi-scope") : document.getElementById(this.for);
    if (host) Object.assign(host, { text });
    setShared(this.scope, { text });
    emit(this, "lexi-example", { text, line, label: labels[label]!, predicted: labels[predicted]! });
  }

  protected override picture(explanation: EvaluationExplanation): TemplateResult {
    const words = this.#words;
    const lang = this.language;
    const shownViews = VIEWS.filter((view) => view !== "comparison" || explanation.comparison);
    const view = shownViews.includes(this.view) ? this.view : "slices";
    const examples = (positions: readonly number[]) => examplesList({ explanation, words, lang, shown: this.scope.text, open: (example) => this.#open(example, explanation) }, positions);
    return html`<div lang=${words.lang} ${cssVars({ "--accent": `var(--lexi-positive, ${cssColor(this.#accent)})` })}>
      ${this.#gates(explanation)} ${this.#skipped(explanation)}
      <div class="views" part="views" role="tablist" aria-label=${words.viewsName} @keydown=${(event: KeyboardEvent) => this.#step(event, shownViews)}>
        ${shownViews.map((one) => html`<button role="tab" id=${`tab-${one}`} aria-controls="view" aria-selected=${one === view} tabindex=${one === view ? 0 : -1} @click=${() => this.#choose({ view: one, slice: null })}>${words.views[one]}</button>`)}
      </div>
      <div id="view" role="tabpanel" aria-labelledby=${`tab-${view}`}>${views[view]({ explanation, words, lang, chosen: this.#chosen, choose: (change) => this.#choose(change), examples })}</div>
    </div>`;
  }

  #gates({ gates }: EvaluationExplanation): unknown {
    const words = this.#words;
    if (gates.length === 0) return nothing;
    return html`<ul class="gates" part="gates">${gates.map(({ text, value, passed, reason }) => html`<li data-passed=${passed}>
      <span class="mark"><span aria-hidden="true">${passed ? "✓" : "✗"}</span> ${passed ? words.passed : words.failed}</span>${words.colon}<code>${text}</code> (${reason === "" ? decimal(this.language, value!) : words.reasons[reason]})
    </li>`)}</ul>`;
  }

  /** Rows that were left out, each with its line. */
  #skipped({ data: { skipped, broken } }: EvaluationExplanation): unknown {
    const words = this.#words;
    if (skipped === 0) return nothing;
    const said = (count: number) => decimal(this.language, count, 9);
    return html`<details class="lines"><summary>${words.skipped(said(skipped))}</summary>
      <ul class="skipped">${broken.map(({ line, reason }) => html`<li>${words.line(said(line), reason)}</li>`)}${skipped > broken.length ? html`<li>${words.andMore(said(skipped - broken.length))}</li>` : nothing}</ul>
    </details>`;
  }

  /** Arrow keys between the views. */
  #step(event: KeyboardEvent, shown: readonly View[]): void {
    const steps: Readonly<Record<string, number>> = this.rtl ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? shown.length - 1 : step === undefined ? -1 : (shown.indexOf(this.view) + step + shown.length) % shown.length;
    if (to === -1 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#choose({ view: shown[to]!, slice: null });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus());
  }

  protected override table({ whole, slices, options }: EvaluationExplanation): DataTable {
    const [words, lang] = [this.#words, this.language];
    const head = [words.slice, words.rows, ...METRICS.flatMap((metric) => [words.metrics[metric], "95%"]), words.difference, words.p];
    const rows = [whole, ...ordered(slices, this.#order, this.metric, this.#filter)].map(({ name, count, suppressed, metrics }) => [
      name || words.all, decimal(lang, count, 9),
      ...(suppressed ? [words.tooFew(decimal(lang, options.minimum))] : [...METRICS.flatMap((metric) => [saidMetric(lang, metric, metrics[metric]?.value), metrics[metric] ? saidInterval(lang, metric, metrics[metric]) : ""]), saidDifference(lang, this.metric, metrics[this.metric]?.difference), saidP(lang, metrics[this.metric]?.p)]),
    ]);
    return { head, rows };
  }

  protected override scene(explanation: EvaluationExplanation): Scene {
    const { whole, slices, gates, options } = explanation;
    const [words, lang, metric] = [this.#words, this.language, this.metric];
    const shown = [whole, ...ordered(slices, this.#order, metric, this.#filter)];
    const most = metric === "log-loss" || metric === "brier" ? Math.max(1e-9, ...shown.map(({ metrics }) => metrics[metric]?.high ?? metrics[metric]?.value ?? 0)) : 1;
    const along = (value: number | null | undefined): number | null => (value === null || value === undefined ? null : Math.min(1, Math.max(0, value / most)));
    return metricsScene({
      ink: this.colors.ink, accent: this.#accent, font: getComputedStyle(this).fontFamily, title: `${this.name(explanation)} · ${words.metrics[metric]}`,
      gates: gates.map(({ text, passed }) => `${passed ? "✓" : "✗"} ${text}`),
      lines: shown.map(({ name, count, suppressed, metrics }) => {
        const one = metrics[metric];
        return { name: name || words.all, rows: decimal(lang, count, 9), said: suppressed ? words.tooFew(decimal(lang, options.minimum)) : saidMetric(lang, metric, one?.value), value: along(one?.value), low: along(one?.low), high: along(one?.high) };
      }),
    });
  }
}
