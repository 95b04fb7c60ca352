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
}

export type LexiEvents = { [K in keyof LexiEventDetails]: CustomEvent<LexiEventDetails[K]> };

declare global {
  interface HTMLElementEventMap extends LexiEvents {}
}

export function emit<K extends keyof LexiEventDetails>(element: HTMLElement, type: K, detail: LexiEventDetails[K]): void {
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}
