/**
 * The colour of text on a coloured ground. Not a theme: the page's own ink is kept wherever it can be read. It exists because a
 * weight shown as a background must never cost the reader a word.
 */
import { contrast, type Rgb } from "./rgb.js";

/** The least contrast of text, WCAG 2.2 level AA. */
export const LEAST_CONTRAST = 4.5;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** `ink` when it reads on `ground` (contrast ≥ 4.5), otherwise black or white, of which one always does. */
export function readableInk(ink: Rgb, ground: Rgb): Rgb {
  if (contrast(ink, ground) >= LEAST_CONTRAST) return ink;
  return contrast(BLACK, ground) >= contrast(WHITE, ground) ? BLACK : WHITE;
}
