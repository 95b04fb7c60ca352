/** Editing on the text: versions and moves as pure functions, and the element by pointer and keys, alone and in a scope, with late and refused answers. */
import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import { commonSubsequence } from "../../src/base/common-subsequence.js";
import "../../src/define.js";
import type { LexiScope } from "../../src/elements/lexi-scope/lexi-scope.js";
import { scoreMoves } from "../../src/elements/saliency-text/score-moves.js";
import type { SaliencyText } from "../../src/elements/saliency-text/saliency-text.js";
import { Versions } from "../../src/elements/saliency-text/versions.js";
import { configure } from "../../src/engine/locations.js";
import { setLoadModel } from "../../src/state/engine.js";
import { attributionOf, fakeEngine, gate } from "../state/fake-model.js";

const TEXT = "one two three four";
const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const tokens = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLElement>("[role=option]")];
const button = (element: Element, text: string) => [...element.shadowRoot!.querySelectorAll("button")].find((each) => each.textContent === text)!;

async function undoKeys(): Promise<void> {
  await sendKeys({ down: "Control" });
  await sendKeys({ press: "z" });
  await sendKeys({ up: "Control" });
}

describe("versions of a text", () => {
  it("go back step by step; a text from elsewhere is a new original, one that was made here is not", () => {
    const versions = new Versions({ text: "a b c" });
    versions.edit({ text: "a b" });
    versions.edit({ text: "a b" });
    versions.edit({ text: "a" });
    expect([versions.current.text, versions.follow({ text: "a b c" }).text, versions.edited]).to.deep.equal(["a", "a", true]);
    expect([versions.follow({ text: "a" }).text, versions.edited, versions.original.text]).to.deep.equal(["a", true, "a b c"]);
    versions.undo();
    expect(versions.follow({ text: "a b" }).text).to.equal("a b");
    expect([versions.follow({ text: "new" }).text, versions.edited, versions.original.text]).to.deep.equal(["new", false, "new"]);
    versions.undo();
    expect(versions.current.text).to.equal("new");
  });
});

describe("moved weights", () => {
  it("are of tokens matched in order, gone or new, the largest move first, and their sum is the change of all", () => {
    const [before, after] = [[{ text: "a", score: 1 }, { text: "b", score: 2 }, { text: "a", score: 0.5 }], [{ text: "a", score: 0.75 }, { text: "c", score: -3 }, { text: "a", score: 0.5 }]];
    const moves = scoreMoves(before, after);
    expect(moves).to.deep.equal([
      { text: "c", before: null, after: -3, difference: -3 }, { text: "b", before: 2, after: null, difference: -2 }, { text: "a", before: 1, after: 0.75, difference: -0.25 }, { text: "a", before: 0.5, after: 0.5, difference: 0 },
    ]);
    expect(moves.reduce((sum, { difference }) => sum + difference, 0)).to.equal(-5.25);
    expect(commonSubsequence(["x", "a", "b"], ["a", "y", "b"])).to.deep.equal([[1, 0], [2, 2]]);
    expect(commonSubsequence([], ["a"])).to.deep.equal([]);
  });
});

