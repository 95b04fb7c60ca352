export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { SaliencyBars } from "./saliency-bars.js";

define("saliency-bars", SaliencyBars);

declare global {
  interface HTMLElementTagNameMap {
    "saliency-bars": SaliencyBars;
  }
}
