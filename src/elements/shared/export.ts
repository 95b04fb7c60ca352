/**
 * A picture as a file. Not loaded before somebody saves: see `ExplanationElement.toBlob`. SVG is built as text with every token escaped,
 * PNG is the same scene on a canvas, both on the page's own ground.
 */
import { VERSION } from "../../engine/version.js";
import { LexiscopeError } from "../../base/errors.js";
import { cssColor, type Rgb } from "../../color/rgb.js";
import { toCsv } from "../../explanation/csv.js";
import { plainExplanation } from "../../explanation/plain.js";
import type { Explanation } from "../../explanation/types.js";
import { GAP_FROM, paint, type Scene, type Shape } from "./scene.js";

export type ExportType = "png" | "svg" | "csv" | "json";

/** Where a scene has more cells than these, each of its maps is one embedded image instead of one rectangle a cell. */
const MOST_RECTS = 128 * 128;
/** Device pixels a CSS pixel in PNG. */
const PNG_SCALE = 2;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// Control characters are not allowed in XML at all.
const escape = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "·").replace(/[&<>"]/g, (character) => escapes[character]!);
const n = (value: number) => String(+value.toFixed(2));

function cells(shape: Extract<Shape, { kind: "cells" }>, asImage: boolean): string {
  const { x, y, image, cellWidth, cellHeight } = shape;
  const place = `x="${n(x)}" y="${n(y)}" width="${n(shape.width)}" height="${n(shape.height)}"`;
  if (asImage) return `<image ${place} preserveAspectRatio="none" image-rendering="pixelated" href="${image.toDataURL()}"/>`;
  const { data } = image.getContext("2d")!.getImageData(0, 0, image.width, image.height);
  const gap = Math.min(cellWidth, cellHeight) >= GAP_FROM ? 1 : 0;
  let out = "";
  for (let i = 0; i < image.width * image.height; i++) {
    const alpha = data[4 * i + 3]!;
    if (alpha === 0) continue;
    const left = x + (i % image.width) * cellWidth + gap / 2;
    const top = y + Math.floor(i / image.width) * cellHeight + gap / 2;
    const fill = `rgb(${data[4 * i]},${data[4 * i + 1]},${data[4 * i + 2]})`;
    out += `<rect x="${n(left)}" y="${n(top)}" width="${n(cellWidth - gap)}" height="${n(cellHeight - gap)}" fill="${fill}"${alpha < 255 ? ` fill-opacity="${n(alpha / 255)}"` : ""}/>`;
  }
  return out;
}

const ANCHORS = { left: "start", right: "end", center: "middle" } as const;

function element(shape: Shape, asImages = false): string {
  if (shape.kind === "cells") return cells(shape, asImages);
  if (shape.kind === "drawn") return shape.svg(n);
  const [red, green, blue, alpha = 1] = shape.fill;
  const fill = `fill="${cssColor([red, green, blue]).replace(/ /g, ",")}"${alpha < 1 ? ` fill-opacity="${n(alpha)}"` : ""}`;
  if (shape.kind === "rect") return `<rect x="${n(shape.x)}" y="${n(shape.y)}" width="${n(shape.width)}" height="${n(shape.height)}" ${fill}/>`;
  const turn = shape.angle ? ` transform="rotate(${shape.angle} ${n(shape.x)} ${n(shape.y)})"` : "";
  const bold = shape.bold ? ' font-weight="bold"' : "";
  return `<text x="${n(shape.x)}" y="${n(shape.y)}" dy="0.35em" font-size="${n(shape.size)}" text-anchor="${ANCHORS[shape.anchor]}"${bold}${turn} ${fill} xml:space="preserve">${escape(shape.text)}</text>`;
}

/** The scene as a standalone SVG document; `title` becomes its accessible name. */
export function toSvg(scene: Scene, paper: Rgb, title: string): string {
  const cellCount = scene.shapes.reduce((sum, shape) => sum + (shape.kind === "cells" ? shape.image.width * shape.image.height : 0), 0);
  const ground = element({ kind: "rect", x: 0, y: 0, width: scene.width, height: scene.height, fill: paper });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(scene.width)}" height="${n(scene.height)}" viewBox="0 0 ${n(scene.width)} ${n(scene.height)}" ` +
    `role="img" font-family="${escape(scene.font)}"><title>${escape(title)}</title>${ground}${scene.shapes.map((shape) => element(shape, cellCount > MOST_RECTS)).join("")}</svg>`
  );
}

