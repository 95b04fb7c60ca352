/**
 * What a person does to the tokens of a scope: points at one, chooses some. Apart from the scope itself, because the first picture needs none
 * of it.
 */
import { sameToken, type PlacedToken, type Scope } from "./scope.js";

/** Points at a token of that text, or at none. False when nothing changed. */
export function point(scope: Scope, token: PlacedToken | null, text: string): boolean {
  const before = scope.hovered;
  if (token ? before?.index === token.index && scope.isHovered(token, text) : !before) return false;
  if (token && scope.subject !== text) scope.set({ subject: text, selected: [], hovered: token });
  else scope.set({ hovered: token });
  return true;
}

/** Chooses the tokens, or takes them back when the first is chosen already. */
export function toggle(scope: Scope, tokens: readonly PlacedToken[], text: string): void {
  const first = tokens[0];
  if (!first) return;
  const before = scope.subject === text ? scope.selected : [];
  const others = before.filter((chosen) => !tokens.some((token) => sameToken(chosen, token)));
  scope.set({ subject: text, selected: scope.isSelected(first, text) ? others : [...others, ...tokens] });
}
