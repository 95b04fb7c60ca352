import { html, nothing, svg, type PropertyDeclarations, type TemplateResult } from "lit";
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { ExplainRequest, TextInput } from "../../engine/types.js";
import { faithfulness } from "../../explanation/faithfulness.js";
import type { KindChecks } from "../../explanation/kinds.js";
import type { Explanation, FaithfulnessExplanation, JudgedMethod } from "../../explanation/types.js";
import { faithfulnessMetrics, type FaithfulnessMetric } from "../../methods/faithfulness/metrics.js";
import { faithfulnessPreset, faithfulnessPresets } from "../../methods/faithfulness/presets.js";
import { verdictOf } from "../../methods/faithfulness/verdict.js";
import { rationaleSpans } from "../../state/rationale.js";
import { faithfulnessRequest } from "../../state/requests.js";
import { badAttribute, wholeNumber } from "../shared/attributes.js";
import { attributionWordsFor } from "../shared/attribution-words.js";
import { cssVars } from "../shared/css-vars.js";
import type { DataTable } from "../shared/data-table.js";
import { ExplanationElement } from "../shared/explanation-element.js";
import { decimal, fixed, percent } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { Scene } from "../shared/scene.js";
import { curvesPicture, PANEL, rangeOf, type Panel } from "./curves-picture.js";
import { faithfulnessReportStyles } from "./faithfulness-report.styles.js";
import { faithfulnessWordsFor, type FaithfulnessWords } from "./faithfulness-words.js";
import { reportScene } from "./report-scene.js";

/**
 * Which explanation of this text, or of the texts of a corpus, can be trusted: several methods, each judged by what the model does without the words that it ranks first and
 * with them alone, beside random rankings. Names the method that serves best, or says that none beats chance.
 *
 * @summary Methods compared by their faithfulness to the model.
 * @tag faithfulness-report
 * @attr {string} model - a built-in name, the address of a model's folder or file, or `hf:owner/name`
 * @attr {string} text - what the model reads
 * @attr {string} text-pair - a second text, for models that compare two
 * @attr {string} src - address of a stored explanation
 * @attr {string} explanation - a stored explanation as JSON; a child `<script type="application/json">` does as well
 * @attr {"auto" | "webgpu" | "wasm"} backend - where the model runs
 * @attr {"lazy" | "eager" | "click"} loading - when it begins: near the window (default), at once, or when a reader asks
 * @attr {string} for - id of the `<lexi-scope>` to join, when it is not around this element
 * @attr {string} methods - methods to judge, with commas between them, each a method or "method:preset"; the common ones when not given
 * @attr {"ferret" | "eraser" | "captum" | "quantus"} preset - how a known tool judges; our own way when not given
 * @attr {string} metrics - numbers beside those of the preset, with commas between them, e.g. "sensitivity, randomisation"
 * @attr {string} target - "argmax" (when not given), a label, its number, or "label - label"
 * @attr {"word" | "token"} unit - what is left out; the preset's when not given
 * @attr {number} rankings - random rankings that make the band of chance; 20 when not given
 * @attr {number} seed - of the random rankings and of methods that sample
 * @attr {string} corpus - a built-in name ("reviews") or the address of a CSV, JSON or JSONL file: its texts are judged instead of `text`, and means with intervals are drawn
 * @attr {string} text-column - the column of the texts; "text" and its kin when not given
 * @attr {number} samples - how many texts of the corpus, drawn with the seed; 24 when not given
 * @attr {string} rationale - what people marked as the reason: a JSON list of phrases of the text or [start, end] spans; a child `<script type="application/rationale+json">` does as well
 * @slot - what stands there until there is a picture; may hold the explanation as `<script type="application/json">`
 * @slot fallback - the same, by name
 * @csspart figure - everything
 * @csspart caption - the line above
 * @csspart body - the picture
 * @csspart verdict - the sentence that names the best method
 * @csspart curve - the curve of the chosen method
 * @csspart note - the line below: quality and origin
 * @csspart menu - the menu of the line above
 * @csspart select - a control in the line above
 * @csspart status - progress
 * @csspart error - the error message
 * @csspart button - retry, and the button of loading="click"
 * @csspart table - the data table
 * @cssproperty --lexi-positive - colour of the chosen method's curve
 * @cssproperty [--lexi-space=1em] - room above and below; the page's own `margin` wins
 * @fires {CustomEvent<{phase: string, loaded: number, total: number}>} lexi-progress - bytes or steps done
 * @fires {CustomEvent<{explanation: FaithfulnessExplanation}>} lexi-explained - an explanation is there
 * @fires {CustomEvent<{error: LexiscopeError, phase: string}>} lexi-error - it failed
 * @cssState idle - nothing asked, or not begun
 * @cssState loading - files are fetched
 * @cssState running - the model computes
 * @cssState ready - the picture is there
 * @cssState error - it failed
 */
