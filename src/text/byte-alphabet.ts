/**
 * The alphabet of byte-level BPE (GPT-2): each of the 256 bytes is written as one printable letter, so that a space is Ġ.
 * Not a tokenizer. It exists to follow a text into that alphabet with its alignment; a letter of several bytes is the source of all of them.
 */
import { AlignedBuilder, spanOf, type AlignedText } from "./aligned-text.js";

/** letters[byte]; printable bytes of Latin-1 stand for themselves, the others for U+0100 onwards (Radford et al. 2019, `bytes_to_unicode`). */
const letters: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
})();

const encoder = new TextEncoder();

export function toByteAlphabet(source: AlignedText): AlignedText {
  const builder = new AlignedBuilder();
  let at = 0;
  for (const character of source.text) {
    const span = spanOf(source, at, at + character.length);
    for (const byte of encoder.encode(character)) builder.push(letters[byte]!, span.start, span.end);
    at += character.length;
  }
  return builder.done();
}
