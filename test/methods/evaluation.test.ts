import { expect } from "@open-wc/testing";
import { bootstrapInterval, jackknifeInterval, percentileInterval, studentT, tInterval, wilsonInterval } from "../../src/methods/evaluation/intervals.js";
import { auc, averagePrecision, bestThreshold, calibrationError, classMetrics, flipRates, pairMetrics, regressionMetrics } from "../../src/methods/evaluation/metrics.js";

describe("intervals", () => {
  it("M60: TFMA's interval", () => {
    const { low, high } = tInterval(10, 2, 9);
    expect(low).to.be.closeTo(5.4756856744, 1e-6);
    expect(high).to.be.closeTo(14.5243143256, 1e-6);
    expect(studentT(1)).to.be.closeTo(12.7062047364, 1e-6);
    expect(studentT(1e6)).to.be.closeTo(1.959966, 1e-5);
  });

  it("M61, M62: jackknife and bootstrap", () => {
    const jackknife = jackknifeInterval(1.6, [1, 2]); // pseudo-values 2.2 and 1.2
    expect(jackknife.mean).to.be.closeTo(1.5, 1e-9);
    expect(jackknife.error).to.be.closeTo(0.5, 1e-9);
    expect(jackknife.freedom).to.equal(1);
    const bootstrap = bootstrapInterval([1, 2]);
    expect([bootstrap.mean, bootstrap.freedom]).to.deep.equal([1.5, 1]);
    expect(bootstrap.error).to.be.closeTo(0.7071068, 1e-6);
    expect(bootstrap.low).to.be.closeTo(-7.484644, 1e-5);
    expect(bootstrap.high).to.be.closeTo(10.484644, 1e-5);
  });

  it("percentiles and Wilson's interval", () => {
    expect(percentileInterval(Array.from({ length: 101 }, (_, index) => index))).to.deep.equal({ low: 2.5000000000000022, high: 97.5 });
    const { low, high } = wilsonInterval(8, 10);
    expect(low).to.be.closeTo(0.4901625, 1e-6);
    expect(high).to.be.closeTo(0.9433178, 1e-6);
    expect(wilsonInterval(0, 0)).to.deep.equal({ low: 0, high: 1 });
  });
});

describe("metrics", () => {
  it("M63: flip rates", () => {
    const found = flipRates([0.1, 0.9, 0.1, 0.9], [0.9, 0.1, 0.2, 0.8], [1, 2, 3, 4]);
    expect(found.symmetric).to.be.closeTo(0.3, 1e-9);
    expect(found.negativeToNegative).to.be.closeTo(0.3, 1e-9);
  });

  it("M64: regression", () => {
    const found = regressionMetrics([1, 2, 3, 4], [-5, -10, 5, 6]);
    expect(found.mse).to.equal(47);
    expect(found.pearson).to.be.closeTo(0.79559, 1e-5);
    expect(found.spearman).to.be.closeTo(0.8, 1e-5);
  });

  it("M65, M66: classes", () => {
    const four = classMetrics([1, 0, 2, 3], [[0.1, 0.4, 0.2, 0.3], [0.9, 0.1, 0, 0], [0, 0.3, 0.5, 0.2], [0.1, 0.1, 0.5, 0.3]], 0);
    expect(four.accuracy).to.equal(0.75);
    for (const value of [four.precision, four.recall, four.f1]) expect(value).to.be.closeTo(0.66667, 1e-5);
    const two = classMetrics([1, 1], [[0.1, 0.9], [0.2, 0.8]], 0);
    expect([two.accuracy, two.precision, two.recall, two.f1]).to.deep.equal([1, 1, 1, 1]);
    expect(averagePrecision([true, true], [0.9, 0.8])).to.equal(1);
    expect(auc([true, true], [0.9, 0.8])).to.equal(null);
  });

  it("M67: AUC and average precision", () => {
    expect(auc([true, false, true, false], [0.8, 0.7, 0.4, 0.1])).to.be.closeTo(0.75, 1e-6);
    expect(averagePrecision([true, false, true, false], [0.8, 0.7, 0.4, 0.1])).to.be.closeTo(0.8333333, 1e-6);
    expect(auc([true, false], [0.5, 0.5])).to.equal(0.5);
  });

  it("M68: pairs", () => {
    const found = pairMetrics([[[1, 0], [0, 1]], [[1, 0], [1, 0]]]);
    expect(found.swapRate).to.equal(0.5);
    expect(found.meanDivergence).to.be.closeTo(0.34657, 1e-5);
  });

  it("M70: threshold", () => {
    const found = bestThreshold([false, true, false, true], [0.205, 0.415, 0.605, 0.905]);
    expect(found.threshold).to.be.closeTo(0.21, 1e-9);
    expect(found.cost).to.equal(1);
  });

  it("calibration error: sure and right is 0, sure and wrong is 1", () => {
    expect(calibrationError([true, true], [1, 1])).to.equal(0);
    expect(calibrationError([false, false], [1, 1])).to.equal(1);
    expect(calibrationError([true, false], [0.5, 0.5])).to.be.closeTo(0, 1e-12);
  });
});