export class FaithfulnessReport extends ExplanationElement<FaithfulnessExplanation> {
  static override styles = [...ExplanationElement.styles, faithfulnessReportStyles];
  static override properties: PropertyDeclarations = {
    methods: { reflect: true },
    preset: { reflect: true },
    metrics: { reflect: true },
    target: { reflect: true },
    unit: { reflect: true },
    rankings: { reflect: true, converter: wholeNumber },
    seed: { reflect: true, converter: wholeNumber },
    rationale: { reflect: true },
    corpus: { reflect: true },
    textColumn: { reflect: true, attribute: "text-column" },
    samples: { reflect: true, converter: wholeNumber },
  };
  protected static override kinds: KindChecks = { faithfulness };

  methods: string | null = null;
  preset: string | null = null;
  metrics: string | null = null;
  target: string | null = null;
  unit: "word" | "token" | null = null;
  rankings: number | null = null;
  seed: number | null = null;
  rationale: string | null = null;
  corpus: string | null = null;
  textColumn: string | null = null;
  samples: number | null = null;

  /** the method whose curve a person chose */
  #chosen: number | null = null;

  protected override check(): void {
    super.check();
    if (this.preset !== null) faithfulnessPreset(this.preset);
    if (this.unit !== null && this.unit !== "word" && this.unit !== "token") throw badAttribute("unit", this.unit, "word, token");
    if (this.rankings !== null && !(Number.isInteger(this.rankings) && this.rankings > 0)) throw badAttribute("rankings", this.rankings, "a whole number from 1");
    if (this.seed !== null && !Number.isInteger(this.seed)) throw badAttribute("seed", this.seed, "a whole number from 0");
    if (this.samples !== null && !(Number.isInteger(this.samples) && this.samples >= 2 && this.samples <= 1000)) throw badAttribute("samples", this.samples, "a whole number from 2 to 1000");
    if (this.corpus !== null && this.#rationale !== null) throw badAttribute("rationale", this.#rationale, "without a corpus: it is of one text");
  }

  protected override get needsText(): boolean {
    return this.corpus === null;
  }

  get #rationale(): string | null {
    return this.rationale ?? this.querySelector(":scope > script[type='application/rationale+json']")?.textContent?.trim() ?? null;
  }

  protected override request(input: TextInput): ExplainRequest {
    const { methods, preset, metrics, target, unit, rankings, seed, corpus, textColumn, samples } = this;
    const marked = this.#rationale;
    return faithfulnessRequest(input, { methods, preset, metrics, target, unit, rankings, seed, corpus, textColumn, samples, rationale: marked === null ? null : rationaleSpans(marked, input.text) });
  }

  protected override get asks(): readonly unknown[] {
    return [this.methods, this.preset, this.metrics, this.target, this.unit, this.rankings, this.seed, this.#rationale, this.corpus, this.textColumn, this.samples];
  }

  protected override misfit(explanation: Explanation): string {
    const ofCorpus = explanation.kind === "faithfulness" && explanation.corpus !== undefined;
    const text = this.text ?? this.scope.text ?? "";
    const general = super.misfit(ofCorpus ? { ...explanation, input: { ...explanation.input, text } } : explanation); // it is of no single text
    if (general || explanation.kind !== "faithfulness") return general;
    const stored = "is not stored here; give a model to compute it";
    const { preset, options, methods, random, seed } = explanation;
    if (this.preset !== null && this.preset !== preset) return `preset="${this.preset}" ${stored}`;
    if (this.unit !== null && this.unit !== options["unit"]) return `unit="${this.unit}" ${stored}`;
    if (this.rankings !== null && this.rankings !== random.rankings) return `rankings="${this.rankings}" ${stored}`;
    if (this.seed !== null && this.seed !== seed) return `seed="${this.seed}" ${stored}`;
    if (this.corpus !== null && this.corpus !== explanation.corpus?.reference) return `corpus="${this.corpus}" ${stored}`;
    if (this.samples !== null && this.samples !== explanation.sample?.asked) return `samples="${this.samples}" ${stored} (${explanation.sample?.asked ?? "one text"} is)`;
    const names = methods.map(({ method }) => (method.preset ? `${method.name}:${method.preset}` : method.name));
    const asked = this.methods?.split(/[\s,]+/).filter(Boolean) ?? names;
    return asked.join() === names.join() ? "" : `methods="${this.methods}" ${stored} (${names.join(", ")} are)`;
  }

  get #words(): FaithfulnessWords {
    return faithfulnessWordsFor(this.language);
  }

