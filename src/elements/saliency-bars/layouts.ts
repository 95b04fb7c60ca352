/**
 * The other layouts of `<saliency-bars>`: waterfall, force, beeswarm. Loaded when one is asked for. Each gives the picture and the same as
 * shapes for export; where the parts lie is in `layout-plans.ts`. They draw what they are handed and change nothing.
 */
import { html, nothing, type TemplateResult } from "lit";
import { readableInk } from "../../color/readable-ink.js";
import { cssColor } from "../../color/rgb.js";
import { cssVars } from "../shared/css-vars.js";
import { decimal, signedDecimal } from "../shared/numbers.js";
import type { PageColors } from "../shared/page.js";
import type { Scene, Shape } from "../shared/scene.js";
import { label } from "../shared/tokens.js";
import { trueMinus } from "../shared/true-minus.js";
import type { ScoredUnit } from "../shared/units.js";
import { cssFill, fillOf, share } from "./bar-fill.js";
import { forcePlan, swarmPlan, waterfallPlan, type Axis, type Dot } from "./layout-plans.js";
import type { LayoutWords } from "./layout-words.js";

export type LayoutName = "waterfall" | "force" | "beeswarm";

/** What a layout draws, and how it tells what a hand does. */
export interface LayoutView {
  readonly units: readonly ScoredUnit[];
  /** the sum of the units that are not shown one by one, and how many they are */
  readonly rest: { readonly score: number; readonly count: number };
  /** the target's score, and where the picture starts: the baseline's score, or the value without all that is shown */
  readonly value: number;
  readonly baseline: number;
  /** whether the start is the method's own baseline */
  readonly ownBaseline: boolean;
  readonly words: LayoutWords;
  readonly language: string;
  readonly colors: PageColors;
  readonly rtl: boolean;
  readonly font: string;
  readonly focused: number;
  readonly marked: (unit: ScoredUnit) => boolean;
  readonly selected: (unit: ScoredUnit) => boolean;
  readonly point: (index: number) => void;
  readonly choose: (index: number) => void;
}

export interface Layout {
  readonly picture: (view: LayoutView) => TemplateResult;
  readonly scene: (view: LayoutView) => Scene;
}

const largestOf = ({ units }: LayoutView): number => units.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0) || 1;

/** What every option of a layout has in common. */
const optionOf = (view: LayoutView, index: number) => {
  const unit = view.units[index]!;
  return { unit, said: `${label(unit.label)} ${signedDecimal(view.language, unit.score, largestOf(view))}`, tabindex: index === view.focused ? 0 : -1 };
};

// -- waterfall --

interface WaterfallRow {
  readonly index: number | null;
  readonly text: string;
  readonly score: number;
  readonly from: number;
  readonly to: number;
}

function waterfallRows(view: LayoutView): { rows: WaterfallRow[]; axis: Axis; end: number } {
  const { units, rest, baseline, words } = view;
  const parts = [...(rest.count > 0 ? [{ index: null, text: words.others(decimal(view.language, rest.count)), score: rest.score }] : []), ...units.map((unit, index) => ({ index, text: unit.label, score: unit.score })).reverse()];
  const { steps, end, axis } = waterfallPlan(parts.map(({ score }) => score), baseline);
  return { rows: parts.map((part, at) => ({ ...part, ...steps[at]! })).reverse(), axis, end };
}

