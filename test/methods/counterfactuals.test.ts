/** Searches for changed texts on functions with known answers: minimal sets against brute force, HotFlip against every replacement, edits, budgets. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { CallBudget } from "../../src/methods/counterfactuals/call-budget.js";
import { combinations, minimalFlipSets, type TryFlips } from "../../src/methods/counterfactuals/flip-sets.js";
import { greedyFlipSet } from "../../src/methods/counterfactuals/greedy-flip-set.js";
import { hotFlipReplacements } from "../../src/methods/counterfactuals/hotflip.js";
import { deletion, editedText, mergedEdits } from "../../src/methods/counterfactuals/text-edits.js";
import { rejection } from "./toys.js";

/** Flips when the weights of a set reach the threshold; counts what it is asked. */
function toy(weights: readonly number[], threshold: number, budget = Infinity): { tries: TryFlips; asked: number[][] } {
  const asked: number[][] = [];
  return {
    asked,
    tries: async (sets) => sets.map((set) => {
      if (asked.length >= budget) return null;
      asked.push([...set]);
      return set.reduce((sum, member) => sum + weights[member]!, 0) >= threshold;
    }),
  };
}

describe("sets that flip", () => {
  it("combinations are all of them, in lexicographic order", () => {
    expect([...combinations(4, 2)]).to.deep.equal([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
    expect([...combinations(3, 3)]).to.deep.equal([[0, 1, 2]]);
    expect([...combinations(2, 3)]).to.deep.equal([]);
    expect([...combinations(10, 5)]).to.have.length(252);
  });

  it("are exactly the minimal ones, by brute force, on random monotone games", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const weights = Array.from({ length: 6 }, () => random.uniform());
      const threshold = 0.5 + random.uniform() * 1.5;
      const flips = (set: readonly number[]) => set.reduce((sum, member) => sum + weights[member]!, 0) >= threshold;
      const every = [1, 2, 3, 4].flatMap((size) => [...combinations(6, size)]);
      const minimal = every.filter((set) => flips(set) && set.every((member) => set.length === 1 || !flips(set.filter((other) => other !== member))));
      for (const batch of [1, 3, 16]) {
        const { sets, ended } = await minimalFlipSets(6, toy(weights, threshold).tries, { largest: 4, results: 99, batch });
        expect(sets, `seed ${seed}`).to.deep.equal(minimal);
        expect(ended).to.equal("complete");
      }
    }
  });

  it("stop after enough, and when nothing is left to spend; what contains a found set is never tried", async () => {
    const { tries, asked } = toy([3, 1, 1, 1], 2);
    expect(await minimalFlipSets(4, tries, { largest: 4, results: 2, batch: 2 })).to.deep.equal({ sets: [[0], [1, 2]], ended: "results" });
    expect(asked.every((set) => set.length === 1 || !set.includes(0))).to.equal(true);
    const poor = toy([1, 1, 1, 1], 2, 5);
    expect(await minimalFlipSets(4, poor.tries, { largest: 4, results: 9 })).to.deep.equal({ sets: [[0, 1]], ended: "budget" });
    expect(poor.asked).to.have.length(5);
    expect(await minimalFlipSets(0, tries, { largest: 4, results: 9 })).to.deep.equal({ sets: [], ended: "complete" });
  });

  it("stop when aborted", async () => {
    const stop = new AbortController();
    const tries: TryFlips = async (sets) => (stop.abort(), sets.map(() => false));
    expect((await rejection(minimalFlipSets(9, tries, { largest: 3, results: 5, batch: 4, signal: stop.signal }))).code).to.equal("aborted");
  });
});

describe("the greedy set", () => {
  it("flips, and without any one of its members it does not", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(seed);
      const weights = Array.from({ length: 12 }, () => random.uniform() - 0.2);
      const order = random.permutation(12);
      const { tries, asked } = toy(weights, 2);
      const { set, minimal } = await greedyFlipSet(order, tries);
      if (!set) continue;
      const total = (members: readonly number[]) => members.reduce((sum, member) => sum + weights[member]!, 0);
      expect(minimal).to.equal(true);
      expect(total(set)).to.be.at.least(2);
      for (const member of set) expect(total(set.filter((other) => other !== member))).to.be.below(2);
      expect(asked.length).to.be.below(12 + 12 * 12);
    }
  });

  it("is none where nothing flips or nothing is left", async () => {
    expect(await greedyFlipSet([0, 1], toy([1, 1], 5).tries)).to.deep.equal({ set: null, minimal: false, ended: "complete" });
    expect(await greedyFlipSet([0, 1, 2], toy([1, 1, 1], 3, 2).tries)).to.deep.equal({ set: null, minimal: false, ended: "budget" });
    expect(await greedyFlipSet([0, 1, 2], toy([0, 3, 1], 3, 2).tries)).to.deep.equal({ set: [0, 1], minimal: false, ended: "budget" });
    expect(await greedyFlipSet([], toy([], 1).tries)).to.deep.equal({ set: null, minimal: false, ended: "complete" });
  });
});

