/**
 * Words and sentences of a text as spans, and the words that tokens make up.
 * Not a linguist: `Intl.Segmenter` decides (it has dictionaries for Chinese, Japanese, Thai …); where a browser lacks it, Unicode properties do, and
 * then each Han character is a word. It exists because people read words, models read tokens, and Chinese writes no spaces between words.
 */
import type { TextToken } from "./tokenizer.js";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Tokens shown and scored as one; the same shape as `Unit` of an explanation. */
export interface WordOfTokens extends Span {
  readonly text: string;
  readonly tokens: readonly number[];
}

export interface WordsOfTokensOptions {
  /** the second text, when tokens of segment 1 are there */
  readonly textPair?: string;
  readonly locale?: string;
}

type Granularity = "word" | "sentence";

const segmenters = new Map<string, Intl.Segmenter>();
/** Not the reader's own language: a page must not cut differently from reader to reader. */
const ANY_LOCALE = "und";

/** One Han character; a run of kana or of a script without spaces; letters and digits with what joins them; one mark of punctuation. */
const FALLBACK_WORD =
  /\p{Script=Han}|[\p{Script=Hiragana}ー]+|[\p{Script=Katakana}ー]+|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{N}_]\p{M}*)+(?:['’.·](?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{N}_]\p{M}*)+)*|\p{Emoji_Presentation}(?:[\p{M}\p{Emoji_Modifier}]|\u200d\p{Extended_Pictographic})*|\S\p{M}*/gu;
/** Up to a full stop before white space (not the one in 3.14), a Chinese or Japanese full stop, or a line's end. */
const FALLBACK_SENTENCE = /[^\n。！？]*?(?:[.!?]+["'”’)\]]*(?=\s|$)|[。！？]+["'”’」』）]*|(?=\n)|$)\n?/gu;
const WORD_LIKE = /[\p{L}\p{N}]/u;

/** Spans of words, in order; white space and punctuation are between them. `locale` is a BCP 47 tag. */
export function words(text: string, locale?: string): Span[] {
  return pieces(text, locale).filter((piece) => piece.wordLike).map(({ start, end }) => ({ start, end }));
}

/** Spans of sentences, in order, without the white space around them. */
export function sentences(text: string, locale?: string): Span[] {
  const segmenter = segmenterOf("sentence", locale);
  const cuts = segmenter
    ? Array.from(segmenter.segment(text), ({ index, segment }) => ({ start: index, text: segment }))
    : Array.from(text.matchAll(FALLBACK_SENTENCE), (match) => ({ start: match.index, text: match[0] }));
  return cuts.flatMap(({ start, text: sentence }) => {
    const bare = sentence.trim();
    const from = start + sentence.indexOf(bare);
    return bare === "" ? [] : [{ start: from, end: from + bare.length }];
  });
}

/**
 * Groups tokens by words. A token belongs to the word that holds its start; a token of white space to the one that follows it directly; special
 * tokens stand alone, with their own text. Every token is in exactly one group, in order.
 */
export function wordsOfTokens(tokens: readonly TextToken[], text: string, options: WordsOfTokensOptions = {}): WordOfTokens[] {
  const texts = [text, options.textPair ?? ""];
  const starts = texts.map((part) => pieces(part, options.locale).map((piece) => piece.start));
  const isBlank = (token: TextToken) => texts[token.segment]!.slice(token.start, token.end).trim() === "";
  const groups: number[][] = [];
  let key = "";
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const anchor = token.special ? i : anchorOf(tokens, i, isBlank);
    const word = wordAt(starts[token.segment]!, tokens[anchor]!.start);
    const next = token.special || isBlank(tokens[anchor]!) ? `alone ${i}` : `${token.segment} ${word}`;
    if (next === key) groups[groups.length - 1]!.push(i);
    else groups.push([i]);
    key = next;
  }
  return groups.map((group) => unitOf(group, tokens, texts, isBlank));
}

/** The token that says where token `i` belongs: itself, or for white space the next one that directly follows. */
function anchorOf(tokens: readonly TextToken[], i: number, isBlank: (token: TextToken) => boolean): number {
  let at = i;
  while (isBlank(tokens[at]!)) {
    const next = tokens[at + 1];
    if (!next || next.special || next.segment !== tokens[at]!.segment || next.start > tokens[at]!.end) return i;
    at++;
  }
  return at;
}

function unitOf(group: readonly number[], tokens: readonly TextToken[], texts: readonly string[], isBlank: (token: TextToken) => boolean): WordOfTokens {
  const first = tokens[group[0]!]!;
  if (first.special) return { text: first.text, start: first.start, end: first.end, tokens: group };
  const shown = group.map((i) => tokens[i]!).filter((token) => !isBlank(token));
  const spans = shown.length > 0 ? shown : [first];
  const start = Math.min(...spans.map((token) => token.start));
  const end = Math.max(...spans.map((token) => token.end));
  return { text: texts[first.segment]!.slice(start, end), start, end, tokens: group };
}

/** Index of the last word that starts at or before `position`; -1 before the first. */
function wordAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Words and marks of punctuation, without white space. */
function pieces(text: string, locale?: string): (Span & { wordLike: boolean })[] {
  const segmenter = segmenterOf("word", locale);
  const cuts = segmenter
    ? Array.from(segmenter.segment(text), ({ index, segment, isWordLike }) => ({ start: index, text: segment, wordLike: isWordLike ?? false }))
    : Array.from(text.matchAll(FALLBACK_WORD), (match) => ({ start: match.index, text: match[0], wordLike: WORD_LIKE.test(match[0]) }));
  return cuts.filter((cut) => cut.text.trim() !== "").map((cut) => ({ start: cut.start, end: cut.start + cut.text.length, wordLike: cut.wordLike }));
}

function segmenterOf(granularity: Granularity, locale = ANY_LOCALE): Intl.Segmenter | null {
  if (typeof Intl.Segmenter !== "function") return null;
  const key = `${granularity} ${locale}`;
  let segmenter = segmenters.get(key);
  if (!segmenter) segmenters.set(key, (segmenter = new Intl.Segmenter(locale, { granularity })));
  return segmenter;
}
