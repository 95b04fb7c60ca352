/** A person's hand on the tokens of an element: its scope learns of it, and the page by an event. */
import { point, toggle } from "../../state/pointing.js";
import type { PlacedToken, Scope } from "../../state/scope.js";
import { emit } from "./events.js";

/** A person points at a token, or at none. */
export function pointAt(element: HTMLElement, scope: Scope, token: PlacedToken | null, text: string): void {
  if (point(scope, token, text)) emit(element, "lexi-hover", { token });
}

/** A person chooses tokens, or takes them back. */
export function chooseTokens(element: HTMLElement, scope: Scope, tokens: readonly PlacedToken[], text: string): void {
  toggle(scope, tokens, text);
  emit(element, "lexi-select", { tokens: scope.selected });
}
