import { expect } from "@open-wc/testing";
import { cosineKernel, limeKernel } from "../../src/methods/lime/kernels.js";
import { lime, limeSpread } from "../../src/methods/lime/lime.js";
import { fitSurrogate } from "../../src/methods/lime/surrogate.js";
import { perturbText, pieceStarts, playersOfWords, wordSpans } from "../../src/methods/lime/text.js";
import { Random } from "../../src/base/random.js";
import type { Game } from "../../src/methods/shapley/game.js";

const worth = (m: ArrayLike<number>): number => 3 * m[0]! * m[2]! + m[1]! - 2 * m[1]! * m[3]!;
const GA: Game = (rows) => Promise.resolve(rows.map(worth));

/** All masks of n words with their expected number of occurrences among LIME's draws. */
function population(players: number, draws: number): { rows: number[][]; values: number[]; weights: number[] } {
  const rows = Array.from({ length: 2 ** players }, (_, mask) => Array.from({ length: players }, (_, player) => (mask >> player) & 1));
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  const weights = rows.map((row) => {
    const kept = row.reduce((sum, bit) => sum + bit, 0);
    const expected = kept === players ? 1 : (draws - 1) / players / choose(players, kept);
    return expected * limeKernel(kept, players);
  });
  return { rows, values: rows.map(worth), weights };
}

const near = (actual: readonly number[], expected: readonly number[], tolerance: number): void => actual.forEach((value, index) => expect(value, `player ${index}`).to.be.closeTo(expected[index]!, tolerance));

describe("LIME", () => {
  it("M40, M41: kernels", () => {
    near([3, 2, 1, 0].map((kept) => limeKernel(kept, 3)), [1, 0.763847, 0.239533, 0.000335], 1e-6);
    near([4, 3, 2, 1, 0].map((kept) => limeKernel(kept, 4)), [1, 0.86624, 0.50344, 0.135335, 0.000335], 1e-6);
    near([2, 1, 0].map((kept) => limeKernel(kept, 2, 256)), [1, 0.993476, 0.926544], 1e-6);
  });

  it("M42: population weights, and a sampled run within .1", async () => {
    const fit = fitSurrogate(population(4, 5000));
    near(fit.scores, [2.07209, -0.51528, 2.07209, -1.51337], 2e-5);
    expect(fit.intercept).to.be.closeTo(-0.34946, 2e-5);
    expect(fit.r2).to.be.closeTo(0.80033, 2e-5);
    near((await lime(GA, 4, { samples: 5000, seed: 1 })).scores, [2.07209, -0.51528, 2.07209, -1.51337], 0.1);
  });

  it("M43: forward selection of two, the first among equals", () => {
    const fit = fitSurrogate(population(4, 5000), { features: 2 });
    expect(fit.selected).to.deep.equal([3, 0]);
    expect(fit.scores[3]).to.be.closeTo(-1.85494, 2e-5);
    expect(fit.scores[0]).to.be.closeTo(1.73052, 2e-5);
    expect(fit.intercept).to.be.closeTo(1.04261, 2e-5);
  });

  it("M44: captum's lasso on a cosine kernel, exact limit and sampled", async () => {
    const input = [20, 50, 30];
    const relu = (value: number): number => Math.max(0, value);
    const f = (row: ArrayLike<number>): number => {
      const sum = input.reduce((total, value, feature) => total + value * row[feature]!, 0);
      return relu(sum - 10) + 3 * relu(sum + 1) - 1;
    };
    const kernel = (row: ArrayLike<number>): number => cosineKernel(input.map((value, feature) => value * row[feature]!), input, 10);
    const rows = Array.from({ length: 8 }, (_, mask) => [0, 1, 2].map((player) => (mask >> player) & 1));
    near(fitSurrogate({ rows, values: rows.map(f), weights: rows.map(kernel) }, { model: "lasso", alpha: 1 }).scores, [73.504, 193.5, 113.502], 1e-3);
    const sampled = await lime((batch) => Promise.resolve(batch.map(f)), 3, { samples: 500, seed: 2, masks: "coin", model: "lasso", alpha: 1, kernel });
    near(sampled.scores, [73.37, 193.33, 113.33], 1.0);
  });

  it("M45, M46: words, and texts without them", () => {
    const text = "Bad plot, bad acting: bad.";
    expect(pieceStarts(text)).to.deep.equal([0, 3, 4, 8, 10, 13, 14, 20, 22, 25]);
    const spans = wordSpans(text);
    const bag = playersOfWords(text, spans, "bag");
    expect(bag.map(([first]) => text.slice(first!.start, first!.end))).to.deep.equal(["Bad", "plot", "bad", "acting"]);
    expect(bag[2]!.map(({ start }) => start)).to.deep.equal([10, 22]);
    expect(perturbText(text, bag, [1, 1, 0, 1], "")).to.equal("Bad plot,  acting: .");
    expect(perturbText(text, playersOfWords(text, spans, "position"), [1, 1, 0, 1, 1], "UNKWORDZ")).to.equal("Bad plot, UNKWORDZ acting: bad.");
    expect(wordSpans("café 电影_2").map(({ start, end }) => [start, end])).to.deep.equal([[0, 4], [5, 9]]);
  });

  it("M47, M48: LIT's masks and its noisy words", async () => {
    const text = "It is a great movie but also somewhat bad .";
    const words = [...text.matchAll(/\S+/g)].map(({ index, 0: word }) => [{ start: index, end: index + word.length }]);
    const withoutA = words.map(([span]) => (text.slice(span!.start, span!.end).includes("a") ? 0 : 1));
    expect(perturbText(text, words, withoutA, "_")).to.equal("It is _ _ movie but _ _ _ .");
    const random = new Random(7);
    const game: Game = (rows) => Promise.resolve(rows.map((row) => 0.5 + 0.3 * row[3]! - 0.3 * row[8]! + 0.02 * random.normal()));
    const { scores } = await lime(game, words.length, { samples: 1000, width: 256 });
    expect(scores.indexOf(Math.max(...scores))).to.equal(3);
    expect(scores.indexOf(Math.min(...scores))).to.equal(8);
  });

  it("M49: the seed decides; the stated errors are as large as the spread over seeds", async () => {
    const [a, b, c] = [await lime(GA, 4, { seed: 1 }), await lime(GA, 4, { seed: 1 }), await lime(GA, 4, { seed: 2 })];
    expect(a.scores).to.deep.equal(b.scores);
    expect(a.scores).to.not.deep.equal(c.scores);
    const { deviations } = await limeSpread(GA, 4, Array.from({ length: 30 }, (_, seed) => seed), { samples: 400 });
    const errors = await Promise.all(Array.from({ length: 10 }, async (_, seed) => (await lime(GA, 4, { seed: 100 + seed, samples: 400 })).errors));
    deviations.forEach((deviation, player) => {
      const stated = Math.sqrt(errors.reduce((sum, run) => sum + run[player]! ** 2, 0) / errors.length);
      expect(stated / deviation, `player ${player}`).to.be.within(0.5, 2);
    });
  });

  it("one word, no samples, too narrow a kernel", async () => {
    expect((await lime((rows) => Promise.resolve(rows.map((row) => 2 * row[0]!)), 1, { samples: 200, width: 256, alpha: 1e-6 })).scores[0]).to.be.closeTo(2, 1e-4);
    const refuse = async (options: object): Promise<string> => lime(GA, 4, options).then(() => "", (error: Error) => error.message);
    expect(await refuse({ samples: 1 })).to.match(/samples must be/);
    expect(await refuse({ kernel: () => 0 })).to.match(/weights of the samples sum to 0/);
  });
});
