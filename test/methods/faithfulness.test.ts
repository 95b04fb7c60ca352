import { expect } from "@open-wc/testing";
import { erasure, leaveOneOutCorrelation } from "../../src/methods/faithfulness/erasure.js";
import { plausibility, rationaleAuprc, spanMatch, tokenMatch } from "../../src/methods/faithfulness/plausibility.js";
import { agreement, complexity, infidelity, maximalSensitivity, sparseness } from "../../src/methods/faithfulness/robustness.js";
import { kendallTauB, spearman } from "../../src/base/ranks.js";
import type { Game } from "../../src/methods/shapley/game.js";

const predict: Game = (rows) => Promise.resolve(rows.map((m) => 0.4 + 0.3 * m[0]! + 0.1 * m[1]! - 0.1 * m[2]! + 0.05 * m[4]!));
const near = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).to.have.length(expected.length);
  actual.forEach((value, index) => expect(value).to.be.closeTo(expected[index]!, 1e-6));
};

describe("faithfulness", () => {
  it("M71: ferret's AOPC", async () => {
    const found = await erasure(predict, [0.3, 0.1, -0.1, 0, 0.05]);
    near(found.comprehensiveness, [0.3, 0.4, 0.45]);
    near(found.sufficiency, [0.05, -0.05, -0.1]);
    near([found.aopcComprehensiveness, found.aopcSufficiency], [0.3833333, -0.0333333]);
  });

  it("no positive score: comprehensiveness 0, sufficiency 1", async () => {
    const found = await erasure(predict, [-1, -1, -1, -1, -1]);
    expect([found.aopcComprehensiveness, found.aopcSufficiency]).to.deep.equal([0, 1]);
  });

  it("M72: Kendall τ-b with leave-one-out", async () => {
    expect(await leaveOneOutCorrelation(predict, [0.2, 0.3, -0.1, 0, 0.1])).to.be.closeTo(0.8, 1e-9);
    expect(kendallTauB([1, 1, 2], [1, 2, 3])).to.be.closeTo(2 / Math.sqrt(6), 1e-12);
    expect(spearman([1, 2, 3, 4], [-5, -10, 5, 6])).to.be.closeTo(0.8, 1e-9);
  });

  it("M73, M75, M76: plausibility", () => {
    const found = plausibility([1, 1, 0, 0, 0, 0, 1], [0.5, 0.2, 0.3, -0.1, 0.1, 0.05, 0.4]);
    near([found.auprc, found.f1, found.iou], [0.9027778, 0.75, 0.6]);
    const instances = [
      { rationale: [[0, 4]], predicted: [[2, 6], [10, 12]] },
      { rationale: [[5, 8]], predicted: [[5, 7]] },
    ] as const;
    near([spanMatch(instances).microF1, spanMatch(instances).macroF1], [0.4, 0.5]);
    near([tokenMatch(instances).microF1, tokenMatch(instances).macroF1], [0.5333333, 0.6]);
    expect(rationaleAuprc([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])).to.be.closeTo(0.7916667, 1e-6);
  });

  it("M77, M78, M79: infidelity and sensitivity", () => {
    expect(infidelity([6], [[1]], [9 - 4])).to.be.closeTo(1, 1e-9);
    const b2 = (x: readonly number[]): number => Math.max(0, Math.max(0, x[0]!) - 1 - Math.max(0, x[1]!));
    const perturbation = [0.0009, 0.0121];
    expect(infidelity([1, -1], [perturbation], [b2([3, 1]) - b2([3 - 0.0009, 1 - 0.0121])])).to.be.closeTo(0, 1e-9);
    expect(maximalSensitivity([2 * 1], [[2 * 1.02], [2 * 0.99]])).to.be.closeTo(0.02, 1e-9);
  });

  it("M81, M82: sparseness, complexity, agreement", () => {
    near([sparseness([0.25, 0.25, 0.25, 0.25]), complexity([0.25, 0.25, 0.25, 0.25])], [0, Math.log(4)]);
    near([sparseness([1, 0, 0, 0]), complexity([1, 0, 0, 0])], [0.75, 0]);
    const found = agreement([0.5, -0.4, 0.3, 0.1], [0.6, 0.3, 0.35, 0.05], 3);
    near([found.feature, found.rank, found.sign, found.signedRank, found.rankCorrelation], [1, 1 / 3, 2 / 3, 1 / 3, 0.8]);
  });
});
