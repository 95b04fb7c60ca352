import { expect } from "@open-wc/testing";
import { softmax } from "../../src/methods/probabilities.js";
import { parseTarget, score, seed, seedAt } from "../../src/methods/target.js";
import { expectClose } from "./toys.js";

const labels = ["negative", "neutral", "positive"];
const logits = [0.5, -1, 2];

describe("target", () => {
  const rows: [string, object][] = [
    ["argmax", { index: 2, label: "positive" }],
    ["negative", { index: 0, label: "negative" }],
    ["Neutral", { index: 1, label: "neutral" }],
    ["1", { index: 1, label: "neutral" }],
    ["positive - negative", { index: 2, label: "positive", contrast: { index: 0, label: "negative" } }],
    ["positive − negative", { index: 2, label: "positive", contrast: { index: 0, label: "negative" } }],
    ["argmax - 1", { index: 2, label: "positive", contrast: { index: 1, label: "neutral" } }],
  ];
  for (const [name, target] of rows) it(`reads "${name}"`, () => expect(parseTarget(name, labels, logits)).to.deep.equal(target));

  it("takes a label that looks like an index or a difference as the label", () => {
    expect(parseTarget("1", ["1", "0"], [0, 0])).to.deep.equal({ index: 0, label: "1" });
    expect(parseTarget("a - b", ["b", "a", "a - b"], [0, 0, 0])).to.deep.equal({ index: 2, label: "a - b" });
    expect(parseTarget("a - b - c", ["a - b", "c"], [0, 0])).to.deep.include({ index: 0, contrast: { index: 1, label: "c" } });
    expect(parseTarget("well-being", ["well-being", "x"], [0, 0]).index).to.equal(0);
  });

  it("names the labels when there is no such target", () => {
    expect(() => parseTarget("sad", labels, logits)).to.throw('no target "sad" in this model: use argmax, one of negative, neutral, positive, an index from 0 to 2');
    expect(() => parseTarget("3", labels, logits)).to.throw("no target");
    expect(() => parseTarget("positive - positive", labels, logits)).to.throw("with itself");
    expect(parseTarget("2", [], logits)).to.deep.equal({ index: 2, label: "2" });
  });

  it("scores, and its seed is the score's gradient", () => {
    for (const [name, value] of [["positive", 2], ["positive - neutral", 3]] as const) {
      const target = parseTarget(name, labels, logits);
      expect(score(logits, target)).to.equal(value);
      const product = Array.from(seed(target, 3)).reduce((total, cotangent, index) => total + cotangent * (logits[index] as number), 0);
      expect(product).to.equal(value);
    }
    expect(() => seed({ index: 3, label: "" }, 3)).to.throw("outside the model's 3 logits");
  });
});

describe("softmax", () => {
  it("sums to 1 and does not overflow", () => {
    expectClose(softmax([2, 1, 0]), [0.6652410, 0.2447285, 0.0900306], 1e-6);
    expectClose(softmax([1000, 1000]), [0.5, 0.5], 1e-12);
    expectClose(softmax([0, -Infinity]), [1, 0], 0);
  });
});

describe("targets on the scale of probabilities", () => {
  const labels = ["negative", "neutral", "positive"];
  const logits = [0.3, -1.2, 2.1];

  it("are read from log-prob(name) and prob(name), contrasts too; a label of that spelling wins", () => {
    expect(parseTarget("log-prob(positive)", labels, logits)).to.deep.equal({ index: 2, label: "positive", scale: "log-prob" });
    expect(parseTarget("logprob(argmax)", labels, logits)).to.deep.equal({ index: 2, label: "positive", scale: "log-prob" });
    expect(parseTarget("prob(positive - negative)", labels, logits)).to.deep.equal({ index: 2, label: "positive", contrast: { index: 0, label: "negative" }, scale: "prob" });
    expect(parseTarget("prob(x)", ["prob(x)", "y"], [0, 1])).to.deep.equal({ index: 0, label: "prob(x)" });
    expect(() => parseTarget("prob(nothing)", labels, logits)).to.throw(/nothing/);
  });

  it("score and its cotangent agree with softmax and with central differences", () => {
    for (const name of ["positive", "log-prob(neutral)", "prob(neutral)", "log-prob(positive - negative)", "prob(positive - neutral)"]) {
      const target = parseTarget(name, labels, logits);
      const cotangent = seedAt(target, logits);
      logits.forEach((_, index) => {
        const moved = (step: number) => score(logits.map((logit, at) => logit + (at === index ? step : 0)), target);
        expect(cotangent[index], `${name} ${index}`).to.be.closeTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-6);
      });
    }
    expect(Math.exp(score(logits, parseTarget("log-prob(neutral)", labels, logits)))).to.be.closeTo(score(logits, parseTarget("prob(neutral)", labels, logits)), 1e-12);
    expect(labels.reduce((sum, name) => sum + score(logits, parseTarget(`prob(${name})`, labels, logits)), 0)).to.be.closeTo(1, 1e-12);
  });
});