function toPng(scene: Scene, paper: Rgb): Promise<Blob> {
  const ink = document.createElement("canvas");
  const whole = document.createElement("canvas");
  for (const canvas of [ink, whole]) Object.assign(canvas, { width: Math.ceil(scene.width * PNG_SCALE), height: Math.ceil(scene.height * PNG_SCALE) });
  const context = ink.getContext("2d")!;
  context.scale(PNG_SCALE, PNG_SCALE);
  paint(context, scene);
  const ground = whole.getContext("2d")!;
  ground.fillStyle = cssColor(paper);
  ground.fillRect(0, 0, whole.width, whole.height);
  ground.drawImage(ink, 0, 0);
  return new Promise((resolve, reject) => whole.toBlob((blob) => (blob ? resolve(blob) : reject(new LexiscopeError("unsupported", `cannot make a PNG of ${whole.width} × ${whole.height} pixels here`)))));
}

export interface Exportable {
  readonly explanation: Explanation;
  readonly scene: () => Scene;
  readonly paper: Rgb;
  readonly title: string;
}

const exports: Readonly<Record<ExportType, (from: Exportable) => Blob | Promise<Blob>>> = {
  png: ({ scene, paper }) => toPng(scene(), paper),
  svg: ({ scene, paper, title }) => new Blob([toSvg(scene(), paper, title)], { type: "image/svg+xml" }),
  csv: ({ explanation }) => new Blob([toCsv(explanation)], { type: "text/csv" }),
  json: ({ explanation }) => new Blob([JSON.stringify(plainExplanation(explanation))], { type: "application/json" }),
};

/** Throws `bad-input` for any other type. */
export async function exportBlob(type: ExportType, from: Exportable): Promise<Blob> {
  if (!Object.hasOwn(exports, type)) throw new LexiscopeError("bad-input", `cannot export as "${type}"; use ${Object.keys(exports).join(", ")}`);
  return exports[type](from);
}

/** Where a pinned copy of the library comes from in the code that readers paste. */
const SCRIPT = `https://cdn.jsdelivr.net/npm/lexiscope@${VERSION}/cdn/lexiscope.js`;
/** A longer explanation is left out of the embed code; the model then computes it again. Characters. */
const LONGEST_EMBED = 200_000;

/** HTML that shows the same element in another page, with the explanation inside, so that it needs no model. */
export function embedCode(host: HTMLElement, explanation: Explanation): string {
  const copy = host.cloneNode(false) as HTMLElement;
  for (const name of ["id", "class", "style", "slot", "for", "src", "explanation"]) copy.removeAttribute(name);
  const given: Readonly<Record<string, string | undefined>> = { model: explanation.model.reference, text: explanation.input.text, "text-pair": explanation.input.textPair };
  for (const [name, value] of Object.entries(given)) if (value) copy.setAttribute(name, value);
  const json = JSON.stringify(plainExplanation(explanation)).replace(/</g, "\\u003c");
  const attributes = [...copy.attributes].map(({ name, value }) => ` ${name}="${escape(value)}"`).join("");
  const stored = json.length > LONGEST_EMBED ? "" : `<script type="application/json">${json}</script>`;
  return `<script type="module" src="${SCRIPT}"></script>\n<${copy.localName}${attributes}>${stored}</${copy.localName}>\n`;
}
