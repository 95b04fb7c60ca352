/** A model that answers at once, or when told to: whole words are its tokens, numbers follow from the text. Counts what it is asked. */
import type { ExplainRequest, LanguageModel, LoadModel, LoadOptions, RunOptions } from "../../src/engine/types.js";
import type { AttentionExplanation, AttentionHeadsExplanation, AttributionExplanation, Counterfactual, CounterfactualsExplanation, Explanation, PredictionExplanation, Token } from "../../src/explanation/types.js";
import { deletion, editedText } from "../../src/methods/counterfactuals/text-edits.js";
import { headStatistics } from "../../src/methods/attention/head-statistics.js";
import { LexiscopeError } from "../../src/base/errors.js";

export const labels = ["negative", "positive"];

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(/\S+/g)].map((match, id) => ({ id, text: match[0], start: match.index, end: match.index + match[0].length, special: false }));
}

const common = (text: string, reference: string) => ({
  version: 1 as const, input: { text }, tokens: tokensOf(text), model: { reference, name: reference, labels }, quality: [], provenance: { modelHash: "", library: "test", backend: "wasm" as const },
});

export function attentionOf(text: string, layer: AttentionExplanation["layer"] = 0, head: AttentionExplanation["head"] = 0, reference = "fake"): AttentionExplanation {
  const base = common(text, reference);
  const count = base.tokens.length;
  const weights = base.tokens.map((_, query) => base.tokens.map((__, key) => (2 * (((query + key) % count) + 1)) / (count * (count + 1))));
  return { ...base, kind: "attention", layers: 3, heads: 2, layer, head, causal: false, weights };
}

/** Three layers of two heads; head h of layer l looks l + h tokens back, or at the first, and a little everywhere. */
export function headsOf(text: string, layers: readonly number[] = [0, 1, 2], reference = "fake"): AttentionHeadsExplanation {
  const base = common(text, reference);
  const side = base.tokens.length;
  const special = base.tokens.map((token) => token.special);
  const places = layers.flatMap((layer) => [0, 1].map((head) => ({ layer, head })));
  const weights = new Float32Array(places.length * side ** 2);
  const maps = places.map(({ layer, head }, position) => {
    const map = weights.subarray(position * side ** 2, (position + 1) * side ** 2);
    for (let query = 0; query < side; query++) for (let key = 0; key < side; key++) map[query * side + key] = 0.25 / side + (key === Math.max(0, query - layer - head) ? 0.75 : 0);
    return { layer, head, ...headStatistics(map, special) };
  });
  return { ...base, kind: "attention-heads", layers: 3, heads: 2, causal: false, maps, side, weights };
}

export function attributionOf(text: string, method = "integrated-gradients", reference = "fake"): AttributionExplanation {
  const base = common(text, reference);
  const scores = base.tokens.map((_, index) => (index % 2 ? -1 : 1) * (index + 1) * 0.25);
  return {
    ...base, kind: "attribution", method: { name: method, preset: "", options: {}, seed: 0 }, target: { index: 1, label: "positive" }, scores,
    prediction: { labels, logits: [-1, 1], probabilities: [0.12, 0.88] },
  };
}

export function predictionOf(text: string, reference = "fake"): PredictionExplanation {
  return { ...common(text, reference), kind: "prediction", labels, logits: [-1, 1], probabilities: [0.12, 0.88] };
}

/** The text with each of its words left out; leaving out every second one turns the prediction. */
export function counterfactualsOf(text: string, reference = "fake"): CounterfactualsExplanation {
  const base = common(text, reference);
  const prediction = { labels, logits: [-1, 1], probabilities: [0.12, 0.88] };
  const results = base.tokens.slice(0, 3).map(({ start, end }, index): Counterfactual => {
    const change = deletion(text, start, end);
    const flipped = index % 2 === 0;
    const value = flipped ? 0.2 : 0.7;
    return {
      method: "ablation", text: editedText(text, [change]), changes: [{ segment: 0, ...change }], flipped, label: flipped ? "negative" : "positive", value, difference: value - 0.88, margin: flipped ? -1 : 1,
      prediction: { labels, logits: flipped ? [1, -0.4] : [-0.4, 0.45], probabilities: [1 - value, value] },
    };
  });
  return {
    ...base, kind: "counterfactuals", preset: "", options: {}, budget: 50, calls: 9, target: { index: 1, label: "positive", contrast: { index: 0, label: "negative" } }, measure: "probability", value: 0.88, margin: 2, prediction,
    methods: [{ name: "ablation", calls: 8, ended: "complete" }], results,
  };
}

export interface Fake {
  readonly load: LoadModel;
  readonly loads: { reference: string; options: LoadOptions }[];
  readonly asked: { request: ExplainRequest; options: RunOptions }[];
  disposed: number;
  /** waits for this before it answers */
  gate: (request: ExplainRequest) => Promise<void>;
}

export function fakeEngine(): Fake {
  const fake: Fake = {
    loads: [], asked: [], disposed: 0, gate: async () => {},
    load: async (reference, options = {}) => {
      fake.loads.push({ reference, options });
      options.onProgress?.({ phase: "download", loaded: 5e6, total: 1e7 });
      await Promise.resolve();
      if (reference === "broken") throw new LexiscopeError("not-found", `no model "broken"`, { phase: "download" });
      return model(reference);
    },
  };
  const model = (reference: string) =>
    ({
      reference,
      explain: async (request: ExplainRequest, options: RunOptions = {}): Promise<Explanation> => {
        fake.asked.push({ request, options });
        options.onProgress?.({ phase: "explain", loaded: 1, total: 4 });
        await fake.gate(request);
        if (request.kind === "attention") return attentionOf(request.text, request.layer, request.head, reference);
        if (request.kind === "attention-heads") return headsOf(request.text, request.layers, reference);
        if (request.kind === "attribution") return attributionOf(request.text, request.method, reference);
        if (request.kind === "counterfactuals") return counterfactualsOf(request.text, reference);
        return predictionOf(request.text, reference);
      },
      dispose: async () => void fake.disposed++,
    }) as unknown as LanguageModel;
  return fake;
}

/** A promise with its handles. */
export function gate(): { promise: Promise<void>; open: () => void } {
  let open!: () => void;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}
