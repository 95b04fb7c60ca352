export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { ExampleMap } from "./example-map.js";

define("example-map", ExampleMap);

declare global {
  interface HTMLElementTagNameMap {
    "example-map": ExampleMap;
  }
}
