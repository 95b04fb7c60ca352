/** `<explanation-summary>` in the page: live on a toy, linked, stored, with broken inputs, by keyboard, for screen readers, in both languages. */
import { aTimeout, expect, fixture, html, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import type { LexiscopeError } from "../../src/base/errors.js";
import "../../src/define.js";
import type { ExplanationSummary } from "../../src/elements/explanation-summary/explanation-summary.js";
import { configure } from "../../src/engine/locations.js";
import { setLoadModel } from "../../src/state/engine.js";
import { scopeOf } from "../../src/state/scope.js";
import { examples } from "../explanation/examples.js";
import { bert, text, useRuntime } from "../engine/toys.js";
import { inEachLook } from "./looks.js";

const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const all = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const failure = (element: ExplanationSummary) => element.ready.then(() => "no error", (error: LexiscopeError) => `${error.code}: ${error.message}`);
const stored = (change: Record<string, unknown> = {}) => JSON.stringify({ ...examples.summary(), ...change });

async function make(attributes: Record<string, string>, parent?: HTMLElement): Promise<ExplanationSummary> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div lang="en"></div>`));
  const element = document.createElement("explanation-summary");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  home.append(element);
  await element.updateComplete;
  return element;
}

describe("<explanation-summary>", () => {
  before(() => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
  });
  after(() => configure({ worker: true }));

  it("speaks live, in the page's language, and shares its words with its neighbours", async () => {
    const home = await fixture<HTMLElement>(html`<lexi-scope lang="zh" model=${bert} text=${text}></lexi-scope>`);
    const element = await make({ method: "gradient-x-input" }, home);
    const found = await element.ready;
    await element.updateComplete;
    expect(inside(element, ".said")!.textContent).to.match(/^模型的判断是“/);
    const [word] = all(element, ".said button");
    word!.focus();
    await sendKeys({ press: "Enter" });
    expect(scopeOf(home).selected.length).to.be.above(0);
    await element.updateComplete;
    expect(all(element, ".said button")[0]!.getAttribute("aria-pressed")).to.equal("true");
    home.lang = "en";
    await waitUntil(() => inside(element, ".said")!.textContent.startsWith("The model predicts “"));
    expect(element.explanation).to.equal(found);
  });

  it("says more when asked, without asking the model again", async () => {
    const element = await make({ explanation: stored() });
    await element.ready;
    await element.updateComplete;
    const { ready } = element;
    const plain = inside(element, ".said")!.textContent;
    element.detail = "expert";
    await element.updateComplete;
    expect(inside(element, ".said")!.textContent.length).to.be.above(plain.length);
    expect(inside(element, ".said")!.textContent).to.contain("chance −0.3 to 0.3");
    expect(element.ready).to.equal(ready);
    const select = inside(element, "select") as HTMLSelectElement;
    select.value = "analyst";
    select.dispatchEvent(new Event("change"));
    expect(element.detail).to.equal("analyst");
  });

  it("draws what is stored and saves it again", async () => {
    const element = await make({ explanation: stored() });
    await element.ready;
    expect(JSON.parse(await (await element.toBlob("json")).text())).to.deep.equal(JSON.parse(stored()));
    expect(await (await element.toBlob("csv")).text()).to.contain("good,2,0.3,negative");
    const picture = new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml");
    expect(picture.documentElement.textContent).to.contain("The model predicts “positive”");
    expect((await element.toBlob("png")).type).to.equal("image/png");
  });

  it("refuses what does not exist or is not stored, and recovers", async () => {
    expect(await failure(await make({ explanation: stored(), detail: "long" }))).to.contain('bad-input: detail="long"');
    expect(await failure(await make({ explanation: stored(), seed: "x" }))).to.contain('bad-input: seed="x"');
    for (const [name, value] of Object.entries({ method: "lime", preset: "captum", target: "negative", seed: "4" })) expect(await failure(await make({ explanation: stored(), [name]: value })), name).to.contain("is not stored here");
    expect(await failure(await make({ explanation: stored({ leftOut: [{}] }) }))).to.contain("bad-explanation: explanation: leftOut[0].units");
    expect(await failure(await make({ explanation: JSON.stringify(examples.prediction()) }))).to.contain("<explanation-summary> draws summary, not prediction");
    const element = await make({ model: bert, text, method: "magic" });
    expect(await failure(element)).to.contain('no method "magic"');
    element.method = "occlusion";
    expect((await element.ready).method.name).to.equal("occlusion");
  });

  it("is accessible, light and dark, English and Chinese, also on a narrow page", async () => {
    await inEachLook(async (home) => {
      const element = await make({ explanation: stored(), detail: "expert" }, home);
      await element.ready;
      await waitUntil(() => inside(element, "details"));
      (all(element, ".menu button")[4] as HTMLButtonElement).click();
      await waitUntil(() => inside(element, ".table table"));
      await aTimeout(50);
      await expect(element).to.be.accessible();
      expect(home.scrollWidth).to.be.at.most(340);
    }, 340);
  });
});
