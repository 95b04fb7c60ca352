// Writes the sample explanations of the stories: made up by a seeded rule, not by a model, and labelled so in `model.name`. They have the
// shape of real ones, so that stories and tests need neither model nor network. Run: node stories/data/make-samples.mjs
import { writeFileSync } from "node:fs";

const sample = { reference: "sample", name: "sample, not a model's output", labels: ["negative", "positive"] };
const provenance = { modelHash: "", library: "lexiscope 0.1.0", backend: "" };
const round = (value, digits = 4) => Number(value.toFixed(digits));

function generator(seed) {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0), state / 2 ** 32);
}

function tokensOf(text, pieces) {
  let at = 0;
  const inside = pieces.map((piece, index) => {
    const start = text.toLowerCase().indexOf(piece.replace(/^##/, "").toLowerCase(), at);
    at = start + piece.replace(/^##/, "").length;
    return { id: 1000 + index, text: piece, start, end: at, special: false };
  });
  return [{ id: 101, text: "[CLS]", start: 0, end: 0, special: true }, ...inside, { id: 102, text: "[SEP]", start: text.length, end: text.length, special: true }];
}

/** A head that looks at itself, at its neighbours and at some words; rows sum to 1. */
function attention(text, pieces, layer, head, seed) {
  const tokens = tokensOf(text, pieces);
  const random = generator(seed);
  const pull = tokens.map(() => random() ** 3 * 4);
  const weights = tokens.map((_, query) => {
    const scores = tokens.map((__, key) => Math.exp(pull[key] - 0.9 * Math.abs(query - key) + 1.4 * random()));
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => round(score / sum));
  });
  return { version: 1, kind: "attention", input: { text }, tokens, model: sample, quality: [], provenance, layers: 4, heads: 4, layer, head, causal: false, weights };
}

function attribution(text, pieces, scores, label, { name = "integrated-gradients", errors, quality } = {}) {
  const tokens = tokensOf(text, pieces);
  const all = [round(0.02), ...scores, round(-0.03)];
  const value = all.reduce((sum, score) => sum + score, 0);
  const index = sample.labels.indexOf(label);
  const logits = index === 1 ? [-value / 2, value / 2] : [value / 2, -value / 2];
  const probabilities = logits.map((logit) => round(Math.exp(logit) / logits.reduce((sum, other) => sum + Math.exp(other), 0)));
  return {
    version: 1, kind: "attribution", input: { text }, tokens, model: sample, quality: quality ?? [{ name: "exact-gradient", value: 1 }, { name: "completeness-gap", value: 0.003 }], provenance,
    method: { name, preset: "", options: {}, seed: 0 }, target: { index, label }, scores: all, ...(errors && { errors: [0.02, ...errors, 0.02] }), value: round(value), baselineValue: 0,
    prediction: { labels: sample.labels, logits: logits.map((logit) => round(logit)), probabilities },
  };
}

function prediction({ input, tokens, model, prediction: { labels, logits, probabilities } }) {
  return { version: 1, kind: "prediction", input, tokens, model, quality: [], provenance, labels, logits, probabilities };
}

const english = "The plot drags, but the acting saves it.";
const englishPieces = ["the", "plot", "drag", "##s", ",", "but", "the", "acting", "saves", "it", "."];
const chinese = "剧情拖沓，但演员很出色。";
const chinesePieces = [..."剧情拖沓，但演员很出色。"];
const arabic = "الفيلم بطيء لكن التمثيل رائع.";
const arabicPieces = ["الفيلم", "بطيء", "لكن", "التمثيل", "رائع", "."];

const english2 = attribution(english, englishPieces, [0.04, -0.18, -1.12, -0.31, 0.05, 0.74, 0.03, 0.66, 1.87, 0.09, 0.12], "positive");
const files = {
  "attention.json": attention(english, englishPieces, 1, 0, 7),
  "attention-chinese.json": attention("这是一个示例文本。", [..."这是一个示例文本。"], 0, 1, 11),
  "attention-arabic.json": attention(arabic, arabicPieces, 1, 2, 5),
  "attribution.json": english2,
  "attribution-chinese.json": attribution(chinese, chinesePieces, [-0.22, -0.15, -0.71, -0.88, 0.02, 0.61, 0.12, 0.2, 0.34, 1.24, 1.38, 0.06], "positive"),
  "attribution-arabic.json": attribution(arabic, arabicPieces, [0.05, -0.92, 0.44, 0.38, 1.62, 0.07], "positive"),
  "attribution-sampled.json": attribution(english, englishPieces, [0.02, -0.25, -0.94, -0.22, 0.01, 0.6, 0.06, 0.71, 1.66, 0.05, 0.1], "positive", {
    name: "kernel-shap", errors: [0.03, 0.06, 0.11, 0.08, 0.03, 0.09, 0.03, 0.07, 0.12, 0.03, 0.03], quality: [{ name: "evaluations", value: 512 }, { name: "sampling-error", value: 0.021 }],
  }),
  "prediction.json": prediction(english2),
};
for (const [name, explanation] of Object.entries(files)) writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(explanation)}\n`);