describe("HotFlip", () => {
  const random = new Random(4);
  const [vocabulary, width, tokens] = [50, 6, 5];
  const table = Float32Array.from({ length: vocabulary * width }, () => random.normal());
  const ids = [3, 17, 3, 49, 0];
  const gradient = Float32Array.from({ length: tokens * width }, () => random.normal());
  const estimate = (place: number, id: number) => Array.from({ length: width }, (_, f) => gradient[place * width + f]! * (table[id * width + f]! - table[ids[place]! * width + f]!)).reduce((a, b) => a + b, 0);
  const places = [0, 1, 2, 3, 4];

  it("is the best replacement of the whole vocabulary by g · (e′ − e), the strongest place first", () => {
    const found = hotFlipReplacements({ gradient, table, width, ids, places });
    const brute = places.map((place) => {
      const all = Array.from({ length: vocabulary }, (_, id) => ({ place, id, estimate: estimate(place, id) })).filter(({ id }) => id !== ids[place]);
      return all.reduce((best, each) => (each.estimate < best.estimate ? each : best));
    }).sort((a, b) => a.estimate - b.estimate);
    expect(found.map(({ place, id }) => [place, id])).to.deep.equal(brute.map(({ place, id }) => [place, id]));
    found.forEach((each, index) => expect(each.estimate).to.be.closeTo(brute[index]!.estimate, 1e-5));
  });

  it("is exact for a linear score: the estimate is the change", () => {
    const [one] = hotFlipReplacements({ gradient, table, width, ids, places }, { candidates: 1 });
    const value = (row: readonly number[]) => row.reduce((sum, id, place) => sum + Array.from({ length: width }, (_, f) => gradient[place * width + f]! * table[id * width + f]!).reduce((a, b) => a + b, 0), 0);
    expect(value(ids.map((id, place) => (place === one!.place ? one!.id : id))) - value(ids)).to.be.closeTo(one!.estimate, 1e-5);
  });

  it("asks whether an id can stand there, takes the next best, and gives up in time; ranks by the gradient's length as LIT does", () => {
    const refused: number[] = [];
    const [first] = hotFlipReplacements({ gradient, table, width, ids, places: [1] }, { accept: (_, id) => (refused.push(id), refused.length > 2) });
    expect(refused).to.have.length(3);
    expect(estimate(1, refused[0]!)).to.be.at.most(estimate(1, refused[1]!)).and.at.most(estimate(1, refused[2]!));
    expect(first!.id).to.equal(refused[2]);
    expect(hotFlipReplacements({ gradient, table, width, ids, places }, { accept: () => false, asked: 4 })).to.deep.equal([]);
    const norms = places.map((place) => Math.hypot(...gradient.slice(place * width, (place + 1) * width)));
    expect(hotFlipReplacements({ gradient, table, width, ids, places }, { rank: "gradient-norm", candidates: 3 }).map(({ place }) => place)).to.deep.equal([...places].sort((a, b) => norms[b]! - norms[a]!).slice(0, 3));
  });
});

describe("edits of a text", () => {
  it("deletes a word with one gap, keeps marks, and merges what overlaps", () => {
    const text = "The plot drags, but  it works";
    const without = (...words: string[]) => editedText(text, words.map((word) => deletion(text, text.indexOf(word), text.indexOf(word) + word.length)));
    expect(without("drags")).to.equal("The plot, but  it works");
    expect(without("The")).to.equal("plot drags, but  it works");
    expect(without("it")).to.equal("The plot drags, but works");
    expect(without("The", "plot")).to.equal("drags, but  it works");
    expect(without("works", "it")).to.equal("The plot drags, but");
    expect(editedText("剧情拖沓", [deletion("剧情拖沓", 0, 2)])).to.equal("拖沓");
    expect(editedText("a", [deletion("a", 0, 1)])).to.equal("");
  });

  it("merged edits are in order, apart from one another, and give the same text in any order", () => {
    const edits = [{ start: 4, end: 6, text: "" }, { start: 0, end: 2, text: "X" }, { start: 5, end: 8, text: "" }];
    expect(mergedEdits("0123456789", edits)).to.deep.equal([{ start: 0, end: 2, text: "X" }, { start: 4, end: 8, text: "" }]);
    expect(editedText("0123456789", edits)).to.equal("X2389");
    expect(editedText("0123456789", [...edits].reverse())).to.equal("X2389");
    expect(editedText("abc", [])).to.equal("abc");
  });
});

describe("a budget of calls", () => {
  it("gives no more than there is, all or nothing, and shares out what is left", () => {
    const budget = new CallBudget(10);
    expect([budget.take(4), budget.left]).to.deep.equal([true, 6]);
    budget.share(3);
    expect([budget.left, budget.take(3), budget.take(2), budget.left]).to.deep.equal([2, false, true, 0]);
    budget.share(1);
    expect([budget.left, budget.take(4), budget.take(1), budget.made]).to.deep.equal([4, true, false, 10]);
  });

  for (const bad of [0, -1, 1.5, NaN]) it(`refuses ${bad}`, () => expect(() => new CallBudget(bad)).to.throw("budget must be a whole number"));
});
