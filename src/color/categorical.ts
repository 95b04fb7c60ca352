/**
 * Colours for things that are told apart and not ordered: heads of a layer, say. Six for light and six for dark pages, found by search so that any
 * two stay at least 0.18 apart in OKLab for common and colour-blind sight (Machado, Oliveira and Fernandes 2009, full severity), each at least
 * 3 : 1 against its page. More than six need a second sign, which lines have in their dashes.
 */
import { fromHex, type Rgb } from "./rgb.js";

const LIGHT = ["0501a8", "e86f0d", "2a9fb1", "982bff", "a82f17", "600842"].map(fromHex);
const DARK = ["9aa6f4", "e69b5b", "7dffff", "a123ff", "d52476", "fff00c"].map(fromHex);

/** How many there are before they come again. */
export const CATEGORIES = LIGHT.length;

export const category = (index: number, dark: boolean): Rgb => (dark ? DARK : LIGHT)[index % CATEGORIES]!;
