/**
 * What a person does to the tokens of a scope: points at one, chooses some. Apart from the scope itself, because the first picture needs none
 * of it. Tokens are matched by the characters they stand for, not by number: two models cut the same text differently.
 */
import type { PlacedToken, Scope } from "./scope.js";
import { setShared } from "./set-shared.js";

/** Whether two tokens, perhaps of two tokenizers, stand for the same place in the same text. */
export function sameToken(a: PlacedToken, b: PlacedToken): boolean {
  if ((a.segment ?? 0) !== (b.segment ?? 0) || a.special !== b.special) return false;
  if (a.special || a.start === a.end) return a.index === b.index && a.text === b.text;
  return a.start < b.end && b.start < a.end;
}

/** `text`: what the token is a token of. */
export function isHovered(scope: Scope, token: PlacedToken, text: string): boolean {
  return scope.hovered !== null && scope.subject === text && sameToken(scope.hovered, token);
}

export function isSelected(scope: Scope, token: PlacedToken, text: string): boolean {
  return scope.subject === text && scope.selected.some((chosen) => sameToken(chosen, token));
}

/** Points at a token of that text, or at none. False when nothing changed. */
export function point(scope: Scope, token: PlacedToken | null, text: string): boolean {
  const before = scope.hovered;
  if (token ? before?.index === token.index && isHovered(scope, token, text) : !before) return false;
  if (token && scope.subject !== text) setShared(scope, { subject: text, selected: [], hovered: token });
  else setShared(scope, { hovered: token });
  return true;
}

/** Chooses the tokens, or takes them back when the first is chosen already. */
export function toggle(scope: Scope, tokens: readonly PlacedToken[], text: string): void {
  const first = tokens[0];
  if (!first) return;
  const before = scope.subject === text ? scope.selected : [];
  const others = before.filter((chosen) => !tokens.some((token) => sameToken(chosen, token)));
  setShared(scope, { subject: text, selected: isSelected(scope, first, text) ? others : [...others, ...tokens] });
}
