export type { LexiEventDetails } from "../shared/events.js";
import { define } from "../shared/define.js";
import { SimilarExamples } from "./similar-examples.js";

define("similar-examples", SimilarExamples);

declare global {
  interface HTMLElementTagNameMap {
    "similar-examples": SimilarExamples;
  }
}
