/** Parts of a text that open and close, by pointer and keys; and the standard errors of words. */
import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import { PartTree } from "../../src/elements/saliency-text/part-tree.js";
import type { SaliencyText } from "../../src/elements/saliency-text/saliency-text.js";
import { scoredUnits } from "../../src/elements/shared/units.js";
import type { AttributionExplanation, AttributionPart } from "../../src/explanation/types.js";
import { attributionOf } from "../state/fake-model.js";

const TEXT = "one two three four five six seven eight";
const leaf = (token: number): AttributionPart => ({ tokens: [token], score: (token % 2 ? -1 : 1) * (token + 1) * 0.25 });
const join = (...children: AttributionPart[]): AttributionPart => ({ tokens: children.flatMap(({ tokens }) => tokens), score: children.reduce((sum, { score }) => sum + score, 0), children });
const hierarchy = join(join(join(leaf(0), leaf(1)), join(leaf(2), leaf(3))), join(join(leaf(4), leaf(5)), join(leaf(6), leaf(7))));
const stored = (): AttributionExplanation => ({ ...attributionOf(TEXT, "partition-shap"), hierarchy });

const parts = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(".part")];
const said = (element: Element) => parts(element).map((part) => part.textContent);
const buttons = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLButtonElement>(".parts button")];
const focused = (element: Element) => element.shadowRoot!.activeElement?.textContent;
const COARSE = ["one two", "three four", "five six", "seven eight"];

async function drawn(explanation: AttributionExplanation, lang = "en"): Promise<SaliencyText> {
  const home = await fixture<HTMLElement>(html`<div lang=${lang}><saliency-text loading="eager" .explanation=${explanation}></saliency-text></div>`);
  const element = home.querySelector("saliency-text")!;
  await element.ready;
  await waitUntil(() => parts(element).length > 0, "no parts", { timeout: 5000 });
  return element;
}
const press = async (element: SaliencyText, key: string) => {
  await sendKeys({ press: key });
  await element.updateComplete;
};

describe("a cut through a hierarchy", () => {
  it("begins coarse, keeps every token once, and goes back; parts over both texts of a pair are opened, and never closed to", () => {
    const { tokens } = attributionOf(TEXT);
    const tree = new PartTree(hierarchy, tokens);
    const shown = () => tree.shown.map((part) => part.tokens.join());
    expect(shown()).to.deep.equal(["0,1", "2,3", "4,5", "6,7"]);
    tree.open(tree.shown[1]!);
    expect([shown(), tree.coarse, tree.allOpen]).to.deep.equal([["0,1", "2", "3", "4,5", "6,7"], false, false]);
    tree.close(tree.parent(tree.parent(tree.shown[1]!)!)!);
    expect(shown()).to.deep.equal(["0,1,2,3", "4,5", "6,7"]);
    tree.openAll();
    expect([tree.shown.length, tree.allOpen]).to.deep.equal([8, true]);
    tree.closeAll();
    expect([tree.shown.length, tree.coarse]).to.deep.equal([4, true]);
    expect(new PartTree({ tokens: [0, 1], score: 1 }, tokens).shown).to.have.length(1);
    const pair = new PartTree(join(leaf(0), join(leaf(1), leaf(2))), tokens.slice(0, 3).map((token, index) => ({ ...token, segment: index === 0 ? 0 : 1 })));
    expect(pair.shown.map((part) => part.tokens.join())).to.deep.equal(["0", "1", "2"]);
    expect([pair.parent(pair.shown[0]!), pair.parent(pair.shown[2]!)?.tokens]).to.deep.equal([null, [1, 2]]);
  });
});

