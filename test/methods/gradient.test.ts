import { expect } from "@open-wc/testing";
import { approximateGradient } from "../../src/methods/approximate-gradient.js";
import { directionsOf } from "../../src/methods/directions.js";
import { gradientNorm } from "../../src/methods/gradient-norm.js";
import { gradientOf } from "../../src/methods/gradient-of.js";
import { gradientXInput } from "../../src/methods/gradient-x-input.js";
import { normalise } from "../../src/methods/normalise.js";
import type { Gradient } from "../../src/methods/types.js";
import { unitDifferences } from "../../src/methods/unit-differences.js";
import { Random } from "../../src/base/random.js";
import { B2, BM, expectClose, gradientOfToy, predictOf, rejection, steps } from "./toys.js";

const singles = (count: number) => ({ count, width: 1 });
/** A fixed gradient, whatever the input. */
const fixed = (row: number[]): Gradient => (inputs) => Promise.resolve({ values: inputs.map(() => 1), gradients: inputs.map(() => row) });

describe("gradient norm", () => {
  it("M1: the gradient of BM at (1,2,3,0,−1,7) is (0,0,0,1,1,0)", async () => {
    const found = await gradientNorm(gradientOfToy(BM), [1, 2, 3, 0, -1, 7], singles(6), { aggregate: "l1" });
    expectClose(found.scores, [0, 0, 0, 1, 1, 0], 1e-6);
    expect(found.evaluations).to.deep.equal({ predict: 0, gradient: 1 });
  });

  it("M13: LIT's norm, divided by the sum over tokens", async () => {
    const units = { count: 2, width: 2 };
    const found = await gradientNorm(fixed([3, 4, 0, 15]), [1, 1, 1, 1], units, { normalise: "sum" });
    expectClose(found.scores, [0.25, 0.75], 1e-6);
    expectClose((await gradientNorm(fixed([3, -4, 0, 15]), [1, 1, 1, 1], units, { aggregate: "l1" })).scores, [7, 15], 1e-12);
  });
});

describe("gradient × input", () => {
  it("M2: B2 at (3,1)", async () => {
    expectClose((await gradientOfToy(B2)([[3, 1]])).gradients[0] as number[], [1, -1], 1e-6);
    expectClose((await gradientXInput(gradientOfToy(B2), [3, 1], singles(2))).scores, [3, -1], 1e-6);
  });

  it("sums over the features of a unit", async () => {
    const found = await gradientXInput(fixed([1, 2, 3, 4]), [1, 1, 2, -1], { count: 2, width: 2 });
    expectClose(found.scores, [3, 2], 1e-12);
  });

  it("refuses a NaN and a row of the wrong length instead of drawing it", async () => {
    expect(await rejection(gradientXInput(fixed([1, NaN]), [1, 1], singles(2)))).to.include({ code: "runtime" });
    expect(await rejection(gradientXInput(fixed([1]), [1, 1], singles(2)))).to.include({ code: "runtime" });
    expect(await rejection(gradientXInput(fixed([1, 1]), [1, 1, 1], singles(2)))).to.include({ code: "bad-input" });
  });
});

describe("normalisation", () => {
  it("M12: LIT's", () => expectClose(normalise([2, -1, 1], "lit"), [0.5, -0.25, 0.25], 1e-6));
  it("L1, L2 and sum; zeros stay zeros", () => {
    expectClose(normalise([2, -1, 1], "l1"), [0.5, -0.25, 0.25], 1e-12);
    expectClose(normalise([3, -4], "l2"), [0.6, -0.8], 1e-12);
    expectClose(normalise([1, 3], "sum"), [0.25, 0.75], 1e-12);
    expectClose(normalise([0, 0], "l1"), [0, 0], 0);
  });
});