/** From the start at the foot to the value at the head, as SHAP draws it. */
const waterfall: Layout = {
  picture: (view) => {
    const { rows, axis, end } = waterfallRows(view);
    const { words, language, colors } = view;
    const mark = (name: string, number: number, said = number) => html`<div class="stop"><span class="unit">${name}</span><span class="plot"><span class="at" ${cssVars({ "--at": share(axis.at(number)) })}>${trueMinus(decimal(language, said))}</span></span></div>`;
    const bar = ({ from, to, score }: WaterfallRow) => html`<span class="plot">
      <span class="bar" part="bar" data-sign=${Math.sign(score)} ${cssVars({ "--from": share(axis.at(Math.min(from, to))), "--size": share(Math.abs(axis.at(to) - axis.at(from))), background: cssFill(score, colors) })}></span>
      <span class="value" ?data-negative=${score < 0} ${cssVars({ "--at": share(score < 0 ? 1 - axis.at(to) : axis.at(to)) })}>${signedDecimal(language, score, largestOf(view))}</span>
    </span>`;
    return html`<div class="waterfall">
      ${mark(words.value, end, view.value)}
      ${rows.map((row) => {
        if (row.index === null) return html`<div class="option" data-rest><span class="unit">${row.text}</span>${bar(row)}</div>`;
        const { unit, said, tabindex } = optionOf(view, row.index);
        const index = row.index;
        return html`<div class="option" role="option" data-unit=${index} aria-selected=${view.selected(unit)} aria-label=${said} ?data-marked=${view.marked(unit)} tabindex=${tabindex}
          @pointerenter=${() => view.point(index)} @focus=${() => view.point(index)} @click=${() => view.choose(index)}>
          <bdi class="unit" ?data-special=${unit.special}>${label(unit.label)}</bdi>${bar(row)}
        </div>`;
      })}
      ${mark(view.ownBaseline ? words.baseline : words.start, view.baseline)}
    </div>`;
  },
  scene: (view) => {
    const { rows, axis, end } = waterfallRows(view);
    const { colors, rtl, words, language } = view;
    const [row, gutter, plot, side] = [20, 150, 360, 70];
    const width = gutter + side + plot + side;
    const x = (value: number) => gutter + side + axis.at(value) * plot;
    const flip = (at: number) => (rtl ? width - at : at);
    const text = (at: number, y: number, words_: string, anchor: "left" | "right", size = 12): Shape => ({ kind: "text", x: flip(at), y, text: words_, fill: colors.ink, size, anchor: rtl ? (anchor === "left" ? "right" : "left") : anchor });
    const shapes: Shape[] = [text(gutter, row / 2, words.value, "right"), text(x(end), row / 2, trueMinus(decimal(language, view.value)), "left")];
    rows.forEach(({ text: name, score, from, to }, index) => {
      const y = (index + 1.5) * row;
      const left = x(Math.min(from, to));
      const size = Math.max(1, Math.abs(x(to) - x(from)));
      shapes.push(text(gutter, y, label(name, 18), "right"), { kind: "rect", x: rtl ? width - left - size : left, y: y - 6, width: size, height: 12, fill: fillOf(score, colors) });
      shapes.push(text(score < 0 ? left - 5 : left + size + 5, y, signedDecimal(language, score, largestOf(view)), score < 0 ? "right" : "left", 11));
    });
    const foot = (rows.length + 1.5) * row;
    shapes.push(text(gutter, foot, view.ownBaseline ? words.baseline : words.start, "right"), text(x(view.baseline), foot, trueMinus(decimal(language, view.baseline)), "left"));
    return { width, height: (rows.length + 2) * row, font: view.font, shapes };
  },
};

// -- force --

/** In letters; a Chinese character is as wide as two. */
const letters = (word: string): number => [...word].reduce((sum, character) => sum + (character > "\u2e7f" ? 2 : 1), 0);

/** Whether a part is wide enough for its word, in a column of about 70 letters; a narrow one says it when pointed at. */
const readable = (part: number, word: string): boolean => part > 0.02 + 0.015 * Math.min(8, letters(word));

/** One band: what pushes up from the left, what pushes down from the right; they meet at the value. */
const force: Layout = {
  picture: (view) => {
    const { units, rest, value, baseline, words, language, colors } = view;
    const { pushes, axis } = forcePlan([...units.map(({ score }) => score), rest.score], value, baseline);
    const drawn = pushes.map(({ index }) => index).filter((index) => index < units.length); // not those that push nowhere
    const reached = { ...view, focused: drawn.includes(view.focused) ? view.focused : (drawn[0] ?? -1) };
    const stop = (name: string, number: number, kind: string) => html`<span class="tick" data-kind=${kind} ${cssVars({ "--at": share(axis.at(number)) })}><span>${name} ${trueMinus(decimal(language, number))}</span></span>`;
    return html`<div class="force">
      <div class="ticks">${stop(words.value, value, "value")}</div>
      <div class="band">
        ${pushes.map(({ index, from, to }) => {
          const place = (score: number) => ({ "--from": share(axis.at(from)), "--size": share(axis.at(to) - axis.at(from)), background: cssFill(score, colors), color: cssColor(readableInk(colors.ink, fillOf(score, colors))) });
          if (index === units.length) return html`<span class="push" data-rest ${cssVars(place(rest.score))}>${readable(axis.at(to) - axis.at(from), "others") ? words.others(decimal(language, rest.count)) : nothing}</span>`;
          const { unit, said, tabindex } = optionOf(reached, index);
          return html`<span class="push" part="bar" role="option" data-unit=${index} title=${said} aria-label=${said} aria-selected=${view.selected(unit)} data-sign=${Math.sign(unit.score)} ?data-marked=${view.marked(unit)} tabindex=${tabindex}
            ${cssVars(place(unit.score))} @pointerenter=${() => view.point(index)} @focus=${() => view.point(index)} @click=${() => view.choose(index)}>${readable(axis.at(to) - axis.at(from), unit.label) ? html`<bdi>${label(unit.label)}</bdi>` : nothing}</span>`;
        })}
      </div>
      <div class="ticks">${stop(view.ownBaseline ? words.baseline : words.start, baseline, "baseline")}</div>
      <div class="sides" lang=${words.lang}><span>${words.pushesUp} →</span><span>← ${words.pushesDown}</span></div>
    </div>`;
  },
  scene: (view) => {
    const { units, rest, value, baseline, words, language, colors, rtl } = view;
    const { pushes, axis } = forcePlan([...units.map(({ score }) => score), rest.score], value, baseline);
    const [width, pad] = [640, 40];
    const x = (at: number) => (rtl ? width - 1 : 0) + (rtl ? -1 : 1) * (pad + axis.at(at) * (width - 2 * pad));
    const shapes: Shape[] = pushes.flatMap(({ index, from, to }): Shape[] => {
      const score = units[index]?.score ?? rest.score;
      const [left, right] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
      const fill = fillOf(score, colors);
      const name = units[index] ? label(units[index].label, Math.max(2, Math.floor((right - left) / 8))) : words.others(decimal(language, rest.count));
      const shape: Shape = { kind: "rect", x: left, y: 24, width: Math.max(1, right - left - 1), height: 24, fill };
      return right - left < 14 ? [shape] : [shape, { kind: "text", x: (left + right) / 2, y: 36, text: name, fill: readableInk(colors.ink, fill), size: 11, anchor: "center" }];
    });
    for (const [name, number, y] of [[words.value, value, 10], [view.ownBaseline ? words.baseline : words.start, baseline, 62]] as const) {
      shapes.push({ kind: "rect", x: x(number), y: 18, width: 1, height: 36, fill: colors.ink }, { kind: "text", x: x(number), y, text: `${name} ${trueMinus(decimal(language, number))}`, fill: colors.ink, size: 12, anchor: "center" });
    }
    return { width, height: 74, font: view.font, shapes };
  },
};

