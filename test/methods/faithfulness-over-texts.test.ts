/** Judgements of several texts put together: means and intervals that can be worked out, chance, the best, and when there is none. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { mean, standardError } from "../../src/base/statistics.js";
import type { Judgement } from "../../src/methods/faithfulness/judge.js";
import { chanceOverTexts, curvesOfChance, methodsOverTexts } from "../../src/methods/faithfulness/over-texts.js";
import { verdictOverTexts } from "../../src/methods/faithfulness/verdict.js";

const judgement = (area: number, more: object = {}): Judgement => ({ deletion: [1, 1 - area], insertion: [0, area], values: { area, ...more } });
const texts = 16;
const random = new Random(4);
/** areas of [text][ranking], around a height that is the text's own */
const height = Array.from({ length: texts }, (_, text) => 0.1 * (text % 5));
const rankings = height.map((at) => Array.from({ length: 10 }, () => judgement(at + 0.02 * random.normal())));
const method = (ahead: number, noise = 0.05) => height.map((at) => judgement(at + ahead + noise * random.normal(), { sufficiency: NaN }));
const transpose = (methods: (Judgement | null)[][]) => height.map((_, text) => methods.map((one) => one[text]!));
const verdict = (methods: (Judgement | null)[][]) => verdictOverTexts(methodsOverTexts(transpose(methods), rankings, ["area"], 0).map(({ values, ...over }) => ({ values, over })));

describe("faithfulness over texts", () => {
  it("means and intervals over the texts that a method answered on; a number that is nowhere defined is null", () => {
    const [good, partly] = [method(0.3), method(0.3).map((one, text) => (text < 4 ? one : null))];
    const [first, second] = methodsOverTexts(transpose([good, partly]), rankings, ["area", "sufficiency"], 0);
    const areas = good.map(({ values }) => values.area!);
    expect(first!.values["area"]).to.be.closeTo(mean(areas), 1e-12);
    expect(first!.values["sufficiency"]).to.equal(null);
    const { low, high } = first!.intervals["area"]!;
    expect((high - low) / 2).to.be.closeTo(1.96 * standardError(areas), 0.3 * standardError(areas)); // the bootstrap's is that of the normal, nearly
    expect(first!.intervals).not.to.have.property("sufficiency");
    expect([first!.texts, second!.texts]).to.deep.equal([16, 4]);
    expect(first!.deletion[1]).to.be.closeTo(1 - mean(areas), 1e-12);
    expect(first!.beats).to.equal(10);
  });

  it("is compared with chance, and with the best, text by text: what all texts share does not widen it", () => {
    const good = method(0.3, 0.01);
    const [first, second] = methodsOverTexts(transpose([good, method(0.1, 0.01)]), rankings, ["area"], 0);
    const byText = good.map(({ values }, text) => values.area! - mean(rankings[text]!.map((one) => one.values.area!)));
    expect(first!.chance!.mean).to.be.closeTo(mean(byText), 1e-12);
    expect(first!.chance!.high! - first!.chance!.low!).to.be.below(0.1 * (first!.intervals["area"]!.high - first!.intervals["area"]!.low));
    expect(first!.best).to.equal(null);
    expect(second!.best!.mean).to.be.closeTo(-0.2, 0.02);
    expect(second!.best!.high).to.be.below(0);
  });

  it("names the best, all that the texts cannot tell from it, or that none beats chance", () => {
    expect(verdict([method(0.1, 0.01), method(0.3, 0.01), method(0, 0.05)])).to.deep.equal({ outcome: "best", best: [1], aboveChance: [1, 0] });
    const twin = method(0.3);
    const both = verdict([twin, twin.map((one, text) => judgement(one.values.area! + (text % 2 ? 0.01 : -0.0099)))]);
    expect(both.outcome === "best" && [...both.best].sort()).to.deep.equal([0, 1]);
    expect(verdict([method(0, 0.05), method(-0.1)])).to.deep.equal({ outcome: "none" });
    expect(verdict([height.map(() => null)])).to.deep.equal({ outcome: "no-method" });
  });

  it("many methods at chance are not called better: the correction is for all of them", () => {
    let called = 0;
    for (let trial = 0; trial < 40; trial++) if (verdict(Array.from({ length: 6 }, () => method(0, 0.05))).outcome === "best") called++;
    expect(called).to.be.at.most(6); // 5 % of 40 is 2, half of it above chance
  });

  it("one text carries nothing", () => {
    const [only] = methodsOverTexts([[judgement(0.5)]], [rankings[0]!], ["area"], 0);
    expect(only!.chance).to.deep.include({ low: null, high: null, adjusted: 1 });
    expect(verdictOverTexts([{ values: only!.values, over: only! }])).to.deep.equal({ outcome: "none" });
  });

  it("the band is of means: ranking r of every text together", () => {
    const means = Array.from({ length: 10 }, (_, ranking) => mean(rankings.map((text) => text[ranking]!.values.area!)));
    const band = chanceOverTexts(rankings, "area")!;
    expect(band.mean).to.be.closeTo(mean(means), 1e-12);
    expect(band.high).to.be.at.most(Math.max(...means));
    expect(curvesOfChance(rankings, "insertion")[1]!.mean).to.be.closeTo(mean(means), 1e-12);
  });
});
