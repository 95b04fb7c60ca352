import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import "../../src/elements/saliency-bars/define.js";
import { forcePlan, swarmPlan, waterfallPlan } from "../../src/elements/saliency-bars/layout-plans.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";

const text = "good but not good";
const words = ["good", "but", "not", "good"];
const scores = [1.5, -0.25, -1, 0.75];
let at = 0;
const tokens = words.map((word, id) => {
  const start = text.indexOf(word, at);
  at = start + word.length;
  return { id, text: word, start, end: at, special: false };
});
const explanation: AttributionExplanation = {
  version: 1, kind: "attribution", input: { text }, tokens, quality: [], scores, value: 0.8, baselineValue: -0.2,
  method: { name: "integrated-gradients", preset: "", options: {}, seed: 0 }, target: { index: 1, label: "positive" },
  prediction: { labels: ["negative", "positive"], logits: [0, 0.8], probabilities: [0.31, 0.69] },
  model: { reference: "m", name: "m", labels: ["negative", "positive"] }, provenance: { modelHash: "", library: "test", backend: "" },
};

describe("layout plans", () => {
  it("waterfall: each part begins where the last one ended, and the end is start plus sum", () => {
    const { steps, end, axis } = waterfallPlan(scores, -0.2);
    steps.forEach((step, index) => {
      if (index > 0) expect(step.from).to.equal(steps[index - 1]!.to);
      expect(step.to - step.from).to.be.closeTo(scores[index]!, 1e-12);
    });
    expect(end).to.be.closeTo(0.8, 1e-12);
    expect([axis.at(axis.low), axis.at(axis.high)]).to.deep.equal([0, 1]);
  });

  it("force: both sides meet at the value, without gaps or overlaps", () => {
    const { pushes } = forcePlan(scores, 0.8, -0.2);
    pushes.forEach((push, index) => index > 0 && expect(push.from).to.be.closeTo(pushes[index - 1]!.to, 1e-12));
    const meets = pushes.findIndex(({ index }) => scores[index]! < 0);
    expect(pushes[meets]!.from).to.be.closeTo(0.8, 1e-12);
    expect(pushes[0]!.from).to.be.closeTo(0.8 - 2.25, 1e-12);
    expect(pushes.at(-1)!.to).to.be.closeTo(0.8 + 1.25, 1e-12);
    expect(forcePlan([0, 0], 1, 1).pushes).to.deep.equal([]);
  });

  it("swarm: no two dots of one lane overlap, all are there, equal scores part", () => {
    const many = Array.from({ length: 60 }, (_, index) => Math.sin(index * 7.3) * (index % 5 === 0 ? 0.01 : 1));
    const { dots, axis } = swarmPlan(many, 0.03);
    expect(dots.map(({ index }) => index).sort((a, b) => a - b)).to.deep.equal(many.map((_, index) => index));
    for (const a of dots) for (const b of dots) if (a.index < b.index && a.lane === b.lane) expect(Math.abs(a.x - b.x)).to.be.at.least(0.03 - 1e-12);
    expect(axis.low).to.equal(-axis.high);
    expect(new Set(swarmPlan([1, 1, 1], 0.03).dots.map(({ lane }) => lane)).size).to.equal(3);
    expect(swarmPlan([], 0.03).dots).to.deep.equal([]);
  });
});

describe("<saliency-bars layout>", () => {
  const optionsOf = (element: SaliencyBars) => [...element.renderRoot.querySelectorAll<HTMLElement>("[role=option]")];
  const draw = async (layout: string, more: Partial<AttributionExplanation> = {}) => {
    const element = await fixture<SaliencyBars>(html`<saliency-bars layout=${layout} .explanation=${{ ...explanation, ...more }}></saliency-bars>`);
    await waitUntil(() => layout === "bars" || optionsOf(element).length > 0, `${layout} is drawn`);
    return element;
  };

  for (const layout of ["waterfall", "force", "beeswarm"]) {
    it(`${layout}: an option a token, by keyboard too, chosen and linked; accessible; exported`, async () => {
      const element = await draw(layout);
      expect(optionsOf(element).length).to.equal(4);
      expect(optionsOf(element).filter((option) => option.tabIndex === 0).length).to.equal(1);
      const chosen: number[][] = [];
      element.addEventListener("lexi-select", (event) => chosen.push(event.detail.tokens.map(({ index }) => index)));
      const option = optionsOf(element).find((each) => each.getAttribute("aria-label")!.startsWith("not"))!;
      option.focus();
      option.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
      expect(chosen).to.deep.equal([[2]]);
      await element.updateComplete;
      expect(optionsOf(element).find((each) => each.getAttribute("aria-selected") === "true")!.getAttribute("aria-label")).to.contain("not");
      await expect(element).to.be.accessible();
      const svg = await (await element.toBlob("svg")).text();
      for (const word of ["good", "not"]) expect(svg).to.contain(word);
    });
  }

  it("says where the sum starts: the method's baseline, or the score without all of these", async () => {
    expect((await draw("waterfall")).renderRoot.querySelector(".stop:last-child")!.textContent).to.match(/baseline\s*−0.2/);
    const without: AttributionExplanation & { baselineValue?: number } = { ...explanation };
    delete without.baselineValue;
    const element = await fixture<SaliencyBars>(html`<saliency-bars layout="waterfall" .explanation=${without}></saliency-bars>`);
    await waitUntil(() => optionsOf(element).length > 0);
    expect(element.renderRoot.querySelector(".stop:last-child")!.textContent).to.match(/score without all of these\s*−0.2/);
  });

  it("adds up what `top` leaves out as others", async () => {
    const element = await fixture<SaliencyBars>(html`<saliency-bars layout="waterfall" top="2" .explanation=${explanation}></saliency-bars>`);
    await waitUntil(() => optionsOf(element).length > 0);
    expect(optionsOf(element).length).to.equal(2);
    expect(element.renderRoot.querySelector("[data-rest]")!.textContent).to.match(/2 others\s*\+0.50/);
  });

  it("refuses a layout that does not exist", async () => {
    const element = await fixture<SaliencyBars>(html`<saliency-bars layout="pie" .explanation=${explanation}></saliency-bars>`);
    await waitUntil(() => element.state === "error");
    expect(element.renderRoot.textContent).to.contain("pie");
  });
});