// -- beeswarm --

/** A dot's width as a share of the axis of a narrow page. */
const DOT = 0.05;
/** So many dots carry their word; the others say it when pointed at. */
const NAMED = 6;
/** Room for a word, as a share of the axis. */
const NAME = 0.16;

/** The heaviest, where their words have room beside their dots: outwards from zero. */
function named({ units }: LayoutView, dots: readonly Dot[]): Set<number> {
  const outwards = (x: number, other: number) => (x < 0.5 ? x - other : other - x);
  const free = dots.filter((dot) => !dots.some((other) => other !== dot && other.lane === dot.lane && outwards(dot.x, other.x) >= 0 && outwards(dot.x, other.x) < NAME));
  const heaviest = free.map(({ index }) => index).sort((a, b) => Math.abs(units[b]!.score) - Math.abs(units[a]!.score) || a - b);
  return new Set(heaviest.slice(0, NAMED));
}

/** One text has one value a word, so this is a swarm of its words; over many texts SHAP draws a row a feature. */
const beeswarm: Layout = {
  picture: (view) => {
    const { dots, axis, lanes } = swarmPlan(view.units.map(({ score }) => score), DOT);
    const names = named(view, dots);
    const end = (value: number) => signedDecimal(view.language, value, axis.high);
    const byUnit = [...dots].sort((a, b) => a.index - b.index);
    return html`<div class="swarm" ${cssVars({ "--lanes": String(lanes) })}>
      <span class="zero"></span>
      ${byUnit.map(({ index, x, lane }) => {
        const { unit, said, tabindex } = optionOf(view, index);
        return html`<span class="dot" role="option" data-unit=${index} title=${said} aria-label=${said} aria-selected=${view.selected(unit)} ?data-marked=${view.marked(unit)} data-sign=${Math.sign(unit.score)} tabindex=${tabindex}
          ${cssVars({ "--at": share(x), "--lane": String(lane) })} @pointerenter=${() => view.point(index)} @focus=${() => view.point(index)} @click=${() => view.choose(index)}>
          <span class="mark" part="bar" ${cssVars({ background: cssFill(unit.score, view.colors) })}></span>${names.has(index) ? html`<bdi ?data-before=${unit.score < 0}>${label(unit.label, 12)}</bdi>` : nothing}</span>`;
      })}
    </div>
    <div class="sides"><span>${end(axis.low)}</span><span>0</span><span>${end(axis.high)}</span></div>`;
  },
  scene: (view) => {
    const { dots, axis, lanes } = swarmPlan(view.units.map(({ score }) => score), DOT);
    const { colors, rtl, units } = view;
    const names = named(view, dots);
    const [width, pad, lane, size] = [640, 60, 14, 10];
    const middle = (lanes + 1) * lane;
    const at = (share_: number) => (rtl ? width - pad - share_ * (width - 2 * pad) : pad + share_ * (width - 2 * pad));
    const shapes: Shape[] = [{ kind: "rect", x: at(0.5), y: 0, width: 1, height: 2 * middle, fill: [...colors.ink, 0.45] }];
    for (const { index, x, lane: row } of dots) {
      const unit = units[index]!;
      const y = middle + row * lane;
      shapes.push({ kind: "rect", x: at(x) - size / 2, y: y - size / 2, width: size, height: size, fill: fillOf(unit.score, colors) });
      const before = unit.score < 0 !== rtl;
      if (names.has(index)) shapes.push({ kind: "text", x: at(x) + (before ? -8 : 8), y, text: label(unit.label, 12), fill: colors.ink, size: 11, anchor: before ? "right" : "left" });
    }
    for (const [share_, value] of [[0, axis.low], [0.5, 0], [1, axis.high]] as const) shapes.push({ kind: "text", x: at(share_), y: 2 * middle + 8, text: value === 0 ? "0" : signedDecimal(view.language, value, axis.high), fill: colors.ink, size: 11, anchor: "center" });
    return { width, height: 2 * middle + 18, font: view.font, shapes };
  },
};

export const layouts: Readonly<Record<LayoutName, Layout>> = { waterfall, force, beeswarm };
