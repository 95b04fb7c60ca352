export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { BiasProbe } from "./bias-probe.js";

define("bias-probe", BiasProbe);

declare global {
  interface HTMLElementTagNameMap {
    "bias-probe": BiasProbe;
  }
}
