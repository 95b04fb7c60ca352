/** Sentences and the numbers behind them: every case of the templates, in both languages, and nothing that a number does not support. */
import { expect } from "@open-wc/testing";
import type { LeftOut, SummaryExplanation } from "../../src/explanation/types.js";
import { summaryFacts } from "../../src/state/summary-facts.js";
import { summarySentences, summaryText, type Detail } from "../../src/state/summary-sentences.js";
import { examples } from "../explanation/examples.js";

const base = () => examples.summary() as unknown as SummaryExplanation;
const made = (change: Partial<SummaryExplanation> = {}): SummaryExplanation => ({ ...base(), ...change });
const say = (explanation: SummaryExplanation, language = "en", detail: Detail = "plain") => summaryText(summarySentences(explanation, { language, detail, methodName: "occlusion" }), language);
const stays = (out: LeftOut, value = 0.9): LeftOut => ({ ...out, value, label: "positive", labelValue: value });

describe("summary sentences", () => {
  it("what was predicted, what it rests on, what changes it, and whether the ranking is better than chance", () => {
    expect(say(made())).to.equal(
      "The model predicts “positive” (95%); this rests most on “good”. Without “good” alone it would predict “negative” (70%). " +
        "Leaving words out in this order moves the prediction more than 19 of 20 random orders do, which is better than chance.",
    );
    expect(say(made(), "zh-CN")).to.equal("模型的判断是“positive”（95%）；主要依据是“good”。只去掉“good”，判断就会变为“negative”（70%）。按此顺序去掉词，对预测的影响超过 20 个随机顺序中的 19 个，优于随机。");
  });

  it("says more to analysts and experts, always two or three sentences", () => {
    expect(say(made(), "en", "analyst")).to.contain("ahead of “negative” (5%)").and.to.contain("(100% of the weight in favour, by occlusion)").and.to.contain("“so” weighs most against it").and.to.contain("of the 2 words with most weight for it, 1 changes it alone");
    expect(say(made(), "en", "expert")).to.contain("area between the curves 0.4, chance −0.3 to 0.3; occlusion, seed 0");
    for (const language of ["en", "zh"]) for (const detail of ["plain", "analyst", "expert"] as const) {
      const { length } = summarySentences(made(), { language, detail, methodName: "m" });
      expect(length).to.be.within(2, 3);
    }
  });

  it("a small lead is said to be one; a large one is not", () => {
    const close = made({ prediction: { labels: ["negative", "positive"], logits: [0, 0.1], probabilities: [0.475, 0.525] }, value: 0.525 });
    expect(say(close)).to.contain("narrowly: “negative” has 48%");
    expect(say(made())).not.to.contain("narrowly");
  });

  it("says when no single word changes the prediction, when several together do, and when none do", () => {
    const [first, second, both] = base().leftOut as [LeftOut, LeftOut, LeftOut];
    const together = made({ leftOut: [stays(first, 0.8), stays(second), both] });
    expect(say(together)).to.contain("None of the 2 words with most weight for it changes the prediction alone; without “good” and “so” together it would predict “negative” (60%).");
    expect(say(together, "en", "analyst")).to.contain("leaving out “good” moves it most: 95% → 80%");
    const never = made({ leftOut: [stays(first), stays(second), stays(both)] });
    expect(say(never)).to.contain("changes the prediction alone, nor do the 2 with most weight together.");
    expect(say(never)).not.to.contain("would predict");
    expect(say(never, "zh")).to.contain("同时去掉最重的 2 个也不会");
  });

  it("one word: no list, no chance", () => {
    const one = made({ units: base().units.slice(1), leftOut: [{ ...stays(base().leftOut[0]!, 0.6), units: [0] }] });
    expect(say(one)).to.contain("Leaving out “good” does not change the prediction (95% → 60%). There are too few words that matter to tell this ranking from chance.");
  });

  it("does not trust a ranking within chance, nor weights that do not add up", () => {
    const weak = made({ trust: { ...base().trust, area: 0.1, beats: 12, completenessGap: 0.12 } });
    expect(say(weak)).to.contain("more than only 12 of 20 random orders do, which is within what chance does: do not rely on the order of the words; the weights add up to within 12% (poor).");
    expect(say(made({ trust: { ...base().trust, completenessGap: 0.003 } }))).not.to.contain("add up");
    expect(say(made({ trust: { ...base().trust, completenessGap: 0.003 } }), "en", "analyst")).to.contain("the weights add up to within 0.3% (good)");
  });

  it("no word for it; a target that is not predicted; a contrast", () => {
    expect(say(made({ units: base().units.map((unit) => ({ ...unit, score: -1 })) }))).to.contain("no word speaks for this");
    const other = made({ target: { index: 0, label: "negative" }, value: 0.05 });
    expect(say(other)).to.contain("explained here is “negative” (5%)").and.to.contain("Of single words, leaving out");
    expect(say(other)).not.to.contain("would predict");
    expect(say(made({ target: { index: 1, label: "positive", contrast: { index: 0, label: "negative" } } }))).to.contain("explained here is “positive” − “negative”");
  });

  it("next tokens, scores, and labels that do not exclude one another are told apart", () => {
    const { model } = base();
    expect(summaryFacts(made({ model: { ...model, labels: [] } })).answers).to.equal("token");
    expect(say(made({ model: { ...model, labels: [] } }))).to.match(/^The model’s first choice of a token is “positive”/);
    const score = made({ model: { ...model, labels: ["similarity"] }, measure: "score", value: 0.71, label: "similarity", prediction: { labels: ["similarity"], logits: [0.71], probabilities: [] }, target: { index: 0, label: "similarity" } });
    expect(say(score)).to.match(/^The model’s score, “similarity”, is 0.71;/);
    expect(say(score)).not.to.contain("predict ");
    const many = made({ prediction: { labels: ["toxic", "rude"], logits: [2, 1], probabilities: [0.88, 0.73] }, label: "toxic", target: { index: 0, label: "toxic" } });
    expect(say(many)).to.match(/^The model gives the label “toxic” most \(88%\)/).and.not.contain("narrowly");
  });

  it("a probability that is not 1 is never said to be 100%", () => {
    expect(say(made({ prediction: { labels: ["negative", "positive"], logits: [-4, 4], probabilities: [0.0003, 0.9997] } }))).to.contain("“positive” (> 99%)");
  });

  it("hostile words stay words, and a language that is no tag does no harm", () => {
    const hostile = made({ units: base().units.map((unit) => ({ ...unit, text: "<img src=x>" })) });
    expect(say(hostile)).to.contain("“<img src=x>”");
    expect(say(made(), "not a tag")).to.match(/^The model predicts/);
  });
});
