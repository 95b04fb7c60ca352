/** Attention of a long, made-up text: too large to keep as a file. Seeded, so always the same. */
import type { AttentionExplanation, Token } from "../src/explanation/types.js";

const WORDS = "the of and to in is that for it as was with be by on not he his but at are this have from or".split(" ");

export function longAttention(count: number): AttentionExplanation {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  let text = "";
  const tokens: Token[] = Array.from({ length: count }, (_, id) => {
    if (id > 0) text += " ";
    const word = WORDS[Math.floor(random() * WORDS.length)]!;
    const start = text.length;
    text += word;
    return { id, text: word, start, end: text.length, special: false };
  });
  const weights = tokens.map((_, query) => {
    const scores = tokens.map((__, key) => Math.exp(2 * random() - Math.abs(query - key) / 30 + (key % 37 === 0 ? 2 : 0)));
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  });
  return {
    version: 1, kind: "attention", input: { text }, tokens, model: { reference: "sample", name: "sample, not a model's output", labels: [] },
    quality: [], provenance: { modelHash: "", library: "lexiscope 0.1.0", backend: "" }, layers: 4, heads: 4, layer: 0, head: 0, causal: false, weights,
  };
}
