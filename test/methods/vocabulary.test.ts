/** Numbers of rows over a vocabulary, of contexts, and of the parts of a vector. */
import { expect } from "@open-wc/testing";
import { contributions, contributionsAbove } from "../../src/methods/attention/contribution.js";
import { contextGain } from "../../src/methods/context-gain.js";
import { score, seed, seedAt } from "../../src/methods/target.js";
import { vocabularyReading } from "../../src/methods/vocabulary-reading.js";
import { expectClose } from "./toys.js";

describe("what a row over a vocabulary says", () => {
  it("M57: rank, probability and entropy of token 1 in (2, 1, 0)", () => {
    const { rank, probability, entropy } = vocabularyReading([2, 1, 0], 1);
    expect(rank).to.equal(1);
    expectClose([probability, entropy], [0.2447285, 0.8323956], 1e-6);
  });

  it("a sure row has no entropy, an even one all; equal logits share the better rank; a token that is not there is refused", () => {
    expect(vocabularyReading([0, -Infinity], 0)).to.deep.equal({ rank: 0, probability: 1, entropy: 0 });
    expectClose([vocabularyReading([3, 3, 3, 3], 2).entropy], [Math.log(4)], 1e-12);
    expect(vocabularyReading([3, 3, 3, 3], 2).rank).to.equal(0);
    expect(() => vocabularyReading([1, 2], 2)).to.throw("token 2 is outside of 2 logits");
  });

  it("M58: what a context changes, in nats and bits", () => {
    const { divergence, bits } = contextGain([0.5, 0.3, 0.2], [0.7, 0.2, 0.1], 0);
    expectClose([divergence, bits], [0.0851228, -0.4854268], 1e-6);
  });

  it("no context changes nothing; what it rules out is infinitely far; two vocabularies are refused", () => {
    expect(contextGain([0.5, 0.5], [0.5, 0.5], 1)).to.deep.equal({ divergence: 0, bits: -0 });
    expect(contextGain([1, 0], [0.5, 0.5], 0).divergence).to.equal(Infinity);
    expect(() => contextGain([1], [0.5, 0.5], 0)).to.throw("1 and 2 tokens");
  });

  it("M59: two continuations that share their next token differ by exactly 0 there, and so does the gradient's seed", () => {
    const shared = { index: 2, label: "on", contrast: { index: 2, label: "on" } };
    const logits = [0.3, -1.7, 2.9, 0.1];
    for (const scale of [undefined, "prob", "log-prob"] as const) {
      const target = { ...shared, ...(scale && { scale }) };
      expect(score(logits, target)).to.equal(0);
      expect(Array.from(seedAt(target, logits), Math.abs)).to.deep.equal([0, 0, 0, 0]);
    }
    expect(Array.from(seed(shared, 4))).to.deep.equal([0, 0, 0, 0]);
  });
});

describe("contributions of parts to a whole", () => {
  const parts = [[1, 0], [0, 2], [2, 1]];

  it("M55: by L1 and by L2", () => {
    expectClose(contributions(parts, [3, 3]), [1 / 6, 1 / 3, 1 / 2], 1e-6);
    expectClose(contributions(parts, [3, 3], "l2"), [0.1710755, 0.2901063, 0.5388182], 1e-6);
  });

  it("M56: what is not above the threshold is 0, the others divided by their sum", () => {
    expectClose(contributionsAbove([0.3, 0.04, 0.66], 0.05), [0.3125, 0, 0.6875], 1e-6);
    expect(contributionsAbove([0.05, 0.95], 0.05)).to.deep.equal([0, 1]);
    expect(contributionsAbove([0.5, 0.5], 0.5)).to.deep.equal([0, 0]);
  });

  it("a part against the whole gets almost nothing; widths must agree", () => {
    const [against, along] = contributions([[-1, 0], [3, 0]], [2, 0]);
    expect(against).to.be.below(1e-5).and.above(0);
    expect(against! + along!).to.be.closeTo(1, 1e-12);
    expect(() => contributions([[1]], [1, 2])).to.throw("1 features, but the whole has 2");
  });
});
