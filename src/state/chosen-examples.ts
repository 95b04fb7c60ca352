/**
 * The examples of a corpus that a person has chosen in a scope, by their lines. Apart from the scope itself, for only the elements on a corpus
 * know of it.
 */
import type { Scope } from "./scope.js";

export interface ChosenExamples {
  readonly corpus: string;
  readonly lines: ReadonlySet<number>;
}

const chosen = new WeakMap<Scope, ChosenExamples>();

export const chosenExamples = (scope: Scope): ChosenExamples | null => chosen.get(scope) ?? null;

/** Everyone in the scope is told; none chosen when `lines` is empty. */
export function chooseExamples(scope: Scope, corpus: string, lines: Iterable<number>): void {
  const set = new Set(lines);
  if (set.size > 0) chosen.set(scope, { corpus, lines: set });
  else chosen.delete(scope);
  scope.dispatchEvent(new Event("change"));
}
