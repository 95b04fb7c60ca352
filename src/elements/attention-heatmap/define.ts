export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { AttentionHeatmap } from "./attention-heatmap.js";

define("attention-heatmap", AttentionHeatmap);

declare global {
  interface HTMLElementTagNameMap {
    "attention-heatmap": AttentionHeatmap;
  }
}
