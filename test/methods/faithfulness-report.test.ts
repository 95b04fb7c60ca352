/** Scores judged on games whose answers are known, beside random scores. */
import { expect } from "@open-wc/testing";
import { areaUnder, erasureCurves } from "../../src/methods/faithfulness/curves.js";
import { erasure } from "../../src/methods/faithfulness/erasure.js";
import { bandOf, CURVE_POINTS, judgeScores, prepareTrial, randomScores, type JudgedText } from "../../src/methods/faithfulness/judge.js";
import { faithfulnessMetrics } from "../../src/methods/faithfulness/metrics.js";
import { faithfulnessPreset, faithfulnessPresets } from "../../src/methods/faithfulness/presets.js";
import { faithfulnessCorrelation, relativeInfidelity, subsetDrops } from "../../src/methods/faithfulness/subsets.js";
import { faithfulnessVerdict } from "../../src/methods/faithfulness/verdict.js";
import type { Game } from "../../src/methods/shapley/game.js";

const weights = [0.5, 0.2, -0.1, 0.05, 0, 0.01, -0.2, 0.1, 0.15, 0.03];
const additive = (values: readonly number[]): Game => (rows) => Promise.resolve(rows.map((row) => 1 + values.reduce((sum, value, unit) => sum + value * row[unit]!, 0)));
const textOf = (values: readonly number[], rationale: readonly number[] | null = null): JudgedText => ({ units: values.length, score: additive(values), probability: additive(values), rationale });

describe("erasure curves", () => {
  it("M74: the sets of ERASER, all bins and instances averaged; here two bins a text", async () => {
    // p(x) .8: without .7, .5, only .4, .6; and p(x) .9: without .9, .3, only .5, .85
    const cases = [{ whole: 0.8, without: [0.7, 0.5], only: [0.4, 0.6] }, { whole: 0.9, without: [0.9, 0.3], only: [0.5, 0.85] }];
    const judged = await Promise.all(cases.map(({ whole, without, only }) => {
      // ten units: the bins .01 .05 .1 take out one unit, .2 two, .5 five; the game answers by how many are gone or left
      const game: Game = (rows) => Promise.resolve(rows.map((row) => {
        const present = Array.from(row).reduce((sum, bit) => sum + bit, 0);
        if (present === 10) return whole;
        if (present === 5) return row[0] ? only[1]! : without[1]!;
        return row[0] ? only[0]! : without[0]!;
      }));
      return erasure(game, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], { preset: "eraser" });
    }));
    const bins = (row: readonly number[]) => [row[0]!, row[4]!]; // one bin of one unit, one of half of the text
    const [first, second] = [judged.map(({ comprehensiveness }) => bins(comprehensiveness)), judged.map(({ sufficiency }) => bins(sufficiency))];
    const averages = (rows: readonly (readonly number[])[]) => [0, 1].map((bin) => (rows[0]![bin]! + rows[1]![bin]!) / 2);
    expect(averages(first)[0]).to.be.closeTo(0.05, 1e-9);
    expect(averages(first)[1]).to.be.closeTo(0.45, 1e-9);
    expect((averages(first)[0]! + averages(first)[1]!) / 2).to.be.closeTo(0.25, 1e-9);
    expect(averages(second)[0]).to.be.closeTo(0.4, 1e-9);
    expect(averages(second)[1]).to.be.closeTo(0.125, 1e-9);
    expect((averages(second)[0]! + averages(second)[1]!) / 2).to.be.closeTo(0.2625, 1e-9);
  });

  it("both start and end where everything and nothing is there; the true ranking encloses the largest area of all rankings", async () => {
    const values = [0.5, 0.2, -0.1, 0.05];
    const ofOrder = async (scores: readonly number[]) => {
      const { deletion, insertion } = await erasureCurves(additive(values), scores, 5);
      expect([deletion[0], insertion[4]]).to.deep.equal([deletion[0], deletion[0]]);
      expect(deletion[4]).to.equal(insertion[0]);
      return areaUnder(insertion) - areaUnder(deletion);
    };
    const best = await ofOrder(values);
    for (let first = 0; first < 4; first++) for (let second = 0; second < 4; second++) for (let third = 0; third < 4; third++) {
      if (new Set([first, second, third]).size < 3) continue;
      const scores = [0, 0, 0, 0];
      [scores[first], scores[second], scores[third]] = [3, 2, 1];
      expect(await ofOrder(scores)).to.be.at.most(best + 1e-12);
    }
    expect(await ofOrder(values.map((value) => -value))).to.be.closeTo(-best, 1e-12);
  });

  it("the half: tenths up to five, each set once, whatever the sign", async () => {
    const { sets } = await erasure(additive([1, 2, 3]), [-1, -2, -3], { preset: "half" });
    expect(sets).to.deep.equal([[0], [0, 1]]);
  });

  it("areas by trapezoids", () => {
    expect(areaUnder([1, 1, 1])).to.equal(1);
    expect(areaUnder([0, 1])).to.equal(0.5);
    expect(areaUnder([0, 1, 0, 1])).to.be.closeTo(0.5, 1e-12);
  });
});

