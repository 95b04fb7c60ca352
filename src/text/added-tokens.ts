/**
 * Cuts a text at the tokens that were added to a vocabulary by name (`[MASK]`, `<|endoftext|>`) and are never split.
 * Not the special tokens that a template puts around a text. It exists because the library finds them only in strings, without alignment,
 * and does not honour `single_word`.
 */
import { slice, type AlignedText } from "./aligned-text.js";

/** A row of `added_tokens` in tokenizer.json. */
export interface AddedTokenRow {
  readonly id: number;
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
  readonly special?: boolean;
}

export interface Section {
  readonly source: AlignedText;
  readonly added: AddedTokenRow | null;
}

export type SplitAdded = (source: AlignedText) => Section[];

const WORD_BEFORE = /[\p{L}\p{M}\p{N}_]$/u;
const WORD_AFTER = /^[\p{L}\p{M}\p{N}_]/u;

/** `content` is how each row reads in the text that will be cut: as it is, or normalised. The leftmost, then the longest match wins. */
export function addedTokenSplitter(rows: readonly AddedTokenRow[], content: (row: AddedTokenRow) => string): SplitAdded {
  const byContent = new Map(rows.map((row) => [content(row), row] as const).filter(([text]) => text !== ""));
  if (byContent.size === 0) return (source) => [{ source, added: null }];
  const alternatives = [...byContent.keys()].sort((a, b) => b.length - a.length).map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const pattern = new RegExp(alternatives.join("|"), "g");
  return (source) => {
    const sections: Section[] = [];
    let done = 0;
    for (const match of source.text.matchAll(pattern)) {
      const added = byContent.get(match[0])!;
      let start = match.index;
      let end = start + match[0].length;
      const before = source.text.slice(done, start);
      const after = source.text.slice(end);
      if (added.single_word && (WORD_BEFORE.test(before) || WORD_AFTER.test(after))) continue;
      if (added.lstrip) start -= before.length - before.trimEnd().length;
      if (added.rstrip) end += after.length - after.trimStart().length;
      if (start < done) continue; // eaten by the token before, which strips to its right
      if (start > done) sections.push({ source: slice(source, done, start), added: null });
      sections.push({ source: slice(source, start, end), added });
      done = end;
    }
    if (done < source.text.length) sections.push({ source: slice(source, done, source.text.length), added: null });
    return sections;
  };
}
