export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { FaithfulnessReport } from "./faithfulness-report.js";

define("faithfulness-report", FaithfulnessReport);

declare global {
  interface HTMLElementTagNameMap {
    "faithfulness-report": FaithfulnessReport;
  }
}
