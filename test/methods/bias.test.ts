/** Bias probes without a model: templates, differing words, designs, and statistics against SciPy. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { designOfPairs, designOfTemplate } from "../../src/methods/bias/bias-design.js";
import { differingWords } from "../../src/methods/bias/differing-words.js";
import { cautionsOf, cliffDelta, meanInterval, pairedComparison } from "../../src/methods/bias/paired-comparison.js";
import { fillTemplate, independentSlots, parseTemplate } from "../../src/methods/bias/template.js";

const texts = (template: string) => fillTemplate(parseTemplate(template)).map(({ text }) => text);

describe("templates", () => {
  it("make every combination, the last slot fastest; spans are where the fillings stand", () => {
    expect(texts("{A|B} is {x|y|z}.")).to.deep.equal(["A is x.", "A is y.", "A is z.", "B is x.", "B is y.", "B is z."]);
    expect(texts("no slot")).to.deep.equal(["no slot"]);
    for (const { text, spans, choice } of fillTemplate(parseTemplate("{The man|The woman|他|她} was {|not }{late|early}"))) {
      const slots = [["The man", "The woman", "他", "她"], ["", "not "], ["late", "early"]];
      expect(spans.map(([start, end]) => text.slice(start, end))).to.deep.equal(choice.map((chosen, slot) => slots[slot]![chosen]!));
    }
  });

  it("an empty filling among others is one; slots of one name are filled together; escapes stand for themselves", () => {
    expect(texts("It is {|not }good")).to.deep.equal(["It is good", "It is not good"]);
    expect(texts("{who=He|She} lost {who=his|her} {keys|hat}")).to.deep.equal(["He lost his keys", "He lost his hat", "She lost her keys", "She lost her hat"]);
    expect(independentSlots(parseTemplate("{a=1|2}{b|c}{a=3|4}"))).to.deep.equal([0, 1]);
    expect(texts("\\{a\\|b\\} {x\\|y|\\\\}")).to.deep.equal(["{a|b} x|y", "{a|b} \\"]);
    expect(texts("{2+2=4|x\\=y}")).to.deep.equal(["2+2=4", "x=y"]);
  });

  const wrong: [string, string][] = [
    ["{a|b", "not closed"], ["a} b", "a } at 1"], ["{a{b}}", "a second {"], ["{}", "is empty"], ["{|}", "is empty"], ["{w=a|b} {w=c}", "equally many"],
  ];
  for (const [template, message] of wrong) it(`${template} is refused: ${message}`, () => expect(() => parseTemplate(template)).to.throw(message));

  it("too many fillings are refused before they are made", () => {
    const template = Array.from({ length: 40 }, () => "{a|b}").join(" ");
    expect(() => fillTemplate(parseTemplate(template))).to.throw("1099511627776 fillings, more than 256");
    expect(fillTemplate(parseTemplate("{a|b}{c|d}"), 4)).to.have.length(4);
    expect(() => fillTemplate(parseTemplate("{a|b}{c|d}"), 3)).to.throw("more than 3");
  });

  it("hostile fillings stay as they are", () => {
    expect(texts("{<img src=x onerror=alert(1)>|\u202e\u0000}!")).to.deep.equal(["<img src=x onerror=alert(1)>!", "\u202e\u0000!"]);
  });
});

describe("designs", () => {
  it("of a template: groups by the chosen slot, each context once in each group, spans of what differs", () => {
    for (const slot of [null, 1, "1", "who"] as const) {
      const { groups, contexts, cells } = designOfTemplate("{who=He|She} is {a doctor|ill} and {who=his|her} dog {barks|}", slot);
      expect(groups).to.deep.equal(["He", "She"]);
      expect(contexts).to.deep.equal(["a doctor · barks", "a doctor · ", "ill · barks", "ill · "]);
      expect(cells.map(({ group, context }) => [context, group])).to.deep.equal([0, 1, 2, 3].flatMap((context) => [[context, 0], [context, 1]]));
      for (const { text, own, group } of cells) expect(own.map(([start, end]) => text.slice(start, end))).to.deep.equal(group === 0 ? ["He", "his"] : ["She", "her"]);
    }
    expect(designOfTemplate("{He|She} is {a doctor|ill}", 2).groups).to.deep.equal(["a doctor", "ill"]);
    expect(designOfTemplate("{only} {a|b}").groups).to.deep.equal(["a", "b"]);
    expect(() => designOfTemplate("no slot")).to.throw("no slot");
    expect(() => designOfTemplate("{one} is it")).to.throw("one filling");
    expect(() => designOfTemplate("{a|b}", 3)).to.throw('no slot "3"');
    expect(() => designOfTemplate("{a|}")).to.throw("no text at all");
  });

  it("of pairs: by rows, with names or letters; what is wrong is named by its row", () => {
    const { groups, contexts, cells } = designOfPairs([["He lost his keys.", "She lost her keys."], ["一个男人", "一个女人"]]);
    expect([groups, contexts.length, cells.length]).to.deep.equal([["A", "B"], 2, 4]);
    expect(cells.slice(0, 2).map(({ text, own }) => own.map(([start, end]) => text.slice(start, end)))).to.deep.equal([["He", "his"], ["She", "her"]]);
    expect(designOfPairs({ groups: ["he", "she"], pairs: [["a", "b"]] }).groups).to.deep.equal(["he", "she"]);
    expect(() => designOfPairs([["a", "b"], ["a"]])).to.throw("row 2");
    expect(() => designOfPairs([["a", " "]])).to.throw("row 1");
    expect(() => designOfPairs([["a"]])).to.throw("two texts or more");
    for (const bad of [null, [], "x", {}, { pairs: [] }, 3]) expect(() => designOfPairs(bad)).to.throw("pairs must be a list");
    expect(() => designOfPairs({ groups: ["one"], pairs: [["a", "b"]] })).to.throw("2 names");
    expect(() => designOfPairs(Array.from({ length: 200 }, () => ["a", "b"]))).to.throw("400 texts");
  });

  it("differing words are those outside of the longest common subsequence", () => {
    const [first, second] = ["the old man saw a dog", "the young woman saw a big dog"];
    expect(differingWords([first, second]).map((spans, index) => spans.map(([start, end]) => [first, second][index]!.slice(start, end)))).to.deep.equal([["old", "man"], ["young", "woman", "big"]]);
    expect(differingWords(["same", "same"])).to.deep.equal([[], []]);
  });
});

describe("paired comparisons", () => {
  const a = [0.9, 0.7, 0.8, 0.6, 0.95, 0.5, 0.77];
  const b = [0.8, 0.65, 0.7, 0.62, 0.7, 0.45, 0.7];

  it("give SciPy's permutation p, d, delta and, within sampling, its bootstrap interval", () => {
    const found = pairedComparison(a, b, { resamples: 20_000 });
    expect(found.n).to.equal(7);
    expect(found.exact).to.equal(true);
    expect(found.p).to.be.closeTo(0.03125, 1e-12);
    expect(found.difference).to.be.closeTo(0.08571428571428573, 1e-12);
    expect(found.cohenD).to.be.closeTo(1.0322349909583575, 1e-9);
    expect(found.cliffDelta).to.be.closeTo(0.3469387755102041, 1e-12);
    expect(found.low).to.be.closeTo(0.0342857142857143, 0.004);
    expect(found.high).to.be.closeTo(0.14857142857142858, 0.004);
  });

  it("of many pairs samples the flips, near SciPy's p, the same for the same seed", () => {
    const many = [0.426, 0.168, 0.94, 0.405, -0.236, 0.662, 1.604, 1.247, -0.404, -0.965, -0.323, 0.341, -2.025, 0.081, -0.946, -0.432, -0.244, -0.016, 0.712, 1.343, 0.171, 1.666, -0.365, 0.652, 1.203];
    const zeros = many.map(() => 0);
    const found = pairedComparison(many, zeros, { seed: 3 });
    expect(found.exact).to.equal(false);
    expect(found.p).to.be.closeTo(0.20614896925515372, 0.01);
    expect(pairedComparison(many, zeros, { seed: 3 })).to.deep.equal(found);
    expect(pairedComparison(many, zeros, { seed: 4 })).not.to.deep.equal(found);
  });

  it("change their sign with the groups, and are nothing for equal ones, one pair and none", () => {
    const [forth, back] = [pairedComparison(a, b), pairedComparison(b, a)];
    expect(back.difference).to.be.closeTo(-forth.difference, 1e-12);
    expect([back.p, back.cliffDelta]).to.deep.equal([forth.p, -forth.cliffDelta]);
    const equal = pairedComparison(a, a);
    expect([equal.difference, equal.p, equal.cohenD, equal.cliffDelta, equal.low, equal.high]).to.deep.equal([0, 1, 0, 0, 0, 0]);
    const one = pairedComparison([1], [0]);
    expect([one.n, one.difference, one.p, Number.isNaN(one.low), Number.isNaN(one.cohenD)]).to.deep.equal([1, 1, 1, true, true]);
    expect(pairedComparison([], []).p).to.equal(1);
    expect(cliffDelta([3, 4], [1, 2])).to.equal(1);
  });

  it("the interval covers the mean about as often as it says, of twenty values", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(seed, 7);
      const { low, high } = meanInterval(Array.from({ length: 20 }, () => 0.5 + random.normal()), { seed, resamples: 400 });
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered).to.be.within(175, 199); // percentile intervals of few values are a little narrow
  });

  it("say why they carry no conclusion", () => {
    const strong = pairedComparison([2, 3, 4, 3, 2, 3, 4, 3], [0, 0, 0, 0, 0, 0, 0, 0]);
    expect(cautionsOf(strong, strong.p)).to.deep.equal([]);
    expect(cautionsOf(strong, 0.2)).to.deep.equal(["many"]);
    const few = pairedComparison([2, 3, 4, 3, 2], [0, 0, 0, 0, 0]);
    expect(few.p).to.equal(2 / 32);
    expect(cautionsOf(few, few.p)).to.deep.equal(["few", "chance"]);
    expect(cautionsOf(pairedComparison([1], [0]), 1)).to.deep.equal(["few", "zero", "chance"]);
    const noise = pairedComparison([1, -1, 2, -2, 1, -1, 0.5, -0.6], [0, 0, 0, 0, 0, 0, 0, 0]);
    expect(cautionsOf(noise, noise.p)).to.deep.equal(["zero", "chance"]);
  });
});
