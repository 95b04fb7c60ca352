export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { AttentionGrid } from "./attention-grid.js";

define("attention-grid", AttentionGrid);

declare global {
  interface HTMLElementTagNameMap {
    "attention-grid": AttentionGrid;
  }
}
