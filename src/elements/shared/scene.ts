/**
 * A picture as a list of shapes. Not a drawing library: exactly the shapes that the elements' pictures and their exports need. The
 * same scene is painted on a canvas (on screen, PNG) and written as SVG, so an export is what was seen.
 */
import { cssColor, type Rgb, type Rgba } from "../../color/rgb.js";

export type Shape =
  | { readonly kind: "rect"; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly fill: Rgb | Rgba }
  | {
      readonly kind: "text";
      readonly x: number;
      /** the middle of the line */
      readonly y: number;
      readonly text: string;
      readonly fill: Rgb | Rgba;
      readonly size: number;
      readonly anchor: "left" | "right" | "center";
      /** degrees, clockwise */
      readonly angle?: number;
      readonly bold?: boolean;
    }
  /** cells of one size, one pixel of `image` each; what lies outside of the window is cut off */
  | {
      readonly kind: "cells";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly image: HTMLCanvasElement;
      readonly cellWidth: number;
      readonly cellHeight: number;
      readonly offsetX: number;
      readonly offsetY: number;
    }
  /** what an element draws in its own way; `number` writes a number as short as it may be */
  | { readonly kind: "drawn"; readonly paint: (context: CanvasRenderingContext2D) => void; readonly svg: (number: (value: number) => string) => string };

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  readonly shapes: readonly Shape[];
}

/** From this size on, cells are set apart by a thin gap. CSS pixels. */
export const GAP_FROM = 9;

/** Paints on a context that is scaled to CSS pixels. */
export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  context.direction = "ltr";
  context.textBaseline = "middle";
  for (const shape of scene.shapes) {
    if (shape.kind === "cells") {
      paintCells(context, shape);
      continue;
    }
    if (shape.kind === "drawn") {
      shape.paint(context);
      continue;
    }
    context.fillStyle = cssColor(shape.fill);
    if (shape.kind === "rect") context.fillRect(shape.x, shape.y, shape.width, shape.height);
    else {
      context.save();
      context.translate(shape.x, shape.y);
      context.rotate(((shape.angle ?? 0) * Math.PI) / 180);
      context.font = `${shape.bold ? "bold " : ""}${shape.size}px ${scene.font}`;
      context.textAlign = shape.anchor;
      context.fillText(shape.text, 0, 0);
      context.restore();
    }
  }
}

function paintCells(context: CanvasRenderingContext2D, shape: Extract<Shape, { kind: "cells" }>): void {
  const { x, y, width, height, image, cellWidth, cellHeight, offsetX, offsetY } = shape;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  // Larger cells keep their edges; where a cell is less than a pixel, neighbours are averaged.
  context.imageSmoothingEnabled = cellWidth < 1;
  context.drawImage(image, x - offsetX, y - offsetY, image.width * cellWidth, image.height * cellHeight);
  if (Math.min(cellWidth, cellHeight) >= GAP_FROM) {
    for (let column = Math.ceil(offsetX / cellWidth); column * cellWidth - offsetX <= width; column++) context.clearRect(x - offsetX + column * cellWidth - 0.5, y, 1, height);
    for (let row = Math.ceil(offsetY / cellHeight); row * cellHeight - offsetY <= height; row++) context.clearRect(x, y - offsetY + row * cellHeight - 0.5, width, 1);
  }
  context.restore();
}