describe("<saliency-text> of a method that values parts", () => {
  it("is drawn in coarse parts, each with its own value; a click opens one, the control closes it; the table and the picture follow", async () => {
    const element = await drawn(stored());
    expect(said(element)).to.deep.equal(COARSE);
    expect(element.shadowRoot!.querySelector(".text")!.textContent).to.equal(TEXT);
    expect(parts(element).map((part) => part.getAttribute("aria-label"))).to.deep.equal(["one two −0.25", "three four −0.25", "five six −0.25", "seven eight −0.25"]);
    expect(parts(element).map((part) => part.getAttribute("aria-expanded"))).to.deep.equal(["false", "false", "false", "false"]);
    await expect(element).to.be.accessible();
    parts(element)[1]!.click();
    await waitUntil(() => focused(element) === "three");
    expect(said(element)).to.deep.equal(["one two", "three", "four", "five six", "seven eight"]);
    expect(parts(element)[1]!.hasAttribute("aria-expanded")).to.equal(false);
    expect(await (await element.toBlob("svg")).text()).to.contain("five six").and.to.contain(">three<");
    const [close] = buttons(element);
    expect([close!.textContent, close!.getAttribute("aria-expanded")]).to.deep.equal(["Close “three four” (−0.25)", "true"]);
    await expect(element).to.be.accessible();
    close!.click();
    await waitUntil(() => focused(element) === "three four");
    expect(said(element)).to.deep.equal(COARSE);
  });

  it("keys: Enter opens, arrows move, Backspace and Escape close, a word is chosen by Enter; all at once by the buttons", async () => {
    const element = await drawn(stored());
    parts(element)[0]!.focus();
    await press(element, "Enter");
    await waitUntil(() => focused(element) === "one");
    await press(element, "ArrowRight");
    expect(focused(element)).to.equal("two");
    await press(element, "Enter");
    expect(parts(element)[1]!.getAttribute("aria-pressed")).to.equal("true");
    await press(element, "Backspace");
    await waitUntil(() => focused(element) === "one two");
    await press(element, "Escape");
    await waitUntil(() => focused(element) === "one two three four");
    await press(element, "Escape");
    await waitUntil(() => focused(element) === TEXT);
    await press(element, "Escape");
    expect(said(element)).to.deep.equal([TEXT]);
    buttons(element).find(({ textContent }) => textContent === "Open all")!.click();
    await element.updateComplete;
    expect(said(element)).to.deep.equal(TEXT.split(" "));
    buttons(element).find(({ textContent }) => textContent === "Close all")!.click();
    await element.updateComplete;
    expect(said(element)).to.deep.equal(COARSE);
  });

  it("speaks Chinese; another explanation without a hierarchy is drawn token by token", async () => {
    const element = await drawn(stored(), "zh");
    expect(buttons(element).map(({ textContent }) => textContent)).to.include.members(["全部展开", "全部合上"]);
    element.explanation = attributionOf(TEXT);
    await waitUntil(() => parts(element).length === 0 && element.shadowRoot!.querySelectorAll("[role=option]").length === 8);
    expect(buttons(element)).to.have.length(0);
  });
});

describe("standard errors of words", () => {
  const found = (players: "word" | "token" | null): AttributionExplanation => {
    const base = attributionOf("undone deeds");
    const tokens = [{ id: 1, text: "un", start: 0, end: 2, special: false }, { id: 2, text: "##done", start: 2, end: 6, special: false }, { id: 3, text: "deeds", start: 7, end: 12, special: false }];
    return { ...base, tokens, scores: [0.5, 0.5, 1], errors: [0.15, 0.15, 0.2], method: { ...base.method, options: players ? { players } : {} } };
  };
  it("are the words' own where words were left out; else only a word of one token has one", () => {
    const errors = (players: "word" | "token" | null) => scoredUnits(found(players), "word").map(({ text, error }) => [text, error]);
    expect(errors("word")).to.deep.equal([["undone", 0.3], ["deeds", 0.2]]);
    expect(errors("token")).to.deep.equal([["undone", undefined], ["deeds", 0.2]]);
    expect(errors(null)).to.deep.equal([["undone", undefined], ["deeds", 0.2]]);
  });
  it('stand on the bars of <saliency-bars unit="word">', async () => {
    const element = await fixture<HTMLElementTagNameMap["saliency-bars"]>(html`<saliency-bars loading="eager" unit="word" .explanation=${found("word")}></saliency-bars>`);
    await element.ready;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelectorAll(".error-bar")).to.have.length(2);
    element.explanation = found("token");
    await waitUntil(() => element.shadowRoot!.querySelectorAll(".error-bar").length === 1);
  });
});