  #judge(preset: string): string {
    return preset || this.#words.own;
  }

  #methodName({ method: { name, preset } }: JudgedMethod): string {
    const said = attributionWordsFor(this.language).methods[name] ?? name.replace(/-/g, " ");
    return preset ? `${said} (${preset})` : said;
  }

  protected override heading({ preset }: FaithfulnessExplanation): unknown {
    const words = this.#words;
    const presets = Object.keys(faithfulnessPresets);
    const choice = this.live ? quietSelect(words.judge, preset, presets.map((name) => [name, this.#judge(name)] as const), (chosen) => (this.preset = chosen || null)) : this.#judge(preset);
    return words.title(choice);
  }

  protected override name({ preset }: FaithfulnessExplanation): string {
    return this.#words.title(this.#judge(preset)).join("");
  }

  /** The verdict in words. */
  #verdict(explanation: FaithfulnessExplanation): string {
    const { methods, random, texts } = explanation;
    const words = this.#words;
    const verdict = verdictOf(explanation);
    const count = (value: number) => decimal(this.language, value);
    const corpus = explanation.corpus ? words.texts(count(texts)) : "";
    const answered = methods.filter(({ failed }) => failed === undefined);
    if (verdict.outcome === "best") {
      const [first] = verdict.best;
      const names = verdict.best.map((index) => this.#methodName(methods[index]!));
      const said = words.best({ names, beats: count(methods[first!]!.beats), rankings: count(random.rankings), above: verdict.aboveChance.length, methods: answered.length }, corpus);
      const ahead = methods[first!]!.over?.chance;
      return ahead ? `${said}${words.margin(fixed(this.language, ahead.mean), fixed(this.language, ahead.low!), fixed(this.language, ahead.high!))}${names.length > 1 ? words.level : ""}` : said;
    }
    if (verdict.outcome === "none") {
      const nearest = [...answered].sort((a, b) => (b.values["area"] ?? -Infinity) - (a.values["area"] ?? -Infinity))[0]!;
      return words.none(count(answered.length), this.#methodName(nearest), count(nearest.beats), count(random.rankings), corpus);
    }
    return { "one-unit": words.oneUnit, flat: words.flat, "no-method": words.noMethod }[verdict.outcome];
  }

  /** The method whose curve stands out: a person's choice, else the best, else the first that answered. */
  #shown(explanation: FaithfulnessExplanation): number {
    const verdict = verdictOf(explanation);
    const first = explanation.methods.findIndex(({ failed }) => failed === undefined);
    return this.#chosen !== null && this.#chosen < explanation.methods.length ? this.#chosen : verdict.outcome === "best" ? verdict.best[0]! : Math.max(0, first);
  }

  get #accent(): Rgb {
    return over(signed(0.8, this.colors.dark), this.colors.paper);
  }

  protected override picture(explanation: FaithfulnessExplanation): TemplateResult {
    const words = this.#words;
    const { methods, random } = explanation;
    const metrics = explanation.metrics as readonly FaithfulnessMetric[];
    const shown = this.#shown(explanation);
    return html`<div ${cssVars({ "--shown": `var(--lexi-positive, ${cssColor(this.#accent)})` })} lang=${words.lang}>
      <p class="verdict" part="verdict">${this.#verdict(explanation)}</p>
      ${explanation.corpus ? html`<p class="sample">${this.#sample(explanation)}</p>` : nothing}
      <div class="scroll" role="group" tabindex="0" aria-label=${this.name(explanation)}>
        <table class="report">
          <thead><tr><th scope="col">${words.method}</th>${metrics.map((metric) => this.#columnHead(metric))}</tr></thead>
          <tbody>
            ${methods.map((judged, index) => html`<tr ?data-shown=${index === shown}>
              <th scope="row"><button aria-pressed=${index === shown} ?disabled=${judged.failed !== undefined} @click=${() => ((this.#chosen = index), this.requestUpdate())}>${this.#methodName(judged)}</button></th>
              ${judged.failed === undefined
                ? metrics.map((metric) => this.#cell(explanation, judged, metric))
                : html`<td class="failed" colspan=${metrics.length}>${words.failed(judged.failed)}</td>`}
            </tr>`)}
          </tbody>
        </table>
      </div>
      ${random.deletion.length > 0 && methods.length > 0 ? this.#curves(explanation, shown) : nothing}
    </div>`;
  }

  /** Which texts of which corpus. */
  #sample({ corpus, sample, seed }: FaithfulnessExplanation): string {
    const count = (value: number) => decimal(this.language, value, 6);
    return this.#words.sample(count(sample?.lines.length ?? 0), count(corpus!.rows), corpus!.reference, String(seed), sample?.skipped ? count(sample.skipped) : "");
  }

  #columnHead(metric: FaithfulnessMetric): TemplateResult {
    const words = this.#words;
    const { better } = faithfulnessMetrics[metric] ?? { better: null };
    const hint = [words.hints[metric], better && words.better[better]].filter(Boolean).join("; ");
    return html`<th scope="col" title=${hint}>${words.metrics[metric] ?? metric}${better ? html`<span aria-hidden="true">\u00a0${better === "high" ? "↑" : "↓"}</span>` : nothing}<span class="hidden">, ${hint}</span></th>`;
  }

  #cell({ methods, random }: FaithfulnessExplanation, judged: JudgedMethod, metric: FaithfulnessMetric): TemplateResult {
    const value = judged.values[metric] ?? null;
    if (value === null) return html`<td>–</td>`;
    const words = this.#words;
    const band = random.values[metric];
    const better = faithfulnessMetrics[metric]?.better ?? null;
    const beyond = !band || !better || (value >= band.low && value <= band.high) ? null : value > band.high === (better === "high") ? "good" : "bad";
    const all = methods.flatMap(({ values }) => values[metric] ?? []);
    const [low, high] = band ? [Math.min(...all, band.low), Math.max(...all, band.high)] : [Math.min(0, ...all), Math.max(...all)];
    const at = (number: number) => `${(100 * (high > low ? (number - low) / (high - low) : 0)).toFixed(1)}%`;
    const size = (from: number, to: number) => `${(100 * (high > low ? (to - from) / (high - low) : 0)).toFixed(1)}%`;
    const strip = band
      ? html`<span class="chance" ${cssVars({ "--from": at(band.low), "--size": size(band.low, band.high) })}></span><span class="at" ${cssVars({ "--from": at(value) })}></span>`
      : html`<span class="bar" ${cssVars({ "--from": at(Math.min(0, value)), "--size": size(Math.min(0, value), Math.max(0, value)) })}></span>`;
    const interval = judged.over?.intervals[metric];
    return html`<td data-beyond=${beyond ?? "no"}>${fixed(this.language, value)}${interval ? html`<span class="interval"> ± ${fixed(this.language, (interval.high - interval.low) / 2)}</span>` : nothing}${beyond ? html`<span class="hidden"> ${words[beyond]}</span>` : nothing}<span class="strip" aria-hidden="true">${strip}</span></td>`;
  }

  #panels({ methods, random, measure }: FaithfulnessExplanation): readonly Panel[] {
    const panels = (["deletion", "insertion"] as const).map((curve) => ({ curves: methods.map((judged) => judged[curve]), chance: random[curve] }));
    const range = rangeOf(panels, measure === "probability");
    return panels.map((panel) => ({ ...panel, range }));
  }

  #curves(explanation: FaithfulnessExplanation, shown: number): TemplateResult {
    const words = this.#words;
    const isProbability = explanation.measure === "probability";
    const tick = (value: number) => (isProbability ? percent(this.language, value) : decimal(this.language, value, 2));
    const share = (value: number) => percent(this.language, value);
    const name = this.#methodName(explanation.methods[shown]!);
    const titles = [words.deletion, words.insertion];
    return html`<div class="curves">
        ${this.#panels(explanation).map((panel, index) => html`<figure>
          <figcaption>${titles[index]}</figcaption>
          <svg role="img" aria-label=${`${titles[index]}: ${name}`} viewBox=${`0 0 ${PANEL.width} ${PANEL.height}`}>${svg`${curvesPicture(panel, shown, tick, share)}`}</svg>
        </figure>`)}
      </div>
      <p class="key">${words.key(name, decimal(this.language, explanation.random.rankings))}</p>`;
  }

  protected override table({ metrics, methods, random }: FaithfulnessExplanation): DataTable {
    const words = this.#words;
    const cell = (value: number | null | undefined) => (value === null || value === undefined ? "–" : fixed(this.language, value));
    const within = (interval: { readonly low: number; readonly high: number } | undefined) => (interval ? ` ± ${fixed(this.language, (interval.high - interval.low) / 2)}` : "");
    return {
      head: [words.method, ...metrics.map((metric) => (words.metrics[metric as FaithfulnessMetric] ?? metric).replace("\u00ad", "")), words.beaten],
      rows: [
        ...methods.map((judged) => [this.#methodName(judged), ...metrics.map((metric) => `${cell(judged.values[metric])}${within(judged.over?.intervals[metric])}`), judged.failed === undefined ? decimal(this.language, judged.beats) : "–"]),
        ...(["low", "mean", "high"] as const).map((edge) => [words.random(words[edge]), ...metrics.map((metric) => cell(random.values[metric]?.[edge])), ""]),
      ],
    };
  }

  protected override scene(explanation: FaithfulnessExplanation): Scene {
    const { ink } = this.colors;
    return reportScene({
      ink, accent: this.#accent, font: getComputedStyle(this).fontFamily, verdict: this.#verdict(explanation), table: this.table(explanation), titles: [this.#words.deletion, this.#words.insertion],
      panels: this.#panels(explanation), shown: this.#shown(explanation),
    });
  }
}
