/** What the lines are drawn from: which tokens stand in the two lists, how they are labelled, where they lie. Kept as long as nothing of it changes. */
import { weightsOfMap } from "../../explanation/attention-heads.js";
import type { AttentionHeadsExplanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import { label, piece, placedTokens } from "../shared/tokens.js";
import { edgesOf } from "./edges.js";
import type { LinesDrawing } from "./lines-drawing.js";
import { linesLayout } from "./lines-layout.js";
import type { Pair } from "./lines-words.js";

export interface LinesAsked {
  readonly layer: number;
  /** null: all of the layer */
  readonly heads: readonly number[] | null;
  readonly share: number;
  readonly pair: Pair;
  readonly specialTokens: "show" | "hide";
  readonly orientation: "vertical" | "horizontal";
  readonly rtl: boolean;
  /** most that is seen at once of a long text in columns, where the page does not say. CSS pixels */
  readonly highest: number;
}

/** Room that a scroll bar may take. CSS pixels */
const SCROLL_BAR = 16;
/** Of a label in a row. CSS pixels */
const WIDEST_LABEL = 110;

/** `canvas` measures the labels, `room` is what the picture stands in; `before` is what was drawn last, of which is kept what still holds. */
export function prepareLines(explanation: AttentionHeadsExplanation, asked: LinesAsked, canvas: HTMLCanvasElement, room: HTMLElement, before: LinesDrawing | null): LinesDrawing {
  const style = getComputedStyle(room);
  const width = Math.max(80, room.clientWidth);
  const highest = parseFloat(style.getPropertyValue("--lexi-lines")) || asked.highest;
  const { layer, heads: listed, share, pair, specialTokens, orientation, rtl } = asked;
  const key = JSON.stringify([asked, width, highest, style.fontSize, style.fontFamily]);
  if (before?.explanation === explanation && before.key === key) return before;
  const tokens = placedTokens(explanation).filter((token) => specialTokens === "show" || !token.special);
  const of = (which: string | undefined) => tokens.filter(({ segment = 0 }) => pair === "all" || segment === (which === "b" ? 1 : 0));
  const [rows, columns] = [of(pair[0]), of(pair[2])];
  const fontSize = Math.min(16, Math.max(12, parseFloat(style.fontSize) * 0.85));
  const context = canvas.getContext("2d")!;
  context.font = `bold ${fontSize}px ${style.fontFamily}`;
  const vertical = orientation === "vertical";
  const measured = (list: readonly PlacedToken[]) => list.map((token) => shortened(label(piece(explanation, token)), vertical ? width * 0.3 : WIDEST_LABEL, (text) => context.measureText(text).width));
  const [rowLabels, columnLabels] = [measured(rows), measured(columns)];
  const sizes = { vertical, rtl, queryWidths: rowLabels.map(({ size }) => size), keyWidths: columnLabels.map(({ size }) => size), fontSize, highest };
  const whole = linesLayout({ ...sizes, width });
  const layout = vertical && whole.extent > whole.view ? linesLayout({ ...sizes, width: width - SCROLL_BAR }) : whole;
  const heads = explanation.maps.flatMap((map, position) => (map.layer === layer && (!listed || listed.includes(map.head)) ? [{ head: map.head, position }] : []));
  const edgesKey = JSON.stringify([share, pair, specialTokens]);
  const edges = before?.explanation === explanation && before.edgesKey === edgesKey ? before.edges : edgesOnce(explanation, rows, columns, share);
  const texts = (labels: readonly { readonly text: string }[]) => labels.map(({ text }) => text);
  return { key, edgesKey, explanation, layer, heads, rows, columns, rowLabels: texts(rowLabels), columnLabels: texts(columnLabels), layout, font: style.fontFamily, edges };
}

/** Edges of a head by the position of its map, made when first asked for. */
function edgesOnce(explanation: AttentionHeadsExplanation, rows: readonly PlacedToken[], columns: readonly PlacedToken[], share: number): LinesDrawing["edges"] {
  const places = (list: readonly PlacedToken[]) => list.map(({ index }) => index);
  const made = new Map<number, ReturnType<typeof edgesOf>>();
  return (position) => {
    const found = made.get(position) ?? edgesOf(weightsOfMap(explanation, position), explanation.side, places(rows), places(columns), share);
    made.set(position, found);
    return found;
  };
}

/** The text, cut where it is wider than `widest`, with its width. */
function shortened(text: string, widest: number, measure: (text: string) => number): { readonly text: string; readonly size: number } {
  const size = measure(text);
  if (size <= widest) return { text, size };
  let cut = [...text];
  while (cut.length > 1 && measure(`${cut.join("")}…`) > widest) cut = cut.slice(0, -1);
  return { text: `${cut.join("")}…`, size: Math.min(widest, measure(`${cut.join("")}…`)) };
}
