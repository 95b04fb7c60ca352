/** What stands in the element's body as shapes: each line of each text where the browser has set it, on its ground, framed where it is framed. */
import type { Rgb } from "../../color/rgb.js";
import { outline } from "../shared/outline.js";
import { parseColor } from "../shared/page.js";
import type { Scene, Shape } from "../shared/scene.js";

export function examplesScene(body: HTMLElement, ink: Rgb, { fontFamily }: CSSStyleDeclaration): Scene {
  const frame = body.getBoundingClientRect();
  const shapes: Shape[] = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const styles = new Map<Element, CSSStyleDeclaration>();
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    const parent = node.parentElement!;
    if (node.data.trim() === "" || parent.closest("button, .hidden")) continue;
    const style = styles.get(parent) ?? getComputedStyle(parent);
    styles.set(parent, style);
    const fill = parent.style.getPropertyValue("--ground");
    const [red, green, blue] = parseColor(style.color);
    for (const { text, box } of lines(node)) {
      const [x, y] = [box.left - frame.left, box.top - frame.top];
      if (fill) {
        const [r, g, b] = parseColor(fill);
        shapes.push({ kind: "rect", x, y, width: box.width, height: box.height, fill: [r, g, b] });
        if (parent.hasAttribute("data-shared")) shapes.push(...outline(x, y, box.width, box.height, 1.5, ink));
      }
      shapes.push({ kind: "text", x, y: y + box.height / 2, text, fill: fill ? [red, green, blue] : ink, size: parseFloat(style.fontSize), anchor: "left", bold: Number(style.fontWeight) >= 600 });
    }
  }
  return { width: frame.width, height: frame.height, font: fontFamily, shapes };
}

/** The pieces of a text node, one a line of the page. */
function lines(node: Text): { text: string; box: DOMRect }[] {
  const found: { text: string; box: DOMRect }[] = [];
  const range = document.createRange();
  const box = (from: number, to: number) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    return range.getBoundingClientRect();
  };
  let from = 0;
  for (let to = 1; to <= node.length; to++) {
    if (to < node.length && box(from, to + 1).height < 1.5 * box(from, from + 1).height) continue;
    const text = node.data.slice(from, to);
    if (text.trim()) found.push({ text: text.replace(/\s+/g, " "), box: box(from, to) });
    from = to;
  }
  return found;
}
