/**
 * What the surrounding page looks like: ink, paper, language; `watch-page.ts` tells when they change. Elements do not choose a colour scheme, they read
 * the one they stand in. Not a theme.
 */
import { luminance, over, type Rgb, type Rgba } from "../../color/rgb.js";

export interface PageColors {
  readonly ink: Rgb;
  readonly paper: Rgb;
  readonly dark: boolean;
}

let pixel: CanvasRenderingContext2D | null = null;
const known = new Map<string, Rgba>();

/** Any CSS colour as numbers: the canvas knows them all, but its first use takes tens of milliseconds. */
export function parseColor(css: string): Rgba {
  let color = known.get(css);
  const plain = /^rgba?\(([\d., ]+)\)$/.exec(css)?.[1]!.split(",").map(Number);
  if (plain) color = [plain[0]!, plain[1]!, plain[2]!, plain[3] ?? 1];
  if (!color) {
    pixel ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })!;
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = "#000";
    pixel.fillStyle = css;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data as unknown as [number, number, number, number];
    known.set(css, (color = [red, green, blue, alpha / 255]));
  }
  return color;
}

/** The element around, through slots and shadow roots. */
export function around(element: Element): Element | null {
  const root = element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** The browser's own ground, where no element paints one: it goes with the ink, whichever way the page chose its scheme. */
const canvasColor = (ink: Rgba): Rgb => (luminance([ink[0], ink[1], ink[2]]) > 0.4 ? [18, 18, 18] : [255, 255, 255]);

/** The ink and the paper where `element` stands. */
export function pageColors(element: Element): PageColors {
  const layers: Rgba[] = [];
  for (let at: Element | null = element; at; at = around(at)) {
    const layer = parseColor(getComputedStyle(at).backgroundColor);
    if (layer[3] > 0) layers.push(layer);
    if (layer[3] === 1) break;
  }
  const written = parseColor(getComputedStyle(element).color);
  const paper = layers.reduceRight<Rgb>((under, layer) => over(layer, under), canvasColor(written));
  const ink = over(written, paper);
  return { ink, paper, dark: luminance(ink) > luminance(paper) };
}

/** Of the two languages that the elements speak, the one for a language tag: English where it is not Chinese. */
export const spoken = <T>(language: string, en: T, zh: T): T => (/^zh\b/i.test(language) ? zh : en);

/** The language tag that holds where `element` stands. */
export function languageOf(element: Element): string {
  for (let at: Element | null = element; at; at = around(at)) {
    const lang = at.getAttribute("lang");
    if (lang) return lang;
  }
  return navigator.language || "en";
}
