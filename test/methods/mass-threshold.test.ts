import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { linksByMass, massCut } from "../../src/methods/attention/mass-threshold.js";

describe("linksByMass", () => {
  it("M53: draws the heaviest until they carry the share, the crossing one included (exBERT's example)", () => {
    expect(linksByMass([0.5, 0.05, 0.15, 0.3], 0.7)).to.deep.equal([0, 3]);
    expect(linksByMass([0.5, 0.05, 0.15, 0.3], 0.85)).to.deep.equal([0, 2, 3]);
    expect(linksByMass([0.5, 0.05, 0.15, 0.3], 0.5)).to.deep.equal([0]);
    expect(linksByMass([0.5, 0.05, 0.15, 0.3], 0)).to.deep.equal([]);
  });

  it("of equal links takes the first, as many as are needed, and never one without weight", () => {
    expect(linksByMass([0.25, 0.25, 0.25, 0.25], 0.5)).to.deep.equal([0, 1]);
    expect(linksByMass([0, 0.5, 0, 0.5], 1)).to.deep.equal([1, 3]);
    expect(linksByMass([0, 0, 0], 0.7)).to.deep.equal([]);
    expect(linksByMass([], 0.7)).to.deep.equal([]);
  });

  it("carries the share with as few links as can be, and more for a larger share", () => {
    const random = new Random(7);
    for (let trial = 0; trial < 50; trial++) {
      const row = Float32Array.from({ length: 1 + random.integer(40) }, () => random.uniform() ** 4);
      const total = row.reduce((sum, weight) => sum + weight, 0);
      let before = 0;
      for (const share of [0.1, 0.4, 0.7, 0.95, 1]) {
        const links = linksByMass(row, share);
        const carried = links.reduce((sum, at) => sum + row[at]!, 0);
        expect(carried).to.be.at.least(share * total - 1e-5);
        const lightest = Math.min(...links.map((at) => row[at]!));
        expect(carried - lightest, "one too many").to.be.below(share * total + 1e-5);
        expect(links.length).to.be.at.least(before);
        for (const [at, weight] of row.entries()) if (!links.includes(at)) expect(weight).to.be.at.most(lightest);
        before = links.length;
      }
    }
    expect(massCut(Float32Array.of(0.2, 0.2, 0.6), 0.7)).to.deep.equal({ weight: Math.fround(0.2), ties: 1 });
  });
});
