/** The deletion and the insertion curve of all methods, with the band of random rankings behind them. Coordinates and SVG; no words of its own. */
import { svg, type SVGTemplateResult } from "lit";
import type { FaithfulnessBand } from "../../explanation/faithfulness.js";

export interface Panel {
  /** [method][point]; empty where a method gave no answer */
  readonly curves: readonly (readonly number[])[];
  readonly chance: readonly FaithfulnessBand[];
  /** lowest and highest value of the axis */
  readonly range: readonly [number, number];
}

export const PANEL = { width: 260, height: 130, left: 28, right: 6, top: 6, bottom: 18 } as const;

/** From 0 to 1 for probabilities; what is there for scores. */
export function rangeOf(panels: readonly Pick<Panel, "curves" | "chance">[], isProbability: boolean): readonly [number, number] {
  if (isProbability) return [0, 1];
  const values = panels.flatMap(({ curves, chance }) => [...curves.flat(), ...chance.flatMap(({ low, high }) => [low, high])]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** Where a point of a curve lies. */
export function place({ range: [low, high], chance }: Pick<Panel, "range" | "chance">, point: number, value: number): readonly [x: number, y: number] {
  const { width, height, left, right, top, bottom } = PANEL;
  return [left + (point / Math.max(1, chance.length - 1)) * (width - left - right), height - bottom - ((value - low) / (high - low)) * (height - top - bottom)];
}

const path = (points: readonly (readonly [number, number])[]): string => points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** `tick`: how a value of the axis is written; `shown`: the method whose curve stands out */
export function curvesPicture(panel: Panel, shown: number, tick: (value: number) => string, share: (value: number) => string): SVGTemplateResult {
  const { curves, chance, range } = panel;
  const { width, height, left, right, bottom } = PANEL;
  const at = (values: readonly number[]) => values.map((value, point) => place(panel, point, value));
  const edge = [...at(chance.map(({ high }) => high)), ...at(chance.map(({ low }) => low)).reverse()];
  const ticks = [range[0], (range[0] + range[1]) / 2, range[1]];
  return svg`<g>
    <path class="chance" d=${`${path(edge)}Z`}></path>
    <path class="middle" d=${path(at(chance.map(({ mean }) => mean)))}></path>
    <path class="axis" d=${`M${left} ${place(panel, 0, range[1])[1]}V${height - bottom}H${width - right}`}></path>
    ${ticks.map((value) => svg`<text x=${left - 4} y=${place(panel, 0, value)[1] + 3} text-anchor="end">${tick(value)}</text>`)}
    ${[0, 0.5, 1].map((value) => svg`<text x=${place(panel, value * (chance.length - 1), 0)[0]} y=${height - 5} text-anchor=${value === 0 ? "start" : value === 1 ? "end" : "middle"}>${share(value)}</text>`)}
    ${curves.map((curve, index) => (index === shown || curve.length === 0 ? "" : svg`<path class="other" d=${path(at(curve))}></path>`))}
    ${curves[shown]?.length ? svg`<path class="shown" part="curve" d=${path(at(curves[shown]))}></path>` : ""}
  </g>`;
}
