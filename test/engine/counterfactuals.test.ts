/** Counterfactuals of real models: every listed text says what the list says, sets are minimal, and the budget is never exceeded. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import { embeddingTable } from "../../src/engine/embedding-table.js";
import { loadLocalModel } from "../../src/engine/load-local-model.js";
import type { LocalModel } from "../../src/engine/local-model.js";
import { configure, locateModel } from "../../src/engine/locations.js";
import type { CounterfactualsRequest } from "../../src/engine/requests.js";
import type { LanguageModel, RunOptions } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { Counterfactual, CounterfactualsExplanation } from "../../src/explanation/types.js";
import { editedText } from "../../src/methods/counterfactuals/text-edits.js";
import { bert, gpt2, gptText, text, useRuntime } from "./toys.js";
import { rejection } from "../methods/toys.js";

const asked = async (model: LanguageModel, request: CounterfactualsRequest, options: RunOptions = {}) => (await model.explain({ kind: "counterfactuals", ...request }, options)) as CounterfactualsExplanation;
const bestOf = (labels: readonly string[], logits: readonly number[]) => labels[logits.indexOf(Math.max(...logits))];

async function expectTrue(model: LanguageModel, found: CounterfactualsExplanation): Promise<void> {
  expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
  expect(found.calls).to.be.at.most(found.budget);
  for (const result of found.results) {
    expect(editedText(found.input.text, result.changes), result.method).to.equal(result.text);
    const again = await model.predict({ text: result.text });
    again.logits.forEach((logit, index) => expect(logit).to.be.closeTo(result.prediction.logits[index]!, 1e-4));
    expect(bestOf(again.labels, again.logits)).to.equal(result.label);
    expect(result.flipped).to.equal(result.label !== found.target.label);
    expect(result.value - found.value).to.be.closeTo(result.difference, 1e-9);
    expect(result.margin < 0).to.equal(result.flipped);
  }
}

describe("counterfactuals of a classifier", () => {
  let model: LanguageModel;
  before(async () => {
    useRuntime();
    model = await loadModel("sentiment", { backend: "wasm" });
  });
  after(() => model.dispose());
  const english = "The plot drags, but the acting saves it.";

  it("say what they say, by every method, in English and Chinese", async () => {
    for (const written of [english, "剧情拖沓，但演员很出色。"]) {
      const found = await asked(model, { text: written });
      await expectTrue(model, found);
      expect(found.results.some(({ flipped }) => flipped)).to.equal(true);
      expect(found.methods.map(({ name }) => name)).to.deep.equal(["hotflip", "ablation", "minimal"]);
    }
  });

  it("are minimal: no part of a set of changes flips", async () => {
    const found = await asked(model, { text: english, methods: ["ablation", "hotflip"], budget: 1500 });
    const flips = async (changes: Counterfactual["changes"]) => {
      const { labels, logits } = await model.predict({ text: editedText(english, changes) });
      return bestOf(labels, logits) !== found.target.label;
    };
    const several = found.results.filter(({ flipped, changes }) => flipped && changes.length > 1);
    for (const { changes } of several) for (const change of changes) expect(await flips(changes.filter((other) => other !== change)), JSON.stringify(changes)).to.equal(false);
    expect(found.results.filter(({ flipped }) => flipped).length).to.be.above(0);
  });

  it("HotFlip changes one id a change: the text read again differs there alone", async () => {
    const found = await asked(model, { text: english, methods: ["hotflip"], results: 3 });
    const before = await model.tokenize({ text: english });
    for (const { text: changed, changes } of found.results) {
      const after = await model.tokenize({ text: changed });
      expect(after).to.have.length(before.length);
      expect(after.filter(({ id }, index) => id !== before[index]!.id)).to.have.length(changes.length);
    }
    expect(found.results[0]!.estimate).to.be.below(0);
  });

  for (const budget of [1, 2, 3, 7, 16, 40, 90]) {
    it(`makes at most ${budget} calls, counted where they are made`, async () => {
      let calls = 0;
      const local = (await loadLocalModel(await locateModel("sentiment"), { backend: "wasm" }, false, "")) as LocalModel;
      const { ask } = local;
      // every forward pass and gradient of the runner goes through here; its rows are its calls
      local.ask = ((question, signal) => ask.call(local, (runner) => {
        const counting = new Proxy(runner, { get: (target, name) => {
          const value = Reflect.get(target, name, target) as unknown;
          if (name !== "scores" && name !== "gradient" && name !== "embeddings") return typeof value === "function" ? (value as () => unknown).bind(target) : value;
          return (given: { rows?: readonly unknown[] }, ...rest: unknown[]) => ((calls += given.rows?.length ?? 1), (value as (...all: unknown[]) => unknown).call(target, given, ...rest));
        } });
        return question(counting);
      }, signal)) as typeof ask;
      const found = await local.explain({ kind: "counterfactuals", text: english, budget });
      await local.dispose();
      expect(calls).to.equal(found.calls);
      expect(calls).to.be.at.most(budget);
      expect(found.quality.find(({ name }) => name === "evaluations")!.value).to.equal(calls);
    });
  }

  it("the table of embeddings is what the model looks up", async () => {
    const local = (await loadLocalModel(await locateModel("sentiment"), { backend: "wasm" }, false, "")) as LocalModel;
    const { values, width } = await embeddingTable(local, () => false).catch(() => embeddingTable(local, () => true));
    const { tokens, embeddings } = await local.gradient({ text: english });
    tokens.forEach(({ id }, token) => {
      for (let feature = 0; feature < width; feature++) expect(values[id * width + feature]).to.be.closeTo(embeddings[token * width + feature]!, 1e-6);
    });
    await local.dispose();
  });

  it("a text of one word, of marks only, and of hostile characters", async () => {
    for (const written of ["good", "!", "</script><img src=x onerror=alert(1)> \u202egood {a|b} \u0000", "好"]) await expectTrue(model, await asked(model, { text: written, budget: 60 }));
  });

  it("partial answers come method by method; an abort stops it; wrong questions are named", async () => {
    const partial: number[] = [];
    await asked(model, { text: english, budget: 60 }, { onProgress: (progress) => progress.partial && partial.push((progress.partial as CounterfactualsExplanation).methods.length) });
    expect(partial).to.deep.equal([1, 2, 3]);
    const stop = new AbortController();
    const stopped = rejection(asked(model, { text: `${english} again`, budget: 900 }, { signal: stop.signal }));
    stop.abort();
    expect((await stopped).code).to.equal("aborted");
    const message = async (request: Omit<CounterfactualsRequest, "text">) => (await rejection(asked(model, { text: english, ...request }))).message;
    expect(await message({ methods: ["magic"] })).to.contain('no method "magic"');
    expect(await message({ budget: 0 })).to.contain("budget must be a whole number");
    expect(await message({ preset: "other" })).to.contain('no preset "other"');
    expect(await message({ to: "positive" })).to.contain("what the model says already");
    expect(await message({ to: "nobody" })).to.contain('no target "nobody"');
    expect(await message({ threshold: 0.5 })).to.contain("one output");
  });
});

describe("counterfactuals of other models", () => {
  before(() => useRuntime());

  it("toys: three labels, towards one of them, and as LIT does", async () => {
    const model = await loadModel(bert, { backend: "wasm" });
    const found = await asked(model, { text, budget: 150 });
    await expectTrue(model, found);
    const others = found.prediction.labels.filter((label) => label !== found.target.label);
    for (const to of others) {
      const towards = await asked(model, { text, to, budget: 150 });
      expect(towards.target.contrast!.label).to.equal(to);
      for (const { flipped, label } of towards.results) if (flipped) expect(label).to.equal(to);
    }
    await expectTrue(model, await asked(model, { text, preset: "lit", budget: 150 }));
    await model.dispose();
  });

  it("a language model's next token", async () => {
    const model = await loadModel(gpt2, { backend: "wasm" });
    const found = await asked(model, { text: gptText, budget: 40 });
    expect(found.results.length).to.be.above(0);
    for (const { text: changed, label } of found.results) expect((await model.predict({ text: changed })).labels[0]).to.equal(label);
    await model.dispose();
    configure({ worker: true });
  });
});
