/** Where versions of one text differ: for each, the words that are not common, in order, with the first of them. Not a diff of letters. */
import { words } from "../../text/words.js";

type Spans = readonly (readonly [number, number])[];

/** Whether each word of `a`, and of `b`, belongs to their longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): { readonly a: boolean[]; readonly b: boolean[] } {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const found = { a: a.map(() => false), b: b.map(() => false) };
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) [found.a[i++], found.b[j++]] = [true, true];
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return found;
}

/** Spans of differing words, [text][span]; of the first text, those that any other lacks. */
export function differingWords(texts: readonly string[]): Spans[] {
  const cut = texts.map((text) => words(text).map(({ start, end }) => ({ start, end, word: text.slice(start, end) })));
  const [first = [], ...others] = cut;
  const kept = first.map(() => true);
  const spans = others.map((other) => {
    const shared = common(first.map(({ word }) => word), other.map(({ word }) => word));
    shared.a.forEach((is, index) => (kept[index] &&= is));
    return other.filter((_, index) => !shared.b[index]).map(({ start, end }): [number, number] => [start, end]);
  });
  return [first.filter((_, index) => !kept[index]).map(({ start, end }): [number, number] => [start, end]), ...spans];
}
