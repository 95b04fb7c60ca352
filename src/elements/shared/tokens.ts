/**
 * Tokens as a reader sees them. Hostile by nature: a token may be markup, a control character that turns the direction of a line, or
 * ten thousand letters. Labels made here are short and have no invisible characters; they are still only ever bound as text.
 */
import type { Explanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";

/** Characters that have no picture of their own or change the direction of what follows. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** One short line: white space shown, invisible characters replaced, at most `length` characters. */
export function label(text: string, length = 24): string {
  const short = [...text.slice(0, length * 4)];
  const cut = short.length > length || text.length > length * 4 ? [...short.slice(0, length - 1), "…"] : short;
  const line = cut.join("").replace(/\r?\n|\r/g, "↵").replace(/\t/g, "⇥").replace(INVISIBLE, "·");
  return line.trim() || (line === "" ? "∅" : "␣");
}

/** The author's own characters for that token; the vocabulary's text where it stands for none. */
export function surface({ input }: Explanation, token: { readonly start: number; readonly end: number; readonly text: string; readonly segment?: number }): string {
  const text = token.segment === 1 ? (input.textPair ?? "") : input.text;
  return text.slice(token.start, token.end) || token.text;
}

/** Letters of scripts that set gaps between words: where two of them meet, a word goes on. */
const WITHIN_WORD = /^(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}])[\p{L}\p{M}\p{N}]){2}$/u;

/** A token's surface, with a hyphen before it where it continues a word: "drags" cut in two reads "drag", "‑s". */
export function piece(explanation: Explanation, token: { readonly start: number; readonly end: number; readonly text: string; readonly segment?: number }): string {
  const text = token.segment === 1 ? (explanation.input.textPair ?? "") : explanation.input.text;
  const continues = token.start > 0 && token.end > token.start && WITHIN_WORD.test(text.slice(token.start - 1, token.start + 1));
  return (continues ? "‑" : "") + (text.slice(token.start, token.end) || token.text);
}

/** The tokens with their positions, and their labels. */
export function placedTokens(explanation: Explanation): PlacedToken[] {
  return explanation.tokens.map((token, index) => ({ ...token, index }));
}
