/** Gradients at noisy inputs and at random points of a path. */
import { expect } from "@open-wc/testing";
import { gradientShap } from "../../src/methods/gradient-shap.js";
import { smoothGrad, varGrad } from "../../src/methods/smoothgrad.js";
import type { Gradient } from "../../src/methods/types.js";
import { CUBE, expectClose, gradientOfToy, ML, rejection, XY2 } from "./toys.js";

const one = { count: 1, width: 1 };
const two = { count: 2, width: 1 };
const three = { count: 3, width: 1 };

describe("SmoothGrad and VarGrad", () => {
  it("M15: x³ at 2 with noise of .5: the mean, the mean square and the variance of the gradient", async () => {
    const options = { samples: 20_000, sigma: 0.5, seed: 1, aggregate: "sum" as const };
    const found = await smoothGrad(gradientOfToy(CUBE), [2], one, options);
    expect(found.scores[0]).to.be.closeTo(12.75, 0.03 * 12.75);
    expect(Math.abs(found.scores[0]! - 12.75)).to.be.below(4 * found.errors![0]!);
    expect(found.errors![0]).to.be.closeTo(Math.sqrt(37.125 / 20_000), 0.002);
    expect((await smoothGrad(gradientOfToy(CUBE), [2], one, { ...options, moment: "square" })).scores[0]).to.be.closeTo(199.6875, 0.03 * 199.6875);
    expect((await varGrad(gradientOfToy(CUBE), [2], one, options)).scores[0]).to.be.closeTo(37.125, 0.06 * 37.125);
  });

  it("M15: exactly, with the six equally likely points whose moments up to the fourth are those of the noise", async () => {
    const reach = Math.sqrt(3) * 0.5;
    const run = async (explain: typeof smoothGrad, moment: "mean" | "square" = "mean") => {
      const points = [0, ...[-reach, 0, 0, 0, 0, reach]].map((noise) => 2 + noise)[Symbol.iterator]();
      const enumerated: Gradient = (inputs) => gradientOfToy(CUBE)(inputs.map(() => [points.next().value as number]));
      return (await explain(enumerated, [2], one, { samples: 6, aggregate: "sum", moment })).scores[0]!;
    };
    expect(await run(smoothGrad)).to.be.closeTo(12.75, 1e-6);
    expect(await run(smoothGrad, "square")).to.be.closeTo(199.6875, 1e-6);
    expect(await run(varGrad)).to.be.closeTo(37.125, 1e-6);
  });

  it("M16: without noise it is the gradient, its square, and no variance", async () => {
    const slope = XY2.slope([1, 3]);
    const options = { sigma: 0, samples: 5, aggregate: "sum" as const };
    expectClose((await smoothGrad(gradientOfToy(XY2), [1, 3], two, options)).scores, slope, 1e-9);
    expectClose((await smoothGrad(gradientOfToy(XY2), [1, 3], two, { ...options, moment: "square" })).scores, slope.map((each) => each ** 2), 1e-9);
    expectClose((await varGrad(gradientOfToy(XY2), [1, 3], two, options)).scores, [0, 0], 1e-9);
    const timesInput = await smoothGrad(gradientOfToy(XY2), [1, 3], two, { sigma: 0, samples: 5 });
    expectClose(timesInput.scores, [9, 18], 1e-9);
    expect(timesInput).to.deep.include({ value: 9, evaluations: { predict: 0, gradient: 6 } });
  });

  it("the seed decides, the batch does not", async () => {
    const run = (seed: number, batch: number) => smoothGrad(gradientOfToy(CUBE), [2], one, { samples: 20, seed, batch });
    expect((await run(1, 8)).scores).to.deep.equal((await run(1, 3)).scores);
    expect((await run(1, 8)).scores).to.not.deep.equal((await run(2, 8)).scores);
  });

  it("VarGrad sums over the features of a unit", async () => {
    const alone = await varGrad(gradientOfToy(XY2), [1, 3], two, { samples: 50 });
    const together = await varGrad(gradientOfToy(XY2), [1, 3], { count: 1, width: 2 }, { samples: 50 });
    expectClose(together.scores, [alone.scores[0]! + alone.scores[1]!], 1e-9);
  });

  it("stops between batches, and refuses nonsense", async () => {
    const abort = new AbortController();
    let rows = 0;
    const gradient: Gradient = (inputs) => {
      rows += inputs.length;
      abort.abort();
      return gradientOfToy(CUBE)(inputs);
    };
    expect(await rejection(varGrad(gradient, [2], one, { samples: 100, signal: abort.signal, batch: 4 }))).to.include({ code: "aborted" });
    expect(rows).to.equal(4);
    expect(await rejection(smoothGrad(gradientOfToy(CUBE), [2], one, { sigma: -1 }))).to.include({ code: "bad-input" });
    expect(await rejection(smoothGrad(gradientOfToy(CUBE), [2], one, { samples: 0 }))).to.include({ code: "bad-input" });
    expect(await rejection(smoothGrad(gradientOfToy(CUBE), [2, 3], one))).to.include({ code: "bad-input" });
  });
});

describe("GradientSHAP", () => {
  it("is exact for a linear piece, whatever is drawn", async () => {
    const found = await gradientShap(gradientOfToy(ML), [20, 50, 30], [[10, 10, 10]], three, { samples: 3 });
    expectClose(found.scores, [40, 160, 80], 1e-9); // the slope is 4 all the way
    expect(found.completenessGap).to.be.below(1e-12);
    expect(found.baselineValue).to.equal(ML.value([10, 10, 10]));
    expect(found.evaluations).to.deep.equal({ predict: 0, gradient: 5 });
  });

  it("comes within its errors of the mean over baselines, with and without noise", async () => {
    // E over baselines 0 and 1 of ∫3(b + α(2 − b))²·(2 − b)dα = mean of 8 and 8 − 1
    const found = await gradientShap(gradientOfToy(CUBE), [2], [[0], [1]], one, { samples: 5000, seed: 3 });
    expect(Math.abs(found.scores[0]! - 7.5)).to.be.below(4 * found.errors![0]!);
    expect(found.errors![0]).to.be.below(0.15);
    expect(found.baselineValue).to.equal(0.5);
    // with noise e on the input: E[(2 + e)³] = 8 + 6σ²
    const noisy = await gradientShap(gradientOfToy(CUBE), [2], [[0]], one, { samples: 20_000, sigma: 0.5, seed: 4 });
    expect(Math.abs(noisy.scores[0]! - 9.5)).to.be.below(4 * noisy.errors![0]!);
  });

  it("needs a baseline of the input's size", async () => {
    expect(await rejection(gradientShap(gradientOfToy(CUBE), [2], [], one))).to.include({ code: "bad-input" });
    expect(await rejection(gradientShap(gradientOfToy(CUBE), [2], [[0, 1]], one))).to.include({ code: "bad-input" });
  });
});
