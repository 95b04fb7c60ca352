/** What the engine answers, against PyTorch's numbers and against itself, on both backends, in a worker and on the page's thread. */
import { expect } from "@open-wc/testing";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { BackendName } from "../../src/engine/types.js";
import { difference, gptText, numbersOf, text, toysOn } from "./toys.js";

const places: readonly { readonly backend: BackendName; readonly worker: boolean }[] = [
  { backend: "wasm", worker: true },
  { backend: "webgpu", worker: true },
  { backend: "wasm", worker: false },
  { backend: "webgpu", worker: false },
];

for (const { backend, worker } of places) {
  describe(`engine on ${backend}, ${worker ? "in a worker" : "on the page's thread"}`, () => {
    const toys = toysOn(backend, worker);

    it("says where it computes and what it found", async () => {
      const found = await toys.classifier.describe();
      expect({ backend: found.backend, reason: found.backendReason, inWorker: found.inWorker }).to.deep.equal({ backend, reason: "", inWorker: worker });
      expect(found).to.include({ kind: "classifier", layers: 2, heads: 4, width: 32, attention: true, gradient: "exact", maxTokens: 24 });
      expect(found.labels).to.deep.equal(["negative", "neutral", "positive"]);
      expect(found.hash).to.match(/^[0-9a-f]{64}$/);
      expect((await toys.lm.describe()).kind).to.equal("causal-lm");
    });

    it("gives PyTorch's logits, patterns, residual stream and gradient", async () => {
      const numbers = await numbersOf("gpt2-ts17");
      const tokens = await toys.lm.tokenize({ text: gptText });
      expect(tokens.map(({ id }) => id)).to.deep.equal(numbers.ids);
      const last = numbers.logits.slice(-100);
      const prediction = await toys.lm.predict({ text: gptText });
      const best = Array.from(last).sort((a, b) => b - a).slice(0, 10);
      expect(difference(prediction.logits, best)).to.be.below(1e-5);
      for (const layer of [0, 1])
        for (const head of [0, 3]) {
          const { weights } = await toys.lm.attention({ text: gptText, layer, head });
          expect(difference(weights.flat(), numbers.attention[layer]!.slice(head * 16, head * 16 + 16))).to.be.below(1e-5);
        }
      const { states, width } = await toys.lm.hiddenStates({ text: gptText, layer: 0 });
      expect(width).to.equal(32);
      expect(difference(states, numbers.residual[0]!)).to.be.below(1e-5);
      const found = await toys.lm.gradient({ text: gptText, target: String(numbers.target) });
      expect(difference(found.embeddings, numbers.lookup)).to.be.below(1e-6);
      expect(difference(found.gradient, numbers.gradient)).to.be.below(1e-4);
      expect(Math.abs(found.value - last[numbers.target]!)).to.be.below(1e-4);
    });

    it("reduces heads and layers by mean and maximum", async () => {
      const heads = await Promise.all([0, 1, 2, 3].map((head) => toys.classifier.attention({ text, layer: 1, head })));
      const all = heads.map(({ weights }) => weights.flat());
      const mean = await toys.classifier.attention({ text, layer: 1, head: "mean" });
      const max = await toys.classifier.attention({ text, layer: 1, head: "max" });
      expect(difference(mean.weights.flat(), all[0]!.map((_, cell) => all.reduce((sum, map) => sum + map[cell]!, 0) / 4))).to.be.below(1e-6);
      expect(difference(max.weights.flat(), all[0]!.map((_, cell) => Math.max(...all.map((map) => map[cell]!))))).to.be.below(1e-6);
      const [first, both] = [await toys.classifier.attention({ text, layer: 0, head: "mean" }), await toys.classifier.attention({ text, layer: "mean", head: "mean" })];
      expect(difference(both.weights.flat(), first.weights.flat().map((weight, cell) => (weight + mean.weights.flat()[cell]!) / 2))).to.be.below(1e-6);
      expect(mean.quality[0]!.value).to.be.below(1e-5);
    });

    it("integrated gradients are complete, and occlusion is the loss of each word", async () => {
      const found = await toys.classifier.attribute({ text, method: "integrated-gradients", target: "positive - negative" });
      expect(found.target).to.deep.equal({ index: 2, label: "positive", contrast: { index: 0, label: "negative" } });
      expect(found.quality.find(({ name }) => name === "completeness-gap")!.value).to.be.below(0.01);
      expect(found.scores).to.have.length(found.tokens.length);
      const occluded = await toys.classifier.attribute({ text, method: "occlusion", target: "positive" });
      const without = await toys.classifier.predict({ text: "the film was [MASK] very good" });
      expect(occluded.scores[4]).to.be.closeTo(occluded.value! - without.logits[2]!, 1e-4);
      expect(occluded.scores[0]).to.be.closeTo(0, 1e-5);
    });

    it("the approximate gradient along each token is the exact one but for the step", async () => {
      const exact = await toys.classifier.attribute({ text: "not good", method: "gradient-x-input", target: "positive" });
      const found = await toys.classifier.attribute({ text: "not good", method: "approximate-gradient", target: "positive" });
      const size = Math.max(...exact.scores.map(Math.abs));
      expect(difference(found.scores, exact.scores) / size).to.be.below(0.02);
      expect(found.quality.find(({ name }) => name === "evaluations")?.value).to.equal(4 * found.tokens.length + 1);
    });

    it("the approximate gradient of many directions comes near the exact one", async () => {
      const exact = await toys.classifier.attribute({ text: "not good", method: "gradient-x-input", target: "positive" });
      const found = await toys.classifier.attribute({ text: "not good", method: "approximate-gradient", target: "positive", options: { along: "random", directions: 256 } });
      found.scores.forEach((score, token) => expect(Math.abs(score - exact.scores[token]!)).to.be.below(5 * found.errors![token]!));
      expect(found.quality.map(({ name }) => name)).to.include("approximate-gradient").and.not.include("exact-gradient");
    });

    it("says when a text is longer than the model takes, and answers for its beginning", async () => {
      const long = "the film was not very good ".repeat(20);
      const limit = (await toys.classifier.describe()).maxTokens!;
      for (const found of [await toys.classifier.predict({ text: long }), await toys.classifier.attention({ text: long, layer: 0, head: 0 }), await toys.classifier.attribute({ text: long, method: "gradient-x-input" })]) {
        expect(found.truncated).to.equal(true);
        expect(found.tokens).to.have.length(limit);
        expect(parseExplanation(found)).to.equal(found);
      }
      expect(await toys.classifier.predict({ text })).not.to.have.property("truncated");
    });

    it("explains a pair of texts: each token lies in its own text, and the second one counts", async () => {
      const pair = { text: "the film was good", textPair: "not good" };
      const found = await toys.classifier.attribute({ ...pair, method: "integrated-gradients", target: "positive" });
      expect(found.input).to.deep.equal(pair);
      const written = found.tokens.filter(({ special }) => !special).map(({ segment, start, end }) => [segment, (segment === 1 ? pair.textPair : pair.text).slice(start, end)]);
      expect(written).to.deep.equal([[0, "the"], [0, "film"], [0, "was"], [0, "good"], [1, "not"], [1, "good"]]);
      expect(found.quality.find(({ name }) => name === "completeness-gap")!.value).to.be.below(0.01);
      expect(found.prediction.logits).not.to.deep.equal((await toys.classifier.predict({ text: pair.text })).logits);
      const joined = await toys.classifier.predict({ text: "the film was good[SEP]not good" }); // the same ids, but all of the first type
      expect(joined.tokens.map(({ id }) => id)).to.deep.equal(found.tokens.map(({ id }) => id));
      expect(difference(joined.logits, found.prediction.logits)).to.be.above(1e-4);
    });

    it("keeps an error's code and words", async () => {
      const error = await toys.classifier.attention({ text, layer: 9, head: 0 }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ name: "LexiscopeError", code: "bad-input", message: "no layer 9: there are 0 to 1, mean and max" });
      const other = await toys.lm.attribute({ text, method: "magic" }).catch((thrown: unknown) => thrown);
      expect(other).to.include({ code: "bad-input" });
    });

    it("answers 20 predictions, attention and gradients asked for at once", async () => {
      const alone = await toys.classifier.predict({ text });
      const lone = await toys.classifier.gradient({ text });
      const asked = [
        ...Array.from({ length: 20 }, () => toys.classifier.predict({ text })),
        ...[0, 1].map((layer) => toys.classifier.attention({ text, layer, head: "mean" })),
      ];
      const gradients = [0, 1, 2].map(() => toys.classifier.gradient({ text }));
      const others = [toys.lm.predict({ text }), toys.lm.attribute({ text, method: "integrated-gradients" })];
      const found = await Promise.all(asked);
      for (const each of found) if (each.kind === "prediction") expect(difference(each.logits, alone.logits)).to.be.below(1e-5);
      for (const each of await Promise.all(gradients)) expect(difference(each.gradient, lone.gradient)).to.be.below(1e-5);
      expect(await Promise.all(others)).to.have.length(2);
    });

    it("stops at once when aborted, and goes on with others", async () => {
      const abort = new AbortController();
      let steps = 0;
      const long = toys.classifier.attribute({ text, method: "approximate-gradient", options: { along: "random", directions: 60000 } }, {
        signal: abort.signal,
        onProgress: () => {
          if (++steps === 2) abort.abort();
        },
      });
      expect(await long.catch((thrown: unknown) => thrown)).to.include({ code: "aborted" });
      expect((await toys.classifier.predict({ text })).labels).to.have.length(3);
      const before = new AbortController();
      before.abort();
      expect(await toys.classifier.predict({ text }, { signal: before.signal }).catch((thrown: unknown) => thrown)).to.include({ code: "aborted" });
    });
  });
}
