/** Attention compared with gradients and ablation by ranks. */
import { expect } from "@open-wc/testing";
import { spearman } from "../../src/base/ranks.js";
import { loadModel } from "../../src/engine/load-model.js";
import { rankAgreement, readRow } from "../../src/methods/attention/compare.js";
import { bert, gpt2, gptText, text, useRuntime } from "./toys.js";

describe("rank agreement", () => {
  it("by hand: magnitudes, only what counts, ties by average ranks", () => {
    expect(rankAgreement([0.9, 0.1, 0.2, 0.3], [9, 1, -2, 3], [false, true, true, true])).to.be.closeTo(1, 1e-12);
    expect(rankAgreement([0.1, 0.2, 0.3], [3, 2, 1], [true, true, true])).to.be.closeTo(-1, 1e-12);
    expect(rankAgreement([0.1, 0.1, 0.3, 0.4], [1, 2, 3, 4], [true, true, true, true])).to.be.closeTo(0.9486833, 1e-6); // ranks 1.5 1.5 3 4 against 1 2 3 4
    expect(rankAgreement([1, 2], [1, 2], [false, true])).to.be.NaN;
    expect(rankAgreement([1, 1], [1, 2], [true, true])).to.be.NaN;
  });

  it("the row of one query, or the mean of all", () => {
    expect(readRow([[1, 0], [0.5, 0.5]], 1)).to.deep.equal([0.5, 0.5]);
    expect(readRow([[1, 0], [0.5, 0.5]], "mean")).to.deep.equal([0.75, 0.25]);
  });

  it("stands beside a map when asked: of [CLS] for a classifier, of the last token for a language model", async () => {
    useRuntime();
    for (const [reference, words, query] of [[bert, text, 0], [gpt2, gptText, -1]] as const) {
      const model = await loadModel(reference, { backend: "wasm" });
      for (const measure of ["pattern", "rollout", "flow"] as const) {
        const found = await model.attention({ text: words, layer: 1, measure, compare: true });
        const [gradient, ablation] = await Promise.all(["gradient-x-input", "occlusion"].map((method) => model.attribute({ text: words, method })));
        const kept = found.tokens.flatMap(({ special }, index) => (special ? [] : [index]));
        const row = found.weights.at(query)!;
        const wanted = (scores: readonly number[]) => spearman(kept.map((index) => row[index]!), kept.map((index) => Math.abs(scores[index]!)));
        const value = (name: string) => found.quality.find((one) => one.name === name)?.value;
        expect(value("rank-gradient"), measure).to.be.closeTo(wanted(gradient!.scores), 1e-9);
        expect(value("rank-ablation"), measure).to.be.closeTo(wanted(ablation!.scores), 1e-9);
      }
      expect((await model.attention({ text: words, layer: 1, head: 0 })).quality.map(({ name }) => name)).to.deep.equal(["row-sum-error"]);
      await model.dispose();
    }
  });
});
