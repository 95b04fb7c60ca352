/** A small plot over the unit square: lines, dots, ticks, names of the axes. SVG by templates; it has no words of its own. */
import { svg, type SVGTemplateResult } from "lit";

export interface Line {
  /** both from 0 to 1 */
  readonly points: readonly (readonly number[])[];
  readonly look: "line" | "second" | "third" | "even";
}

export interface Plot {
  readonly lines: readonly Line[];
  /** with a size from 0 to 1 */
  readonly dots?: readonly { readonly x: number; readonly y: number; readonly size: number; readonly title: string }[];
  readonly cursor?: number;
  readonly x: string;
  readonly y: string;
  readonly tick: (value: number) => string;
}

export const PLOT = { width: 260, height: 220, left: 34, right: 8, top: 14, bottom: 30 } as const;

/** Where a point of the unit square lies. */
export function placeOf(x: number, y: number): readonly [number, number] {
  const { width, height, left, right, top, bottom } = PLOT;
  return [left + x * (width - left - right), height - bottom - y * (height - top - bottom)];
}

export function plot({ lines, dots = [], cursor, x, y, tick }: Plot): SVGTemplateResult {
  const { width, height, left, right, bottom } = PLOT;
  const path = (points: Line["points"]): string => points.map(([a, b], index) => `${index ? "L" : "M"}${placeOf(a!, b!).map((value) => value.toFixed(1)).join(" ")}`).join("");
  return svg`<g>
    <path class="axis" d=${`M${left} ${placeOf(0, 1)[1]}V${height - bottom}H${width - right}`}></path>
    ${[0, 0.5, 1].map((value) => svg`<text x=${left - 4} y=${placeOf(0, value)[1] + 3} text-anchor="end">${tick(value)}</text>
      <text x=${placeOf(value, 0)[0]} y=${height - bottom + 11} text-anchor=${value === 1 ? "end" : "middle"}>${tick(value)}</text>`)}
    <text x=${(left + width - right) / 2} y=${height - 4} text-anchor="middle">${x}</text>
    <text x=${left} y="8">${y}</text>
    ${lines.map(({ points, look }) => svg`<path class=${look} d=${path(points)}></path>`)}
    ${dots.map((dot) => svg`<circle class="dot" cx=${placeOf(dot.x, dot.y)[0]} cy=${placeOf(dot.x, dot.y)[1]} r=${2 + 6 * Math.sqrt(dot.size)}><title>${dot.title}</title></circle>`)}
    ${cursor === undefined ? "" : svg`<path class="cursor" d=${`M${placeOf(cursor, 0).join(" ")}V${placeOf(0, 1)[1]}`}></path>`}
  </g>`;
}
