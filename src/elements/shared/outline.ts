/** Four bars around a rectangle, as shapes. */
import type { Rgb, Rgba } from "../../color/rgb.js";
import type { Shape } from "./scene.js";

export const outline = (x: number, y: number, width: number, height: number, thick: number, fill: Rgb | Rgba): Shape[] => [
  { kind: "rect", x: x - thick, y: y - thick, width: width + 2 * thick, height: thick, fill },
  { kind: "rect", x: x - thick, y: y + height, width: width + 2 * thick, height: thick, fill },
  { kind: "rect", x: x - thick, y, width: thick, height, fill },
  { kind: "rect", x: x + width, y, width: thick, height, fill },
];
