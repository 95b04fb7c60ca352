/**
 * Runs a tokenizer's pre-tokenizer and finds each pre-token again in the aligned text. Not a pre-tokenizer itself.
 * It exists because the library returns strings: some in another alphabet (bytes, ▁ for spaces), some with a prefix that the text does not have.
 */
import type { PreTokenizer } from "@huggingface/tokenizers";
import { AlignedBuilder, slice, type AlignedText } from "./aligned-text.js";
import { toByteAlphabet } from "./byte-alphabet.js";

/** The fields of the library's pre-tokenizers that are read here; ByteLevel has `byte_encoder`, Metaspace `str_rep`, Sequence `tokenizers`. */
interface Stage {
  readonly tokenizers?: readonly (Stage | null)[];
  readonly byte_encoder?: unknown;
  readonly str_rep?: string;
}

/** How a stage rewrites the text before it cuts it, and the prefix it may put in front of a piece. */
interface Alphabet {
  readonly write: (source: AlignedText) => AlignedText;
  readonly prefix: string;
}

export type PreTokenize = (source: AlignedText, section: number) => AlignedText[];

export function preTokenization(preTokenizer: PreTokenizer | null): PreTokenize {
  if (!preTokenizer) return (source) => [source];
  const alphabets = flatten(preTokenizer as unknown as Stage).flatMap(alphabetOf);
  return (source, section) => {
    const written = alphabets.reduce((text, alphabet) => alphabet.write(text), source);
    const pieces = preTokenizer(source.text, { section_index: section });
    return locate(written, pieces, alphabets.map((alphabet) => alphabet.prefix));
  };
}

function flatten(stage: Stage | null): Stage[] {
  if (!stage) return [];
  return stage.tokenizers ? stage.tokenizers.flatMap(flatten) : [stage];
}

function alphabetOf(stage: Stage): Alphabet[] {
  if (stage.byte_encoder !== undefined) return [{ write: toByteAlphabet, prefix: "Ġ" }];
  const space = stage.str_rep;
  if (space !== undefined) return [{ write: (source) => ({ ...source, text: source.text.replaceAll(" ", space) }), prefix: space }];
  return [];
}

/** Pre-tokens stand in the text in order; only what a pre-tokenizer drops (white space, mostly) lies between them. */
function locate(written: AlignedText, pieces: readonly string[], prefixes: readonly string[]): AlignedText[] {
  const found: AlignedText[] = [];
  let cursor = 0;
  for (const piece of pieces) {
    const prefix = prefixes.find((candidate) => piece.startsWith(candidate)) ?? "";
    const bare = piece.slice(prefix.length);
    let at = written.text.startsWith(piece, cursor) ? cursor : -1;
    let added = "";
    if (at < 0 && prefix !== "" && written.text.startsWith(bare, cursor)) [at, added] = [cursor, prefix];
    if (at < 0) at = written.text.indexOf(piece, cursor);
    if (at < 0 && prefix !== "") [at, added] = [written.text.indexOf(bare, cursor), prefix];
    if (at < 0) {
      // a stage rewrote the text in a way not known here: the piece is everything up to the end
      const builder = new AlignedBuilder();
      builder.push(piece, written.starts[cursor] ?? 0, written.ends[written.ends.length - 1] ?? 0);
      found.push(builder.done());
      continue;
    }
    const end = at + piece.length - added.length;
    const builder = new AlignedBuilder();
    const start = written.starts[at] ?? written.ends[written.ends.length - 1] ?? 0;
    builder.push(added, start, start);
    builder.append(slice(written, at, end));
    found.push(builder.done());
    cursor = end;
  }
  return found;
}
