/**
 * Two facing lists of tokens and the lines between them, as shapes: a window on them for the screen, all of them for export. Lines of a head
 * and a depth of colour are one shape.
 */
import { cssColor, type Rgb, type Rgba } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";
import { edgesIn, type Edges, type Focus } from "./edges.js";
import { PAD, placesIn, type LinesLayout } from "./lines-layout.js";

export interface HeadLines {
  readonly edges: Edges;
  readonly color: Rgb;
  /** lengths of dashes and gaps; none for a whole line */
  readonly dash: readonly number[];
}

export interface LinesPicture {
  readonly layout: LinesLayout;
  readonly heads: readonly HeadLines[];
  readonly queryLabels: readonly string[];
  readonly keyLabels: readonly string[];
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  /** where the window begins along the lists, and how long it is */
  readonly offset: number;
  readonly length: number;
  /** lines drawn at most; of more, the heaviest */
  readonly most: number;
  /** tokens whose lines alone are drawn, on one side; null: all that are in the window */
  readonly tokens: Extract<Focus, { kind: "tokens" }> | null;
  /** tokens that stand out, on both sides */
  readonly chosen: { readonly queries: ReadonlySet<number>; readonly keys: ReadonlySet<number> };
  /** beside the tokens at the other side of `tokens`, heaviest first */
  readonly numbers: readonly { readonly place: number; readonly text: string }[];
}

export interface LinesScene {
  readonly scene: Scene;
  /** lines drawn, and lines there are to draw */
  readonly drawn: number;
  readonly total: number;
}

/** With more lines than these all are whole: dashes take a canvas several times as long. */
const DASHED = 800;
/** Lines drawn by one stroke of the pen: a path of many crossing lines takes a canvas much longer than its parts. */
const LINES_A_STROKE = 4;
/** Between the lines of two heads. CSS pixels */
const LANE = 2.5;
/** Depths of colour. */
const LEVELS = 8;
/** Steps of weight, finer where many lines are, by which the heaviest are found without sorting. */
const STEPS = 512;

