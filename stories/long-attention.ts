/** Attention of a long, made-up text: too large to keep as a file. Seeded, so always the same. */
import type { AttentionExplanation, AttentionHeadsExplanation, Token } from "../src/explanation/types.js";
import { headStatistics } from "../src/methods/attention/head-statistics.js";

const WORDS = "the of and to in is that for it as was with be by on not he his but at are this have from or".split(" ");

function generator(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function longText(count: number, random: () => number): { text: string; tokens: Token[] } {
  let text = "";
  const tokens: Token[] = Array.from({ length: count }, (_, id) => {
    if (id > 0) text += " ";
    const word = WORDS[Math.floor(random() * WORDS.length)]!;
    const start = text.length;
    text += word;
    return { id, text: word, start, end: text.length, special: false };
  });
  return { text, tokens };
}

const made = (text: string, tokens: readonly Token[]) => ({
  version: 1 as const, input: { text }, tokens, model: { reference: "sample", name: "sample, not a model's output", labels: [] },
  quality: [], provenance: { modelHash: "", library: "lexiscope 0.1.0", backend: "" as const }, causal: false,
});

/** Each head looks some way back, at a few places, and a little everywhere; later layers look further and at more. */
export function longHeads(count: number, heads: number, layers = 1): AttentionHeadsExplanation {
  const random = generator();
  const { text, tokens } = longText(count, random);
  const weights = new Float32Array(layers * heads * count * count);
  const special = tokens.map((token) => token.special);
  const maps = Array.from({ length: layers * heads }, (_, position) => {
    const [layer, head] = [Math.floor(position / heads), position % heads];
    const map = weights.subarray(position * count * count, (position + 1) * count * count);
    for (let query = 0; query < count; query++) {
      let sum = 0;
      for (let key = 0; key < count; key++) sum += map[query * count + key] = Math.exp(2 * random() - Math.abs(query - key - head) / (4 + 8 * head + 6 * layer) + (key % 37 === head ? 3 : 0));
      for (let key = 0; key < count; key++) map[query * count + key]! /= sum;
    }
    return { layer, head, ...headStatistics(map, special) };
  });
  return { ...made(text, tokens), kind: "attention-heads", layers, heads, maps, side: count, weights };
}

export function longAttention(count: number): AttentionExplanation {
  const random = generator();
  const { text, tokens } = longText(count, random);
  const weights = tokens.map((_, query) => {
    const scores = tokens.map((__, key) => Math.exp(2 * random() - Math.abs(query - key) / 30 + (key % 37 === 0 ? 2 : 0)));
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  });
  return { ...made(text, tokens), kind: "attention", layers: 4, heads: 4, layer: 0, head: 0, weights };
}
