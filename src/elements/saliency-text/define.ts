export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { SaliencyText } from "./saliency-text.js";

define("saliency-text", SaliencyText);

declare global {
  interface HTMLElementTagNameMap {
    "saliency-text": SaliencyText;
  }
}
