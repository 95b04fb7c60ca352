export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { CounterfactualList } from "./counterfactual-list.js";

define("counterfactual-list", CounterfactualList);

declare global {
  interface HTMLElementTagNameMap {
    "counterfactual-list": CounterfactualList;
  }
}
