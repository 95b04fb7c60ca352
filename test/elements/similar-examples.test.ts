/** Similar examples in a page, on the built-in model: inline rows, both lists, the sentence, a stored answer, a file by hand, wrong attributes. */
import { expect, fixture, html, oneEvent } from "@open-wc/testing";
import "../../src/define.js";
import type { SimilarExamples } from "../../src/elements/similar-examples/similar-examples.js";
import { scopeOf } from "../../src/state/scope.js";
import { useRuntime } from "../engine/toys.js";

const csv = "text,label\nThe acting is superb and moving.,positive\nA dull plot and a wooden cast.,negative\nI loved every minute of it.,positive\nGreat fun and warmly recommended.,negative\nbroken,row,here\nThe soup was cold and bland.,negative";
const rows = () => Object.assign(document.createElement("script"), { type: "text/csv", textContent: csv });
const inside = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];

describe("<similar-examples>", () => {
  before(useRuntime);

  it("draws both lists of an inline corpus, sums up, points the wrong label out; a choice moves the scope; the answer can be stored", async () => {
    const scope = await fixture(html`<lexi-scope lang="en" model="/models/sentiment/" text="The acting is superb."></lexi-scope>`);
    const element = document.createElement("similar-examples");
    Object.assign(element, { loading: "eager", backend: "wasm", count: 2 });
    element.append(rows());
    scope.append(element);
    const explanation = await element.ready;
    await element.updateComplete;
    expect(explanation.corpus).to.deep.include({ rows: 5, broken: 1 });
    expect(inside(element, "li")).to.have.length(4);
    expect(inside(element, ".summary")[0]!.textContent).to.match(/^(All 4|\d of the 4) nearest .*positive/);
    expect(inside(element, ".mismatch").length).to.equal(explanation.examples.filter(({ mismatch }) => mismatch).length);
    expect(inside(element, ".corpus")[0]!.textContent).to.include("1 broken row left out (line 6: 3 values for 2 columns)");
    expect(inside(element, ".text span[data-sign='1']").length).to.be.above(0);
    await expect(element).to.be.accessible();
    expect((await element.toBlob("svg")).size).to.be.above(1000);
    const stored = await fixture<SimilarExamples>(html`<similar-examples lang="zh"></similar-examples>`);
    stored.explanation = JSON.stringify(explanation);
    await stored.ready;
    await stored.updateComplete;
    expect(inside(stored, ".summary")[0]!.textContent).to.include("最相似");
    expect(inside(stored, ".chooser")).to.have.length(0);
    const told = oneEvent(element, "lexi-examples");
    inside(element, "button.open")[0]!.click();
    expect(((await told) as CustomEvent<{ examples: { text: string }[] }>).detail.examples[0]!.text).to.equal(explanation.examples[0]!.text);
    expect(scopeOf(scope).text).to.equal(explanation.examples[0]!.text);
  });

  it("an address is the page's, not the worker's; a stored answer is of the rows inside as they were", async () => {
    const element = await fixture<SimilarExamples>(html`<similar-examples lang="en" loading="eager" backend="wasm" model="/models/sentiment/" text="Boring." corpus="test/pages/rows.csv" count="1"></similar-examples>`);
    expect((await element.ready).corpus).to.deep.include({ reference: "test/pages/rows.csv", rows: 3 });
    const source = Object.assign(document.createElement("similar-examples"), { loading: "eager", backend: "wasm", model: "/models/sentiment/", text: "Boring.", count: 1 });
    source.append(rows());
    document.body.append(source);
    const stored = JSON.stringify(await source.ready);
    source.remove();
    const again = document.createElement("similar-examples");
    again.append(rows());
    again.setAttribute("explanation", stored);
    document.body.append(again);
    expect((await again.ready).corpus.rows).to.equal(5);
    again.querySelector("script")!.textContent += "\nNew.,positive";
    await new Promise((resolve) => setTimeout(resolve));
    await again.updateComplete;
    expect(await again.ready.then(() => "", (error: Error) => error.message)).to.include("a corpus of its own is not stored here");
    again.remove();
  });

  it("a file takes the corpus's place, and what is wrong is said", async () => {
    const element = await fixture<SimilarExamples>(html`<similar-examples lang="en" loading="eager" backend="wasm" model="/models/sentiment/" text="Boring." corpus="/nowhere.csv"></similar-examples>`);
    expect(await element.ready.then(() => "", (error: Error) => error.message)).to.include("answered 404");
    element.file = new File(["text,label\nA bore.,negative\nA joy.,positive"], "mine.csv");
    await element.updateComplete;
    expect((await element.ready).corpus.reference).to.equal("mine.csv");
    element.setAttribute("by", "magic");
    await element.updateComplete;
    expect(await element.ready.then(() => "", (error: Error) => error.message)).to.include('by="magic" is not possible');
  });
});
