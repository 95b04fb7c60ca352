/** Each head's map as a small image, one pixel a cell, coloured by a table of 256 colours: a model has millions of cells. */
import { colormaps, type ColormapName } from "../../color/colormaps.js";
import { weightsOfMap } from "../../explanation/attention-heads.js";
import type { AttentionHeadsExplanation } from "../../explanation/types.js";

const LEVELS = 256;

/** The colours of 0 … 1 as bytes, [level, red green blue alpha]. */
function colorTable(colormap: ColormapName, dark: boolean): Uint32Array<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(4 * LEVELS);
  for (let level = 0; level < LEVELS; level++) {
    const [red, green, blue, alpha] = colormaps[colormap](level / (LEVELS - 1), dark);
    bytes.set([red, green, blue, alpha * 255], 4 * level);
  }
  return new Uint32Array(bytes.buffer);
}

/** Each map scaled by its own largest weight. A causal model's future stays empty. `rtl`: the first key stands at the right. */
export function thumbnails(explanation: AttentionHeadsExplanation, colormap: ColormapName, dark: boolean, rtl: boolean): HTMLCanvasElement[] {
  const { maps, side, causal } = explanation;
  const colors = colorTable(colormap, dark);
  return maps.map((_, position) => {
    const weights = weightsOfMap(explanation, position);
    let largest = 0;
    for (const weight of weights) if (weight > largest) largest = weight;
    const scale = largest > 0 ? (LEVELS - 1) / largest : 0;
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, side), height: Math.max(1, side) });
    const context = canvas.getContext("2d")!;
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let query = 0; query < side; query++) for (let key = 0; key < (causal ? query + 1 : side); key++) {
      pixels[query * side + (rtl ? side - 1 - key : key)] = colors[Math.round(weights[query * side + key]! * scale)]!;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  });
}
