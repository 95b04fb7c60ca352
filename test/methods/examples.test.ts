/** Methods on examples against small cases that can be worked out, and against their definitions. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { mmdCritic } from "../../src/methods/examples/mmd-critic.js";
import { cosines, distances, largest } from "../../src/methods/examples/nearest.js";
import { principalPlane } from "../../src/methods/examples/principal-plane.js";
import { representers, representerValues } from "../../src/methods/examples/representer.js";
import { dot, rowOf, type Rows } from "../../src/methods/examples/rows.js";
import { sharedEvidence } from "../../src/methods/examples/shared-evidence.js";
import { tracIn } from "../../src/methods/examples/tracin.js";
import { softmax } from "../../src/methods/probabilities.js";

const rows = (width: number, ...data: number[]): Rows => ({ data: Float64Array.from(data), width });
const noise = (count: number, width: number, seed: number, scale = 1): Rows => {
  const random = new Random(seed);
  return { data: Float64Array.from({ length: count * width }, () => scale * random.normal()), width };
};

describe("neighbours", () => {
  it("M69: Euclidean distances of (1, 2) to (4, 6), (1, 2), (1, 0), nearest first", () => {
    const found = distances([1, 2], rows(2, 4, 6, 1, 2, 1, 0));
    expect(Array.from(found)).to.deep.equal([5, 0, 2]);
    expect(largest(found.map((value) => -value), 3)).to.deep.equal([1, 2, 0]);
  });

  it("M80: Euclidean and Manhattan distance of (0, 1, 0, 1) and (1, 2, 1, 0)", () => {
    const other = rows(4, 1, 2, 1, 0);
    expect(distances([0, 1, 0, 1], other)[0]).to.be.closeTo(2, 1e-9);
    expect(distances([0, 1, 0, 1], other, "manhattan")[0]).to.be.closeTo(4, 1e-9);
  });

  it("cosines, with 0 for a vector of zeros", () => {
    expect(Array.from(cosines([1, 1], rows(2, 2, 2, 1, 0, -3, -3, 0, 0))).map((value) => Number(value.toFixed(9)))).to.deep.equal([1, 0.707106781, -1, 0]);
  });

  it("the largest are those of a whole sort, ties to the earlier row, NaN left out", () => {
    const random = new Random(3);
    const scores = Array.from({ length: 500 }, () => random.integer(40));
    const sorted = scores.map((_, row) => row).filter((row) => row % 3 !== 0).sort((a, b) => scores[b]! - scores[a]! || a - b);
    expect(largest(scores, 25, (row) => row % 3 !== 0)).to.deep.equal(sorted.slice(0, 25));
    expect(largest([NaN, 1, NaN, 2], 3)).to.deep.equal([3, 1]);
    expect(largest([], 3)).to.deep.equal([]);
  });

  it("shared evidence: same word, same side, heavy in both", () => {
    const query = [{ text: "The", score: 0.01 }, { text: "Plot", score: -2 }, { text: "great", score: 1 }, { text: "!", score: 2 }];
    const other = [{ text: "plot", score: -1 }, { text: "Great", score: -0.9 }, { text: "the", score: 0.02 }, { text: "!", score: 1 }];
    expect(sharedEvidence(query, other)).to.deep.equal({ query: [1], other: [0] });
  });
});

describe("influence", () => {
  const features = noise(12, 3, 1);
  const weights = noise(3, 4, 2); // [label, width + 1]
  const logitsOf = (at: Float64Array, feature: ArrayLike<number>): number[] => [0, 1, 2].map((label) => dot(at.subarray(label * 4, label * 4 + 3), feature) + at[label * 4 + 3]!);
  const labels = Array.from({ length: 12 }, (_, row) => (row === 5 ? -1 : row % 3));
  const logits: Rows = { data: Float64Array.from({ length: 12 }, (_, row) => row).reduce((all, row) => (all.set(logitsOf(weights.data as Float64Array, rowOf(features, row)), row * 3), all), new Float64Array(36)), width: 3 };

  it("TracIn is the product of the loss's gradients by all weights of the last layer, by central differences", () => {
    const query = Float64Array.of(0.3, -1, 0.5);
    const found = tracIn({ features, logits, labels }, { features: query, logits: logitsOf(weights.data as Float64Array, query), label: 2 });
    const loss = (at: Float64Array, feature: ArrayLike<number>, label: number) => -Math.log(softmax(Float32Array.from(logitsOf(at, feature)))[label]!);
    const gradient = (feature: ArrayLike<number>, label: number) =>
      Array.from(weights.data, (_, index) => {
        const moved = (by: number) => Float64Array.from(weights.data, (weight, at) => weight + (at === index ? by : 0));
        return (loss(moved(1e-3), feature, label) - loss(moved(-1e-3), feature, label)) / 2e-3;
      });
    const asked = gradient(query, 2);
    for (const row of [0, 1, 2, 3, 11]) expect(found[row]).to.be.closeTo(dot(asked, gradient(rowOf(features, row), labels[row]!)), 1e-3);
    expect(found[5]).to.be.NaN;
  });

  it("an example equal to the query speaks for its label, the same with another label against it", () => {
    const same = tracIn({ features: rows(1, 1, 1), logits: rows(2, 0, 0, 0, 0), labels: [0, 1] }, { features: [1], logits: [0, 0], label: 0 });
    expect(Array.from(same)).to.deep.equal([1, -1]);
  });

  it("representer values sum to the fitted layer's logits, which agree with the model's", () => {
    const many = noise(60, 3, 5);
    const data = new Float64Array(180);
    for (let row = 0; row < 60; row++) data.set(logitsOf(weights.data as Float64Array, rowOf(many, row)), row * 3);
    const found = representers(many, { data, width: 3 }, { lambda: 0.003 });
    expect(found.gradient).to.be.below(1e-8);
    expect(found.agreement).to.be.at.least(0.9);
    // W = −1/(2λn) Σ ∂L/∂Φᵢ ⊗ fᵢ at the stationary point, so the values must sum to W·f
    const fitted = [0, 1, 2].map((label) => Float64Array.from({ length: 4 }, (_, column) => Array.from({ length: 60 }, (_, row) => found.alphas.data[row * 3 + label]! * (column < 3 ? many.data[row * 3 + column]! : 1)).reduce((sum, value) => sum + value, 0)));
    const query = Float64Array.of(0.3, -1, 0.5);
    const sums = [0, 1, 2].map((label) => representerValues(found, query, label).reduce((sum, value) => sum + value, 0));
    sums.forEach((sum, label) => expect(sum).to.be.closeTo(dot(fitted[label]!.subarray(0, 3), query) + fitted[label]![3]!, 1e-9));
    // the residuals of that very W are the ones the alphas were made of
    for (const row of [0, 17, 59]) {
      const own = softmax(Float32Array.from([0, 1, 2].map((label) => dot(fitted[label]!.subarray(0, 3), rowOf(many, row)) + fitted[label]![3]!)));
      const target = softmax(Float32Array.from(data.subarray(row * 3, row * 3 + 3)));
      own.forEach((probability, label) => expect(found.alphas.data[row * 3 + label]! * -2 * 0.003 * 60).to.be.closeTo(probability - target[label]!, 1e-5));
    }
  });
});

describe("prototypes and criticisms", () => {
  it("take one of each cluster first, and criticise by what lies apart", () => {
    const random = new Random(8);
    const centres = [[0, 0], [10, 0], [0, 10]] as const;
    const data: number[] = [];
    for (let row = 0; row < 60; row++) data.push(centres[row % 3]![0] + 0.3 * random.normal(), centres[row % 3]![1] + 0.3 * random.normal());
    data.push(30, 30);
    const { prototypes, criticisms, discrepancy } = mmdCritic(rows(2, ...data), { prototypes: 3, criticisms: 1, kernelWidth: 2 });
    expect(new Set(prototypes.map((row) => row % 3)).size).to.equal(3);
    expect(prototypes.every((row) => row < 60)).to.equal(true);
    expect(criticisms).to.deep.equal([60]);
    expect(discrepancy).to.be.within(0, 0.1);
  });

  it("greedy choice: each step lowers the discrepancy as much as any other row would", () => {
    const data = noise(14, 2, 4);
    const kernel = (a: number, b: number) => Math.exp(-((distances(rowOf(data, a), { data: rowOf(data, b), width: 2 })[0]!) ** 2) / 2);
    const all = Array.from({ length: 14 }, (_, row) => row);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const discrepancyOf = (chosen: number[]) => mean(all.flatMap((a) => all.map((b) => kernel(a, b)))) - 2 * mean(chosen.flatMap((a) => all.map((b) => kernel(a, b)))) + mean(chosen.flatMap((a) => chosen.map((b) => kernel(a, b))));
    const found = mmdCritic(data, { prototypes: 4, criticisms: 0, kernelWidth: 1 });
    for (let size = 1; size <= 4; size++) {
      const before = found.prototypes.slice(0, size - 1);
      const best = Math.min(...all.filter((row) => !before.includes(row)).map((row) => discrepancyOf([...before, row])));
      expect(discrepancyOf(found.prototypes.slice(0, size))).to.be.closeTo(best, 1e-9);
    }
    expect(found.discrepancy).to.be.closeTo(discrepancyOf([...found.prototypes]), 1e-9);
  });

  it("is the same for the same seed when it samples, and empty for nothing", () => {
    const many = noise(300, 2, 6);
    expect(mmdCritic(many, { most: 100, seed: 1 })).to.deep.equal(mmdCritic(many, { most: 100, seed: 1 }));
    expect(mmdCritic(many, { most: 100 }).sampled).to.equal(true);
    expect(mmdCritic(rows(2)).prototypes).to.deep.equal([]);
    expect(mmdCritic(rows(2, 1, 1)).prototypes).to.deep.equal([0]);
  });
});

describe("the principal plane", () => {
  it("is a diagonal matrix's two largest axes, with their shares of the variance", () => {
    const random = new Random(2);
    const data = Array.from({ length: 400 }, () => [random.normal(), 5 * random.normal(), 0.1 * random.normal(), 2 * random.normal()]).flat();
    const { axes, explained, points } = principalPlane(rows(4, ...data));
    expect(Math.abs(axes[0][1]!)).to.be.above(0.99);
    expect(Math.abs(axes[1][3]!)).to.be.above(0.98);
    expect(dot(axes[0], axes[1])).to.be.closeTo(0, 1e-6);
    expect(explained[0]).to.be.closeTo(25 / 30.01, 0.05);
    const variance = (of: number) => Array.from({ length: 400 }, (_, row) => points[2 * row + of]! ** 2).reduce((sum, value) => sum + value, 0);
    const total = [0, 1, 2, 3].map((column) => {
      const values = data.filter((_, index) => index % 4 === column);
      const mean = values.reduce((sum, value) => sum + value, 0) / 400;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    }).reduce((sum, value) => sum + value, 0);
    expect(variance(0) / total).to.be.closeTo(explained[0], 1e-9);
    expect(variance(1) / total).to.be.closeTo(explained[1], 1e-9);
  });

  it("of rows on a line has one axis, of equal rows none", () => {
    const line = principalPlane(rows(2, 0, 0, 1, 1, 2, 2));
    expect(line.explained[0]).to.be.closeTo(1, 1e-9);
    expect(line.explained[1]).to.be.closeTo(0, 1e-9);
    expect(Array.from(line.points).every(Number.isFinite)).to.equal(true);
    expect(principalPlane(rows(2, 3, 4, 3, 4)).explained).to.deep.equal([0, 0]);
    expect(principalPlane(rows(2)).points).to.have.length(0);
  });
});
