/** What must hold of every method in the table, on real graphs: targets, sums, seeds, and texts that nobody thinks of. A new method is asked here by being in the table. */
import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { loadModel } from "../../src/engine/load-model.js";
import { configure } from "../../src/engine/locations.js";
import type { LanguageModel } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";
import { methods, type MethodName } from "../../src/methods/table.js";
import { bert, difference, gpt2, gptText, text, useRuntime } from "./toys.js";
import { noise, serveModels, virtualModel } from "./virtual-models.js";

const WIDTH = 8;
const bagOfOne = {
  inputs: { input_ids: ["int64", "batch", "token"] }, constants: { words: noise(1, 100, WIDTH), weight: noise(2, WIDTH, WIDTH), head: noise(3, WIDTH, 1) },
  lines: ["x = Gather(words, input_ids)", "u = MatMul(x, weight)", "h = Tanh(u)", ["mean = ReduceMean(h)", { axes: [1], keepdims: 0 }], "logits = MatMul(mean, head)"], outputs: ["logits"],
} as const;

const textMethods = (Object.keys(methods) as MethodName[]).filter((name) => name !== "tree-shap");
/** Little work, enough for each method's own least. */
const little: Readonly<Partial<Record<MethodName, object>>> = {
  lime: { samples: 60 }, "kernel-shap": { samples: 40 }, "permutation-shap": { evaluations: 40 }, "partition-shap": { evaluations: 200 }, reagent: { samples: 4, steps: 12 },
  smoothgrad: { samples: 4 }, vargrad: { samples: 4 }, "gradient-shap": { samples: 4 }, "integrated-gradients": { tolerance: 0.001, steps: 128 }, "layer-integrated-gradients": { tolerance: 0.001, steps: 128 },
};
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const told = (found: AttributionExplanation, name: string): number | undefined => found.quality.find((one) => one.name === name)?.value;