describe("<saliency-text editable>", () => {
  let fake = fakeEngine();
  let serial = 0;
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));
  const editing = (element: SaliencyText) => waitUntil(() => inside(element, ".moved"), "no editing", { timeout: 5000 });
  const settled = async (element: SaliencyText) => {
    await element.updateComplete;
    await element.ready;
    await element.updateComplete;
  };
  async function text(attributes: Record<string, string> = {}, parent?: HTMLElement): Promise<SaliencyText> {
    const element = document.createElement("saliency-text");
    for (const [name, value] of Object.entries({ loading: "eager", editable: "", ...attributes })) element.setAttribute(name, value);
    (parent ?? (await fixture<HTMLElement>(html`<div lang="en"></div>`))).append(element);
    await element.ready;
    await editing(element);
    return element;
  }
  const own = () => ({ model: `edit-${++serial}`, text: TEXT });

  it("a click opens a menu; deleting asks again by the ordinary way, against the pinned original and its target; undo and reset lead back", async () => {
    const element = await text(own());
    expect(inside(element, ".pinned")).to.equal(null);
    tokens(element)[1]!.click();
    await element.updateComplete;
    expect(inside(element, ".edit")!.getAttribute("aria-label")).to.equal("Edit two");
    const told = oneEvent(element, "lexi-text");
    button(element, "Delete").click();
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ text: "one three four", textPair: null });
    await settled(element);
    expect([element.explanation!.input.text, element.text]).to.deep.equal(["one three four", TEXT]);
    expect(fake.asked.at(-1)!.request).to.deep.include({ text: "one three four", target: "positive" });
    expect(inside(element, ".pinned p")!.textContent).to.equal(TEXT);
    expect(inside(element, ".prediction")!.textContent).to.equal("positive: 88% → 88% (0 points)");
    expect(inside(element, ".moved ul")!.textContent).to.contain("two").and.to.contain("gone");
    await expect(element).to.be.accessible();
    tokens(element)[0]!.click();
    await element.updateComplete;
    button(element, "Delete").click();
    await settled(element);
    expect(element.explanation!.input.text).to.equal("three four");
    button(element, "Undo").click();
    await settled(element);
    expect(element.explanation!.input.text).to.equal("one three four");
    button(element, "Back to the original").click();
    await settled(element);
    expect([element.explanation!.input.text, inside(element, ".pinned"), button(element, "Undo").disabled]).to.deep.equal([TEXT, null, true]);
  });

  it("works by keys: Delete deletes, typing replaces, Enter opens, Escape leaves, Ctrl and Z goes back, space selects", async () => {
    const element = await text(own());
    tokens(element)[0]!.focus();
    await sendKeys({ press: "ArrowRight" });
    await sendKeys({ press: "Delete" });
    await settled(element);
    expect(element.explanation!.input.text).to.equal("one three four");
    expect(element.shadowRoot!.activeElement).to.equal(tokens(element)[1]!);
    await sendKeys({ type: "six" });
    await sendKeys({ press: "Enter" });
    await settled(element);
    expect(element.explanation!.input.text).to.equal("one six four");
    await sendKeys({ press: "Enter" });
    await element.updateComplete;
    expect(inside(element, ".edit")).to.not.equal(null);
    await sendKeys({ press: "Escape" });
    await element.updateComplete;
    expect([inside(element, ".edit"), element.shadowRoot!.activeElement === tokens(element)[1]!]).to.deep.equal([null, true]);
    await sendKeys({ press: " " });
    await element.updateComplete;
    expect(tokens(element)[1]!.getAttribute("aria-selected")).to.equal("true");
    await undoKeys();
    await settled(element);
    expect(element.explanation!.input.text).to.equal("one three four");
  });

  it("late answers are dropped: of two quick edits the last is shown", async () => {
    const element = await text(own());
    const slow = gate();
    fake.gate = (request) => (request.kind === "attribution" && request.text === "two three four" ? slow.promise : Promise.resolve());
    tokens(element)[0]!.focus();
    await sendKeys({ press: "Delete" });
    await aTimeout(300);
    await sendKeys({ press: "Delete" });
    await undoKeys();
    await settled(element).catch(() => undefined);
    button(element, "Back to the original").click();
    await settled(element);
    slow.open();
    await aTimeout(50);
    expect([element.explanation!.input.text, element.state]).to.deep.equal([TEXT, "ready"]);
  });

  it("keeps edits to itself in a scope, unless it is meant to share them; a text from elsewhere is a new original", async () => {
    for (const [editable, shared] of [["", TEXT], ["scope", "two three four"]] as const) {
      const scope = await fixture<LexiScope>(html`<lexi-scope lang="en" model=${`edit-${++serial}`} text=${TEXT}><prediction-bars loading="eager"></prediction-bars></lexi-scope>`);
      const element = await text({ editable }, scope);
      tokens(element)[0]!.focus();
      await sendKeys({ press: "Delete" });
      await settled(element);
      expect([scope.text, element.explanation!.input.text, inside(element, ".pinned p")!.textContent]).to.deep.equal([shared, "two three four", TEXT]);
      await waitUntil(() => scope.querySelector("prediction-bars")!.explanation?.input.text === shared);
      button(element, "Undo").click();
      await settled(element);
      await scope.updateComplete;
      expect([scope.text, element.explanation!.input.text]).to.deep.equal([TEXT, TEXT]);
      scope.text = "seven eight";
      await scope.updateComplete;
      await settled(element);
      expect([element.explanation!.input.text, inside(element, ".pinned"), button(element, "Undo").disabled]).to.deep.equal(["seven eight", null, true]);
    }
  });

  it("the only word is not deleted; without a model, and without the attribute, nothing can be edited", async () => {
    const element = await text({ ...own(), text: "one" });
    tokens(element)[0]!.focus();
    await sendKeys({ press: "Backspace" });
    await element.updateComplete;
    expect([inside(element, "[role=status].hidden") === null, element.explanation!.input.text]).to.deep.equal([false, "one"]);
    expect(inside(element, ".moved [role=status]")!.textContent).to.contain("nothing would be left");
    const stored = document.createElement("saliency-text");
    Object.assign(stored, { loading: "eager", editable: "", explanation: attributionOf(TEXT) });
    (await fixture<HTMLElement>(html`<div></div>`)).append(stored);
    await stored.ready;
    await aTimeout(100);
    expect(inside(stored, ".moved")).to.equal(null);
    element.editable = null;
    await element.updateComplete;
    await waitUntil(() => !inside(element, ".moved"));
  });

  it("a wrong value is named", async () => {
    const element = document.createElement("saliency-text");
    for (const [name, value] of Object.entries({ loading: "eager", editable: "page", ...own() })) element.setAttribute(name, value);
    (await fixture<HTMLElement>(html`<div></div>`)).append(element);
    expect(await element.ready.then(() => "", (error: Error) => error.message)).to.contain('editable="page"');
  });

  it("masks on the built-in model: the mask token is read as one, the numbers are the model's own; hostile text stays text", async () => {
    setLoadModel(null);
    configure({ runtime: "/node_modules/onnxruntime-web/dist/" });
    const element = await text({ model: "sentiment", backend: "wasm", text: "a truly good film", method: "gradient-x-input" });
    const before = element.explanation!.prediction.probabilities[1]!;
    const place = tokens(element).findIndex((token) => token.textContent === "good");
    tokens(element)[place]!.click();
    await element.updateComplete;
    button(element, "Mask").click();
    await settled(element);
    const { input, tokens: read, prediction, target } = element.explanation!;
    expect([input.text, read.some(({ text: name, special }) => name === "[MASK]" && !special), target.label]).to.deep.equal(["a truly [MASK] film", true, "positive"]);
    expect(prediction.probabilities[1]!).to.be.below(before);
    tokens(element)[0]!.focus();
    await sendKeys({ press: "x" });
    await element.updateComplete;
    (inside(element, ".edit input") as HTMLInputElement).value = '<img src=x onerror="alert(1)">\u202e';
    button(element, "Replace").click();
    await settled(element);
    expect([inside(element, "img"), element.explanation!.input.text]).to.deep.equal([null, '<img src=x onerror="alert(1)">\u202e truly [MASK] film']);
  }).timeout(60_000);
});
