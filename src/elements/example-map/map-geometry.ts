/** Where examples stand in the picture, and which of them is meant: under a pointer, in a direction, inside a lasso. One scale for both axes: distances are what a map is for. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface MapGeometry {
  readonly width: number;
  readonly height: number;
  /** the plane's frame. CSS pixels */
  readonly left: number;
  readonly top: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly radius: number;
  readonly points: readonly Point[];
  readonly place: (x: number, y: number) => Point;
}

export interface MapPlan {
  readonly points: readonly Point[];
  /** a text's own place: it is inside of the frame too */
  readonly extra: Point | null;
  readonly width: number;
  /** room for what stands above and around the plane. CSS pixels */
  readonly top: number;
  readonly margin: number;
}

const HIGHEST = 480;

export function mapGeometry({ points, extra, width, top, margin }: MapPlan): MapGeometry {
  const all = extra ? [...points, extra] : points;
  const range = (of: (point: Point) => number) => {
    const [low, high] = all.reduce(([least, most], point) => [Math.min(least, of(point)), Math.max(most, of(point))], [Infinity, -Infinity]);
    return { middle: (low + high) / 2, size: high - low };
  };
  const [across, up] = [range(({ x }) => x), range(({ y }) => y)];
  const radius = points.length > 2000 ? 2.5 : points.length > 600 ? 3.2 : 4;
  const pad = 3 * radius;
  const plotWidth = Math.max(40, width - margin);
  const ratio = across.size > 0 ? up.size / across.size : 1;
  const plotHeight = Math.min(HIGHEST, plotWidth * Math.min(0.85, Math.max(0.4, ratio)));
  const scales = [[plotWidth, across.size], [plotHeight, up.size]].flatMap(([room, size]) => (size! > 0 ? [(room! - 2 * pad) / size!] : []));
  const scale = Math.min(...scales, Number.MAX_VALUE);
  const place = (x: number, y: number): Point => ({ x: margin + plotWidth / 2 + (x - across.middle) * scale, y: top + plotHeight / 2 - (y - up.middle) * scale });
  return { width, height: top + plotHeight + margin, left: margin, top, plotWidth, plotHeight, radius, points: points.map(({ x, y }) => place(x, y)), place };
}

/** The nearest point within `reach`, −1 for none. */
export function pointUnder(points: readonly Point[], x: number, y: number, reach: number): number {
  let [found, nearest] = [-1, reach];
  points.forEach((point, position) => {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance <= nearest) [found, nearest] = [position, distance];
  });
  return found;
}

/** How much more a step aside counts than one ahead. */
const ASIDE = 2;

/** The point nearest to `from` within 45 degrees of a direction; `from` where there is none. Points on the same place follow one another, so that each can be reached. */
export function pointTowards(points: readonly Point[], from: number, direction: Point): number {
  const start = points[from]!;
  let [found, nearest] = [from, Infinity];
  points.forEach((point, position) => {
    if (position === from) return;
    const [dx, dy] = [point.x - start.x, point.y - start.y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    const same = ahead === 0 && aside === 0;
    if (same ? (position > from) !== direction.x + direction.y > 0 : ahead <= 0 || aside > ahead) return;
    const distance = same ? Math.abs(position - from) * 1e-9 : ahead + ASIDE * aside;
    if (distance < nearest) [found, nearest] = [position, distance];
  });
  return found;
}

/** Positions of the points inside a polygon, by the even–odd rule. */
export function pointsInside(points: readonly Point[], polygon: readonly Point[]): number[] {
  return points.flatMap(({ x, y }, position) => {
    let inside = false;
    for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
      const [a, b] = [polygon[at]!, polygon[before]!];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside ? [position] : [];
  });
}
