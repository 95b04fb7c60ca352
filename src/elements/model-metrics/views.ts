/** The views besides the slices: worst slices, confusion matrix, curves, calibration, thresholds, two models. One function a view, in a table. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { ClassCurves } from "../../explanation/evaluation.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal, percent } from "../shared/numbers.js";
import { quietSelect } from "../shared/quiet-select.js";
import type { View } from "./metrics-words.js";
import { saidP } from "./numbers-said.js";
import { PLOT, plot, type Plot } from "./plot.js";
import { sliceTable } from "./slice-table.js";
import type { ViewContext } from "./view-context.js";

function worst({ explanation: { worst: { slices, tested } }, words, lang, chosen, choose, examples }: ViewContext): TemplateResult {
  const count = decimal(lang, tested, 6);
  if (slices.length === 0) return html`<p class="said">${words.noneWorse(count)}</p>`;
  const shown = slices.find(({ name }) => name === chosen.slice) ?? slices[0]!;
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${words.views.worst}>
      <table class="metrics">
        <thead><tr><th scope="col">${words.slice}</th><th scope="col">${words.rows}</th><th scope="col">${words.wrong}</th><th scope="col">${words.p}</th></tr></thead>
        <tbody>${slices.map(({ name, count: rows, errors, p }) => html`<tr ?data-chosen=${name === shown.name}>
          <th scope="row"><button class="pick" aria-pressed=${name === shown.name} @click=${() => choose({ slice: name })}><bdi>${name}</bdi></button></th>
          <td>${decimal(lang, rows, 6)}</td><td>${percent(lang, errors / rows)}<span class="strip" aria-hidden="true"><span class="reach" ${cssVars({ "--from": "0%", "--size": `${(100 * errors) / rows}%` })}></span></span></td><td>${saidP(lang, p)}</td>
        </tr>`)}</tbody>
      </table>
    </div>
    <p class="how">${words.worst(count)}</p>
    <p class="subhead">${words.examples(shown.name)}</p>${examples(shown.examples)}`;
}

function confusion({ explanation: { confusion: matrix, model: { labels } }, words, lang }: ViewContext): TemplateResult {
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${words.views.confusion}>
    <table class="metrics matrix">
      <thead><tr><th scope="col">${words.label} ＼ ${words.predicted}</th>${labels.map((label) => html`<th scope="col"><bdi>${label}</bdi></th>`)}</tr></thead>
      <tbody>${matrix.map((row, label) => {
        const sum = row.reduce((total, count) => total + count, 0);
        return html`<tr><th scope="row"><bdi>${labels[label]}</bdi></th>${row.map((count) => html`<td ${cssVars({ "--share": String(sum ? (0.55 * count) / sum : 0) })}>${decimal(lang, count, 6)}<br />${sum ? percent(lang, count / sum) : "–"}</td>`)}</tr>`;
      })}</tbody>
    </table>
  </div>`;
}

const figure = (name: string, picture: Plot): TemplateResult => html`<div class="plot"><svg role="img" aria-label=${name} viewBox=${`0 0 ${PLOT.width} ${PLOT.height}`}>${svg`${plot(picture)}`}</svg></div>`;

/** The class whose curves are shown, with a menu where there are several. */
function curveOf({ explanation: { curves, model: { labels } }, words, chosen, choose }: ViewContext): { readonly curves: ClassCurves; readonly menu: unknown } {
  const index = Math.min(chosen.curve, curves.length - 1);
  const menu = curves.length > 1 ? quietSelect(words.of, index, curves.map(({ label }, place) => [place, labels[label]!] as const), (place) => choose({ curve: Number(place) })) : labels[curves[index]!.label]!;
  return { curves: curves[index]!, menu: html`<div class="controls"><span>${words.of}${words.colon}${menu}</span></div>` };
}

/** The point of a curve at the chosen threshold. */
const atThreshold = ({ thresholds }: ClassCurves, percentage: number): { hits: number; alarms: number; missed: number; rejected: number } => {
  const [hits, alarms, missed, rejected] = thresholds[percentage] as [number, number, number, number];
  return { hits, alarms, missed, rejected };
};

function roc(context: ViewContext): TemplateResult {
  const { words, lang, explanation: { whole } } = context;
  const { curves, menu } = curveOf(context);
  if (curves.roc.length === 0) return html`${menu}<p class="said">${words.none}</p>`;
  const area = whole.metrics.auc?.value;
  return html`${menu}${figure(words.views.roc, { x: words.falsePositives, y: words.truePositives, tick: (value) => percent(lang, value), lines: [{ look: "even", points: [[0, 0], [1, 1]] }, { look: "line", points: curves.roc }] })}
    <p class="said">${words.metrics.auc} ${area === null || area === undefined ? "–" : decimal(lang, area)}</p>`;
}

