/** One good explanation of each kind, as fresh plain objects that a test may spoil. */
const common = () => ({
  version: 1,
  input: { text: "so good" },
  tokens: [
    { id: 101, text: "[CLS]", start: 0, end: 0, special: true },
    { id: 7, text: "so", start: 0, end: 2, special: false },
    { id: 9, text: "good", start: 3, end: 7, special: false, segment: 0 },
  ] as Record<string, unknown>[],
  model: { reference: "sentiment", name: "Sentiment", labels: ["negative", "positive"] },
  quality: [{ name: "completeness-gap", value: 0.003 }] as Record<string, unknown>[],
  provenance: { modelHash: "", library: "lexiscope 0.1.0", backend: "wasm" },
});

const answer = () => ({ labels: ["negative", "positive"], logits: [-1, 2], probabilities: [0.05, 0.95] });

const space = () => ({ layer: 3, pooling: "mean", width: 16 });

const corpus = () => ({ reference: "reviews", rows: 2, skipped: 0, broken: 1, brokenRows: [{ line: 5, reason: "3 values for 2 columns" }], textColumn: "text", labelColumn: "label" });

export const examples = {
  attention: (): Record<string, unknown> => ({
    ...common(), kind: "attention", layers: 2, heads: 4, layer: 1, head: "mean", causal: true, measure: "rollout", options: { residual: true, reach: false },
    weights: [[1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]],
  }),
  "attention-formula": (): Record<string, unknown> => ({
    ...common(), kind: "attention-formula", layers: 2, heads: 4, layer: 1, head: 3, causal: true, scale: 0.5,
    query: [[1, 0], [0, 1], [1, 1]], key: [[1, 2], [0, 1], [2, 0]], value: [[3], [4], [5]], mask: null, weights: [[1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]],
  }),
  "attention-heads": (): Record<string, unknown> => ({
    ...common(), kind: "attention-heads", layers: 2, heads: 4, causal: true, side: 2, weights: [1, 0, 0.5, 0.5],
    maps: [{ layer: 1, head: 3, entropy: 0.7, distance: 0.9, special: 0.25, self: 0.5, previous: 0.4, next: 0, first: 0.6 }] as Record<string, unknown>[],
  }),
  attribution: (): Record<string, unknown> => ({
    ...common(), kind: "attribution",
    method: { name: "integrated-gradients", preset: "", options: { rule: "adaptive", steps: 64, deep: true }, seed: 0 },
    target: { index: 1, label: "positive", contrast: { index: 0, label: "negative" } },
    scores: [0, -0.5, 2], errors: [0, 0.1, 0], hierarchy: { tokens: [1, 2], score: 1.5, children: [{ tokens: [1], score: -0.5 }, { tokens: [2], score: 2 }] }, value: 3, baselineValue: 1.5, prediction: answer(),
  }),
  prediction: (): Record<string, unknown> => ({ ...common(), kind: "prediction", ...answer() }),
  summary: (): Record<string, unknown> => ({
    ...common(), kind: "summary", method: { name: "occlusion", preset: "", options: {}, seed: 0 }, target: { index: 1, label: "positive" }, prediction: answer(), measure: "probability", value: 0.95, label: "positive",
    units: [{ text: "so", start: 0, end: 2, tokens: [1], score: -0.1 }, { text: "good", start: 3, end: 7, tokens: [2], score: 2 }],
    leftOut: [{ units: [1], value: 0.3, label: "negative", labelValue: 0.7 }, { units: [0], value: 0.97, label: "positive", labelValue: 0.97 }, { units: [1, 0], value: 0.4, label: "negative", labelValue: 0.6 }],
    trust: { completenessGap: null, area: 0.4, chance: { low: -0.3, mean: 0, high: 0.3 }, beats: 19, rankings: 20 },
  }),
  faithfulness: (): Record<string, unknown> => ({
    ...common(), kind: "faithfulness", preset: "ferret", options: { unit: "word" }, seed: 0, texts: 1, target: { index: 1, label: "positive" }, measure: "probability",
    units: [{ text: "so", start: 0, end: 2, tokens: [1] }, { text: "good", start: 3, end: 7, tokens: [2] }], metrics: ["area", "leave-one-out"],
    methods: [
      {
        method: { name: "occlusion", preset: "", options: { window: 1 }, seed: 0 }, scores: [0.1, 0.8], values: { area: 0.5, "leave-one-out": null }, deletion: [0.9, 0.2], insertion: [0.2, 0.9],
        beats: 3, evaluations: 4, stages: [{ name: "head", correlation: -0.5 }],
      },
      { method: { name: "smoothgrad", preset: "", options: {}, seed: 0 }, scores: [], values: {}, deletion: [], insertion: [], beats: 0, evaluations: 0, failed: "no gradient rule: Loop" },
    ] as Record<string, unknown>[],
    random: { rankings: 4, values: { area: { low: -0.5, mean: 0, high: 0.4 } }, deletion: [{ low: 0.9, mean: 0.9, high: 0.9 }, { low: 0.2, mean: 0.2, high: 0.2 }], insertion: [] },
  }),
  bias: (): Record<string, unknown> => ({
    ...common(), kind: "bias", input: { text: "" }, tokens: [], template: "{He|She} is {ill|well}", options: { resamples: 2000 }, seed: 0, target: { index: 1, label: "positive" }, measure: "probability",
    method: { name: "occlusion", preset: "", options: {}, seed: 0 }, groups: ["He", "She"], contexts: ["ill"],
    fillings: [{ group: 0, context: 0, text: "He is ill", label: "negative", prediction: 0.2, own: 0.1, rest: null }, { group: 1, context: 0, text: "She is ill", label: "negative", prediction: 0.3, own: -0.1, rest: null }] as Record<string, unknown>[],
    summaries: [{ group: 0, measure: "prediction", n: 1, mean: 0.2, low: null, high: null }] as Record<string, unknown>[],
    comparisons: [{ group: 1, measure: "prediction", n: 1, difference: 0.1, low: null, high: null, p: 1, exact: true, adjusted: 1, cohenD: null, cliffDelta: 1, cautions: ["few", "zero", "chance"] }] as Record<string, unknown>[],
  }),
  counterfactuals: (): Record<string, unknown> => ({
    ...common(), kind: "counterfactuals", preset: "", options: { "hotflip changes": 3 }, budget: 20, calls: 7, target: { index: 1, label: "positive", contrast: { index: 0, label: "negative" } }, measure: "probability",
    value: 0.95, margin: 3, prediction: answer(),
    methods: [{ name: "hotflip", calls: 5, ended: "results" }, { name: "ablation", calls: 1, ended: "failed", reason: "no words" }],
    results: [
      { method: "hotflip", text: "so bad", changes: [{ segment: 0, start: 3, end: 7, text: "bad" }], flipped: true, label: "negative", value: 0.1, difference: -0.85, margin: -2, estimate: -4, prediction: answer() },
    ] as Record<string, unknown>[],
  }),
  evaluation: (): Record<string, unknown> => ({
    ...common(), input: { text: "" }, tokens: [], kind: "evaluation", positive: 1,
    data: { source: "test.csv", textColumn: "text", labelColumn: "label", rows: 3, truncated: 0, skipped: 1, broken: [{ line: 4, reason: "3 cells, not 2" }] },
    options: { interval: "wilson", correction: "holm", minimum: 2, resamples: 200, seed: 0 },
    whole: { name: "", count: 3, metrics: { accuracy: { value: 0.667, low: 0.21, high: 0.94, other: 1, change: { value: 0.333, p: 1 } }, auc: { value: null } }, examples: [0] },
    slices: [
      { name: "=lang", count: 2, metrics: { accuracy: { value: 0.5, low: 0.1, high: 0.9, difference: -0.167, p: 1 } }, examples: [0] },
      { name: "lang=en", count: 1, suppressed: true, metrics: {}, examples: [] },
    ] as Record<string, unknown>[],
    worst: { tested: 3, level: 0.05, slices: [{ name: "contains not", count: 2, errors: 1, p: 0.04, examples: [0] }] as Record<string, unknown>[] },
    confusion: [[1, 0], [1, 1]],
    curves: [{ label: 1, roc: [[0, 0], [0, 1], [1, 1]], precisionRecall: [[1, 0.5]], thresholds: Array.from({ length: 101 }, () => [1, 0, 1, 1]) }] as Record<string, unknown>[],
    calibration: [{ low: 0, high: 1, count: 3, confidence: 0.8, accuracy: 0.667 }] as Record<string, unknown>[],
    comparison: { model: { reference: "b", name: "B" }, bothRight: 2, onlyFirst: 0, onlySecond: 1, bothWrong: 0, mcNemar: 1, flipRate: 0.333, lost: [], won: [0] },
    gates: [{ text: "accuracy >= 0.9", value: 0.667, count: 3, passed: false, reason: "" }, { text: "auc > 0", value: null, count: 3, passed: false, reason: "undefined" }] as Record<string, unknown>[],
    examples: [{ line: 2, text: "not bad", label: 1, predicted: 0, probability: 0.9, other: 1 }] as Record<string, unknown>[],
  }),
  examples: (): Record<string, unknown> => ({
    ...common(), kind: "examples", by: "similarity", space: space(), corpus: corpus(), method: { name: "gradient-x-input", preset: "", options: {}, seed: 0 }, target: { index: 1, label: "positive" },
    prediction: answer(), scores: [0, 0.1, 2], shared: [2],
    examples: [
      { line: 3, text: "good", label: "negative", predicted: 1, probability: 0.9, rank: 1, score: 0.8, alike: true, mismatch: true, tokens: [{ id: 9, text: "good", start: 0, end: 4, special: false }], scores: [1], shared: [0] },
      { line: 4, text: "bad", label: null, predicted: 0, probability: 0.9, rank: 2, score: -0.2, alike: false, mismatch: false, tokens: [], scores: [], shared: [] },
    ] as Record<string, unknown>[],
    nearest: { count: 2, same: 1, others: [{ rank: 2, predicted: 0, word: "bad" }], mismatches: 1 },
  }),
  "example-map": (): Record<string, unknown> => ({
    ...common(), kind: "example-map", space: space(), corpus: corpus(), projection: "pca", explained: [0.5, 0.25], prototypes: [0], criticisms: [1], seed: 0, place: [0.1, 0.2],
    examples: [
      { line: 3, text: "good", label: "positive", labelled: 1, predicted: 1, probability: 0.9, x: 1, y: -2 },
      { line: 4, text: "bad", label: null, labelled: -1, predicted: 0, probability: 0.8, x: -1, y: 2 },
    ] as Record<string, unknown>[],
    slices: { lang: { values: ["en", "zh"], of: [0, -1] } },
  }),
};

/** Sets the field at a path such as `tokens[1].end`; undefined removes it. */
export function withField(document: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  const last = steps.pop() as string;
  const owner = steps.reduce<Record<string, unknown>>((object, step) => object[step] as Record<string, unknown>, document);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return document;
}
