/** Where versions of one text differ: for each, the words that are not common, in order, with the first of them. Not a diff of letters. */
import { commonSubsequence } from "../../base/common-subsequence.js";
import { words } from "../../text/words.js";

type Spans = readonly (readonly [number, number])[];

/** Spans of differing words, [text][span]; of the first text, those that any other lacks. */
export function differingWords(texts: readonly string[]): Spans[] {
  const cut = texts.map((text) => words(text).map(({ start, end }) => ({ start, end, word: text.slice(start, end) })));
  const [first = [], ...others] = cut;
  const kept = first.map(() => true);
  const spans = others.map((other) => {
    const shared = commonSubsequence(first.map(({ word }) => word), other.map(({ word }) => word));
    const [left, right] = [new Set(shared.map(([index]) => index)), new Set(shared.map(([, index]) => index))];
    kept.forEach((is, index) => (kept[index] = is && left.has(index)));
    return other.filter((_, index) => !right.has(index)).map(({ start, end }): [number, number] => [start, end]);
  });
  return [first.filter((_, index) => !kept[index]).map(({ start, end }): [number, number] => [start, end]), ...spans];
}