export function linesScene(picture: LinesPicture): LinesScene {
  const { layout, length, heads, tokens, font } = picture;
  const focus = tokens ?? windowOf(picture);
  let largest = 0;
  let total = 0;
  for (const { edges } of heads) {
    if (!tokens) largest = Math.max(largest, edges.largest);
    edgesIn(edges, focus, (edge) => {
      total++;
      if (tokens) largest = Math.max(largest, edges.weights[edge]!);
    });
  }
  const keeps = heaviest(picture, focus, total, largest);
  let drawn = 0;
  const strokes: Shape[][] = Array.from({ length: LEVELS }, () => []);
  for (const [index, { edges, color, dash }] of heads.entries()) {
    const aside = lane(layout, index, heads.length);
    const ends: number[][] = Array.from({ length: LEVELS }, () => []); // [level] → x, y, x, y of each line
    edgesIn(edges, focus, (edge) => {
      const weight = edges.weights[edge]!;
      if (!keeps(weight)) return;
      drawn++;
      const level = Math.min(LEVELS - 1, Math.floor((LEVELS * weight) / largest));
      const [from, to] = [pointAt(picture, layout.queries[edges.queries[edge]!]! + aside, layout.near), pointAt(picture, layout.keys[edges.keys[edge]!]! + aside, layout.far)];
      ends[level]!.push(...clipped(from, to, layout.vertical, length));
    });
    ends.forEach((list, level) => list.length && strokes[level]!.push(stroke(list, color, total > DASHED ? [] : dash, (level + 0.5) / LEVELS)));
  }
  const [width, height] = layout.vertical ? [layout.breadth, length] : [length, layout.breadth];
  const shapes = [...strokes.flat(), ...labels(picture, "query"), ...labels(picture, "key"), ...numbers(picture)];
  return { scene: { width, height, font, shapes }, drawn, total };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Tokens of both lists that the window shows. */
function windowOf({ layout, offset, length }: LinesPicture): Focus {
  const queries = placesIn(layout.queries, layout.halfQueries, offset, offset + length);
  const keys = placesIn(layout.keys, layout.halfKeys, offset, offset + length);
  return { kind: "window", queries, keys };
}

function pointAt({ layout, offset, length }: LinesPicture, along: number, across: number): Point {
  const { vertical, rtl, breadth } = layout;
  const at = along - offset;
  return vertical ? { x: rtl ? breadth - across : across, y: at } : { x: rtl ? length - at : at, y: across };
}

/** Whether an edge, asked about in order, is among the `most` heaviest; of those on the edge of it, some evenly spread. */
function heaviest({ heads, most }: LinesPicture, focus: Focus, total: number, largest: number): (weight: number) => boolean {
  if (total <= most) return () => true;
  const step = (weight: number) => Math.min(STEPS - 1, Math.floor(STEPS * Math.sqrt(weight / largest)));
  const counts = new Uint32Array(STEPS);
  for (const { edges } of heads) edgesIn(edges, focus, (edge) => counts[step(edges.weights[edge]!)]!++);
  let [least, kept] = [STEPS, 0]; // steps from `least` on are drawn
  while (least > 0 && kept + counts[least - 1]! <= most) kept += counts[--least]!;
  const share = (most - kept) / Math.max(1, counts[least - 1] ?? 1);
  let owed = 0;
  return (weight) => {
    const at = step(weight);
    if (at !== least - 1) return at >= least;
    owed += share;
    if (owed < 1) return false;
    owed -= 1;
    return true;
  };
}

/** What of a line lies in the window, give or take: x, y, x, y. Ends far outside would be drawn at a cost and not be seen. */
function clipped(from: Point, to: Point, vertical: boolean, length: number): readonly [number, number, number, number] {
  const [a, b] = vertical ? [from.y, to.y] : [from.x, to.x];
  const at = (edge: number) => (edge - a) / (b - a);
  const [one, two] = a === b ? [0, 1] : [at(-8), at(length + 8)];
  const [start, end] = [Math.max(0, Math.min(one, two)), Math.min(1, Math.max(one, two))];
  const [across, down] = [to.x - from.x, to.y - from.y];
  return [from.x + start * across, from.y + start * down, from.x + end * across, from.y + end * down];
}

/** How far a head's lines stand beside a token's middle, so that heads which link the same tokens do not hide one another. */
function lane({ fontSize }: LinesLayout, index: number, count: number): number {
  return (index - (count - 1) / 2) * Math.min(LANE, (1.2 * fontSize) / count);
}

/** Many lines of one look as one stroke; `depth` from 0 to 1 is its weight. */
function stroke(ends: readonly number[], color: Rgb, dash: readonly number[], depth: number): Shape {
  const opacity = 0.06 + 0.9 * depth;
  const thick = 0.75 + 1.75 * depth;
  return {
    kind: "drawn",
    paint: (context) => {
      context.strokeStyle = cssColor([...color, opacity]);
      context.lineWidth = thick;
      context.setLineDash([...dash]);
      for (let first = 0; first < ends.length; first += 4 * LINES_A_STROKE) {
        context.beginPath();
        for (let at = first; at < Math.min(ends.length, first + 4 * LINES_A_STROKE); at += 4) {
          context.moveTo(ends[at]!, ends[at + 1]!);
          context.lineTo(ends[at + 2]!, ends[at + 3]!);
        }
        context.stroke();
      }
    },
    svg: (n) => {
      let path = "";
      for (let at = 0; at < ends.length; at += 4) path += `M${n(ends[at]!)} ${n(ends[at + 1]!)}L${n(ends[at + 2]!)} ${n(ends[at + 3]!)}`;
      const dashes = dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
      return `<path d="${path}" fill="none" stroke="${cssColor(color).replace(/ /g, ",")}" stroke-opacity="${n(opacity)}" stroke-width="${n(thick)}"${dashes}/>`;
    },
  };
}

const alpha = (color: Rgb, opacity: number): Rgba => [...color, opacity] as const;

function labels(picture: LinesPicture, side: "query" | "key"): Shape[] {
  const { layout, offset, length, ink, tokens, chosen } = picture;
  const { vertical, rtl, near, far, fontSize } = layout;
  const own = side === "query";
  const [middles, halves, texts, marked] = own ? [layout.queries, layout.halfQueries, picture.queryLabels, chosen.queries] : [layout.keys, layout.halfKeys, picture.keyLabels, chosen.keys];
  const [first, last] = placesIn(middles, halves, offset, offset + length);
  const reached = tokens && tokens.side !== side ? new Set(picture.numbers.map(({ place }) => place)) : new Set(tokens?.places ?? []);
  const shapes: Shape[] = [];
  for (let place = first; place < last; place++) {
    const strong = !tokens || reached.has(place);
    const bold = marked.has(place) || (tokens?.side === side && reached.has(place));
    const across = own ? near - PAD : far + PAD;
    const { x, y } = pointAt(picture, middles[place]!, vertical ? across : own ? near - fontSize * 0.8 : far + fontSize * 0.8);
    const anchor = vertical ? (own !== rtl ? "right" : "left") : "center";
    shapes.push({ kind: "text", x, y, text: texts[place]!, fill: strong ? ink : alpha(ink, 0.4), size: fontSize, anchor, bold });
    if (!marked.has(place)) continue;
    const edge = pointAt(picture, middles[place]!, own ? near : far);
    const half = halves[place]! - 1;
    shapes.push(vertical ? { kind: "rect", x: edge.x - 1.5, y: edge.y - half, width: 3, height: 2 * half, fill: ink } : { kind: "rect", x: edge.x - half, y: edge.y - 1.5, width: 2 * half, height: 3, fill: ink });
  }
  return shapes;
}

/** Weights at the ends of the lines, where there is room, heaviest first. */
function numbers(picture: LinesPicture): Shape[] {
  const { layout, tokens, ink, paper, offset, length } = picture;
  if (!tokens) return [];
  const { vertical, rtl, near, far, fontSize } = layout;
  const size = fontSize * 0.85;
  const atFar = tokens.side === "query";
  const middles = atFar ? layout.keys : layout.queries;
  const taken: { readonly at: number; readonly half: number }[] = [];
  const shapes: Shape[] = [];
  for (const { place, text } of picture.numbers) {
    const at = middles[place]!;
    if (at < offset || at > offset + length) continue;
    const wide = text.length * size * 0.56 + 4;
    const half = vertical ? size * 0.6 : wide / 2;
    if (taken.some((other) => Math.abs(other.at - at) < other.half + half)) continue;
    taken.push({ at, half });
    const { x, y } = pointAt(picture, at, vertical ? (atFar ? far - 3 : near + 3) : atFar ? far - size * 0.8 : near + size * 0.8);
    const anchor = vertical ? (atFar !== rtl ? "right" : "left") : "center";
    const left = anchor === "right" ? x - wide : anchor === "left" ? x : x - wide / 2;
    shapes.push({ kind: "rect", x: left, y: y - size * 0.6, width: wide, height: size * 1.2, fill: alpha(paper, 0.85) });
    shapes.push({ kind: "text", x: anchor === "right" ? x - 2 : anchor === "left" ? x + 2 : x, y, text, fill: ink, size, anchor });
  }
  return shapes;
}
