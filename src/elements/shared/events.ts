/** The events of every element, with their details. All bubble and are composed. */
import type { LexiscopeError, Phase } from "../../base/errors.js";
import type { Progress } from "../../engine/types.js";
import type { Explanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";

export interface LexiEventDetails {
  "lexi-progress": Progress;
  "lexi-explained": { readonly explanation: Explanation };
  "lexi-error": { readonly error: LexiscopeError; readonly phase: Phase };
  /** a person chose tokens, or took them back: all that are chosen now */
  "lexi-select": { readonly tokens: readonly PlacedToken[] };
  /** a person points at a token; null: at none any more */
  "lexi-hover": { readonly token: PlacedToken | null };
  /** a person chose a row of the data, to look at */
  "lexi-example": { readonly text: string; readonly line: number; readonly label: string; readonly predicted: string };
  /** a person chose a head, counted from 0 */
  "lexi-head": { readonly layer: number; readonly head: number };
  /** a person chose or wrote another text; null: there is no second one */
  "lexi-text": { readonly text: string; readonly textPair: string | null };
  /** a person chose examples of a corpus, or none any more */
  "lexi-examples": { readonly corpus: string; readonly examples: readonly ChosenExample[] };
}

export interface ChosenExample {
  readonly line: number;
  readonly text: string;
  readonly label: string | null;
}

declare global {
  interface HTMLElementEventMap {
    "lexi-progress": CustomEvent<LexiEventDetails["lexi-progress"]>;
    "lexi-explained": CustomEvent<LexiEventDetails["lexi-explained"]>;
    "lexi-error": CustomEvent<LexiEventDetails["lexi-error"]>;
    "lexi-select": CustomEvent<LexiEventDetails["lexi-select"]>;
    "lexi-hover": CustomEvent<LexiEventDetails["lexi-hover"]>;
    "lexi-example": CustomEvent<LexiEventDetails["lexi-example"]>;
    "lexi-head": CustomEvent<LexiEventDetails["lexi-head"]>;
    "lexi-text": CustomEvent<LexiEventDetails["lexi-text"]>;
    "lexi-examples": CustomEvent<LexiEventDetails["lexi-examples"]>;
  }
}

export function emit<K extends keyof LexiEventDetails>(element: HTMLElement, type: K, detail: LexiEventDetails[K]): void {
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}
