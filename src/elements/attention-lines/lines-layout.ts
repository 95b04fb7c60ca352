/**
 * Where the tokens of two facing lists lie: side by side as columns (vertical), or one above the other as lines of text (horizontal). Pure
 * numbers along two axes, "along" the lists and "across" them, so that both ways, and right to left, are one computation.
 */

export interface LinesLayout {
  readonly vertical: boolean;
  readonly rtl: boolean;
  /** middles of the tokens along the lists, of those that look and of those that are looked at. CSS pixels */
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  /** half of a token's room along the list, its own line's or label's */
  readonly halfQueries: Float32Array;
  readonly halfKeys: Float32Array;
  /** length of the longer list */
  readonly extent: number;
  /** what is seen of it at once */
  readonly view: number;
  /** size across, and where lines begin and end across */
  readonly breadth: number;
  readonly near: number;
  readonly far: number;
  readonly fontSize: number;
}

export interface LinesSizes {
  readonly vertical: boolean;
  readonly rtl: boolean;
  readonly width: number;
  /** of the labels. CSS pixels */
  readonly queryWidths: readonly number[];
  readonly keyWidths: readonly number[];
  readonly fontSize: number;
  /** the most that is seen at once of a long list, when vertical. CSS pixels */
  readonly highest: number;
}

/** Between label and lines. CSS pixels */
export const PAD = 6;
/** Widest room for lines between two columns; height of it between two rows. CSS pixels */
const WIDEST = 360;
const TALL = 170;
/** A list this much longer than what is seen at once is seen whole: a last row or two behind an edge would be lost to readers. */
const LITTLE_MORE = 1.25;
/** Between labels in a row, and less where a row then fits. CSS pixels */
const SPACES = [9, 6, 3];

export function linesLayout({ vertical, rtl, width, queryWidths, keyWidths, fontSize, highest }: LinesSizes): LinesLayout {
  const line = Math.round(fontSize * 1.65);
  const place = (widths: readonly number[], space: number) => {
    const middles = new Float32Array(widths.length);
    const halves = new Float32Array(widths.length);
    let at = 0;
    widths.forEach((label, index) => {
      const size = vertical ? line : Math.max(label + space, fontSize * 1.2);
      middles[index] = at + size / 2;
      halves[index] = size / 2;
      at += size;
    });
    return { middles, halves, extent: at };
  };
  const lists = (space: number) => {
    const [queries, keys] = [place(queryWidths, space), place(keyWidths, space)];
    return { queries, keys, extent: Math.max(queries.extent, keys.extent) };
  };
  const [wide, ...closer] = SPACES.map(lists);
  const { queries, keys, extent } = vertical || wide!.extent <= width ? wide! : (closer.find((list) => list.extent <= width) ?? wide!);
  const common = { vertical, rtl, queries: queries.middles, keys: keys.middles, halfQueries: queries.halves, halfKeys: keys.halves, extent, fontSize };
  if (!vertical) {
    const text = fontSize * 1.6;
    return { ...common, view: Math.min(extent, width), breadth: TALL + 2 * text, near: text, far: text + TALL };
  }
  const column = (widths: readonly number[]) => Math.min(Math.max(0, ...widths), width * 0.3);
  const near = column(queryWidths) + PAD;
  const far = Math.min(near + WIDEST, width - column(keyWidths) - PAD);
  const cut = Math.max(1, Math.floor(highest / line) - 0.5) * line; // within a row, so that a longer list is seen to go on
  return { ...common, view: extent <= LITTLE_MORE * highest ? extent : cut, breadth: far + PAD + column(keyWidths), near, far };
}

/** Places whose room reaches into `from` … `to` along the list, as a range. */
export function placesIn(middles: Float32Array, halves: Float32Array, from: number, to: number): readonly [number, number] {
  let first = 0;
  while (first < middles.length && middles[first]! + halves[first]! <= from) first++;
  let last = first;
  while (last < middles.length && middles[last]! - halves[last]! < to) last++;
  return [first, last];
}

export interface LinesPlace {
  readonly side: "query" | "key";
  readonly place: number;
}

/** The token at a point, `along` from the list's beginning and `across` from the side of those that look; null between the lists. */
export function placeAt({ queries, keys, halfQueries, halfKeys, near, far }: LinesLayout, along: number, across: number): LinesPlace | null {
  const reach = Math.min(24, (far - near) / 4); // a little into the lines, for thumbs
  const side = across <= near + reach ? "query" : across >= far - reach ? "key" : null;
  if (!side) return null;
  const [middles, halves] = side === "query" ? [queries, halfQueries] : [keys, halfKeys];
  const place = middles.findIndex((middle, index) => Math.abs(along - middle) <= halves[index]!);
  return place < 0 ? null : { side, place };
}
