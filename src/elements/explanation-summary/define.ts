export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { ExplanationSummary } from "./explanation-summary.js";

define("explanation-summary", ExplanationSummary);

declare global {
  interface HTMLElementTagNameMap {
    "explanation-summary": ExplanationSummary;
  }
}