describe("random sets of units", () => {
  it("scores that are the drops, at any scale, are faithful without rest; their opposite and zeros are not", async () => {
    const subsets = await subsetDrops(additive(weights), weights.length, 64, 0, 3);
    expect(relativeInfidelity(weights, subsets)).to.be.closeTo(0, 1e-12);
    expect(relativeInfidelity(weights.map((weight) => 7 * weight), subsets)).to.be.closeTo(0, 1e-12);
    expect(faithfulnessCorrelation(weights, subsets)).to.be.closeTo(1, 1e-12);
    expect(faithfulnessCorrelation(weights.map((weight) => -weight), subsets)).to.be.closeTo(-1, 1e-12);
    expect(relativeInfidelity(weights.map(() => 0), subsets)).to.equal(1);
    expect(relativeInfidelity([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], subsets)).to.be.above(0.3); // a unit that does nothing
    expect(relativeInfidelity(weights, await subsetDrops(additive(weights.map(() => 0)), weights.length, 8, 0, 3))).to.be.NaN;
  });

  it("are the same for the same seed, of the asked size, and others for another seed", async () => {
    const [first, again, other] = [await subsetDrops(additive(weights), 10, 8, 4, 1), await subsetDrops(additive(weights), 10, 8, 4, 1), await subsetDrops(additive(weights), 10, 8, 4, 2)];
    expect(first).to.deep.equal(again);
    expect(first.perturbations).not.to.deep.equal(other.perturbations);
    for (const row of first.perturbations) expect(row.reduce((sum, out) => sum + out, 0)).to.equal(4);
  });
});

