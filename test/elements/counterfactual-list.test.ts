/** The list of changed texts: what it draws, what a choice does to the linked figures, keys, stored and live, wrong questions, hostile texts. */
import { expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import { changedRuns } from "../../src/elements/counterfactual-list/changed-runs.js";
import type { CounterfactualList } from "../../src/elements/counterfactual-list/counterfactual-list.js";
import type { LexiScope } from "../../src/elements/lexi-scope/lexi-scope.js";
import type { SaliencyText } from "../../src/elements/saliency-text/saliency-text.js";
import { configure } from "../../src/engine/locations.js";
import { setLoadModel } from "../../src/state/engine.js";
import { counterfactualsOf, fakeEngine } from "../state/fake-model.js";

const TEXT = "one two three four";
const items = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLElement>("[role=option]")];
const failure = (element: CounterfactualList) => element.ready.then(() => "no error", (error: Error) => error.message);

describe("runs of a changed text", () => {
  it("say what stays, what was there and what is there now", () => {
    expect(changedRuns("a bad film", [{ segment: 0, start: 2, end: 5, text: "good" }])).to.deep.equal([
      { kind: "kept", text: "a " }, { kind: "deleted", text: "bad" }, { kind: "inserted", text: "good" }, { kind: "kept", text: " film" },
    ]);
    expect(changedRuns("ab", [{ segment: 0, start: 0, end: 2, text: "" }])).to.deep.equal([{ kind: "deleted", text: "ab" }]);
    expect(changedRuns("ab", [])).to.deep.equal([{ kind: "kept", text: "ab" }]);
  });
});

