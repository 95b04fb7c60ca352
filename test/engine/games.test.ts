/** Methods that leave out words, and gradient methods that sample, on models: sums, agreement, seeds, refusals, stops. */
import { expect } from "@open-wc/testing";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { AttributionExplanation, AttributionPart, Quality } from "../../src/explanation/types.js";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { AttributionRequest, LanguageModel } from "../../src/engine/types.js";
import { bert, difference, gpt2, gptText, text, useRuntime } from "./toys.js";

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const qualityOf = (found: AttributionExplanation, name: Quality["name"]): number | undefined => found.quality.find((each) => each.name === name)?.value;
const shapleyFamily = ["exact-shapley", "kernel-shap", "permutation-shap", "partition-shap"];

describe("methods that leave out words", () => {
  let classifier: LanguageModel;
  let lm: LanguageModel;
  const ask = (request: Partial<AttributionRequest>, options = {}) => classifier.attribute({ text, target: "positive", method: "lime", ...request }, options);
  const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);
  before(async () => {
    useRuntime();
    configure({ worker: false });
    [classifier, lm] = [await loadModel(bert, { backend: "wasm" }), await loadModel(gpt2, { backend: "wasm" })];
  });
  after(async () => {
    await Promise.all([classifier.dispose(), lm.dispose()]);
    configure({ worker: true });
  });

  for (const method of shapleyFamily) {
    for (const [mask, nothing] of [["mask", "[MASK] [MASK] [MASK] [MASK] [MASK] [MASK]"], ["pad", "[PAD] [PAD] [PAD] [PAD] [PAD] [PAD]"], ["delete", ""]] as const) {
      it(`${method}, absent words by ${mask}: the scores add up to what the words bring`, async () => {
        const found = await ask({ method, options: { mask, ...(method === "kernel-shap" && { samples: 20 }) } });
        const [all, none] = [await classifier.predict({ text }), await classifier.predict({ text: nothing })];
        expect(total(found.scores)).to.be.closeTo(all.logits[2]! - none.logits[2]!, 1e-4);
        expect(found.value).to.be.closeTo(all.logits[2]!, 1e-4);
        expect(found.baselineValue).to.be.closeTo(none.logits[2]!, 1e-4);
        expect(qualityOf(found, "completeness-gap")).to.be.below(1e-4);
        expect([found.scores[0], found.scores.at(-1)]).to.deep.equal([0, 0]);
      });
    }
  }

  it("all coalitions: the regression gives the exact values, 2⁶ evaluations each; sampling comes near, with errors", async () => {
    const exact = await ask({ method: "exact-shapley" });
    const kernel = await ask({ method: "kernel-shap" });
    expect(difference(kernel.scores, exact.scores)).to.be.below(1e-4);
    expect([qualityOf(exact, "evaluations"), qualityOf(kernel, "evaluations")]).to.deep.equal([64, 64]);
    expect(exact.errors).to.equal(undefined);
    const sampled = await ask({ method: "permutation-shap", options: { evaluations: 300 } });
    sampled.scores.forEach((score, token) => expect(Math.abs(score - exact.scores[token]!)).to.be.at.most(5 * sampled.errors![token]! + 1e-5));
    expect(qualityOf(sampled, "sampling-error")).to.be.above(0);
    const once = await ask({ method: "permutation-shap", options: { evaluations: 3 } });
    expect(once.errors, "one permutation tells no error").to.equal(undefined);
  });

  it("partition SHAP carries its tree in tokens; each part is worth its tokens; the others have none", async () => {
    const found = await ask({ method: "partition-shap" });
    const every = (part: AttributionPart): AttributionPart[] => [part, ...(part.children ?? []).flatMap(every)];
    const parts = every(found.hierarchy!);
    expect(parts.length).to.equal(11); // six words
    expect(found.hierarchy!.tokens).to.deep.equal(found.tokens.flatMap(({ special }, index) => (special ? [] : [index])));
    expect(found.hierarchy!.score).to.be.closeTo(found.value! - found.baselineValue!, 1e-4);
    for (const { tokens, score } of parts) expect(score).to.be.closeTo(total(tokens.map((token) => found.scores[token]!)), 1e-9);
    expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(JSON.parse(JSON.stringify(found)));
    expect((await ask({ method: "exact-shapley" })).hierarchy).to.equal(undefined);
  });

  for (const [mask, written] of [["mask", "[MASK]"], ["pad", "[PAD]"], ["delete", ""]] as const) {
    it(`two words, absent ones by ${mask}: exact values from four texts`, async () => {
      const found = await ask({ method: "exact-shapley", text: "not good", options: { mask } });
      const logit = async (words: string) => (await classifier.predict({ text: words })).logits[2]!;
      const [both, not, good, none] = [await logit("not good"), await logit(`not ${written}`), await logit(`${written} good`), await logit(`${written} ${written}`)];
      expect(found.scores[1]).to.be.closeTo((not - none + both - good) / 2, 1e-4);
      expect(found.scores[2]).to.be.closeTo((good - none + both - not) / 2, 1e-4);
    });
  }

  it("LIME says how well it fits, and the seed decides", async () => {
    const [a, b, c] = [await ask({ seed: 1, options: { samples: 40 } }), await ask({ seed: 1, options: { samples: 40 } }), await ask({ seed: 2, options: { samples: 40 } })];
    expect(a.scores).to.deep.equal(b.scores);
    expect(a.scores).to.not.deep.equal(c.scores);
    expect(qualityOf(a, "fit")).to.be.within(0, 1);
    expect(qualityOf(a, "evaluations")).to.be.at.most(40);
    expect(qualityOf(await ask({ options: { samples: 500 } }), "sampling-error")).to.be.above(0);
    for (const method of ["kernel-shap", "permutation-shap"]) {
      const options = method === "kernel-shap" ? { samples: 8 } : { evaluations: 30 };
      const [first, again, other] = [await ask({ method, seed: 1, options }), await ask({ method, seed: 1, options }), await ask({ method, seed: 2, options })];
      expect(first.scores).to.deep.equal(again.scores);
      expect(first.scores).to.not.deep.equal(other.scores);
    }
  });

  for (const preset of ["lime", "lit", "captum", "ferret"]) it(`LIME's preset ${preset} runs`, async () => {
    const found = await ask({ preset, text: "not good" });
    expect(found.method.preset).to.equal(preset);
    expect(found.scores.slice(1, 3).every((score) => Number.isFinite(score) && score !== 0)).to.equal(true);
  });

  it("LIME's presets: a word's places share its weight; ferret's samples are the square of the tokens at most", async () => {
    const bag = await ask({ preset: "lime", text: "good film good", options: { samples: 200 } });
    expect(bag.scores[1]).to.equal(bag.scores[3]);
    expect(qualityOf(bag, "evaluations")).to.be.at.most(200);
    const square = await ask({ preset: "ferret" }); // of six tokens: 36
    expect(square.scores).to.deep.equal((await ask({ preset: "ferret", options: { limit: "none", samples: 36 } })).scores);
    expect(square.scores).to.not.deep.equal((await ask({ preset: "ferret", options: { limit: "none", samples: 37 } })).scores);
  });

  it("presets that explain a probability say so in the target, unless the target says otherwise", async () => {
    for (const [method, preset] of [["gradient-norm", "ecco"], ["integrated-gradients", "transformers-interpret"]] as const) {
      const found = await ask({ method, preset });
      expect(found.target.scale).to.equal("prob");
      expect(found.value).to.be.closeTo((await classifier.predict({ text })).probabilities[2]!, 1e-5);
      expect((await ask({ method, preset, target: "log-prob(positive)" })).target.scale).to.equal("log-prob");
      expect((await ask({ method })).target.scale).to.equal(undefined);
    }
  });

  it("words of Chinese are players", async () => {
    const found = await ask({ method: "exact-shapley", text: "演员很出色", options: { players: "word" } });
    // the toy knows no Chinese: each character is [UNK], and the two of a word share its score
    expect(found.scores[1]).to.equal(found.scores[2]);
    expect(found.scores[4]).to.equal(found.scores[5]);
    expect(qualityOf(found, "evaluations")).to.equal(8);
    expect(qualityOf(await ask({ method: "exact-shapley", text: "演员很出色", options: { players: "token" } }), "evaluations")).to.equal(32);
  });

  it("one token; no token; too many players", async () => {
    const single = await classifier.predict({ text: "good" });
    const none = await classifier.predict({ text: "[MASK]" });
    for (const method of shapleyFamily) expect((await ask({ method, text: "good" })).scores[1], method).to.be.closeTo(single.logits[2]! - none.logits[2]!, 1e-4);
    expect((await ask({ text: "good" })).scores).to.have.length(3);
    for (const method of [...shapleyFamily, "lime"]) expect(await failure(ask({ method, text: "" })), method).to.include({ code: "bad-input" });
    expect(await failure(ask({ method: "exact-shapley", text: "a b c d e f g h i j k l m" }))).to.include({ code: "bad-input" }).and.have.property("message").that.matches(/13 players.*permutation-shap/);
  });

  it("continuations: all words masked is the baseline; all deleted leaves no text, which is refused", async () => {
    const found = await lm.attribute({ text: gptText, method: "exact-shapley", target: "word3" });
    expect(total(found.scores)).to.be.closeTo(found.value! - found.baselineValue!, 1e-4);
    expect(await failure(lm.attribute({ text: gptText, method: "exact-shapley", options: { mask: "delete" } }))).to.include({ code: "unsupported" });
  });

  it("progress, and a stop in the middle", async () => {
    const seen: number[] = [];
    await ask({ method: "exact-shapley" }, { onProgress: ({ loaded }: { loaded: number }) => seen.push(loaded) });
    expect(seen).to.deep.equal([16, 32, 48, 64]);
    for (const options of [{ mask: "mask" }, { mask: "delete" }]) {
      const abort = new AbortController();
      const long = ask({ method: "permutation-shap", options: { evaluations: 100_000, ...options } }, { signal: abort.signal, onProgress: () => abort.abort() });
      expect(await failure(long)).to.include({ code: "aborted" });
    }
    expect((await classifier.predict({ text })).labels).to.have.length(3);
  });

  it("gradient methods that sample: without noise the gradient, with a path the difference", async () => {
    const plain = await ask({ method: "gradient-x-input" });
    const still = await ask({ method: "smoothgrad", options: { sigma: 0, samples: 3 } });
    expect(difference(still.scores, plain.scores)).to.be.below(1e-5);
    const smooth = await ask({ method: "smoothgrad", seed: 1 });
    expect(smooth.scores).to.deep.equal((await ask({ method: "smoothgrad", seed: 1 })).scores);
    expect(qualityOf(smooth, "sampling-error")).to.be.above(0);
    expect((await ask({ method: "vargrad" })).scores.every((score) => score >= 0)).to.equal(true);
    const integrated = await ask({ method: "integrated-gradients", options: { tolerance: 0.001, steps: 1024 } });
    const expected = await ask({ method: "gradient-shap", options: { samples: 200 } });
    expected.scores.forEach((score, token) => expect(Math.abs(score - integrated.scores[token]!)).to.be.at.most(5 * expected.errors![token]! + 1e-4));
    expect(qualityOf(expected, "completeness-gap")).to.be.below(0.2);
  });
});
