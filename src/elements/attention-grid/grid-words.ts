/** The words of a grid of heads, in English and Chinese. */
import type { HeadStatistics } from "../../explanation/types.js";
import { spoken } from "../shared/page.js";
import type { Sort } from "./grid-order.js";

export interface GridWords {
  readonly title: (layers: string, heads: string, measure: unknown, sort: unknown) => readonly unknown[];
  readonly sorts: Readonly<Record<Sort, string>>;
  /** what is chosen in the menu, for those who hear it */
  readonly order: string;
  /** labels of rows and columns: as short as can be */
  readonly layer: (layer: number) => string;
  readonly head: (head: number) => string;
  readonly named: (layer: number, head: number) => string;
  readonly canvas: string;
  readonly canvasKeys: string;
  readonly scaled: string;
  readonly smaller: (side: string, tokens: string) => string;
  /** each statistic with its number, for the line below and for the table's head */
  readonly statistics: Readonly<Record<keyof HeadStatistics, readonly [name: string, said: (value: string) => string]>>;
  readonly chosen: string;
}

const en: GridWords = {
  title: (layers, heads, measure, sort) => [`What each head looks at, ${layers} layers × ${heads} heads, `, measure, ", ", sort],
  sorts: { none: "in the model's order", entropy: "most focused first", distance: "farthest first", special: "least on special tokens first" },
  order: "Order",
  layer: (layer) => `L${layer}`,
  head: (head) => `H${head}`,
  named: (layer, head) => `Layer ${layer}, head ${head}`,
  canvas: "grid of attention heads",
  canvasKeys: "Arrow keys move, Enter chooses the head for the linked figures.",
  scaled: "Each map by its own largest weight; a click chooses a head for the linked figures.",
  smaller: (side, tokens) => ` ${tokens} tokens are shown as ${side} × ${side}.`,
  statistics: {
    entropy: ["Entropy (nats)", (value) => `entropy ${value} nats`],
    distance: ["Distance (tokens)", (value) => `looks ${value} tokens far`],
    special: ["On special tokens", (value) => `${value} on special tokens`],
    self: ["On itself", (value) => `${value} on itself`],
    previous: ["On the previous", (value) => `${value} on the previous`],
    next: ["On the next", (value) => `${value} on the next`],
    first: ["On the first", (value) => `${value} on the first token`],
  },
  chosen: "chosen",
};

const zh: GridWords = {
  title: (layers, heads, measure, sort) => [`每个注意力头看向哪里，${layers} 层 × ${heads} 头，`, measure, "，", sort],
  sorts: { none: "按模型顺序", entropy: "最集中的在前", distance: "看得最远的在前", special: "最少看特殊词元的在前" },
  order: "顺序",
  layer: (layer) => `层${layer}`,
  head: (head) => `头${head}`,
  named: (layer, head) => `层 ${layer}、头 ${head}`,
  canvas: "注意力头网格",
  canvasKeys: "方向键移动，回车为相连的图选择该头。",
  scaled: "每张图按其自身最大权重着色；点击即为相连的图选择该头。",
  smaller: (side, tokens) => `${tokens} 个词元缩为 ${side} × ${side}。`,
  statistics: {
    entropy: ["熵（奈特）", (value) => `熵 ${value} 奈特`],
    distance: ["距离（词元）", (value) => `平均距离 ${value} 个词元`],
    special: ["特殊词元", (value) => `特殊词元占 ${value}`],
    self: ["自身", (value) => `自身 ${value}`],
    previous: ["前一个", (value) => `前一个 ${value}`],
    next: ["后一个", (value) => `后一个 ${value}`],
    first: ["第一个", (value) => `第一个 ${value}`],
  },
  chosen: "已选",
};

/** The words for a language tag; English where there are none. */
export function gridWordsFor(lang: string): GridWords {
  return spoken(lang, en, zh);
}