describe("<counterfactual-list>", () => {
  let fake = fakeEngine();
  let serial = 0;
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));
  const list = async (attributes: Record<string, string>, parent?: HTMLElement) => {
    const element = document.createElement("counterfactual-list");
    for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
    (parent ?? (await fixture<HTMLElement>(html`<div lang="en"></div>`))).append(element);
    return element;
  };

  it("asks what its attributes say, and lists the text as written first, then the changed ones with what they say", async () => {
    const element = await list({ model: `list-${++serial}`, text: TEXT, methods: "ablation, minimal", budget: "50", to: "negative", results: "4", preset: "lit" });
    await element.ready;
    await element.updateComplete;
    expect(fake.asked[0]!.request).to.deep.equal({ kind: "counterfactuals", text: TEXT, methods: ["ablation", "minimal"], budget: 50, to: "negative", results: 4, preset: "lit" });
    expect(items(element)).to.have.length(4);
    expect(items(element)[1]!.querySelector("del")!.textContent).to.equal("one ");
    expect(items(element).map((item) => item.querySelector(".says")!.textContent)).to.deep.equal(["positive 88%", "negative 80%", "still positive 70%", "negative 80%"]);
    expect(items(element)[1]!.querySelector(".said")!.textContent).to.equal("without one");
    expect(items(element)[1]!.querySelector(".value")!.textContent).to.match(/^\s*positive 20% −68 points$/);
    expect(element.shadowRoot!.querySelector(".ends")!.textContent).to.contain("9 of 50 model calls");
  });

  it("of a long list shows the first, and the rest when asked", async () => {
    const one = counterfactualsOf(TEXT);
    const many = Array.from({ length: 20 }, (_, index) => ({ ...one.results[index % 3]!, text: `${one.results[index % 3]!.text} ${index}` }));
    const element = await list({ explanation: JSON.stringify({ ...one, results: many }) });
    await element.ready;
    await element.updateComplete;
    const more = () => element.shadowRoot!.querySelector<HTMLButtonElement>(".more")!;
    expect([items(element).length, more().textContent, more().getAttribute("aria-expanded")]).to.deep.equal([9, "Show all 20", "false"]);
    more().click();
    await element.updateComplete;
    expect([items(element).length, more().textContent, more().getAttribute("aria-expanded")]).to.deep.equal([21, "Show fewer", "true"]);
  });

  it("a choice by pointer or key hands the text to the scope and its figures; the list stays, and the first entry leads back", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope editable model=${`list-${++serial}`} text=${TEXT}><saliency-text loading="eager"></saliency-text><counterfactual-list loading="eager"></counterfactual-list></lexi-scope>`);
    const element = scope.querySelector<CounterfactualList>("counterfactual-list")!;
    const linked = scope.querySelector<SaliencyText>("saliency-text")!;
    await element.ready;
    await element.updateComplete;
    const told = oneEvent(element, "lexi-text");
    items(element)[1]!.click();
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ text: "two three four", textPair: null });
    await waitUntil(() => linked.explanation?.input.text === "two three four");
    await element.ready;
    await element.updateComplete;
    expect([scope.text, scope.getAttribute("text"), scope.shadowRoot!.querySelector("textarea")!.value]).to.deep.equal(["two three four", "two three four", "two three four"]);
    expect(element.explanation!.input.text).to.equal(TEXT);
    expect(items(element).map((item) => item.getAttribute("aria-selected"))).to.deep.equal(["false", "true", "false", "false"]);
    expect(fake.asked.filter(({ request }) => request.kind === "counterfactuals")).to.have.length(1);
    items(element)[1]!.focus();
    await sendKeys({ press: "Home" });
    await sendKeys({ press: "Enter" });
    await waitUntil(() => linked.explanation?.input.text === TEXT);
    await sendKeys({ press: "End" });
    await sendKeys({ press: " " });
    await waitUntil(() => linked.explanation?.input.text === "one two four");
    scope.text = "quite another text"; // from elsewhere: a new list
    await waitUntil(() => element.explanation?.input.text === "quite another text");
  });

  it("hovering in the scope does not bring an old text back", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope model=${`list-${++serial}`} text=${TEXT}><saliency-text loading="eager"></saliency-text></lexi-scope>`);
    const linked = scope.querySelector<SaliencyText>("saliency-text")!;
    await linked.ready;
    await linked.updateComplete;
    scope.text = "five six";
    items(linked)[0]!.dispatchEvent(new PointerEvent("pointerenter"));
    await scope.updateComplete;
    expect(scope.text).to.equal("five six");
  });

  it("draws what is stored, also in a scope that shows one of its texts; JSON, CSV, SVG; axe", async () => {
    const stored = counterfactualsOf(TEXT);
    const scope = await fixture<LexiScope>(html`<lexi-scope text=${TEXT}></lexi-scope>`);
    const element = await list({ explanation: JSON.stringify(stored) }, scope);
    await element.ready;
    await element.updateComplete;
    items(element)[2]!.click();
    await scope.updateComplete;
    await element.ready;
    await element.updateComplete;
    expect([element.state, scope.text, items(element)[2]!.getAttribute("aria-selected")]).to.deep.equal(["ready", "one three four", "true"]);
    expect(JSON.parse(await (await element.toBlob("json")).text())).to.deep.equal(JSON.parse(JSON.stringify(stored)));
    expect(await (await element.toBlob("svg")).text()).to.contain("two three four");
    expect(await (await element.toBlob("csv")).text()).to.contain("ablation,true,negative");
    await expect(element).to.be.accessible();
  });

  it("speaks Chinese where the page does", async () => {
    const home = await fixture<HTMLElement>(html`<div lang="zh"></div>`);
    const element = await list({ explanation: JSON.stringify(counterfactualsOf(TEXT)) }, home);
    await element.ready;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector(".title")!.textContent).to.contain("怎样改动");
  });

  const wrong: [Record<string, string>, string][] = [
    [{ budget: "0" }, 'budget="0"'], [{ budget: "many" }, 'budget="many"'], [{ methods: "magic" }, 'methods="magic"'], [{ preset: "captum" }, 'preset="captum"'], [{ threshold: "half" }, 'threshold="half"'], [{ results: "-1" }, 'results="-1"'],
  ];
  for (const [attributes, message] of wrong) {
    it(`names ${message} in the element and recovers`, async () => {
      const element = await list({ model: `list-${++serial}`, text: TEXT, ...attributes });
      expect(await failure(element)).to.contain(message);
      for (const name of Object.keys(attributes)) element.removeAttribute(name);
      await element.updateComplete;
      expect((await element.ready).kind).to.equal("counterfactuals");
    });
  }

  it("a stored list that answers another question says so", async () => {
    const element = await list({ explanation: JSON.stringify(counterfactualsOf(TEXT)), budget: "51" });
    expect(await failure(element)).to.contain('budget="51" is not stored here');
  });

  it("live on the built-in model: hostile text stays text, one word too", async () => {
    setLoadModel(null);
    configure({ runtime: "/node_modules/onnxruntime-web/dist/" });
    const hostile = `<img src=x onerror="alert(1)"> bad \u202e film {a|b}`;
    const element = await list({ model: "sentiment", backend: "wasm", text: hostile, budget: "40" });
    const found = await element.ready;
    await element.updateComplete;
    expect(found.calls).to.be.at.most(40);
    expect(element.shadowRoot!.querySelector("img")).to.equal(null);
    expect(items(element)[0]!.querySelector(".written span")!.textContent).to.equal(hostile);
    element.text = "good";
    await element.updateComplete;
    expect((await element.ready).input.text).to.equal("good");
  }).timeout(60_000);
});