describe("every method of the table", () => {
  let [classifier, again, lm, single] = [] as unknown as [LanguageModel, LanguageModel, LanguageModel, LanguageModel];
  let stop: () => void;
  before(async () => {
    useRuntime();
    configure({ worker: false });
    stop = serveModels();
    const one = await virtualModel("one", bagOfOne, { architectures: ["ToyForSequenceClassification"], id2label: { 0: "score" } });
    [classifier, again, lm, single] = [await loadModel(bert, { backend: "wasm" }), await loadModel(bert, { backend: "wasm" }), await loadModel(gpt2, { backend: "wasm" }), await loadModel(one, { backend: "wasm" })];
  });
  after(async () => {
    await Promise.all([classifier, again, lm, single].map((model) => model.dispose()));
    stop();
    configure({ worker: true });
  });
  const ask = (model: LanguageModel, method: MethodName, more: object = {}): Promise<AttributionExplanation> => model.attribute({ text, method, options: { ...little[method] }, ...more });

  /** A whole and finite answer, or an error that says what to do. */
  async function answered(model: LanguageModel, method: MethodName, input: object): Promise<AttributionExplanation | LexiscopeError> {
    const found = await ask(model, method, input).catch((error: unknown) => error as LexiscopeError);
    if (found instanceof Error) {
      expect(found, `${method}: ${found.stack ?? found.message}`).to.be.instanceOf(LexiscopeError);
      expect(["bad-input", "unsupported", "no-gradient"], `${method}: ${found.message}`).to.include(found.code);
      return found;
    }
    expect(found.scores.length, method).to.equal(found.tokens.length);
    expect(found.scores.every(Number.isFinite), method).to.equal(true);
    expect((found.errors ?? []).every((error) => Number.isFinite(error) && error >= 0), method).to.equal(true);
    for (const { name, value } of found.quality) expect(Number.isFinite(value), `${method}: ${name} is ${value}`).to.equal(true);
    if (!methods[method].signed) expect(found.scores.every((score) => score >= 0), `${method} has no sign`).to.equal(true);
    parseExplanation(JSON.parse(JSON.stringify(found)));
    return found;
  }

  for (const method of textMethods) {
    const { signed, complete, samples } = methods[method];

    it(`${method}: contrasts and (log-)probabilities, and the value is the target's`, async () => {
      const { logits, probabilities } = await classifier.predict({ text });
      const targets: [string, number][] = [
        ["positive", logits[2]!], ["positive - negative", logits[2]! - logits[0]!], ["log-prob(positive)", Math.log(probabilities[2]!)], ["prob(positive)", probabilities[2]!],
        ["log-prob(positive - negative)", Math.log(probabilities[2]! / probabilities[0]!)], ["negative", logits[0]!],
      ];
      const found = new Map<string, AttributionExplanation>();
      for (const [target, value] of targets) {
        const one = (await answered(classifier, method, { target })) as AttributionExplanation;
        expect(one.value, `${method} of ${target}`).to.be.closeTo(value, 1e-4);
        found.set(target, one);
      }
      const scores = (target: string) => found.get(target)!.scores;
      // the difference of two log-probabilities is that of the logits
      expect(difference(scores("log-prob(positive - negative)"), scores("positive - negative"))).to.be.below(5e-3);
      if (signed) expect(difference(scores("positive").map((score, token) => score - scores("negative")[token]!), scores("positive - negative")), "linear in the target").to.be.below(5e-3);
      else expect(difference(scores("positive - negative"), scores("positive"))).to.be.above(1e-3);
      expect(difference(scores("prob(positive)"), scores("positive")), "a probability is another target").to.be[method === "reagent" ? "below" : "above"](1e-3);
    }).timeout(120_000);

    it(`${method}: the gap that it tells is the gap of its sum${complete ? ", and small" : ""}`, async () => {
      const found = await ask(classifier, method, { target: "positive" });
      const gap = told(found, "completeness-gap");
      expect(complete).to.equal(complete && gap !== undefined);
      if (gap === undefined) return;
      const change = found.value! - found.baselineValue!;
      expect(gap).to.be.closeTo(Math.abs((total(found.scores) - change) / change), 1e-3 + 1e-3 * gap);
      if (complete && method !== "gradient-shap") expect(gap).to.be.below(0.011); // that one adds up as far as its samples reach
    }).timeout(60_000);

    it(`${method}: the seed decides${samples ? "" : " nothing"}`, async () => {
      const [first, fresh, other] = [await ask(classifier, method, { seed: 3 }), await ask(again, method, { seed: 3 }), await ask(again, method, { seed: 4 })];
      expect(fresh.scores).to.deep.equal(first.scores);
      const random = samples && !(method === "approximate-gradient"); // along units, its default, nothing is drawn
      if (random) expect(other.scores).to.not.deep.equal(first.scores);
      else expect(other.scores).to.deep.equal(first.scores);
    }).timeout(60_000);

    it(`${method}: an empty text, one word, the same word five times, mixed scripts, special tokens alone, a text of 2,000 words`, async () => {
      const empty = await answered(classifier, method, { text: "" });
      if (empty instanceof LexiscopeError) expect(empty.code).to.equal("bad-input");
      else expect(empty.tokens.every(({ special }) => special), "nothing but the special tokens is explained").to.equal(true);
      const one = (await answered(classifier, method, { text: "good" })) as AttributionExplanation;
      expect(one.scores).to.have.length(3);
      const same = (await answered(classifier, method, { text: "good good good good good" })) as AttributionExplanation;
      expect(same.scores).to.have.length(7);
      expect(await answered(classifier, method, { text: "film 电影 фильм 🎬 café فيلم ก\u0301" })).to.not.be.instanceOf(LexiscopeError);
      await answered(classifier, method, { text: "[CLS] [SEP] [PAD] [MASK]" });
      const long = await answered(classifier, method, { text: Array.from({ length: 2000 }, (_, index) => ["the", "film", "was", "good"][index % 4]).join(" ") });
      if (long instanceof LexiscopeError) expect([method, long.message.includes("too many")]).to.deep.equal(["exact-shapley", true]);
      else expect([long.truncated, long.tokens.length]).to.deep.equal([true, 24]);
    }).timeout(120_000);

    it(`${method}: a model with one label, and one that continues a text`, async () => {
      const one = await answered(single, method, { text: gptText });
      if (one instanceof LexiscopeError) expect(["attention-relevance", "layer-integrated-gradients"], one.message).to.include(method); // it has neither attention nor layers
      else expect(one.target.label).to.equal("score");
      const next = await answered(lm, method, { text: gptText, target: "word3 - day" });
      if (next instanceof LexiscopeError) throw next;
      expect(next.target.contrast).to.not.equal(undefined);
    }).timeout(60_000);
  }
});
