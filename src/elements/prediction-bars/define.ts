export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { PredictionBars } from "./prediction-bars.js";

define("prediction-bars", PredictionBars);

declare global {
  interface HTMLElementTagNameMap {
    "prediction-bars": PredictionBars;
  }
}