describe("approximate gradient", () => {
  const toy = steps([{ a: 1, k: 1, c: 0.2 }, { a: -2, k: 0.5, c: 1 }, { a: 0.5, k: 2, c: -0.3 }, { a: 1.5, k: 0.7, c: 0 }]);
  const input = [0.5, 0.8, -0.1, 1.2];
  const exact = toy.slope(input).map((slope, feature) => slope * (input[feature] as number));
  const run = (directions: number, seed: number) => approximateGradient(directionsOf(predictOf(toy), input, singles(4), { seed, relativeStep: 0.001 }), { directions, batch: 64 });
  const distance = (scores: readonly number[]) => Math.hypot(...scores.map((score, unit) => score - (exact[unit] as number)));

  it("its error falls with the square root of the number of directions", async () => {
    const rms = async (directions: number) => {
      const squares = [];
      for (let seed = 0; seed < 40; seed++) squares.push(distance((await run(directions, seed)).scores) ** 2);
      return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
    };
    const [few, some, many] = [await rms(16), await rms(64), await rms(256)];
    // halves each time: a ratio of 2 but for the scatter of 40 seeds
    expect(few / some).to.be.within(1.5, 2.7);
    expect(some / many).to.be.within(1.5, 2.7);
    expect(many).to.be.below(0.1 * Math.hypot(...exact) * 3);
  });

  it("states an error that covers the exact gradient as a standard error should", async () => {
    let within = 0;
    for (let seed = 0; seed < 50; seed++) {
      const { scores, errors } = await run(100, seed);
      scores.forEach((score, unit) => (within += Math.abs(score - (exact[unit] as number)) <= 2 * (errors[unit] as number) ? 1 : 0));
    }
    expect(within / 200).to.be.within(0.9, 1); // 95 % expected
  });

  it("gives the same numbers for the same seed and others for another", async () => {
    expect((await run(32, 7)).scores).to.deep.equal((await run(32, 7)).scores);
    expect((await run(32, 7)).scores).not.to.deep.equal((await run(32, 8)).scores);
  });

  it("counts its evaluations and reports its relative error", async () => {
    const found = await run(32, 1);
    expect(found.evaluations).to.deep.equal({ predict: 33, gradient: 0 });
    expect(found.samplingError).to.be.closeTo(Math.hypot(...found.errors) / Math.hypot(...found.scores), 1e-12);
  });

  it("also serves as a gradient for the other methods", async () => {
    const approximate = gradientOf(predictOf(toy), { directions: 2000, seed: 3, relativeStep: 0.001 });
    const found = await gradientXInput(approximate, input, singles(4));
    expect(distance(found.scores)).to.be.below(0.1 * Math.hypot(...exact));
    expectClose(found.scores, (await run(2000, 3)).scores, 1e-9);
  });
});

describe("approximate gradient along units", () => {
  // Σ over units of tanh(2·w·x_u), 8 units of 40 features
  const units = { count: 8, width: 40 };
  const random = new Random(11);
  const weights = Array.from({ length: 40 }, () => random.normal() / 6);
  const input = Array.from({ length: 320 }, () => random.normal() / 2);
  const inner = (x: ArrayLike<number>, unit: number) => weights.reduce((total, weight, feature) => total + weight * (x[unit * 40 + feature] as number), 0);
  const each = (f: (unit: number) => number) => Array.from({ length: 8 }, (_, unit) => f(unit));
  const value = (x: ArrayLike<number>) => each((unit) => Math.tanh(2 * inner(x, unit))).reduce((a, b) => a + b, 0);
  const wide = { value, slope: () => [] };
  const exact = each((unit) => 2 * inner(input, unit) * (1 - Math.tanh(2 * inner(input, unit)) ** 2));
  const relative = (scores: readonly number[]) => Math.hypot(...scores.map((score, unit) => score - (exact[unit] as number))) / Math.hypot(...exact);

  it("comes within a thousandth with four forward passes a unit, where 1000 random directions show noise", async () => {
    const along = await unitDifferences(predictOf(wide), input, units);
    expect(along.evaluations).to.deep.equal({ predict: 33, gradient: 0 });
    expect(relative(along.scores)).to.be.below(0.001);
    const noisy = await approximateGradient(directionsOf(predictOf(wide), input, units), { directions: 1000 });
    expect(relative(noisy.scores)).to.be.above(0.2);
    expect(noisy.samplingError).to.be.within(0.5 * relative(noisy.scores), 2 * relative(noisy.scores));
  });

  it("measures its error: it covers the true one, and falls with the fourth power of the step", async () => {
    for (const relativeStep of [0.1, 0.05, 0.02]) {
      const found = await unitDifferences(predictOf(wide), input, units, { relativeStep });
      found.scores.forEach((score, unit) => expect(Math.abs(score - (exact[unit] as number))).to.be.at.most((found.errors[unit] as number) + 1e-9));
    }
    const at = async (relativeStep: number) => relative((await unitDifferences(predictOf(wide), input, units, { relativeStep })).scores);
    expect((await at(0.1)) / (await at(0.05))).to.be.within(12, 20);
  });

  it("refuses an impossible step", async () => {
    expect(await rejection(unitDifferences(predictOf(wide), input, units, { relativeStep: 0 }))).to.include({ code: "bad-input" });
  });
});
