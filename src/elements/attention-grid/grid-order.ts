/** Which head stands in which slot of a grid: a table of layers and heads, or a list sorted by what the heads do. */
import type { HeadMap, HeadStatistics } from "../../explanation/types.js";

export const SORTS = ["none", "entropy", "distance", "special"] as const;
export type Sort = (typeof SORTS)[number];

/** Which end is of interest: focused heads, heads that look far, heads that look at the text. */
const ends: Readonly<Record<Exclude<Sort, "none">, 1 | -1>> = { entropy: 1, distance: -1, special: 1 };

export interface GridOrder {
  readonly rows: number;
  readonly columns: number;
  /** position among the maps of the head in each slot; −1 where a layer has no such head */
  readonly slots: readonly number[];
  /** layers and heads that are there: labels of rows and columns of the table */
  readonly layers: readonly number[];
  readonly heads: readonly number[];
}

export function gridOrder(maps: readonly HeadMap[], sort: Sort): GridOrder {
  const distinct = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const layers = distinct(maps.map(({ layer }) => layer));
  const heads = distinct(maps.map(({ head }) => head));
  const slots = layers.flatMap((layer) => heads.map((head) => maps.findIndex((map) => map.layer === layer && map.head === head)));
  if (sort === "none") return { rows: layers.length, columns: heads.length, slots, layers, heads };
  const value = (position: number) => ends[sort] * maps[position]![sort];
  const sorted = slots.filter((position) => position >= 0).sort((a, b) => value(a) - value(b) || a - b);
  return { rows: layers.length, columns: heads.length, slots: sorted, layers, heads };
}

/** The largest of a statistic among the heads, never 0. */
export function largestOf(maps: readonly HeadMap[], statistic: keyof HeadStatistics): number {
  return maps.reduce((most, map) => Math.max(most, map[statistic]), 0) || 1;
}
