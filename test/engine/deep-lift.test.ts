/** DeepLift and ReAGent through the engine. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import { configure } from "../../src/engine/locations.js";
import type { LanguageModel } from "../../src/engine/types.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";
import { bert, difference, gpt2, gptText, text, useRuntime } from "./toys.js";

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const quality = (found: AttributionExplanation, name: string): number | undefined => found.quality.find((one) => one.name === name)?.value;

describe("DeepLift and ReAGent of models", () => {
  const models = {} as { bert: LanguageModel; gpt2: LanguageModel };
  before(async () => {
    useRuntime();
    configure({ worker: false });
    [models.bert, models.gpt2] = [await loadModel(bert, { backend: "wasm" }), await loadModel(gpt2, { backend: "wasm" })];
  });
  after(async () => {
    await Promise.all([models.bert.dispose(), models.gpt2.dispose()]);
    configure({ worker: true });
  });

  it("DeepLift: both ends are the text and its baseline, special tokens that are their own baseline get nothing, and the gap is told", async () => {
    for (const softmax of ["gradient", "captum"]) {
      const found = await models.bert.attribute({ text, method: "deep-lift", target: "positive", options: { softmax } });
      const [whole, none] = [await models.bert.predict({ text }), await models.bert.predict({ text: "[PAD] [PAD] [PAD] [PAD] [PAD] [PAD]" })];
      expect(found.value).to.be.closeTo(whole.logits[2]!, 1e-4);
      expect(found.baselineValue).to.be.closeTo(none.logits[2]!, 1e-4);
      expect([found.scores[0], found.scores.at(-1)].map((score) => Math.abs(score!))).to.deep.equal([0, 0]);
      const change = whole.logits[2]! - none.logits[2]!;
      expect(quality(found, "completeness-gap")).to.be.closeTo(Math.abs((total(found.scores) - change) / change), 1e-3);
      expect(quality(found, "exact-gradient"), "it is none").to.equal(undefined);
    }
  });

  it("DeepLift is linear in the target, and a probability's multipliers are those of the way between both ends", async () => {
    const of = async (target: string) => models.bert.attribute({ text, method: "deep-lift", target });
    const [positive, negative, contrast] = [await of("positive"), await of("negative"), await of("positive - negative")];
    expect(difference(contrast.scores, positive.scores.map((score, token) => score - negative.scores[token]!))).to.be.below(1e-4);
    const probability = await of("prob(positive)");
    expect(probability.value).to.be.closeTo((await models.bert.predict({ text })).probabilities[2]!, 1e-5);
    expect(probability.scores.every(Number.isFinite)).to.equal(true);
  });

  it("DeepLift of a causal model, from the zero baseline", async () => {
    const found = await models.gpt2.attribute({ text: gptText, method: "deep-lift", target: "word3", options: { baseline: "zero" } });
    expect(found.scores.every(Number.isFinite)).to.equal(true);
    expect(quality(found, "completeness-gap")).to.be.at.least(0);
  });

  it("ReAGent: shares of importance over the words, seeded, with errors; a language model proposes its own words", async () => {
    const ask = (model: LanguageModel, more: object = {}): Promise<AttributionExplanation> => model.attribute({ text: model === models.bert ? text : gptText, method: "reagent", options: { samples: 4, steps: 12 }, ...more });
    for (const model of [models.bert, models.gpt2]) {
      const found = await ask(model);
      expect(total(found.scores)).to.be.closeTo(1, 1e-9);
      expect(found.tokens.map(({ special }) => special)).to.deep.equal(found.scores.map((score) => score === 0));
      expect(found.errors!.some((error) => error > 0)).to.equal(true);
      expect((await ask(model)).scores).to.deep.equal(found.scores);
      expect((await ask(model, { seed: 1 })).scores).to.not.deep.equal(found.scores);
    }
    const own = await ask(models.gpt2);
    expect((await ask(models.gpt2, { options: { samples: 4, steps: 12, proposals: "any" } })).scores, "other proposals").to.not.deep.equal(own.scores);
    expect((await ask(models.bert, { preset: "inseq", options: { samples: 2 } })).method.preset).to.equal("inseq");
  });

  it("ReAGent finds what leaving out finds: its first word is among the first three by occlusion", async () => {
    const [found, left] = [await models.bert.attribute({ text, method: "reagent", options: { samples: 32, least: 40 } }), await models.bert.attribute({ text, method: "occlusion" })];
    const best = found.scores.indexOf(Math.max(...found.scores));
    const order = left.scores.map((_, token) => token).sort((a, b) => Math.abs(left.scores[b]!) - Math.abs(left.scores[a]!));
    expect(order.slice(0, 3)).to.include(best);
  }).timeout(60_000);
});
