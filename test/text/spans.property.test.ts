/** Whatever the text, spans are ordered, in range, on whole letters, and leave no letter out. Seeded: the same texts every time. */
import { expect } from "@open-wc/testing";
import { loadTokenizer } from "../../src/text/tokenizer.js";
import { wordsOfTokens } from "../../src/text/words.js";
import { fixture, names } from "./goldens.js";

const TEXTS = 400;
/** First and last code points of what is mixed; marks and joiners come often, as they are where alignment goes wrong. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x20], [0x20, 0x7e], [0x61, 0x7a], [0xa0, 0x17f], [0x300, 0x33f], [0x370, 0x3ff], [0x400, 0x4ff], [0x590, 0x5ff], [0x620, 0x64a], [0x900, 0x97f], [0xe00, 0xe4f],
  [0x1100, 0x11ff], [0x1e00, 0x1eff], [0x2000, 0x206f], [0x2150, 0x218f], [0x3000, 0x30ff], [0x4e00, 0x4fff], [0xac00, 0xacff], [0xfb00, 0xfb06], [0xfe0e, 0xfe0f],
  [0xff01, 0xff9f], [0x1f1e6, 0x1f1ff], [0x1f3fb, 0x1f3ff], [0x1f600, 0x1f64f], [0x1f468, 0x1f469], [0x200d, 0x200d], [0x20000, 0x200ff], [0x0, 0x1f],
];

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomText(next: () => number): string {
  const scripts = Array.from({ length: 1 + Math.floor(next() * 4) }, () => RANGES[Math.floor(next() * RANGES.length)]!);
  return Array.from({ length: Math.floor(next() * 40) }, () => {
    const [first, last] = next() < 0.15 ? RANGES[0]! : scripts[Math.floor(next() * scripts.length)]!;
    return String.fromCodePoint(first + Math.floor(next() * (last - first + 1)));
  }).join("");
}

/** Normalizers may drop these; then they belong to the letter before them if one is there. */
const MAY_VANISH = /[\p{M}\p{C}\p{White_Space}\ufffd]/u;
const inside = (text: string, at: number) => /[\udc00-\udfff]/.test(text[at] ?? "") && /[\ud800-\udbff]/.test(text[at - 1] ?? "");

describe("spans of random texts", () => {
  for (const name of names) {
    it(name, async () => {
      const { tokenizer: json, config } = await fixture(name);
      const tokenizer = loadTokenizer(json, config);
      const next = random(20);
      let letters = 0;
      for (let i = 0; i < TEXTS; i++) {
        const text = randomText(next);
        const said = JSON.stringify(text);
        const { tokens } = tokenizer.encode(text);
        const covered = new Uint8Array(text.length);
        let start = 0;
        let end = 0;
        for (const token of tokens) {
          expect(token.start, said).to.be.at.least(start);
          expect(token.end, said).to.be.at.least(token.special ? token.start : end).and.at.most(text.length);
          expect(token.end, said).to.be.at.least(token.start);
          expect(inside(text, token.start) || inside(text, token.end), `half a letter: ${said}`).to.equal(false);
          if (token.special) expect(token.end, said).to.equal(token.start);
          ({ start, end } = token);
          covered.fill(1, token.start, token.end);
        }
        let at = 0;
        for (const character of text) {
          if (!MAY_VANISH.test(character)) {
            letters++;
            expect(covered[at], `${character} (U+${character.codePointAt(0)!.toString(16)}) of ${said}`).to.equal(1);
          }
          at += character.length;
        }
        const groups = wordsOfTokens(tokens, text);
        expect(groups.flatMap((group) => group.tokens), said).to.deep.equal(tokens.map((_, k) => k));
      }
      expect(letters).to.be.greaterThan(1000);
    });
  }
});
