/** What each kind of model is asked and how it answers, in functions and through the elements. The zoo has no such models: they are built here. */
import { expect, fixture } from "@open-wc/testing";
import "../../src/define.js";
import type { LexiscopeError } from "../../src/base/errors.js";
import type { PredictionBars } from "../../src/elements/prediction-bars/prediction-bars.js";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { BackendName, LanguageModel } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { PredictionExplanation } from "../../src/explanation/types.js";
import { int64 } from "../../src/tensor/tensor.js";
import type { Line, Parts } from "../anatomy/hand-built.js";
import { difference, gpt2, gptText, useRuntime } from "./toys.js";
import { noise, serveModels, virtualModel } from "./virtual-models.js";

const WIDTH = 8;
const VOCABULARY = 100;
const tokens = ["int64", "batch", "token"] as const;
const words = noise(1, VOCABULARY, WIDTH);
const weight = noise(2, WIDTH, WIDTH);
const lookup: Line = "x = Gather(words, input_ids)";
const states: Line[] = [lookup, "u = MatMul(x, weight)"];

/** Without attention: the mean of the words decides. */
const bag: Parts = {
  inputs: { input_ids: tokens }, constants: { words, head: noise(3, WIDTH, 3) },
  lines: [lookup, ["mean = ReduceMean(x)", { axes: [1], keepdims: 0 }], "logits = MatMul(mean, head)"], outputs: ["logits"],
};
/** A score a word for every token, which sees its neighbours. */
const masked: Parts = {
  inputs: { input_ids: tokens, attention_mask: tokens }, constants: { words, weight, out: noise(4, WIDTH, VOCABULARY) },
  lines: [...states, "h = Tanh(u)", ["mean = ReduceMean(h)", { axes: [1], keepdims: 1 }], "s = Add(h, mean)", "logits = MatMul(s, out)"], outputs: ["logits"],
};
const encoder: Parts = { inputs: { input_ids: tokens, attention_mask: tokens }, constants: { words, weight }, lines: [...states, "last_hidden_state = Tanh(u)"], outputs: ["last_hidden_state"] };
/** As BERT without a head is exported: states, and the pooler of its second training task. */
const pooler: Parts = {
  ...encoder, constants: { words, weight, first: int64([0], []), last: noise(5, WIDTH, WIDTH) },
  lines: [...states, "last_hidden_state = Tanh(u)", ["cls = Gather(last_hidden_state, first)", { axis: 1 }], "dense = MatMul(cls, last)", "pooler_output = Tanh(dense)"], outputs: ["last_hidden_state", "pooler_output"],
};
/** A decoder that wants a past; `dtype`: of its keys and values. */
const decoder = (dtype: "float32" | "float16", dims: readonly (string | number)[]): Parts => ({
  inputs: {
    input_ids: tokens, attention_mask: ["int64", "batch", "past + token"], position_ids: tokens, num_logits_to_keep: ["int64"],
    "past_key_values.0.key": [dtype, ...dims], "past_key_values.0.value": [dtype, ...dims],
  },
  constants: { words, weight, positions: noise(6, 24, WIDTH), out: noise(7, WIDTH, VOCABULARY), split: int64([0, 0, 2, 4]), merge: int64([0, 0, WIDTH]) },
  lines: [
    lookup, "place = Gather(positions, position_ids)", "e = Add(x, place)", "k0 = MatMul(e, weight)", "k1 = Reshape(k0, split)", ["k = Transpose(k1)", { perm: [0, 2, 1, 3] }],
    ["pk = Cast(past_key_values.0.key)", { to: 1 }], ["pv = Cast(past_key_values.0.value)", { to: 1 }], ["keys = Concat(pk, k)", { axis: 2 }], ["values = Concat(pv, k)", { axis: 2 }],
    ["kt = Transpose(keys)", { perm: [0, 1, 3, 2] }], "s = MatMul(k, kt)", ["p = Softmax(s)", { axis: -1 }], "c = MatMul(p, values)", ["c1 = Transpose(c)", { perm: [0, 2, 1, 3] }], "c2 = Reshape(c1, merge)",
    "y = Add(e, c2)", "logits = MatMul(y, out)",
  ],
  outputs: ["logits"],
});

const failure = (promise: Promise<unknown>): Promise<LexiscopeError> => promise.then(() => { throw new Error("no error"); }, (error: LexiscopeError) => error);
const row = (table: { readonly data: Float32Array }, index: number): number[] => Array.from(table.data.subarray(index * WIDTH, (index + 1) * WIDTH));

