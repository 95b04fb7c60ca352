/**
 * What the elements of one scope share: the model, the text, which tokens a person points at or has chosen, and which head. Not an element. A
 * scope is found by its host, so elements anywhere in a page can join it, before or after the host itself is upgraded.
 */
import type { AttentionExplanation, Token } from "../explanation/types.js";

/** A token of an explanation with its position among the tokens. */
export interface PlacedToken extends Token {
  readonly index: number;
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
}

const scopes = new WeakMap<object, Scope>();

/** The scope of that host; made when first asked for. */
export function scopeOf(host: object): Scope {
  let scope = scopes.get(host);
  if (!scope) scopes.set(host, (scope = new Scope()));
  return scope;
}
