/** The bias probe: what it draws and says, its sources, keys, choice of a version, wrong questions. Live on the built-in model. */
import { expect, fixture, html, oneEvent } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import type { BiasProbe } from "../../src/elements/bias-probe/bias-probe.js";
import type { LexiScope } from "../../src/elements/lexi-scope/lexi-scope.js";
import { configure } from "../../src/engine/locations.js";

const dots = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLElement>("[role=option]")];
const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const failure = (element: BiasProbe) => element.ready.then(() => "no error", (error: Error) => error.message);

async function probe(attributes: Record<string, string>, parent?: HTMLElement, child?: HTMLElement): Promise<BiasProbe> {
  const element = document.createElement("bias-probe");
  for (const [name, value] of Object.entries({ loading: "eager", model: "sentiment", backend: "wasm", ...attributes })) element.setAttribute(name, value);
  if (child) element.append(child);
  (parent ?? (await fixture<HTMLElement>(html`<div lang="en"></div>`))).append(element);
  return element;
}

describe("<bias-probe>", function () {
  this.timeout(60_000);
  before(() => configure({ runtime: "/node_modules/onnxruntime-web/dist/" }));

  it("draws a dot a filling and a mean a group, says how they differ and why that carries nothing", async () => {
    const element = await probe({ template: "{He|She} is {kind|rude}." });
    await element.ready;
    await element.updateComplete;
    expect(dots(element)).to.have.length(4);
    expect(element.shadowRoot!.querySelectorAll(".group")).to.have.length(2);
    const said = inside(element, ".compared")!.textContent;
    expect(said).to.contain("She minus He").and.to.contain("This sample cannot support a conclusion: there are too few pairs").and.to.contain("not a sample of the language").and.to.contain("Cohen's d");
    element.measure = "own";
    await element.updateComplete;
    expect(inside(element, ".title")!.textContent).to.contain("the weight of the words that differ");
    await expect(element).to.be.accessible();
  });

  it("probabilities are drawn from 0 to 1 at most, their differences are said in points", async () => {
    const script = await probe({ template: "{He|She} is {kind|rude}.", method: "none" }).then((element) => element.ready);
    const stored = { ...script, fillings: script.fillings.map((filling, index) => ({ ...filling, prediction: [0, 1, 0.004, 1][index]! })), summaries: script.summaries.map((summary) => ({ ...summary, low: -0.2, high: 1.3 })) };
    const element = document.createElement("bias-probe");
    Object.assign(element, { loading: "eager", explanation: stored });
    (await fixture<HTMLElement>(html`<div lang="en"></div>`)).append(element);
    await element.ready;
    await element.updateComplete;
    expect([...inside(element, ".ends")!.children].map((end) => end.textContent)).to.deep.equal(["0%", "100%"]);
    const interval = inside(element, ".interval")!.style;
    expect([interval.getPropertyValue("--at"), interval.getPropertyValue("--size")]).to.deep.equal(["0.00%", "100.00%"]);
    expect(inside(element, ".compared")!.textContent).to.match(/She minus He: [+−]?[\d.]+ points/);
    element.explanation = { ...script, fillings: script.fillings.map((filling, index) => ({ ...filling, prediction: 0.99991 + index * 1e-6 })), summaries: script.summaries.map((summary) => ({ ...summary, mean: 0.999911, low: null, high: null })) };
    await element.updateComplete;
    await element.ready;
    await element.updateComplete;
    const [low, high] = [...inside(element, ".ends")!.children].map((end) => end.textContent);
    expect(low).to.match(/^99\.99\d+%$/).and.not.equal(high);
  });

  it("a version is chosen by pointer or key: the scope shows it, the probe stays", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope text="as it was"></lexi-scope>`);
    const element = await probe({ template: "{He|She} is {kind|rude}.", method: "none" }, scope);
    await element.ready;
    await element.updateComplete;
    const told = oneEvent(element, "lexi-text");
    dots(element)[0]!.click();
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ text: "He is kind.", textPair: null });
    await scope.updateComplete;
    expect(scope.text).to.equal("He is kind.");
    await element.ready;
    await element.updateComplete;
    dots(element)[0]!.focus();
    await sendKeys({ press: "End" });
    await element.updateComplete;
    expect(inside(element, ".readout")!.textContent).to.contain("She is rude.");
    await sendKeys({ press: "Enter" });
    await scope.updateComplete;
    expect([scope.text, dots(element).length]).to.deep.equal(["She is rude.", 4]);
  });

  it("takes pairs from an attribute, an address or a child; what is stored is drawn without a model; files", async () => {
    const pairs = JSON.stringify({ groups: ["he", "she"], pairs: [["He is kind.", "She is kind."]] });
    const script = Object.assign(document.createElement("script"), { type: "application/pairs+json", textContent: pairs });
    const address = URL.createObjectURL(new Blob([pairs]));
    const found = [];
    for (const element of [await probe({ pairs, method: "none" }), await probe({ method: "none" }, undefined, script), await probe({ pairs: address, method: "none" })]) found.push(await element.ready);
    expect(found.map(({ groups }) => groups)).to.deep.equal([["he", "she"], ["he", "she"], ["he", "she"]]);
    const stored = document.createElement("bias-probe");
    stored.setAttribute("loading", "eager");
    stored.setAttribute("explanation", JSON.stringify(found[0]));
    (await fixture<LexiScope>(html`<lexi-scope text="another text"></lexi-scope>`)).append(stored);
    await stored.ready;
    await stored.updateComplete;
    expect(dots(stored)).to.have.length(2);
    expect(await (await stored.toBlob("svg")).text()).to.contain("she");
    expect(await (await stored.toBlob("csv")).text()).to.contain("He is kind.");
  });

  it("speaks Chinese; hostile fillings stay text", async () => {
    const home = await fixture<HTMLElement>(html`<div lang="zh"></div>`);
    const element = await probe({ template: '{<img src=x onerror="alert(1)">|她\u202e} 很好', method: "none" }, home);
    await element.ready;
    await element.updateComplete;
    expect(inside(element, ".compared")!.textContent).to.contain("此样本不足以下结论");
    expect(inside(element, "img")).to.equal(null);
  });

  const wrong: [Record<string, string>, string][] = [
    [{ template: "{} is" }, "is empty"], [{ template: "no slot" }, "no slot"], [{ pairs: "[[" }, "not JSON"], [{ pairs: "/nobody.json" }, "404"], [{ template: "{a|b}", pairs: "[]" }, "either template or pairs"],
    [{ template: "{a|b}", measure: "all" }, 'measure="all"'], [{ template: "{a|b}{c|d}", "max-fillings": "3" }, "4 fillings"], [{ template: "{a|b}", compare: "7" }, 'no slot "7"'],
  ];
  for (const [attributes, message] of wrong) {
    it(`names what is wrong (${message}) and recovers`, async () => {
      const element = await probe({ method: "none", ...attributes });
      expect(await failure(element)).to.contain(message);
      for (const name of Object.keys(attributes)) element.removeAttribute(name);
      element.measure = "prediction";
      element.template = "{He|She} is kind.";
      await element.updateComplete;
      expect((await element.ready).groups).to.deep.equal(["He", "She"]);
    });
  }
});