describe("judging", () => {
  it("true scores beat every random ranking; constant ones have no rank correlation", async () => {
    const trial = await prepareTrial(textOf(weights), faithfulnessPreset(""), 0);
    const random = await Promise.all(randomScores(20, weights.length, 0).map((scores) => judgeScores(trial, scores)));
    const band = bandOf(random.map(({ values }) => values.area!))!;
    const truth = await judgeScores(trial, weights);
    expect(truth.deletion).to.have.length(CURVE_POINTS);
    expect(truth.values["leave-one-out"]).to.be.closeTo(1, 1e-12);
    expect(truth.values.area).to.be.above(band.high);
    expect(random.every(({ values }) => values.area! < truth.values.area!)).to.equal(true);
    expect(Math.abs(band.mean)).to.be.below(truth.values.area! / 2);
    expect((await judgeScores(trial, weights.map(() => 1))).values["leave-one-out"]).to.be.NaN;
  });

  it("the area is comprehensiveness less sufficiency over all shares", async () => {
    const trial = await prepareTrial(textOf(weights), faithfulnessPreset(""), 0);
    const { deletion, insertion, values } = await judgeScores(trial, weights);
    const gap = deletion.map((without, point) => insertion[point]! - without);
    expect(values.area).to.be.closeTo(areaUnder(gap), 1e-12);
  });

  it("agreement with people's words is judged only where there are some", async () => {
    const settings = { ...faithfulnessPreset("eraser"), metrics: ["rationale-auprc", "rationale-f1", "rationale-iou"] as const };
    const rationale = [1, 1, 0, 0, 0, 0, 1];
    const scores = [0.5, 0.2, 0.3, -0.1, 0.1, 0.05, 0.4];
    const { values } = await judgeScores(await prepareTrial(textOf(scores, rationale), settings, 0), scores);
    expect([values["rationale-auprc"], values["rationale-f1"], values["rationale-iou"]].map((value) => Number(value!.toFixed(6)))).to.deep.equal([0.902778, 0.75, 0.6]);
    expect((await judgeScores(await prepareTrial(textOf(scores), settings, 0), scores)).values["rationale-f1"]).to.be.NaN;
  });

  it("one unit and a model that never moves give numbers or say that there are none", async () => {
    for (const values of [[0.4], [0], [0, 0, 0]]) {
      const trial = await prepareTrial(textOf(values), faithfulnessPreset(""), 0);
      const judged = await judgeScores(trial, values);
      expect(judged.values.area).to.be.a("number").and.not.NaN;
    }
  });

  it("stops when aborted", async () => {
    const abort = new AbortController();
    let calls = 0;
    const game: Game = (rows) => {
      calls += rows.length;
      abort.abort();
      return Promise.resolve(rows.map(() => 0));
    };
    const text: JudgedText = { units: 40, score: game, probability: game, rationale: null };
    const error = await prepareTrial(text, faithfulnessPreset(""), 0, { signal: abort.signal, batch: 8 }).catch((thrown: { code?: string }) => thrown.code);
    expect([error, calls]).to.deep.equal(["aborted", 8]);
  });

  it("a band is the middle 90 % of what is defined", () => {
    expect(bandOf([NaN])).to.equal(null);
    const band = bandOf([...Array.from({ length: 21 }, (_, index) => index), NaN])!;
    expect([band.low, band.mean, band.high].map((value) => Number(value.toFixed(9)))).to.deep.equal([1, 10, 19]);
  });

  it("a preset names only metrics of the table", () => {
    for (const { metrics } of Object.values(faithfulnessPresets)) for (const metric of metrics) expect(faithfulnessMetrics).to.have.property(metric);
    expect(() => faithfulnessPreset("shap")).to.throw('no preset "shap" of a faithfulness report; there are ferret, eraser, captum, quantus');
  });
});

describe("the verdict", () => {
  const chance = { low: -0.1, mean: 0, high: 0.1 };
  it("names the best above the band, and those that are as good", () => {
    expect(faithfulnessVerdict([0.05, 0.3, null, 0.298, 0.2], chance, 9)).to.deep.equal({ outcome: "best", best: [1, 3], aboveChance: [1, 3, 4] });
  });
  it("says when none beats chance, when there is one word, when nothing moves, when nothing was judged", () => {
    expect(faithfulnessVerdict([0.05, 0.1], chance, 9)).to.deep.equal({ outcome: "none" });
    expect(faithfulnessVerdict([0.5], chance, 1)).to.deep.equal({ outcome: "one-unit" });
    expect(faithfulnessVerdict([0, 0], { low: 0, mean: 0, high: 0 }, 5)).to.deep.equal({ outcome: "flat" });
    expect(faithfulnessVerdict([null], chance, 5)).to.deep.equal({ outcome: "no-method" });
    expect(faithfulnessVerdict([0.5], null, 5)).to.deep.equal({ outcome: "no-method" });
  });
});