/** tanh(E·W), averaged: what the encoder's vector is, computed here. */
function vector(embeddings: readonly (readonly number[])[]): number[] {
  const hidden = embeddings.map((x) => Array.from({ length: WIDTH }, (_, j) => Math.tanh(x.reduce((sum, value, i) => sum + value * weight.data[i * WIDTH + j]!, 0))));
  return Array.from({ length: WIDTH }, (_, j) => hidden.reduce((sum, h) => sum + h[j]!, 0) / hidden.length);
}
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

async function element<T extends HTMLElement & { ready: Promise<unknown>; updateComplete: Promise<unknown> }>(tag: string, attributes: Readonly<Record<string, string>>): Promise<T> {
  const home = await fixture<HTMLElement>("<div></div>");
  const made = document.createElement(tag) as T;
  for (const [name, value] of Object.entries({ loading: "eager", backend: "wasm", lang: "en", ...attributes })) made.setAttribute(name, value);
  home.append(made);
  await made.ready;
  await made.updateComplete;
  return made;
}
const shown = (made: HTMLElement): string => made.shadowRoot!.querySelector("figure")!.textContent.replace(/\s+/g, " ").trim();

describe("kinds of models", function () {
  this.timeout(30_000);
  let restore: () => void;
  const open: LanguageModel[] = [];
  const load = async (reference: string, backend: BackendName = "wasm"): Promise<LanguageModel> => {
    const model = await loadModel(reference, { backend });
    open.push(model);
    return model;
  };
  before(() => {
    useRuntime();
    configure({ worker: false });
    restore = serveModels();
  });
  after(async () => {
    restore();
    await Promise.all(open.map((model) => model.dispose()));
    configure({ worker: true });
  });

  it("a classifier without attention: exact gradients, and attention is refused with the reason", async () => {
    const reference = await virtualModel("bag", bag, { architectures: ["BagForSequenceClassification"], id2label: { 0: "cold", 1: "mild", 2: "warm" } });
    const model = await load(reference);
    expect(await model.describe()).to.include({ kind: "classifier", attention: false, gradient: "exact", layers: 0 });
    const found = await model.attribute({ text: "the film was good", method: "gradient-x-input", target: "warm" });
    expect(found.scores.reduce((sum, score) => sum + score, 0)).to.be.closeTo(found.value!, 1e-5); // linear without a bias
    const occluded = await model.attribute({ text: "the film was good", method: "occlusion", target: "warm", options: { baseline: "zero" } });
    expect(difference(occluded.scores, found.scores)).to.be.below(1e-4);
    expect((await failure(model.attention({ text: "good", layer: 0, head: 0 }))).message).to.equal("no attention found in this model: the graph has no Softmax");
    const bars = await element<PredictionBars>("prediction-bars", { model: reference, text: "the film was good" });
    expect(shown(bars)).to.match(/^What the model predicts.*cold.*mild.*warm/);
    const saliency = await element<SaliencyBars>("saliency-bars", { model: reference, text: "the film was good", target: "warm" });
    expect(saliency.explanation!.target.label).to.equal("warm");
  });

  it("labels that do not exclude one another have probabilities of their own", async () => {
    const reference = await virtualModel("multi", bag, { architectures: ["BagForSequenceClassification"], problem_type: "multi_label_classification" });
    const { logits, probabilities, labels } = await (await load(reference)).predict({ text: "good" });
    expect(labels).to.deep.equal(["0", "1", "2"]);
    expect(difference(probabilities, logits.map((logit) => 1 / (1 + Math.exp(-logit))))).to.be.below(1e-6);
  });

  it("whether one text follows another is a class of a text", async () => {
    const model = await load(await virtualModel("next", { ...bag, constants: { words, head: noise(3, WIDTH, 2) } }, { architectures: ["BagForNextSentencePrediction"] }));
    expect(await model.describe()).to.include({ kind: "classifier", gradient: "exact" });
    expect((await model.predict({ text: "good", textPair: "film" })).logits).to.have.length(2);
  });

  for (const architectures of [["BagForPreTraining"], undefined])
    it(`one score a token is no row of scores a text (${architectures?.[0] ?? "no architecture is named"}): said so`, async () => {
      const parts: Parts = {
        inputs: { input_ids: tokens }, constants: { words, weight, head: noise(3, WIDTH, 1), last: int64([-1]) },
        lines: [...states, "h = Tanh(u)", "column = MatMul(h, head)", "logits = Squeeze(column, last)"], outputs: ["logits"],
      };
      const model = await load(await virtualModel(`discriminator${architectures?.length ?? 0}`, parts, architectures ? { architectures } : {}));
      expect(await model.describe()).to.include({ kind: "other" });
      expect((await failure(model.predict({ text: "good" }))).message).to.contain("gives other things than one row of scores a text");
    });

  it("a regression's one score is no probability", async () => {
    const reference = await virtualModel("regression", { ...bag, constants: { words, head: noise(3, WIDTH, 1) } }, { architectures: ["BagForSequenceClassification"], id2label: { 0: "stars" } });
    const found = await (await load(reference)).predict({ text: "good" });
    expect([found.labels, found.probabilities]).to.deep.equal([["stars"], []]);
    expect(parseExplanation(found)).to.equal(found);
    const bars = await element<PredictionBars>("prediction-bars", { model: reference, text: "good" });
    expect(shown(bars)).to.contain("stars").and.not.contain("%");
    expect(await (await bars.toBlob("svg")).text()).to.match(/^<svg /);
  });

  it("a language model: the next token, by the likeliest or by name", async () => {
    const bars = await element<PredictionBars>("prediction-bars", { model: gpt2, text: gptText, top: "3" });
    const { labels, probabilities } = bars.explanation as PredictionExplanation;
    expect(shown(bars)).to.match(/^Likeliest tokens here/).and.to.contain(labels[0]!);
    expect(bars.shadowRoot!.querySelectorAll("li")).to.have.length(3);
    expect([...probabilities].sort((a, b) => b - a)).to.deep.equal(probabilities);
    const likeliest = await element<SaliencyBars>("saliency-bars", { model: gpt2, text: gptText, method: "gradient-x-input" });
    expect(likeliest.explanation!.target.label).to.equal(labels[0]);
    const named = await element<SaliencyBars>("saliency-bars", { model: gpt2, text: gptText, method: "gradient-x-input", target: "film" });
    expect(named.explanation!.target).to.deep.equal({ index: 7, label: "film" });
    const contrast = await element<SaliencyBars>("saliency-bars", { model: gpt2, text: gptText, method: "gradient-x-input", target: "film - plot" });
    expect(contrast.explanation!.target).to.deep.equal({ index: 7, label: "film", contrast: { index: 8, label: "plot" } });
    const model = await load(gpt2);
    expect((await failure(model.attribute({ text: gptText, method: "occlusion", target: "film plot" }))).message).to.match(/^target "film plot" is 2 tokens/);
    expect((await failure(model.attribute({ text: gptText, method: "occlusion", target: "zzz" }))).code).to.equal("bad-input");
  });

  it("a masked model: the masked place, the first of several, and says so", async () => {
    const reference = await virtualModel("masked", masked, {}); // told by its shape alone
    const model = await load(reference);
    expect(await model.describe()).to.include({ kind: "masked-lm", gradient: "exact" });
    expect((await failure(model.predict({ text: "the film was good" }))).message).to.match(/the text has no \[MASK\]/);
    const one = await model.predict({ text: "the [MASK] was good" });
    expect(one.quality).to.deep.equal([]);
    const two = await model.predict({ text: "the [MASK] was [MASK]" });
    expect(two.quality).to.deep.equal([{ name: "masks", value: 2 }]);
    const bars = await element<PredictionBars>("prediction-bars", { model: reference, text: "the [MASK] was [MASK]" });
    await bars.updateComplete;
    const [mask, the, was] = [4, 5, 11].map((id) => vector([row(words, id)])); // tanh(e·W) of each token
    const mean = mask!.map((value, i) => (2 * value + the![i]! + was![i]!) / 4);
    const out = noise(4, WIDTH, VOCABULARY);
    const logits = Array.from({ length: VOCABULARY }, (_, word) => mask!.reduce((sum, value, i) => sum + (value + mean[i]!) * out.data[i * VOCABULARY + word]!, 0));
    expect(difference(two.logits, logits.sort((a, b) => b - a).slice(0, 10))).to.be.below(1e-5);
    const saliency = await element<SaliencyBars>("saliency-bars", { model: reference, text: "the [MASK] was [MASK]", target: "film" });
    expect(saliency.explanation!.quality[0]).to.deep.equal({ name: "masks", value: 2 });
    expect(saliency.explanation!.value).to.be.closeTo(mask!.reduce((sum, value, i) => sum + (value + mean[i]!) * out.data[i * VOCABULARY + 7]!, 0), 1e-4);
  });

  for (const [name, parts] of [["encoder", encoder], ["pooler", pooler]] as const) {
    for (const backend of ["wasm", "webgpu"] as const) {
      it(`a model without a head (${name}) on ${backend}: the cosine of two texts, with exact gradients`, async () => {
        const reference = await virtualModel(name, parts, { architectures: ["ToyModel"] });
        const model = await load(reference, backend);
        expect(await model.describe()).to.deep.include({ kind: "encoder", gradient: "exact", labels: ["cosine"] });
        const input = { text: "the film was good", textPair: "a dull plot" };
        const [first, second] = [[5, 7, 11, 14], [6, 16, 8]].map((ids) => ids.map((id) => row(words, id)));
        const wanted = cosine(vector(first!), vector(second!));
        const found = await model.predict(input);
        expect([found.labels, found.probabilities]).to.deep.equal([["cosine"], []]);
        expect(found.logits[0]).to.be.closeTo(wanted, 1e-5);
        expect(parseExplanation(found)).to.equal(found);
        expect((await model.predict({ text: input.text, textPair: input.text })).logits[0]).to.be.closeTo(1, 1e-5);
        // the gradient against central differences of the formula
        const { gradient, value } = await model.gradient(input);
        expect(value).to.be.closeTo(wanted, 1e-5);
        const step = 1e-4;
        const numeric = first!.flatMap((embedding, token) => embedding.map((_, feature) => {
          const moved = (by: number) => cosine(vector(first!.map((each, at) => each.map((x, i) => (at === token && i === feature ? x + by : x)))), vector(second!));
          return (moved(step) - moved(-step)) / (2 * step);
        }));
        expect(difference(gradient, numeric)).to.be.below(1e-3);
        const attributed = await model.attribute({ ...input, method: "integrated-gradients" });
        expect(attributed.scores).to.have.length(4);
        expect(attributed.target).to.deep.equal({ index: 0, label: "cosine" });
        const shapley = await model.attribute({ ...input, method: "exact-shapley", options: { mask: "mask" } });
        expect(shapley.scores.reduce((sum, score) => sum + score, 0)).to.be.closeTo(shapley.value! - shapley.baselineValue!, 1e-5);
        expect((await failure(model.predict({ text: "good" }))).message).to.match(/cosine of two texts; give the second one as text-pair/);
      });
    }
  }

  it("a sentence encoder pools as the file beside it says", async () => {
    const reference = await virtualModel("first", encoder, {}, { "1_Pooling/config.json": { pooling_mode_cls_token: true } });
    const found = await (await load(reference)).predict({ text: "the film was good", textPair: "a dull plot" });
    expect(found.logits[0]).to.be.closeTo(cosine(vector([row(words, 5)]), vector([row(words, 6)])), 1e-5);
  });

  it("<prediction-bars> shows the cosine, its sign in words and colour, in both languages", async () => {
    const reference = await virtualModel("encoder", encoder, { architectures: ["ToyModel"] });
    const bars = await element<PredictionBars>("prediction-bars", { model: reference, text: "the film was good", "text-pair": "a dull plot" });
    expect(shown(bars)).to.match(/^How alike the two texts are.*cosine.*[+−-]?0\.\d/).and.not.contain("%");
    const chinese = await element<PredictionBars>("prediction-bars", { model: reference, text: "the film was good", "text-pair": "a dull plot", lang: "zh" });
    expect(shown(chinese)).to.match(/^两段文本有多相似.*余弦/);
  });

  for (const dtype of ["float32", "float16"] as const) {
    it(`a decoder with a ${dtype} past is fed an empty one`, async () => {
      const config = { architectures: ["ToyForCausalLM"], num_attention_heads: 2, hidden_size: WIDTH };
      const plain = await load(await virtualModel(`past-${dtype}`, decoder(dtype, ["batch", 2, "past", 4]), config));
      const found = await plain.predict({ text: gptText });
      expect(await plain.describe()).to.include({ kind: "causal-lm", gradient: "exact", layers: 1 });
      const open = await load(await virtualModel(`past-open-${dtype}`, decoder(dtype, ["batch", "heads", "past", "size"]), config)); // the sizes are in config.json
      expect((await open.predict({ text: gptText })).logits).to.deep.equal(found.logits);
      const weights = (await plain.attention({ text: gptText, layer: 0, head: 1 })).weights;
      expect(weights.map((each) => each.length)).to.deep.equal([4, 4, 4, 4]);
    });
  }

  it("what nobody can fill is asked for by name", async () => {
    const image = await virtualModel("image", { ...bag, inputs: { input_ids: tokens, pixel_values: ["float32", "batch", 3, 4, 4] } }, {});
    const error = await failure(loadModel(image, { backend: "wasm" }));
    expect(error.message).to.match(/^cannot fill the model's input "pixel_values" \(float32\[batch, 3, 4, 4\]\); known are input_ids/);
    const sizes = await load(await virtualModel("sizes", decoder("float32", ["batch", "heads", "past", "size"]), { architectures: ["ToyForCausalLM"] }));
    expect((await failure(sizes.predict({ text: gptText }))).message).to.match(/^neither the file nor config.json says the shape of input "past_key_values.0.key"/);
  });
});
