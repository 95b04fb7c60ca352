/** A map of examples as shapes: frame, axes, dots, marks, legend. The same for the screen and for export. */
import { CATEGORIES, category } from "../../color/categorical.js";
import { cssColor, type Rgb } from "../../color/rgb.js";
import type { Scene, Shape } from "../shared/scene.js";
import type { Group } from "./map-groups.js";
import type { MapGeometry, Point } from "./map-geometry.js";

export interface MapPicture {
  readonly geometry: MapGeometry;
  readonly groups: readonly Group[];
  readonly legend: readonly LegendEntry[];
  readonly axes: readonly [across: string, up: string];
  readonly prototypes: readonly number[];
  readonly criticisms: readonly number[];
  readonly fontSize: number;
  readonly font: string;
  readonly ink: Rgb;
  readonly paper: Rgb;
  readonly dark: boolean;
  /** positions that a person has chosen; the others fade when there are any */
  readonly chosen: ReadonlySet<number>;
  /** −1 for none */
  readonly pointed: number;
  /** the text that is explained around: one of the dots, or a place of its own */
  readonly here: Point | null;
  readonly lasso: readonly Point[];
}

export type Mark = "prototype" | "criticism" | "here" | number;

export interface LegendEntry {
  readonly mark: Mark;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

interface Pen {
  readonly fill?: Rgb;
  readonly stroke?: Rgb;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
}

const polygon = (corners: readonly (readonly [number, number])[]) => ({ x, y }: Point, r: number): string => `M${corners.map(([dx, dy]) => `${(x + dx * r).toFixed(2)} ${(y + dy * r).toFixed(2)}`).join("L")}Z`;
const circle = ({ x, y }: Point, r: number): string => `M${(x - r).toFixed(2)} ${y.toFixed(2)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

/** Outlines of about the same area, one a category. */
const SHAPES: readonly ((at: Point, r: number) => string)[] = [
  circle,
  polygon([[0, -1.35], [1.2, 0.85], [-1.2, 0.85]]),
  polygon([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
  polygon([[0, -1.35], [1.1, 0], [0, 1.35], [-1.1, 0]]),
  polygon([[0, 1.35], [1.2, -0.85], [-1.2, -0.85]]),
  polygon([[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]]),
];
/** A bar, for what has no value. */
const NONE = polygon([[-1.1, -0.35], [1.1, -0.35], [1.1, 0.35], [-1.1, 0.35]]);

/** More groups than colours: a colour comes again with another shape. */
const outlineOf = (look: number) => (look < 0 ? NONE : SHAPES[(look + Math.floor(look / CATEGORIES)) % SHAPES.length]!);
const colorOf = (look: number, { dark, ink }: MapPicture): Rgb => (look < 0 ? ink : category(look, dark));

const FADED = 0.18;
const SOLID = 0.85;

export function mapScene(picture: MapPicture): Scene {
  const { geometry, groups, chosen, pointed, ink, paper, here, lasso, prototypes, criticisms } = picture;
  const { points, radius, width, height } = geometry;
  const some = chosen.size > 0;
  const dots = (group: Group, keep: (position: number) => boolean, opacity: number): Shape[] => {
    const d = group.members.filter(keep).map((position) => outlineOf(group.look)(points[position]!, radius)).join("");
    return d ? [path(d, { fill: colorOf(group.look, picture), stroke: paper, width: 0.75, opacity })] : [];
  };
  const rings = (positions: readonly number[], dash: readonly number[]): Shape[] => {
    const d = positions.flatMap((position) => (points[position] ? [circle(points[position], radius + 4)] : [])).join("");
    return d ? [path(d, { stroke: ink, width: 1.5, dash })] : [];
  };
  const at = points[pointed];
  const group = groups.find(({ members }) => members.includes(pointed));
  const shapes: Shape[] = [
    ...frame(picture),
    ...groups.flatMap((each) => dots(each, (position) => some && !chosen.has(position), FADED)),
    ...groups.flatMap((each) => dots(each, (position) => !some || chosen.has(position), SOLID)),
    ...rings(prototypes, []), ...rings(criticisms, [2, 2]),
    ...(here ? [path(cross(here, radius), { stroke: paper, width: 4 }), path(cross(here, radius), { stroke: ink, width: 2 })] : []),
    ...(at && group ? [path(outlineOf(group.look)(at, radius * 1.8), { fill: colorOf(group.look, picture), stroke: ink, width: 2 })] : []),
    ...(lasso.length > 1 ? [path(`M${lasso.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`, { stroke: ink, width: 1.5, dash: [4, 3] })] : []),
    ...legend(picture),
  ];
  return { width, height, font: picture.font, shapes };
}

const cross = ({ x, y }: Point, r: number): string => `M${x - 3 * r} ${y}L${x + 3 * r} ${y}M${x} ${y - 3 * r}L${x} ${y + 3 * r}`;

function frame({ geometry: { left, top, plotWidth, plotHeight }, axes, ink, fontSize }: MapPicture): Shape[] {
  const text = (label: string, x: number, y: number, angle: number): Shape => ({ kind: "text", x, y, text: label, fill: [...ink, 0.85], size: fontSize, anchor: "center", angle });
  return [
    path(`M${left} ${top}V${top + plotHeight}H${left + plotWidth}`, { stroke: ink, width: 1, opacity: 0.5 }),
    text(axes[0], left + plotWidth / 2, top + plotHeight + fontSize, 0), text(axes[1], left - fontSize, top + plotHeight / 2, -90),
  ];
}

function legend(picture: MapPicture): Shape[] {
  const { legend: entries, ink, fontSize, paper } = picture;
  return entries.flatMap(({ mark, text, x, y }): Shape[] => {
    const at = { x: x + fontSize / 2, y };
    const signs: Readonly<Record<string, () => Shape>> = {
      prototype: () => path(circle(at, 5), { stroke: ink, width: 1.5 }),
      criticism: () => path(circle(at, 5), { stroke: ink, width: 1.5, dash: [2, 2] }),
      here: () => path(cross(at, 2), { stroke: ink, width: 2 }),
    };
    const sign = typeof mark === "number" ? path(outlineOf(mark)(at, 4.5), { fill: colorOf(mark, picture), stroke: paper, width: 0.75 }) : signs[mark]!();
    return [sign, { kind: "text", x: x + 1.4 * fontSize, y, text, fill: ink, size: fontSize, anchor: "left" }];
  });
}

function path(d: string, { fill, stroke, width = 1, dash = [], opacity = 1 }: Pen): Shape {
  return {
    kind: "drawn",
    paint: (context) => {
      const line = new Path2D(d);
      context.save();
      context.globalAlpha = opacity;
      if (fill) context.fillStyle = cssColor(fill);
      if (fill) context.fill(line);
      if (stroke) context.strokeStyle = cssColor(stroke);
      context.lineWidth = width;
      context.setLineDash([...dash]);
      if (stroke) context.stroke(line);
      context.restore();
    },
    svg: (n) => {
      const css = (color: Rgb) => cssColor(color).replace(/ /g, ",");
      const drawn = stroke ? ` stroke="${css(stroke)}" stroke-width="${n(width)}"${dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : ""}` : "";
      return `<path d="${d}" fill="${fill ? css(fill) : "none"}"${drawn}${opacity < 1 ? ` opacity="${n(opacity)}"` : ""}/>`;
    },
  };
}
