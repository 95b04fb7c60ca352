export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { ModelMetrics } from "./model-metrics.js";

define("model-metrics", ModelMetrics);

declare global {
  interface HTMLElementTagNameMap {
    "model-metrics": ModelMetrics;
  }
}
