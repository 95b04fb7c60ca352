// The functions as a program without types meets them, in Node, from the built package: wrong values are refused by name, an abort is heard. Needs dist/ (npm run build).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadModel, parseExplanation } from "../../dist/index.js";
import { plainExplanation } from "../../dist/explanation/plain.js";

const bert = fileURLToPath(new URL("../engine/fixtures/bert", import.meta.url));
const text = "the film was not good";
let model;

before(async () => (model = await loadModel(bert)));
after(() => model.dispose());

const refused = (promise, pattern) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, "LexiscopeError", error.stack);
    assert.equal(error.code, "bad-input", error.message);
    assert.match(error.message, pattern);
    return true;
  });

test("loadModel refuses what names no model and no backend", async () => {
  for (const reference of [undefined, null, 5, {}]) await refused(loadModel(reference), /a model is named by a string/);
  await refused(loadModel(bert, { backend: "cpu" }), /backend "cpu" is not possible; use auto, webgpu, wasm/);
});

test("a request without a kind is an attribution", async () => {
  const explanation = await model.explain({ text, method: "gradient-x-input", target: "positive" });
  assert.equal(explanation.kind, "attribution");
  assert.equal(explanation.target.label, "positive");
});

test("what is null is absent, and a target may be a number", async () => {
  const explanation = await model.explain({ kind: "attribution", text, textPair: null, method: "gradient-x-input", target: 2, preset: null, seed: undefined });
  assert.equal(explanation.target.index, 2);
  assert.equal((await model.gradient({ text, target: null })).tokens.length, 7);
  assert.equal((await model.attention({ text, layer: null, head: null })).layer, "mean");
});

for (const [name, ask, pattern] of [
  ["no request", (m) => m.predict(), /predict takes an object such as \{ text: "…" \}, not undefined/],
  ["a string", (m) => m.explain("hello"), /explain takes an object/],
  ["no text", (m) => m.tokenize({}), /tokenize needs a text/],
  ["a number as text", (m) => m.predict({ text: 5 }), /text must be a string, not 5/],
  ["a number as second text", (m) => m.predict({ text, textPair: 5 }), /textPair must be a string, not 5/],
  ["a seed that is none", (m) => m.explain({ text, method: "smoothgrad", seed: NaN }), /seed must be a whole number, not NaN/],
  ["a seed as text", (m) => m.explain({ text, method: "smoothgrad", seed: "3" }), /seed must be a whole number, not "3"/],
  ["no repeats", (m) => m.explain({ text, method: "smoothgrad", repeats: 0 }), /repeats must be a whole number from 1 to 1000, not 0/],
  ["layers as text", (m) => m.explain({ kind: "attention-heads", text, layers: "0" }), /layers must be a list, not "0"/],
  ["methods as text", (m) => m.explain({ kind: "faithfulness", text, methods: "occlusion" }), /methods must be a list/],
  ["a unit that is none", (m) => m.explain({ kind: "faithfulness", text, unit: "letter" }), /unit must be word or token, not "letter"/],
  ["options as text", (m) => m.explain({ text, method: "occlusion", options: "window=2" }), /options must be an object/],
  ["a kind that every object has", (m) => m.explain({ kind: "constructor", text }), /no explanation of kind "constructor"/],
  ["no corpus", (m) => m.explain({ kind: "examples", text }), /no corpus/],
])
  test(`refused by name: ${name}`, () => refused(ask(model), pattern));

test("an abort is heard while the thread computes", async () => {
  const abort = new AbortController();
  const asked = performance.now();
  const long = model.explain({ text: `${text} `.repeat(4), method: "kernel-shap", options: { samples: 20_000 } }, { signal: abort.signal });
  setTimeout(() => abort.abort(), 30);
  await assert.rejects(long, ({ code }) => code === "aborted");
  const whole = performance.now();
  await model.explain({ text: `${text} `.repeat(4), method: "kernel-shap", options: { samples: 20_000 } });
  assert.ok(whole - asked < (performance.now() - whole) / 2, "it ran to its end all the same");
});

test("a request that names a corpus is answered with the corpus as its author named it", async () => {
  const file = fileURLToPath(new URL("../../corpora/reviews.json", import.meta.url));
  const explanation = await model.explain({ kind: "examples", text, corpus: file, count: 2, method: "gradient-x-input" });
  assert.equal(explanation.corpus.reference, file);
  assert.equal(parseExplanation(JSON.parse(JSON.stringify(explanation))).kind, "examples");
});

test("the grid's weights survive their JSON", async () => {
  const explanation = await model.explain({ kind: "attention-heads", text });
  const { weights } = JSON.parse(JSON.stringify(plainExplanation(explanation)));
  assert.deepEqual(Float32Array.from(weights), explanation.weights);
});
