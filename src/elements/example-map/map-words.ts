/** The words of a map of examples, in English and Chinese. */
import type { Projection } from "../../explanation/example-map.js";
import { spoken } from "../shared/page.js";

export interface MapWords {
  readonly lang: string;
  readonly title: (plane: unknown, color: unknown) => readonly unknown[];
  /** how the plane is made, for those who hear the menu */
  readonly plane: string;
  readonly planes: Readonly<Record<Projection, string>>;
  /** what is chosen in the menu, for those who hear it */
  readonly color: string;
  readonly colors: Readonly<Record<"prediction" | "error" | "label", string>>;
  readonly right: string;
  readonly wrong: string;
  readonly unlabelled: string;
  /** no value in a column, or one of too many */
  readonly other: string;
  readonly prototype: string;
  readonly criticism: string;
  readonly here: string;
  /** the second one stands upright, where there is less room */
  readonly axes: (first: string, second: string) => readonly [string, string];
  /** in the place of axes, where they have no meaning */
  readonly nearness: string;
  readonly canvas: string;
  readonly canvasKeys: string;
  readonly hint: string;
  readonly said: (text: string, predicted: string, chance: string, label: string | null, mark: string) => string;
  readonly chosen: (count: string, wrong: string) => string;
  readonly head: readonly string[];
  readonly yes: string;
}

const en: MapWords = {
  lang: "en",
  title: (plane, color) => ["Examples by the model's hidden state, ", plane, ", coloured by ", color],
  plane: "Plane",
  planes: { pca: "where they spread most", umap: "neighbours together (UMAP)" },
  color: "Colour",
  colors: { prediction: "prediction", error: "right or wrong", label: "given label" },
  right: "predicted as labelled",
  wrong: "predicted otherwise",
  unlabelled: "no label",
  other: "other",
  prototype: "typical (prototype)",
  criticism: "unlike the typical (criticism)",
  here: "this text",
  axes: (first, second) => [`component 1: ${first} of the variance`, `component 2: ${second}`],
  nearness: "only who is near whom has a meaning: axes, gaps and sizes have none",
  canvas: "map of examples",
  canvasKeys: "Arrow keys move to the nearest example in that direction, Enter chooses it and has its text explained, Shift and Enter add it to the chosen, Escape clears.",
  hint: "Near means alike to the model. Point at a dot to read it; a click has it explained; drag around dots to choose them (Shift adds).",
  said: (text, predicted, chance, label, mark) => [`“${text}”`, `predicted ${predicted} ${chance}`, label !== null && `labelled ${label}`, mark].filter(Boolean).join(" · "),
  chosen: (count, wrong) => `Chosen: ${count}; predicted otherwise than labelled: ${wrong}. Escape or a click beside the dots clears.`,
  head: ["Text", "Predicted", "Probability", "Label", "x", "y", "Line", "Prototype", "Criticism"],
  yes: "yes",
};

const zh: MapWords = {
  lang: "zh",
  title: (plane, color) => ["例句在模型隐藏状态中的位置，", plane, "，颜色表示", color],
  plane: "平面",
  planes: { pca: "取分布最广的方向", umap: "使相近者相邻（UMAP）" },
  color: "颜色",
  colors: { prediction: "模型判断", error: "判断对错", label: "所给标注" },
  right: "判断与标注一致",
  wrong: "判断与标注不一致",
  unlabelled: "无标注",
  other: "其他",
  prototype: "典型（原型）",
  criticism: "非典型（反例）",
  here: "本文",
  axes: (first, second) => [`主成分 1：占方差 ${first}`, `主成分 2：${second}`],
  nearness: "只有远近邻居有意义；坐标轴、间隔和大小没有意义",
  canvas: "例句地图",
  canvasKeys: "方向键移到该方向最近的例句，回车选择并解释，Shift 加回车加入所选，Esc 清除。",
  hint: "距离近表示模型认为相似。指向圆点可阅读，点击即解释，拖动圈选（按住 Shift 追加）。",
  said: (text, predicted, chance, label, mark) => [`“${text}”`, `判为 ${predicted} ${chance}`, label !== null && `标注 ${label}`, mark].filter(Boolean).join(" · "),
  chosen: (count, wrong) => `已选 ${count} 句，其中 ${wrong} 句的判断与标注不一致。按 Esc 或点击空白处清除。`,
  head: ["文本", "判断", "概率", "标注", "x", "y", "行", "原型", "反例"],
  yes: "是",
};

/** The words for a language tag; English where there are none. */
export function mapWordsFor(lang: string): MapWords {
  return spoken(lang, en, zh);
}
