import { expect } from "@open-wc/testing";
import { hash3, pcgHash, randomSign } from "../../src/base/hash.js";
import { Random } from "../../src/base/random.js";
import { mean, standardError, variance } from "../../src/base/statistics.js";

describe("seeded randomness", () => {
  it("the hash is a fixed function with known values and no collisions over a run", () => {
    // pcgHash(0), computed from the published formula in another language
    expect(pcgHash(0)).to.equal(129708002);
    expect(new Set(Array.from({ length: 10_000 }, (_, value) => pcgHash(value))).size).to.equal(10_000);
    expect(hash3(1, 2, 3)).not.to.equal(hash3(3, 2, 1));
  });

  it("signs are even, and directions do not resemble each other", () => {
    const signs = (direction: number) => Array.from({ length: 4096 }, (_, element) => randomSign(9, direction, element));
    const [first, second] = [signs(0), signs(1)];
    expect(Math.abs(mean(first))).to.be.below(4 / 64);
    expect(Math.abs(mean(first.map((sign, element) => sign * (second[element] as number))))).to.be.below(4 / 64);
  });

  it("the same seed gives the same numbers; another seed or stream does not", () => {
    const draw = (random: Random) => Array.from({ length: 8 }, () => random.uniform());
    expect(draw(new Random(3))).to.deep.equal(draw(new Random(3)));
    expect(draw(new Random(3))).not.to.deep.equal(draw(new Random(4)));
    expect(draw(new Random(3))).not.to.deep.equal(draw(new Random(3, 1)));
  });

  it("uniform and normal numbers have the right mean and variance", () => {
    const random = new Random(1);
    const uniform = Array.from({ length: 20_000 }, () => random.uniform());
    expect(mean(uniform)).to.be.closeTo(0.5, 0.01);
    expect(variance(uniform)).to.be.closeTo(1 / 12, 0.003);
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(normal)).to.be.closeTo(0, 0.03);
    expect(variance(normal)).to.be.closeTo(1, 0.04);
  });

  it("permutations hold every number once, each place equally likely", () => {
    const random = new Random(2);
    const places = [0, 0, 0, 0];
    for (let draw = 0; draw < 4000; draw++) {
      const order = random.permutation(4);
      expect([...order].sort()).to.deep.equal([0, 1, 2, 3]);
      const place = order.indexOf(0);
      places[place] = (places[place] as number) + 1;
    }
    for (const count of places) expect(count).to.be.within(880, 1120);
  });
});

describe("statistics", () => {
  it("variance by two passes keeps its digits far from 0", () => {
    expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3])).to.equal(1);
    expect(variance([1, 3], 0)).to.equal(1);
    expect(standardError([1, 3])).to.equal(1);
    expect(standardError([1])).to.be.NaN;
  });
});
