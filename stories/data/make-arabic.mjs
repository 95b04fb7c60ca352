// Writes the Arabic sample explanations of the stories, which show pages from right to left: the built-in model reads English and Chinese only, so
// these are made up by a seeded rule, and say so in `model.name`. Run: node stories/data/make-arabic.mjs
import { writeFileSync } from "node:fs";

const model = { reference: "sample", name: "sample, not a model's output", labels: ["negative", "positive"] };
const provenance = { modelHash: "", library: "lexiscope 0.1.0", backend: "" };
const round = (value, digits = 4) => Number(value.toFixed(digits));

function generator(seed) {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0), state / 2 ** 32);
}

const text = "الفيلم بطيء لكن التمثيل رائع.";
const pieces = ["الفيلم", "بطيء", "لكن", "التمثيل", "رائع", "."];
let at = 0;
const inside = pieces.map((piece, index) => {
  const start = text.indexOf(piece, at);
  at = start + piece.length;
  return { id: 1000 + index, text: piece, start, end: at, special: false };
});
const tokens = [{ id: 101, text: "[CLS]", start: 0, end: 0, special: true }, ...inside, { id: 102, text: "[SEP]", start: text.length, end: text.length, special: true }];

/** A head that looks at itself, at its neighbours and at some words; rows sum to 1. */
function attention(layer, head, seed) {
  const random = generator(seed);
  const pull = tokens.map(() => random() ** 3 * 4);
  const weights = tokens.map((_, query) => {
    const scores = tokens.map((__, key) => Math.exp(pull[key] - 0.9 * Math.abs(query - key) + 1.4 * random()));
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => round(score / sum));
  });
  return { version: 1, kind: "attention", input: { text }, tokens, model, quality: [], provenance, layers: 4, heads: 4, layer, head, causal: false, weights };
}

function attribution(scores) {
  const value = scores.reduce((sum, score) => sum + score, 0);
  const logits = [-value / 2, value / 2];
  const probabilities = logits.map((logit) => round(Math.exp(logit) / logits.reduce((sum, other) => sum + Math.exp(other), 0)));
  return {
    version: 1, kind: "attribution", input: { text }, tokens, model, quality: [{ name: "exact-gradient", value: 1 }, { name: "completeness-gap", value: 0.003 }], provenance,
    method: { name: "integrated-gradients", preset: "", options: {}, seed: 0 }, target: { index: 1, label: "positive" }, scores, value: round(value), baselineValue: 0,
    prediction: { labels: model.labels, logits: logits.map((logit) => round(logit)), probabilities },
  };
}

const files = { "attention-arabic.json": attention(1, 2, 5), "attribution-arabic.json": attribution([0.02, 0.05, -0.92, 0.44, 0.38, 1.62, 0.07, -0.03]) };
for (const [name, explanation] of Object.entries(files)) writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(explanation)}\n`);
