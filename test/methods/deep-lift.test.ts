/** DeepLift over plain networks. */
import { expect } from "@open-wc/testing";
import { deepLift } from "../../src/methods/deep-lift.js";
import { layeredMultipliers, type Layer } from "../../src/methods/layered-multipliers.js";
import { Random } from "../../src/base/random.js";
import { expectClose, rejection } from "./toys.js";

const relu: Layer = { f: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) };
const tanh: Layer = { f: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 };
const singles = (count: number) => ({ count, width: 1 });
/** 2 ReLU(x₁) + 2 ReLU(x₂ − 1.5) */
const two: Layer[] = [{ weights: [[1, 0], [0, 1]], bias: [0, -1.5] }, relu, { weights: [[2, 2]] }];

describe("DeepLift", () => {
  it("M17: the shares of 2 ReLU(x₁) + 2 ReLU(x₂ − 1.5) at (1, 2) from 0", async () => {
    const found = await deepLift(layeredMultipliers(two), [1, 2], [0, 0], singles(2));
    expectClose(found.scores, [2, 1], 1e-6);
    expect(found.completenessGap).to.equal(0);
    expect([found.value, found.baselineValue]).to.deep.equal([3, 0]);
    expectClose((await deepLift(layeredMultipliers(two), [1, 2], [0, 0], singles(2), { multiply: false })).scores, [2, 0.5], 1e-6);
  });

  it("is complete for any network of linear maps and elementwise functions, where a gradient is not", async () => {
    const random = new Random(4);
    const linear = (out: number, width: number): Layer => ({ weights: Array.from({ length: out }, () => Array.from({ length: width }, () => random.normal())), bias: Array.from({ length: out }, () => random.normal()) });
    for (let trial = 0; trial < 20; trial++) {
      const layers = [linear(5, 6), tanh, linear(4, 5), relu, linear(3, 4), tanh, linear(1, 3)];
      const [input, baseline] = [Array.from({ length: 6 }, () => random.normal()), Array.from({ length: 6 }, () => random.normal())];
      const found = await deepLift(layeredMultipliers(layers), input, baseline, { count: 3, width: 2 });
      expect(found.scores).to.have.length(3);
      expect(found.completenessGap, `trial ${trial}`).to.be.below(1e-9);
    }
  });

  it("takes the slope where nothing changes, so that the input as its own baseline gives zeros", async () => {
    const still = await deepLift(layeredMultipliers([{ weights: [[1]] }, tanh]), [0.5], [0.5], singles(1), { multiply: false });
    expectClose(still.scores, [1 - Math.tanh(0.5) ** 2], 1e-12);
    expect((await deepLift(layeredMultipliers(two), [1, 2], [1, 2], singles(2))).scores).to.deep.equal([0, 0]);
  });

  it("refuses widths that do not fit, several outputs, and multipliers that are no numbers", async () => {
    expect(await rejection(deepLift(layeredMultipliers(two), [1, 2], [0], singles(2)))).to.include({ code: "bad-input" });
    expect(() => layeredMultipliers([{ weights: [[1, 2, 3]] }])([1, 2], [0, 0])).to.throw("does not take 2 numbers");
    expect(() => layeredMultipliers([{ weights: [[1], [2]] }])([1], [0])).to.throw("gives 2 numbers");
    expect(await rejection(deepLift(() => Promise.resolve({ value: 1, baselineValue: 0, multipliers: [NaN] }), [1], [0], singles(1)))).to.include({ code: "runtime" });
  });
});
