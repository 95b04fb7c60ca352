import { expect } from "@open-wc/testing";
import { completenessGap, integratedGradients } from "../../src/methods/integrated-gradients.js";
import type { IntegratedGradientsOptions } from "../../src/methods/integrated-gradients.js";
import { pathOf } from "../../src/methods/path.js";
import { quadrature } from "../../src/methods/quadrature.js";
import type { Gradient, Path } from "../../src/methods/types.js";
import { Random } from "../../src/base/random.js";
import { B2, CUBE, expectClose, gradientOfToy, ML, predictOf, rejection, steps, XY2 } from "./toys.js";
import type { Toy } from "./toys.js";

function path(toy: Toy, input: number[], baseline = input.map(() => 0), multiply = true): Path {
  return pathOf(gradientOfToy(toy), predictOf(toy), input, baseline, { count: input.length, width: 1 }, { multiply });
}

const run = (toy: Toy, input: number[], options: IntegratedGradientsOptions) => integratedGradients(path(toy, input), options);

describe("quadrature", () => {
  const rows = [
    { rule: "left", two: [0, 0.5], three: [0, 1 / 3, 2 / 3] },
    { rule: "right", two: [0.5, 1], three: [1 / 3, 2 / 3, 1] },
    { rule: "middle", two: [0.25, 0.75], three: [1 / 6, 1 / 2, 5 / 6] },
  ] as const;
  for (const { rule, two, three } of rows) {
    it(`M7, M8: ${rule}`, () => {
      expectClose(quadrature(rule, 2).alphas, two, 1e-9);
      expectClose(quadrature(rule, 2).weights, [0.5, 0.5], 1e-9);
      expectClose(quadrature(rule, 3).alphas, three, 1e-9);
      expectClose(quadrature(rule, 3).weights, [1 / 3, 1 / 3, 1 / 3], 1e-9);
    });
  }

  it("M7, M8: Captum's trapezoid, whose weights do not sum to 1", () => {
    expectClose(quadrature("captum-trapezoid", 2).alphas, [0, 1], 1e-9);
    expectClose(quadrature("captum-trapezoid", 2).weights, [0.25, 0.25], 1e-9);
    expectClose(quadrature("captum-trapezoid", 3).alphas, [0, 0.5, 1], 1e-9);
    expectClose(quadrature("captum-trapezoid", 3).weights, [1 / 6, 1 / 3, 1 / 6], 1e-9);
  });

  it("the correct trapezoid", () => {
    expectClose(quadrature("trapezoid", 3).alphas, [0, 0.5, 1], 1e-9);
    expectClose(quadrature("trapezoid", 3).weights, [0.25, 0.5, 0.25], 1e-9);
  });

  it("Gauss–Legendre is exact for polynomials of degree 2n − 1, and its weights sum to 1", () => {
    for (const count of [1, 2, 5, 20, 64]) {
      const { alphas, weights } = quadrature("gauss-legendre", count);
      for (const degree of [0, 1, 2 * count - 1]) {
        const integral = alphas.reduce((total, alpha, index) => total + (weights[index] as number) * alpha ** degree, 0);
        expect(integral).to.be.closeTo(1 / (degree + 1), 1e-12);
      }
    }
  });

  it("M9: LIT's mean of the trapezoids", () => {
    const { weights } = quadrature("lit", 3);
    expect([0, 1, 2].reduce((total, gradient, index) => total + gradient * (weights[index] as number), 0)).to.be.closeTo(1, 1e-9);
  });

  it("refuses impossible counts", () => {
    expect(() => quadrature("left", 0)).to.throw("steps must be an integer from 1");
    expect(() => quadrature("trapezoid", 1)).to.throw("from 2");
    expect(() => quadrature("middle", 2.5)).to.throw("2.5");
  });
});

describe("the path", () => {
  it("M10: points from (0,1) to (1,0)", async () => {
    const seen: number[][] = [];
    const gradient: Gradient = (inputs) => {
      seen.push(...inputs.map((row) => Array.from(row)));
      return gradientOfToy(XY2)(inputs);
    };
    await pathOf(gradient, predictOf(XY2), [1, 0], [0, 1], { count: 2, width: 1 }).integrand(quadrature("trapezoid", 3).alphas);
    [[0, 1], [0.5, 0.5], [1, 0]].forEach((point, index) => expectClose(seen[index] as number[], point, 1e-9));
  });

  it("refuses rows that do not divide into the units", () => {
    expect(() => pathOf(gradientOfToy(XY2), predictOf(XY2), [1, 1], [0], { count: 2, width: 1 })).to.throw("baseline has 1 features");
  });
});

