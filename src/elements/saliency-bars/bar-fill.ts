/** What a bar looks like in every layout: its colour by sign, and lengths as shares of the plot. Its length says the weight, its colour only the sign. */
import { signed } from "../../color/colormaps.js";
import { cssColor, over, type Rgb } from "../../color/rgb.js";
import type { PageColors } from "../shared/page.js";

/** How deep the colour is. */
const DEPTH = 0.6;

export const fillOf = (score: number, { dark, paper }: PageColors): Rgb => over(signed(Math.sign(score) * DEPTH, dark), paper);

/** The same, unless the author sets another. */
export const cssFill = (score: number, colors: PageColors): string => `var(${score < 0 ? "--lexi-negative" : "--lexi-positive"}, ${cssColor(fillOf(score, colors))})`;

export const share = (part: number): string => `${+(100 * part).toFixed(3)}%`;
