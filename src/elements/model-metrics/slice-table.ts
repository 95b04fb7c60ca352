/** The slices as a table: one metric in detail (interval, difference from all rows, p), the others as numbers; sorted by its heads, filtered by name. */
import { html, nothing, type TemplateResult } from "lit";
import { METRICS, type MetricName, type MetricReport, type SliceReport } from "../../explanation/evaluation.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import { saidDifference, saidInterval, saidMetric, saidP } from "./numbers-said.js";
import { ordered, turned, type SortKey } from "./slice-order.js";
import type { ViewContext } from "./view-context.js";

/** p below which a difference stands out. */
const LEVEL = 0.05;

function head({ chosen: { order }, choose }: ViewContext, key: SortKey, text: string): TemplateResult {
  const sorted = order.key === key ? (order.descending ? "descending" : "ascending") : "none";
  return html`<th scope="col" aria-sort=${sorted}><button class="sort" @click=${() => choose({ order: turned(order, key) })}>${text}${sorted === "none" ? nothing : html`<span aria-hidden="true">${sorted === "ascending" ? " ↑" : " ↓"}</span>`}</button></th>`;
}

/** The interval as a strip, the metric of all rows as a thin mark. */
function strip(metric: MetricReport | undefined, whole: number | null | undefined, most: number): unknown {
  if (metric?.value === null || metric?.value === undefined) return nothing;
  const at = (value: number): string => `${(100 * Math.min(1, Math.max(0, value / most))).toFixed(1)}%`;
  const { value, low, high } = metric;
  return html`<span class="strip" aria-hidden="true">
    ${low === undefined || high === undefined ? nothing : html`<span class="reach" ${cssVars({ "--from": at(low), "--size": `${(100 * (Math.min(most, high) - Math.max(0, low)) / most).toFixed(1)}%` })}></span>`}
    ${whole === null || whole === undefined ? nothing : html`<span class="all" ${cssVars({ "--from": at(whole) })}></span>`}
    <span class="at" ${cssVars({ "--from": at(value) })}></span>
  </span>`;
}

/** The end of the strips: 1 for what cannot be larger. */
function mostOf({ explanation: { whole, slices } }: ViewContext, metric: MetricName): number {
  const ends = [whole, ...slices].flatMap(({ metrics }) => [metrics[metric]?.high ?? metrics[metric]?.value ?? 0]);
  return metric === "log-loss" || metric === "brier" ? Math.max(1e-9, ...ends) : 1;
}

function row(context: ViewContext, slice: SliceReport, most: number): TemplateResult {
  const { words, lang, chosen, choose, explanation: { whole, slices, options, comparison } } = context;
  const { name, count, suppressed, metrics } = slice;
  const detail = metrics[chosen.metric];
  const isChosen = chosen.slice === (name || null);
  const others = METRICS.filter((metric) => metric !== chosen.metric);
  return html`<tr ?data-chosen=${isChosen}>
    <th scope="row"><button class="pick" aria-pressed=${isChosen} title=${name || words.all} @click=${() => choose({ slice: name || null })}><bdi>${name || words.all}</bdi></button></th>
    <td>${decimal(lang, count, 6)}</td>
    ${suppressed
      ? html`<td class="small" colspan=${3 + others.length + (comparison ? 1 : 0)}>${words.tooFew(decimal(lang, options.minimum))}</td>`
      : html`<td title=${detail ? saidInterval(lang, chosen.metric, detail) : ""}>${saidMetric(lang, chosen.metric, detail?.value)}<span class="hidden">, ${detail ? saidInterval(lang, chosen.metric, detail) : ""}</span>${strip(detail, whole.metrics[chosen.metric]?.value, most)}</td>
          ${slices.length > 0 ? html`<td class=${(detail?.p ?? 1) < LEVEL ? "strong" : ""}>${saidDifference(lang, chosen.metric, detail?.difference)}</td><td>${saidP(lang, detail?.p)}</td>` : nothing}
          ${comparison ? html`<td class=${(detail?.change?.p ?? 1) < LEVEL ? "strong" : ""} title=${detail?.change ? saidP(lang, detail.change.p) : ""}>${saidMetric(lang, chosen.metric, detail?.other)} (${saidDifference(lang, chosen.metric, detail?.change?.value ?? undefined)})</td>` : nothing}
          ${others.map((metric) => html`<td title=${metrics[metric] ? saidInterval(lang, metric, metrics[metric]) : ""}>${saidMetric(lang, metric, metrics[metric]?.value)}</td>`)}`}
  </tr>`;
}

export function sliceTable(context: ViewContext): TemplateResult {
  const { explanation: { whole, slices, options, positive, model, comparison }, words, lang, chosen, choose, examples } = context;
  const most = mostOf(context, chosen.metric);
  const shown = [whole, ...slices].find(({ name }) => name === (chosen.slice ?? "")) ?? whole;
  return html`<div class="controls">
      <span>${words.metric}${words.colon}${quietSelect(words.metric, chosen.metric, METRICS.map((metric) => [metric, words.metrics[metric]] as const), (metric) => choose({ metric: metric as MetricName }))}</span>
      ${slices.length > 5 ? html`<label>${words.filter} <input .value=${chosen.filter} @input=${(event: Event) => choose({ filter: (event.target as HTMLInputElement).value })} /></label>` : nothing}
    </div>
    <div class="scroll" role="region" tabindex="0" aria-label=${words.views.slices}>
      <table class="metrics">
        <thead><tr>
          ${head(context, "name", words.slice)}${head(context, "count", words.rows)}${head(context, chosen.metric, words.metrics[chosen.metric])}${slices.length > 0 ? html`${head(context, "difference", words.difference)}${head(context, "p", words.p)}` : nothing}
          ${comparison ? html`<th scope="col">${words.change}</th>` : nothing}
          ${METRICS.filter((metric) => metric !== chosen.metric).map((metric) => head(context, metric, words.metrics[metric]))}
        </tr></thead>
        <tbody>${row(context, whole, most)}${ordered(slices, chosen.order, chosen.metric, chosen.filter).map((slice) => row(context, slice, most))}</tbody>
      </table>
    </div>
    <p class="how">${words.how(words.intervals[options.interval], slices.length > 0 ? words.corrections[options.correction] : "", positive === null ? words.ofAll : model.labels[positive]!)}</p>
    <p class="subhead">${words.examples(shown.name)}</p>${shown.examples.length > 0 || !shown.suppressed ? examples(shown.examples) : html`<p class="said">${words.tooFew(decimal(lang, options.minimum))}</p>`}`;
}