describe("integrated gradients", () => {
  for (const stepCount of [20, 50]) {
    it(`M3: B2 at (3,1), Gauss–Legendre ${stepCount}`, async () => {
      const found = await run(B2, [3, 1], { rule: "gauss-legendre", steps: stepCount });
      expectClose([found.value, found.baselineValue as number], [1, 0], 1e-9);
      // the kink of B2 at α = ½ lies between two nodes of an even rule: its integral is exact
      expectClose(found.scores, [1.5, -0.5], 1e-6);
      expect(found.completenessGap).to.be.below(1e-6);
    });
  }

  it("M4: not multiplied by the input", async () => {
    const found = await integratedGradients(path(B2, [3, 1], [0, 0], false), { rule: "gauss-legendre", steps: 50 });
    expectClose(found.scores, [0.5, -0.5], 1e-6);
  });

  it("M5: XY2, Gauss–Legendre 50", async () => {
    const found = await run(XY2, [1, 1], { rule: "gauss-legendre", steps: 50 });
    expectClose(found.scores, [1 / 3, 2 / 3], 1e-9);
    expect(found.completenessGap).to.be.below(1e-9);
    expect(found.evaluations).to.deep.equal({ predict: 2, gradient: 50 });
  });

  it("M6: XY2, left 50 and middle 50", async () => {
    expectClose((await run(XY2, [1, 1], { rule: "left", steps: 50 })).scores, [0.3234, 0.6468], 1e-6);
    expectClose((await run(XY2, [1, 1], { rule: "middle", steps: 50 })).scores, [0.3333, 0.6666], 1e-6);
  });

  it("M11: LIT's rule on x³", async () => {
    expectClose((await run(CUBE, [2], { rule: "lit", steps: 4 })).scores, [4.75], 1e-9);
  });

  it("M33: completeness holds for correct rules and must fail for the two quirks", async () => {
    for (const rule of ["adaptive", "gauss-legendre", "middle", "trapezoid"] as const) expect((await run(XY2, [1, 2], { rule })).completenessGap).to.be.below(0.002);
    expect((await run(XY2, [1, 2], { rule: "captum-trapezoid" })).completenessGap).to.be.closeTo(1 / 50, 0.002);
    expect((await run(XY2, [1, 2], { rule: "lit", steps: 30 })).completenessGap).to.be.above(0.05);
  });

  it("M14: in the space of a layer, from its value at the baseline to its value at the input", async () => {
    // ML's four ReLUs, of s − 10 and three times s + 1; the head adds them and takes 1
    const layer = (x: readonly number[]): number[] => [-10, 1, 1, 1].map((bias) => Math.max(0, x.reduce((total, each) => total + each, bias)));
    const head: Toy = { value: (units) => Array.from(units).reduce((total, unit) => total + unit, -1), slope: (units) => Array.from(units, () => 1) };
    const found = await integratedGradients(path(head, layer([2, 10, 3]), layer([0, 0, 0])), { rule: "gauss-legendre", steps: 50 });
    expectClose(found.scores, [5, 15, 15, 15], 1e-6);
    expectClose([found.value, found.baselineValue!], [ML.value([2, 10, 3]), ML.value([0, 0, 0])], 1e-9);
    expect(found.value - found.baselineValue!).to.be.closeTo(50, 1e-9);
  });

  it("counts each end once: rules that contain an end need no forward pass for it", async () => {
    expect((await run(XY2, [1, 1], { rule: "trapezoid", steps: 5 })).evaluations).to.deep.equal({ predict: 0, gradient: 5 });
    expect((await run(XY2, [1, 1], { rule: "left", steps: 5 })).evaluations).to.deep.equal({ predict: 1, gradient: 5 });
  });

  it("sums over the features of a unit", async () => {
    const found = await integratedGradients(pathOf(gradientOfToy(XY2), predictOf(XY2), [1, 1], [0, 0], { count: 1, width: 2 }));
    expectClose(found.scores, [1], 1e-9);
  });
});

