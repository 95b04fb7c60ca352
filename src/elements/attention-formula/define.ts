export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { AttentionFormula } from "./attention-formula.js";

define("attention-formula", AttentionFormula);

declare global {
  interface HTMLElementTagNameMap {
    "attention-formula": AttentionFormula;
  }
}
