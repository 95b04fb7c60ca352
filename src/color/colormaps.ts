/**
 * Colour maps: a number from 0 to 1 (sequential) or −1 to 1 (diverging) → a colour with opacity. Not a legend and not a scale:
 * who calls has already divided by the largest value. `blues` and `blue-orange` fade into the page (opacity 0 at zero), so that
 * they fit any page, light or dark; the others are the known fixed maps, dark at zero.
 */
import { fromHex, mix, type Rgb, type Rgba } from "./rgb.js";

export const COLORMAPS = ["blues", "viridis", "magma", "hot", "blue-orange"] as const;
export type ColormapName = (typeof COLORMAPS)[number];

/** t → colour; `dark`: the page is dark, so the largest value has to be light. */
export type Colormap = (t: number, dark: boolean) => Rgba;

const clamp = (value: number, low: number, high: number) => (value < low ? low : value > high ? high : value);

/** `hexes`: the knots' colours, six digits each, one after another. */
function ramp(hexes: string): (t: number) => Rgb {
  const knots = hexes.match(/.{6}/g)!.map(fromHex);
  return (t) => {
    const at = clamp(t, 0, 1) * (knots.length - 1);
    const below = Math.min(Math.floor(at), knots.length - 2);
    return mix(knots[below]!, knots[below + 1]!, at - below);
  };
}

const solid = (color: (t: number) => Rgb): Colormap => (t) => [...color(t), 1] as const;

/** Fades into the page at 0; opaque from 0.85 on, so that the last sixth still grows in depth. */
const fading = (light: (t: number) => Rgb, dark: (t: number) => Rgb) => (t: number, isDark: boolean): Rgba =>
  [...(isDark ? dark : light)(t), clamp(t / 0.85, 0, 1)] as const;

const blue = fading(ramp("5ba3da2f78bd0b3d80"), ramp("2d6ea84f9ddbbfe0ff"));
const orange = fading(ramp("f0a04bd9701a8f3a00"), ramp("a85a14e08a34ffd9a8"));

/** Signed data: blue above zero, orange below; told apart by every common kind of colour blindness. */
export const signed: Colormap = (t, dark) => (t < 0 ? orange(-t, dark) : blue(t, dark));

export const colormaps: Readonly<Record<ColormapName, Colormap>> = {
  blues: blue,
  // Knots of the CC0 maps of matplotlib (S. van der Walt, N. Smith).
  viridis: solid(ramp("440154472d7b3b528b2c728e21918c28ae805ec962addc30fde725")),
  magma: solid(ramp("0000041c10444f127b812581b5367ae55964fb8761fec287fcfdbf")),
  // Black body: red, then green, then blue rise one after another.
  hot: solid((t) => [255 * clamp(0.0416 + t * 2.625, 0, 1), 255 * clamp((t - 0.365) * 2.625, 0, 1), 255 * clamp((t - 0.746) * 3.937, 0, 1)]),
  "blue-orange": signed,
};