describe("integrated gradients, adaptive", () => {
  it("takes 9 gradients where the path is smooth, and counts them", async () => {
    let asked = 0;
    const counting: Gradient = (inputs) => {
      asked += inputs.length;
      return gradientOfToy(XY2)(inputs);
    };
    const found = await integratedGradients(pathOf(counting, predictOf(XY2), [1, 1], [0, 0], { count: 2, width: 1 }));
    expectClose(found.scores, [1 / 3, 2 / 3], 1e-9);
    expect(found.evaluations).to.deep.equal({ predict: 0, gradient: 9 });
    expect(asked).to.equal(9);
  });

  it("reaches the gap on steep, saturating functions with at most 40 gradients on average and 64 at most", async () => {
    const random = new Random(5);
    const counts: number[] = [];
    for (let trial = 0; trial < 60; trial++) {
      const toy = steps(Array.from({ length: 4 }, () => ({ a: random.normal(), k: 2 + 28 * random.uniform(), c: random.uniform() })));
      const input = [1, 1, 1, 1];
      if (Math.abs(toy.value(input) - toy.value([0, 0, 0, 0])) < 0.5) continue;
      const found = await run(toy, input, {});
      counts.push(found.evaluations.gradient);
      expect(found.evaluations.gradient).to.be.at.most(64);
      if (found.evaluations.gradient < 63) expect(found.completenessGap).to.be.at.most(0.01);
      // each unit's own share is known: its term's change
      const exact = toy.slope(input).map((_, unit) => toy.value(input.map((_, other) => (other === unit ? 1 : 0))) - toy.value(input.map(() => 0)));
      const miss = found.scores.reduce((total, score, unit) => total + Math.abs(score - (exact[unit] as number)), 0);
      if (found.evaluations.gradient < 63) expect(miss / exact.reduce((total, share) => total + Math.abs(share), 0)).to.be.below(0.1);
    }
    expect(counts.length).to.be.above(40);
    expect(counts.reduce((a, b) => a + b, 0) / counts.length).to.be.at.most(40);
  });

  it("tells the gap honestly when the limit comes first", async () => {
    const spike: Toy = steps([{ a: 1, k: 5000, c: 0.3712 }]);
    const found = await run(spike, [1], { steps: 13 });
    expect(found.evaluations.gradient).to.equal(13);
    expect(found.completenessGap).to.be.above(0.5);
    expect(found.completenessGap).to.be.closeTo(Math.abs((found.scores[0] as number) - 2) / 2, 1e-9);
  });

  it("is the same whatever the batch, but for the order of the work", async () => {
    const toy = steps([{ a: 1, k: 20, c: 0.4 }, { a: 2, k: 3, c: 0.7 }]);
    for (const batch of [4, 8, 16]) expect((await run(toy, [1, 1], { batch })).completenessGap).to.be.at.most(0.01);
  });

  it("is exactly 0 for a function that does not change", async () => {
    const found = await run({ value: () => 3, slope: (x) => Array.from(x, () => 0) }, [1, 2], {});
    expect(found.scores).to.deep.equal([0, 0]);
    expect(found.completenessGap).to.equal(0);
    expect(completenessGap([1], 2, 2)).to.be.finite;
    expect(completenessGap([1], 0, 0)).to.equal(1);
  });

  it("stops within one batch, reports progress, and refuses NaN", async () => {
    const abort = new AbortController();
    let calls = 0;
    const slow: Gradient = (inputs) => {
      calls++;
      abort.abort();
      return gradientOfToy(XY2)(inputs);
    };
    const units = { count: 2, width: 1 };
    expect(await rejection(integratedGradients(pathOf(slow, predictOf(XY2), [1, 1], [0, 0], units), { signal: abort.signal }))).to.include({ code: "aborted" });
    expect(calls).to.equal(1);
    const progress: number[][] = [];
    await run(steps([{ a: 1, k: 30, c: 0.45 }]), [1], { onProgress: (done, total) => void progress.push([done, total]) });
    expect(progress[0]).to.deep.equal([9, 64]);
    expect(progress.at(-1)).to.deep.equal([64, 64]);
    const broken: Gradient = (inputs) => Promise.resolve({ values: inputs.map(() => 1), gradients: inputs.map(() => [NaN, 0]) });
    expect(await rejection(integratedGradients(pathOf(broken, predictOf(XY2), [1, 1], [0, 0], units)))).to.include({ code: "runtime" });
    expect(await rejection(run(XY2, [1, 1], { steps: 5 }))).to.include({ code: "bad-input" });
    expect(await rejection(run(XY2, [1, 1], { tolerance: 0 }))).to.include({ code: "bad-input" });
  });
});
