import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import "../../src/elements/saliency-bars/define.js";

const folder = "/test/fixtures/trees/";
const reference = async <T>(name: string): Promise<T> => (await (await fetch(`${folder}${name}.json`)).json()) as T;
const named = (row: readonly (number | null)[]) => Object.fromEntries(row.map((value, index) => [`f${index}`, value]));
const largest = (a: readonly number[], b: readonly number[]) => a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
const failure = async (promise: Promise<unknown>): Promise<string> => promise.then(() => "nothing", (error: Error) => error.message);

interface Table {
  rows: (number | null)[][];
  background: (number | null)[][];
  scores: number[][];
  path: number[][][];
  interventional: number[][][];
}
interface Words {
  texts: string[];
  words: string[];
  scores: number[][];
  values: number[][];
  base: number;
  margins: number[];
}

describe("tree ensembles as models", () => {
  before(() => configure({ runtime: "/nowhere/" })); // no runtime is needed

  it("a row of a table: shap's values, both ways of absence, all targets, missing values", async () => {
    for (const name of ["sklearn-boosting-cancer", "xgboost-wine", "lightgbm-wine"]) {
      const { rows, background, path, interventional } = await reference<Table>(name);
      const model = await loadModel(`${folder}${name}.onnx`);
      const { labels, kind } = await model.describe();
      expect(kind).to.equal("trees");
      for (const [index, row] of rows.slice(0, 3).entries()) {
        const one = labels.length === 2 && path[index]!.length === 1;
        for (const [label] of labels.entries()) {
          const of = (values: number[][][]) => (one ? values[index]![0]!.map((value) => (label === 1 ? value : -value)) : values[index]![label]!);
          const request = { kind: "attribution" as const, method: "tree-shap", text: "", features: named(row), target: String(label) };
          const explained = await model.attribute(request);
          expect(largest(explained.scores, of(path)), `${name} path`).to.be.below(1e-5);
          expect(Math.abs(explained.value! - explained.baselineValue! - explained.scores.reduce((sum, score) => sum + score, 0))).to.be.below(1e-9);
          const against = await model.attribute({ ...request, background: background.map(named) });
          expect(largest(against.scores, of(interventional)), `${name} interventional`).to.be.below(1e-5);
          expect(against.method.options).to.deep.include({ algorithm: "interventional" });
        }
      }
      await model.dispose();
    }
  });

  it("a bag of words: shap's values of each word, shared by its places, and the model's probabilities", async () => {
    const { texts, words, values, scores, base, margins } = await reference<Words>("bag-of-words");
    const model = await loadModel(`${folder}bag-of-words.onnx`);
    for (const [index, text] of texts.entries()) {
      const explained = await model.attribute({ method: "tree-shap", text, target: "1" });
      const byWord = words.map((word) => explained.tokens.reduce((sum, token, place) => (token.text.toLowerCase() === word ? sum + explained.scores[place]! : sum), 0));
      expect(largest(byWord, values[index]!)).to.be.below(1e-6);
      expect(explained.value).to.be.closeTo(margins[index]!, 1e-6);
      expect(explained.baselineValue).to.be.closeTo(base, 1e-6);
      expect(largest(explained.prediction.probabilities, scores[index]!)).to.be.below(1e-6);
      for (const { text: word, start, end } of explained.tokens) expect(text.slice(start, end)).to.equal(word);
    }
    await model.dispose();
  });

  it("says what is wrong with a row, and what a tree ensemble has not", async () => {
    const { rows } = await reference<Table>("sklearn-boosting-cancer");
    const model = await loadModel(`${folder}sklearn-boosting-cancer.onnx`);
    const features = named(rows[0]!);
    const ask = (more: object) => failure(model.attribute({ method: "tree-shap", text: "", features, ...more }));
    expect(await ask({ features: { age: 1 } })).to.contain("1 features are given; the trees take 30");
    expect(await ask({ features: { ...features, f3: "old" } })).to.contain('feature "f3" is "old"');
    expect(await ask({ method: "lime" })).to.contain('method="tree-shap"');
    expect(await ask({ target: "2" })).to.contain("target");
    expect(await failure(model.attribute({ method: "tree-shap", text: "a text" }))).to.contain("features=");
    expect(await failure(model.attention({ text: "a", layer: 0, head: 0 }))).to.contain("no attention");
    expect(await failure(model.gradient({ text: "a" }))).to.contain("no gradient");
    await model.dispose();
  });
});

describe("<saliency-bars features>", () => {
  before(() => configure({ runtime: "/nowhere/" }));

  it("draws a bar a feature, names it with its value, and asks again when a value changes", async () => {
    const { rows } = await reference<Table>("sklearn-boosting-cancer");
    const element = await fixture<SaliencyBars>(html`<saliency-bars loading="eager" model="${folder}sklearn-boosting-cancer.onnx" features=${JSON.stringify(named(rows[0]!))} top="5" order="score"></saliency-bars>`);
    const first = await element.ready;
    expect(first.tokens.length).to.equal(30);
    await element.updateComplete;
    const options = [...element.renderRoot.querySelectorAll("[role=option]")];
    expect(options.length).to.equal(5);
    expect(options[0]!.textContent).to.match(/f\d+ = /);
    await expect(element).to.be.accessible();
    element.features = { ...element.features, f0: null };
    const second = await element.ready;
    expect(second.input.text).to.contain("f0 = ?");
    expect(second).to.not.equal(first);
    const stored = await fixture<SaliencyBars>(html`<saliency-bars .explanation=${first} features=${JSON.stringify(named(rows[0]!))}></saliency-bars>`);
    expect(stored.state).to.equal("ready");
  });

  it("says what is wrong with the attribute, and lives on", async () => {
    const element = await fixture<SaliencyBars>(html`<saliency-bars loading="eager" model="${folder}sklearn-tree-cancer.onnx" features="{age: 41}"></saliency-bars>`);
    await waitUntil(() => element.state === "error");
    expect(element.renderRoot.textContent).to.contain("features=");
    const { rows } = await reference<Table>("sklearn-tree-cancer");
    element.features = named(rows[0]!);
    expect((await element.ready).scores.length).to.equal(30);
  });
});