function precisionRecall(context: ViewContext): TemplateResult {
  const { words, lang } = context;
  const { curves, menu } = curveOf(context);
  if (curves.precisionRecall.length === 0) return html`${menu}<p class="said">${words.none}</p>`;
  const { hits, missed, alarms, rejected } = atThreshold(curves, 0);
  const share = (hits + missed) / Math.max(1, hits + missed + alarms + rejected);
  return html`${menu}${figure(words.views["precision-recall"], { x: words.metrics.recall, y: words.metrics.precision, tick: (value) => percent(lang, value), lines: [{ look: "even", points: [[0, share], [1, share]] }, { look: "line", points: curves.precisionRecall }] })}`;
}

function calibration({ explanation: { calibration: bins, whole }, words, lang }: ViewContext): TemplateResult {
  const filled = bins.filter(({ count }) => count > 0);
  const most = Math.max(1, ...filled.map(({ count }) => count));
  const dots = filled.map(({ confidence, accuracy, count }) => ({ x: confidence, y: accuracy, size: count / most, title: `${percent(lang, confidence)} → ${percent(lang, accuracy)} (${decimal(lang, count, 6)})` }));
  return html`${figure(words.views.calibration, { x: words.claimed, y: words.right, tick: (value) => percent(lang, value), lines: [{ look: "even", points: [[0, 0], [1, 1]] }, { look: "line", points: dots.map(({ x, y }) => [x, y]) }], dots })}
    <p class="said">${words.metrics["calibration-error"]} ${decimal(lang, whole.metrics["calibration-error"]?.value ?? 0)}</p>`;
}

const COSTS = [0.1, 0.2, 0.5, 1, 2, 5, 10];

function thresholds(context: ViewContext): TemplateResult {
  const { words, lang, chosen, choose } = context;
  const { curves, menu } = curveOf(context);
  const shares = curves.thresholds.map((_, place) => {
    const { hits, alarms, missed } = atThreshold(curves, place);
    return { precision: hits + alarms ? hits / (hits + alarms) : null, recall: hits + missed ? hits / (hits + missed) : null, f1: hits ? (2 * hits) / (2 * hits + alarms + missed) : 0 };
  });
  const costs = curves.thresholds.map((_, place) => { const { alarms, missed } = atThreshold(curves, place); return chosen.cost * alarms + missed; });
  const cheapest = costs.indexOf(Math.min(...costs)) / 100;
  const { hits, alarms, missed, rejected } = atThreshold(curves, chosen.threshold);
  const now = shares[chosen.threshold]!;
  const line = (key: "precision" | "recall" | "f1") => shares.flatMap((share, place) => (share[key] === null ? [] : [[place / 100, share[key]]]));
  const said = (value: number | null) => (value === null ? "–" : percent(lang, value));
  const rows = hits + alarms + missed + rejected;
  return html`${menu}
    <div class="controls">
      <label>${words.threshold} <input type="range" min="0" max="100" .value=${String(chosen.threshold)} aria-valuetext=${percent(lang, chosen.threshold / 100)} @input=${(event: Event) => choose({ threshold: Number((event.target as HTMLInputElement).value) })} /> ${percent(lang, chosen.threshold / 100)}</label>
      <span>${words.cost} ${quietSelect(words.cost, chosen.cost, COSTS.map((cost) => [cost, decimal(lang, cost)] as const), (cost) => choose({ cost: Number(cost) }))} → ${words.cheapest(percent(lang, cheapest))}</span>
    </div>
    ${figure(words.views.thresholds, { x: words.threshold, y: "", tick: (value) => percent(lang, value), cursor: chosen.threshold / 100, lines: [{ look: "line", points: line("f1") }, { look: "second", points: line("precision") }, { look: "third", points: line("recall") }] })}
    <p class="said" role="status">━ F1 ${said(now.f1)} · ╍ ${words.metrics.precision} ${said(now.precision)} · ┈ ${words.metrics.recall} ${said(now.recall)} · ${words.metrics.accuracy} ${said(rows ? (hits + rejected) / rows : null)}</p>
    <p class="said">${[hits, alarms, missed, rejected].map((count, index) => `${words.counts[index]!} ${decimal(lang, count, 6)}`).join(" · ")}</p>`;
}

function comparison({ explanation: { comparison: found }, words, lang, examples }: ViewContext): TemplateResult {
  if (!found) return html``;
  const { model, bothRight, onlyFirst, onlySecond, bothWrong, mcNemar, flipRate, lost, won } = found;
  return html`<p class="said">${words.compared(model.name, percent(lang, flipRate), saidP(lang, mcNemar))}</p>
    <p class="said">${[bothRight, onlyFirst, onlySecond, bothWrong].map((count, index) => `${words.both[index]!} ${decimal(lang, count, 6)}`).join(" · ")}</p>
    ${lost.length > 0 ? html`<p class="subhead">${words.lost}</p>${examples(lost)}` : nothing} ${won.length > 0 ? html`<p class="subhead">${words.won}</p>${examples(won)}` : nothing}`;
}

export const views: Readonly<Record<View, (context: ViewContext) => TemplateResult>> = { slices: sliceTable, worst, confusion, roc, "precision-recall": precisionRecall, calibration, thresholds, comparison };
