/**
 * Colours as plain numbers: mixing, luminance, contrast. Not a parser of CSS colours (the page's canvas does that) and not a
 * colour space library: eight-bit sRGB is what canvases and style declarations take.
 */

/** red, green, blue, 0–255 */
export type Rgb = readonly [number, number, number];
/** red, green, blue 0–255, opacity 0–1 */
export type Rgba = readonly [number, number, number, number];

/** `#rrggbb` → Rgb. */
export function fromHex(hex: string): Rgb {
  const value = parseInt(hex.replace("#", ""), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The straight line from a (t = 0) to b (t = 1) in sRGB. */
export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** What is seen where `top` lies over an opaque `under`. */
export function over(top: Rgba, under: Rgb): Rgb {
  return mix(under, [top[0], top[1], top[2]], top[3]);
}

/** CSS text of a colour. */
export function cssColor(color: Rgb | Rgba): string {
  const [red, green, blue] = color;
  const alpha = color.length === 4 ? ` / ${+color[3].toFixed(3)}` : "";
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)}${alpha})`;
}

/** Relative luminance, 0–1. Source: WCAG 2.2, "relative luminance". */
export function luminance(color: Rgb): number {
  const linear = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

/** Contrast ratio, 1–21. Source: WCAG 2.2, "contrast ratio". */
export function contrast(a: Rgb, b: Rgb): number {
  const x = luminance(a);
  const y = luminance(b);
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
