/** The Rust library's answers (made by `test/oracle/tokenizers.py`), and the rules by which our spans are meant to differ from its offsets. */
import type { TextEncoding } from "../../src/text/tokenizer.js";

export interface Golden {
  readonly text: string;
  readonly pair?: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly offsets: readonly (readonly [number, number])[];
  readonly typeIds: readonly number[];
}

export interface Fixture {
  readonly name: string;
  readonly tokenizer: { readonly model: { readonly type: string } & Record<string, unknown> } & Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly texts: readonly Golden[];
}

export const names = ["wordpiece-uncased", "wordpiece-cased", "bytelevel-gpt2", "bytelevel-roberta", "bytelevel-qwen", "clip", "unigram", "t5", "llama"] as const;

export async function fixture(name: string): Promise<Fixture> {
  return (await fetch(new URL(`../fixtures/tokenizers/${name}.json`, import.meta.url))).json() as Promise<Fixture>;
}

/** What a normalizer drops or composes into the letter before: ours is part of that letter's token, Rust's of none. */
const DROPPED = /^[\p{M}\p{Cf}\u1160-\u11ff\uff9e\uff9f]+$/u;

/** A letter with its marks, which a Unicode form composes or puts in another order: ours is the whole for each of its parts. */
const LETTER_WITH_MARKS = /^\P{M}\p{M}{2,}$/u;

/** How each span relates to Rust's offsets: equal after trimming white space; or, on purpose, not. */
export function compare(encoding: TextEncoding, golden: Golden): { equal: number; blank: number; dropped: number; composed: number; wrong: string[] } {
  const counts = { equal: 0, blank: 0, dropped: 0, composed: 0, wrong: [] as string[] };
  encoding.tokens.forEach((token, i) => {
    if (token.special) return;
    const text = token.segment === 1 ? golden.pair! : golden.text;
    const [start, end] = trim(text, golden.offsets[i]!);
    if (token.start === start && token.end === end) counts.equal++;
    else if (/^[▁Ġ]+$/.test(token.text) && text.slice(token.start, token.end).trim() === "") counts.blank++;
    else if (token.start === start && DROPPED.test(text.slice(end, token.end))) counts.dropped++;
    else if (token.start <= start && end <= token.end && LETTER_WITH_MARKS.test(text.slice(token.start, token.end))) counts.composed++;
    else counts.wrong.push(`${token.text}: ${token.start}–${token.end}, Rust ${golden.offsets[i]!.join("–")} in ${JSON.stringify(text)}`);
  });
  return counts;
}

function trim(text: string, [start, end]: readonly [number, number]): [number, number] {
  const inside = text.slice(start, end);
  const bare = inside.trim();
  return bare === "" ? [start, end] : [start + inside.indexOf(bare), start + inside.indexOf(bare) + bare.length];
}
