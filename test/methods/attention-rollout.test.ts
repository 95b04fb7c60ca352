import { expect } from "@open-wc/testing";
import { attentionFlow } from "../../src/methods/attention/flow.js";
import { meanOverHeads, normalizeByReach, rollout, withResidual, type Map2 } from "../../src/methods/attention/rollout.js";
import { Random } from "../../src/base/random.js";

function near(actual: Map2, expected: Map2, tolerance: number): void {
  actual.forEach((row, query) => row.forEach((value, key) => expect(value, `[${query}][${key}]`).to.be.closeTo(expected[query]![key]!, tolerance)));
}

function randomPattern(random: Random, tokens: number): number[][] {
  return Array.from({ length: tokens }, () => {
    const row = Array.from({ length: tokens }, () => random.uniform());
    const total = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / total);
  });
}

describe("rollout and flow", () => {
  it("M50: augmented matrices and rollout", () => {
    const layers = [[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.2, 0.8]]];
    near(withResidual(layers[0]!), [[0.95, 0.05], [0.2, 0.8]], 1e-9);
    near(withResidual(layers[1]!), [[0.75, 0.25], [0.1, 0.9]], 1e-9);
    near(rollout(layers), [[0.7625, 0.2375], [0.275, 0.725]], 1e-9);
  });

  it("M51: rollout, raw flow and normalised flow", () => {
    const layers = [[[0.7, 0.3], [0.1, 0.9]], [[0.2, 0.8], [0.6, 0.4]]];
    near(rollout(layers), [[0.53, 0.47], [0.29, 0.71]], 1e-9);
    const flow = attentionFlow(layers);
    near(flow.raw, [[0.65, 0.55], [0.35, 0.85]], 1e-9);
    near(flow.normalized, [[0.54167, 0.45833], [0.29167, 0.70833]], 1e-5);
  });

  it("rows of a rollout sum to 1, and without residual it is the matrix product", () => {
    const random = new Random(3);
    const layers = [randomPattern(random, 5), randomPattern(random, 5), randomPattern(random, 5)];
    for (const row of rollout(layers)) expect(row.reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
    near(rollout([layers[0]!], { residual: false }), layers[0]!, 0);
  });

  it("a flow never exceeds what leaves the top position or enters the input, and at least the rollout's best path flows", () => {
    const random = new Random(4);
    const layers = [randomPattern(random, 6), randomPattern(random, 6), randomPattern(random, 6)];
    const augmented = layers.map(withResidual);
    const { raw } = attentionFlow(layers);
    raw.forEach((row, query) => row.forEach((flow, key) => {
      const leaving = augmented[2]![query]!.reduce((sum, weight) => sum + weight, 0);
      const entering = augmented[0]!.reduce((sum, from) => sum + from[key]!, 0);
      expect(flow).to.be.at.most(Math.min(leaving, entering) + 1e-9);
      const straight = Math.min(augmented[2]![query]![query]!, augmented[1]![query]![query]!, augmented[0]![query]![key]!);
      expect(flow).to.be.at.least(straight - 1e-9);
    }));
  });

  it("heads are averaged, and reach takes the advantage of early tokens out", () => {
    near(meanOverHeads([[[1, 0], [0.5, 0.5]], [[1, 0], [0.1, 0.9]]]), [[1, 0], [0.3, 0.7]], 1e-12);
    near(normalizeByReach([[1, 0], [0.5, 0.5]]), [[1, 0], [1 / 3, 2 / 3]], 1e-12);
    expect(() => rollout([])).to.throw(/no layers/);
  });
});
