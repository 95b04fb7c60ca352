/** The slices as shapes, for export: name, rows, the chosen metric as a number and as a strip with its interval. */
import type { Rgb } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";

export interface SliceLine {
  readonly name: string;
  readonly rows: string;
  readonly said: string;
  /** from 0 to 1 along the strip; null where there is none */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface MetricsPicture {
  readonly ink: Rgb;
  readonly accent: Rgb;
  readonly font: string;
  readonly title: string;
  readonly gates: readonly string[];
  readonly lines: readonly SliceLine[];
}

const [ROW, SIZE, STRIP, LEFT, WIDTH] = [20, 12, 200, 420, 640];

export function metricsScene({ ink, accent, font, title, gates, lines }: MetricsPicture): Scene {
  const text = (words: string, x: number, y: number, anchor: "left" | "right" = "left", bold = false): Shape => ({ kind: "text", x, y: y + ROW / 2, text: words, fill: ink, size: SIZE, anchor, bold });
  const first = (1 + gates.length) * ROW + 6;
  const shapes = lines.flatMap(({ name, rows, said, value, low, high }, index): Shape[] => {
    const y = first + index * ROW;
    const bar = (x: number, width: number, fill: Rgb | readonly [number, number, number, number], height = 10): Shape => ({ kind: "rect", x: LEFT + x * STRIP, y: y + (ROW - height) / 2, width: Math.max(1, width * STRIP), height, fill });
    return [
      text(name.length > 34 ? `${name.slice(0, 33)}…` : name, 0, y), text(rows, 290, y, "right"), text(said, 400, y, "right"),
      ...(value === null ? [] : [bar(0, 1, [...ink, 0.07]), ...(low === null || high === null ? [] : [bar(low, high - low, [...ink, 0.3])]), bar(value - 0.0075, 0.015, accent, 14)]),
    ];
  });
  return { width: WIDTH, height: first + lines.length * ROW, font, shapes: [text(title, 0, 0, "left", true), ...gates.map((gate, index) => text(gate, 0, (index + 1) * ROW)), ...shapes] };
}
