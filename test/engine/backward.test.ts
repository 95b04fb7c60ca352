/** The methods with a backward graph of their own, against PyTorch and Captum (test/oracle/backward.py). */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import type { LanguageModel } from "../../src/engine/types.js";
import { attentionRelevance, speakingRows } from "../../src/methods/attention/relevance.js";
import { loadJson } from "../zoo.js";
import { bert, difference, gpt2, gptText, useRuntime } from "./toys.js";

interface Wanted {
  text: string;
  ids: number[];
  layerIntegratedGradients: { scores: number[]; value: number; baselineValue: number }[];
  attentionRelevance: number[];
  lrp: number[];
  value: number;
}

for (const backend of ["wasm", "webgpu"] as const) {
  describe(`methods with a backward graph of their own, ${backend}`, () => {
    const tolerance = backend === "wasm" ? 1e-4 : 1e-3;
    let model: LanguageModel;
    let wanted: Wanted;
    before(async function () {
      if (backend === "webgpu" && !(await navigator.gpu?.requestAdapter())) this.skip();
      useRuntime();
      wanted = await loadJson("/test/fixtures/backward/bert.json");
      model = await loadModel(bert, { backend });
    });
    after(() => model?.dispose());
    const ask = (method: string, options = {}) => model.attribute({ text: wanted.text, method, target: "1", options });

    // on a software adapter the 128 gradients of this one take minutes; the path is that of integrated gradients, which is tested there
    if (backend === "wasm") {
      it("layer integrated gradients: Captum's, at each layer", async () => {
        for (const [layer, { scores, value, baselineValue }] of wanted.layerIntegratedGradients.entries()) {
          const found = await ask("layer-integrated-gradients", { layer, rule: "gauss-legendre" });
          expect(difference(found.scores, scores), `layer ${layer}`).to.be.below(tolerance);
          expect([found.value! - value, found.baselineValue! - baselineValue].map(Math.abs).every((each) => each < 1e-3)).to.equal(true);
        }
      }).timeout(60_000);
    }

    it("attention relevance: PyTorch's", async () => {
      const found = await ask("attention-relevance");
      expect(difference(found.scores, wanted.attentionRelevance)).to.be.below(tolerance);
    }).timeout(60_000);

    it("layer-wise relevance: PyTorch's, and the gap to the score is told", async () => {
      const found = await ask("lrp");
      expect(difference(found.scores, wanted.lrp)).to.be.below(tolerance);
      const sum = wanted.lrp.reduce((total, each) => total + each, 0);
      expect(found.quality.find(({ name }) => name === "completeness-gap")!.value).to.be.closeTo(Math.abs((sum - wanted.value) / wanted.value), 1e-3);
    }).timeout(60_000);
  });
}

describe("targets on the scale of probabilities", () => {
  before(useRuntime);

  it("every method can explain them: gradients as the chain rule says, sums complete, forward methods alike", async () => {
    const model = await loadModel(bert, { backend: "wasm" });
    const input = { text: "the film was not very good" };
    const plain = await Promise.all(["negative", "neutral", "positive"].map((target) => model.gradient({ ...input, target })));
    const { probabilities } = await model.predict(input);
    const logProbability = await model.gradient({ ...input, target: "log-prob(positive)" });
    const wanted = plain[2]!.gradient.map((value, at) => value - probabilities.reduce((sum, probability, label) => sum + probability * plain[label]!.gradient[at]!, 0));
    expect(difference(logProbability.gradient, wanted)).to.be.below(1e-5);
    for (const method of ["integrated-gradients", "exact-shapley"]) {
      const found = await model.attribute({ ...input, method, target: "prob(positive)" });
      expect(found.target.scale).to.equal("prob");
      expect(found.value).to.be.closeTo(probabilities[2]!, 1e-5);
      expect(found.quality.find(({ name }) => name === "completeness-gap")!.value).to.be.below(0.011);
    }
    await model.dispose();
  });
});

describe("where there is no such backward graph", () => {
  before(useRuntime);

  it("a layer that does not exist is named, and the model still answers", async () => {
    const model = await loadModel(bert, { backend: "wasm" });
    const error = await model.attribute({ text: "good", method: "layer-integrated-gradients", options: { layer: 7 } }).catch((each: Error) => each);
    expect((error as Error).message).to.contain("no layer 7; there are 0, 1");
    expect((await model.attribute({ text: "good", method: "attention-relevance" })).scores.length).to.be.above(0);
    expect((await model.attribute({ text: "good", method: "gradient-x-input" })).scores.length).to.be.above(0);
    await model.dispose();
  });

  it("a causal model: one row speaks, tokens after it have no relevance", async () => {
    const model = await loadModel(gpt2, { backend: "wasm" });
    const found = await model.attribute({ text: gptText, method: "attention-relevance" });
    expect(found.scores.every((score) => score >= 0)).to.equal(true);
    expect((await model.attribute({ text: gptText, method: "lrp" })).scores.every(Number.isFinite)).to.equal(true);
    await model.dispose();
  });
});

describe("attention relevance, on numbers", () => {
  const maps = (data: number[]) => ({ heads: 1, tokens: 2, data });

  it("one layer by hand: positive parts of gradient · pattern, in the rows that speak", () => {
    const pattern = maps([0.25, 0.75, 0.5, 0.5]);
    expect(attentionRelevance([pattern], [maps([2, -1, 0, 0])])).to.deep.equal([0.5, 0]);
    expect(attentionRelevance([pattern], [maps([2, 4, 2, 2])])).to.deep.equal([(0.5 + 1) / 2, (3 + 1) / 2]);
  });

  it("no gradient at all: every row speaks alike and nothing is relevant", () => {
    expect(speakingRows(maps([0, 0, 0, 0]))).to.deep.equal([0.5, 0.5]);
    expect(attentionRelevance([maps([0.5, 0.5, 0.5, 0.5])], [maps([0, 0, 0, 0])])).to.deep.equal([0, 0]);
  });
});
