/**
 * What the elements of one scope share: the model, the text, which tokens a person points at or has chosen, and which head. Not an element. A
 * scope is found by its host, so elements anywhere in a page can join it, before or after the host itself is upgraded.
 *
 * Tokens are matched by the characters they stand for, not by number: two models cut the same text differently.
 */
import type { AttentionExplanation, Token } from "../explanation/types.js";

/** A token of an explanation with its position among the tokens. */
export interface PlacedToken extends Token {
  readonly index: number;
}

/** Whether two tokens, perhaps of two tokenizers, stand for the same place in the same text. */
export function sameToken(a: PlacedToken, b: PlacedToken): boolean {
  if ((a.segment ?? 0) !== (b.segment ?? 0) || a.special !== b.special) return false;
  if (a.special || a.start === a.end) return a.index === b.index && a.text === b.text;
  return a.start < b.end && b.start < a.end;
}

/** A head that a person has chosen, for the figures that show one. */
export interface ChosenHead {
  readonly layer: number;
  readonly head: number;
  /** its map, where who chose it has it whole: for figures without a model */
  readonly map?: AttentionExplanation;
}

export class Scope extends EventTarget {
  model: string | null = null;
  text: string | null = null;
  textPair: string | null = null;
  backend: string | null = null;
  /** the text that `hovered` and `selected` are tokens of */
  subject: string | null = null;
  hovered: PlacedToken | null = null;
  selected: readonly PlacedToken[] = [];
  head: ChosenHead | null = null;

  /** Changes the given fields and tells everyone who listens for "change", once. */
  set(fields: Partial<Pick<Scope, "model" | "text" | "textPair" | "backend" | "subject" | "hovered" | "selected" | "head">>): void {
    const changed = Object.entries(fields).filter(([name, value]) => this[name as keyof Scope] !== value);
    if (changed.length === 0) return;
    Object.assign(this, fields);
    // Another text has other tokens: what was chosen in the old one means nothing.
    if (changed.some(([name]) => name === "text" || name === "textPair")) Object.assign(this, { hovered: null, selected: [] });
    this.dispatchEvent(new Event("change"));
  }

  isHovered(token: PlacedToken, text: string): boolean {
    return this.hovered !== null && this.subject === text && sameToken(this.hovered, token);
  }

  isSelected(token: PlacedToken, text: string): boolean {
    return this.subject === text && this.selected.some((chosen) => sameToken(chosen, token));
  }
}

const scopes = new WeakMap<object, Scope>();

/** The scope of that host; made when first asked for. */
export function scopeOf(host: object): Scope {
  let scope = scopes.get(host);
  if (!scope) scopes.set(host, (scope = new Scope()));
  return scope;
}
