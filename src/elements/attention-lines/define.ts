export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { AttentionLines } from "./attention-lines.js";

define("attention-lines", AttentionLines);

declare global {
  interface HTMLElementTagNameMap {
    "attention-lines": AttentionLines;
  }
}
