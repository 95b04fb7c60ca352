export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { LexiScope } from "./lexi-scope.js";

define("lexi-scope", LexiScope);

declare global {
  interface HTMLElementTagNameMap {
    "lexi-scope": LexiScope;
  }
}
