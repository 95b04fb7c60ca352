import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys, setViewport } from "@web/test-runner-commands";
import type { LexiscopeError } from "../../src/base/errors.js";
import "../../src/define.js";
import type { AttentionHeatmap } from "../../src/elements/attention-heatmap/attention-heatmap.js";
import { OFFERED } from "../../src/elements/shared/attribution-element.js";
import { attributionWordsFor } from "../../src/elements/shared/attribution-words.js";
import { define } from "../../src/elements/shared/define.js";
import type { ExplanationElement } from "../../src/elements/shared/explanation-element.js";
import type { LexiScope } from "../../src/elements/lexi-scope/lexi-scope.js";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import type { SaliencyText } from "../../src/elements/saliency-text/saliency-text.js";
import type { AttentionExplanation, AttributionExplanation, Explanation } from "../../src/explanation/types.js";
import { plainExplanation } from "../../src/explanation/plain.js";
import { methods } from "../../src/methods/table.js";
import { setLoadModel } from "../../src/state/engine.js";
import { longAttention } from "../../stories/long-attention.js";
import { attentionOf, attributionOf, fakeEngine, gate, headsOf, predictionOf } from "../state/fake-model.js";
import { inEachLook } from "./looks.js";

const TEXT = "one two three four";
const stored: Record<string, Explanation> = {
  "attention-grid": plainExplanation(headsOf(TEXT)), "attention-heatmap": attentionOf(TEXT), "attention-lines": plainExplanation(headsOf(TEXT)), "saliency-bars": attributionOf(TEXT), "saliency-text": attributionOf(TEXT), "prediction-bars": predictionOf(TEXT),
};
const tags = Object.keys(stored);

/** An element with these attributes, in the page. */
async function make<T extends HTMLElement = ExplanationElement>(tag: string, attributes: Record<string, string> = {}, parent?: HTMLElement): Promise<T> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div></div>`));
  const element = document.createElement(tag) as T;
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  home.append(element);
  await (element as unknown as ExplanationElement).updateComplete;
  return element;
}

/** With a stored explanation, drawn, and with everything loaded that comes after the picture. */
async function drawn<T extends ExplanationElement = ExplanationElement>(tag: string, explanation: Explanation = stored[tag]!, attributes: Record<string, string> = {}, parent?: HTMLElement): Promise<T> {
  const element = await make<T>(tag, { ...attributes, explanation: JSON.stringify(explanation) }, parent);
  await element.ready;
  await waitUntil(() => inside(element, "details"), `no menu in <${tag}>`, { timeout: 4000 });
  if (inside(element, "canvas")) await waitUntil(() => inside(element, "canvas")!.getAttribute("aria-label")!.includes(". "), "no hand", { timeout: 4000 });
  await element.updateComplete;
  return element;
}

const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const everywhere = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const failure = (element: ExplanationElement) => element.ready.then(() => "no error", (error: LexiscopeError) => `${error.code}: ${error.message}`);

let fake = fakeEngine();
let serial = 0;
const freshModel = () => `fake-${++serial}`;
beforeEach(() => setLoadModel((fake = fakeEngine()).load));
after(() => setLoadModel(null));

describe("every element", () => {
  it("an open table follows another explanation of the same text", async () => {
    const element = await drawn("saliency-bars");
    (everywhere(element, ".menu button")[4] as HTMLButtonElement).click();
    await waitUntil(() => inside(element, "table")?.textContent);
    const before = inside(element, "table")!.textContent;
    const { scores, ...rest } = stored["saliency-bars"] as AttributionExplanation;
    element.explanation = { ...rest, scores: scores.map((score) => score - 7) };
    await waitUntil(() => inside(element, "table") && inside(element, "table")!.textContent !== before, "the table is stale");
  });

  it("says when the text was cut", async () => {
    const cut = await drawn("saliency-text", { ...stored["saliency-text"]!, truncated: true });
    expect(inside(cut, ".note")!.textContent).to.match(/^text cut at \d+ tokens/);
    const whole = await drawn("saliency-text");
    expect(inside(whole, ".note")!.textContent).to.not.contain("cut");
  });

  for (const tag of tags) {
    it(`<${tag}> draws what is stored: attribute, child script, file, property; JSON out and in again is the same picture`, async () => {
      const first = await drawn(tag);
      expect(first.state).to.equal("ready");
      expect(first.matches(":state(ready)")).to.equal(true);
      const picture = await (await first.toBlob("svg")).text();
      expect(picture).to.match(/^<svg /);
      expect(new DOMParser().parseFromString(picture, "image/svg+xml").querySelector("parsererror")).to.equal(null);
      const url = URL.createObjectURL(await first.toBlob("json"));
      const second = await make(tag, { src: url });
      await second.ready;
      expect(await (await second.toBlob("svg")).text()).to.equal(picture);
      const script = await fixture<ExplanationElement>(`<${tag} loading="eager"><script type="application/json">${JSON.stringify(stored[tag])}</script>words</${tag}>`);
      expect(await script.ready).to.deep.equal(stored[tag]);
      const property = await make(tag);
      expect(property.state).to.equal("idle");
      property.explanation = stored[tag]!;
      expect(await property.ready).to.equal(stored[tag]);
      expect((await first.toBlob("png")).type).to.equal("image/png");
      expect((await (await first.toBlob("csv")).text()).split("\r\n").length).to.be.greaterThan(2);
      expect(await first.toBlob("gif" as "png").catch((error: LexiscopeError) => error.code)).to.equal("bad-input");
    });

    it(`<${tag}> asks the model, tells how far it is, and shares the answer`, async () => {
      const model = freshModel();
      const home = await fixture<HTMLElement>(html`<div></div>`);
      const progress: string[] = [];
      home.addEventListener("lexi-progress", (event) => progress.push(`${event.detail.phase} ${event.detail.loaded}/${event.detail.total}`));
      const element = await make(tag, { model, text: TEXT }, home);
      const twin = await make(tag, { model, text: TEXT }, home);
      const explanation = await element.ready;
      expect(explanation.input.text).to.equal(TEXT);
      expect(await twin.ready).to.equal(explanation);
      expect(fake.asked.length).to.equal(1);
      expect(progress).to.include.members(["download 5000000/10000000", "explain 1/4"]);
    });

    it(`<${tag}> refuses wrong attributes with an error that names them`, async () => {
      const wrong: Record<string, Record<string, string>> = {
        loading: { loading: "soon" }, backend: { backend: "cpu" }, for: { for: "nowhere" },
        ...({
          "attention-grid": { measure: { measure: "flow" }, sort: { sort: "up" }, mark: { mark: "up" }, layer: { layer: "mean" }, head: { head: "-1" }, colormap: { colormap: "blue-orange" } },
          "attention-heatmap": { layer: { layer: "1.5" }, head: { head: "-1" }, colormap: { colormap: "jet" }, "special-tokens": { "special-tokens": "no" } },
          "attention-lines": { measure: { measure: "rollout" }, layer: { layer: "mean" }, heads: { heads: "0;1" }, threshold: { threshold: "1.5" }, pair: { pair: "a-c" }, orientation: { orientation: "up" }, "special-tokens": { "special-tokens": "no" } },
          "saliency-bars": { unit: { unit: "letter" }, order: { order: "up" }, top: { top: "0" } },
          "saliency-text": { density: { density: "loose" } },
          "prediction-bars": { top: { top: "many" }, order: { order: "text" } },
        }[tag] as Record<string, Record<string, string>>),
      };
      for (const [name, attributes] of Object.entries(wrong)) {
        const element = await make(tag, { explanation: JSON.stringify(stored[tag]), ...attributes });
        expect(await failure(element), name).to.contain(`bad-input: ${name}="${attributes[name]}"`);
        expect(element.state).to.equal("error");
        expect(element.explanation).to.equal(null);
      }
    });

    it(`<${tag}> shows a failure in words with a button that tries again`, async () => {
      const home = await fixture<HTMLElement>(html`<div lang="zh"></div>`);
      const told = oneEvent(home, "lexi-error");
      const element = await make(tag, { model: "broken", text: TEXT }, home);
      const { detail } = (await told) as CustomEvent<{ error: LexiscopeError; phase: string }>;
      expect([detail.error.code, detail.phase]).to.deep.equal(["not-found", "download"]);
      await waitUntil(() => inside(element, ".error button"));
      expect(inside(element, ".error")!.textContent).to.contain("此图所需的文件不存在");
      const before = fake.loads.length;
      inside(element, ".error button")!.click();
      expect(await failure(element)).to.contain("not-found");
      expect(fake.loads.length).to.equal(before + 1);
    });

    it(`<${tag}> is accessible, light and dark, English and Chinese`, async () => {
      await inEachLook(async (home) => {
        const element = await drawn(tag, stored[tag], {}, home);
        (everywhere(element, ".menu button")[4] as HTMLButtonElement).click();
        await waitUntil(() => inside(element, "table"));
        await aTimeout(50);
        await expect(element).to.be.accessible();
      });
    });

    it(`<${tag}> waits until it is near, or until it is asked`, async () => {
      const far = await fixture<HTMLElement>(html`<div></div>`);
      far.style.setProperty("margin-block-start", "4000px");
      const model = freshModel();
      const lazy = await make(tag, { loading: "lazy", model, text: TEXT }, far);
      const click = await make(tag, { loading: "click", model, text: "clicked text" }, far);
      await aTimeout(100);
      expect([lazy.state, click.state, fake.loads.length]).to.deep.equal(["idle", "idle", 0]);
      await waitUntil(() => inside(click, "button"));
      inside(click, "button")!.click();
      expect((await click.ready).input.text).to.equal("clicked text");
      lazy.scrollIntoView();
      expect((await lazy.ready).input.text).to.equal(TEXT);
    });
  }

  it("drops late answers, and gives a new promise after each change", async () => {
    const slow = gate();
    fake.gate = ({ text }) => (text === "slow" ? slow.promise : Promise.resolve());
    const element = await make("prediction-bars", { model: freshModel(), text: "slow" });
    const first = element.ready;
    const aborted = first.catch((error: LexiscopeError) => error.code);
    await aTimeout(250);
    expect(element.state).to.equal("running");
    element.text = "fast";
    expect(element.ready).not.to.equal(first);
    expect((await element.ready).input.text).to.equal("fast");
    slow.open();
    await aTimeout(30);
    expect(element.explanation!.input.text).to.equal("fast");
    expect(await aborted).to.equal("aborted");
  });

  it("keeps the last picture while the next is computed, and dims it", async () => {
    const element = await make<AttentionHeatmap>("attention-heatmap", { model: freshModel(), text: TEXT, layer: "0", head: "0" });
    await element.ready;
    const wait = gate();
    fake.gate = () => wait.promise;
    await aTimeout(250);
    element.layer = 2;
    await waitUntil(() => inside(element, "[data-busy] .body canvas"));
    await waitUntil(() => inside(element, ".status")?.textContent?.includes("step 1 of 4"));
    wait.open();
    expect((await element.ready).layer).to.equal(2);
  });

  it("asks nothing again when only the drawing changes", async () => {
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap");
    const { ready } = element;
    let told = 0;
    element.addEventListener("lexi-explained", () => told++);
    element.colormap = "magma";
    element.specialTokens = "hide";
    await element.updateComplete;
    expect(element.ready).to.equal(ready);
    expect(told).to.equal(0);
  });

  it("uses a stored answer only for the question it answers", async () => {
    const element = await make<AttentionHeatmap>("attention-heatmap", { explanation: JSON.stringify(attentionOf(TEXT, 1, 1)), layer: "0" });
    expect(await failure(element)).to.contain('layer="0" is not stored here (1 is)');
    element.model = "fake";
    element.text = TEXT;
    expect((await element.ready).layer).to.equal(0);
    const wrongKind = await make("saliency-bars", { explanation: JSON.stringify(stored["attention-heatmap"]) });
    expect(await failure(wrongKind)).to.contain("<saliency-bars> draws attribution, not attention");
    const noJson = await make("saliency-bars", { explanation: "{" });
    expect(await failure(noJson)).to.contain("bad-explanation: explanation: not JSON");
  });

  it("defines a tag once: a second copy warns and does not throw", () => {
    const warnings: string[] = [];
    const warn = console.warn;
    console.warn = (text: string) => warnings.push(text);
    const before = customElements.get("saliency-bars");
    define("saliency-bars", class extends HTMLElement {});
    console.warn = warn;
    expect(warnings.join()).to.contain("<saliency-bars> is already defined");
    expect(customElements.get("saliency-bars")).to.equal(before);
  });

  it("stays calm before hostile text", async () => {
    const hostile = [`<img src=x onerror="globalThis.hacked=1">`, "a \u202egnp.exe b", `${"x".repeat(10_000)} end`, `"><script>globalThis.hacked=1</script>`, "=cmd()|' &amp; ]]> \u0000\u0007 z"];
    for (const text of hostile) for (const tag of tags) {
      const explanation = { "attention-grid": plainExplanation(headsOf(text)), "attention-heatmap": attentionOf(text), "attention-lines": plainExplanation(headsOf(text)), "saliency-bars": attributionOf(text), "saliency-text": attributionOf(text), "prediction-bars": { ...predictionOf(text), labels: [text, "b"] } }[tag]!;
      const element = await drawn(tag, explanation);
      expect(everywhere(element, "img, script").length).to.equal(0);
      const svg = new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml");
      expect(svg.querySelector("parsererror"), `${tag}: ${text.slice(0, 30)}`).to.equal(null);
      expect(svg.querySelector("img, script, foreignObject")).to.equal(null);
      const { embedCode } = await import("../../src/elements/shared/export.js");
      const embedded = new DOMParser().parseFromString(embedCode(element, explanation), "text/html");
      expect([...embedded.querySelectorAll(tag)].length).to.equal(1);
      expect(embedded.querySelectorAll("img, script:not([type='application/json'], [src])").length).to.equal(0);
      if (tag === "saliency-text") expect(inside(element, ".text")!.textContent).to.equal(text);
      const { width } = element.getBoundingClientRect();
      for (const part of everywhere(element, ".body, .bars")) expect(part.scrollWidth).to.be.at.most(Math.ceil(width) + 1);
      element.remove();
    }
    expect((globalThis as { hacked?: number }).hacked).to.equal(undefined);
  });
});

describe("<saliency-text>", () => {
  it("is the author's text, and looks the same width as without weights", async () => {
    const text = "  Two  spaces,\nand a line. 中文没有空格。 ";
    const element = await drawn<SaliencyText>("saliency-text", attributionOf(text));
    const paragraph = inside(element, ".text")!;
    expect(paragraph.textContent).to.equal(text);
    const plain = document.createElement("p");
    plain.className = "text";
    plain.textContent = text;
    paragraph.after(plain);
    expect(plain.getBoundingClientRect().height).to.equal(paragraph.getBoundingClientRect().height);
  });

  it("moves by arrow keys with one tab stop, and tells the sign without colour", async () => {
    const element = await drawn<SaliencyText>("saliency-text");
    const options = () => everywhere(element, "[role=option]");
    expect(options().map((option) => option.tabIndex)).to.deep.equal([0, -1, -1, -1]);
    options()[0]!.focus();
    const hovered = oneEvent(element, "lexi-hover");
    await sendKeys({ press: "ArrowRight" });
    expect(((await hovered) as CustomEvent<{ token: { text: string } }>).detail.token.text).to.equal("two");
    await element.updateComplete;
    expect(options().map((option) => option.tabIndex)).to.deep.equal([-1, 0, -1, -1]);
    const selected = oneEvent(element, "lexi-select");
    await sendKeys({ press: "Enter" });
    expect(((await selected) as CustomEvent<{ tokens: { text: string }[] }>).detail.tokens.map(({ text }) => text)).to.deep.equal(["two"]);
    await element.updateComplete;
    expect(options()[1]!.getAttribute("aria-selected")).to.equal("true");
    expect(getComputedStyle(options()[1]!).textDecorationStyle).to.equal("dotted");
    expect(getComputedStyle(options()[2]!).textDecorationStyle).to.equal("solid");
  });

  it("merges pieces of one letter", async () => {
    const explanation: AttributionExplanation = { ...attributionOf("é x"), tokens: [{ id: 1, text: "Ã", start: 0, end: 1, special: false }, { id: 2, text: "©", start: 0, end: 1, special: false }], scores: [0.25, 0.5] };
    const element = await drawn<SaliencyText>("saliency-text", explanation);
    expect(inside(element, ".text")!.textContent).to.equal("é x");
    expect(inside(element, "[role=option]")!.getAttribute("aria-label")).to.equal("é +0.75");
  });
});

describe("<saliency-bars>", () => {
  it("offers methods of the library, each with a Chinese name", () => {
    for (const name of OFFERED) {
      expect(methods).to.have.property(name);
      expect(attributionWordsFor("zh").methods).to.have.property(name);
    }
  });

  it("shows words, the heaviest, in order", async () => {
    const explanation: AttributionExplanation = { ...attributionOf("unhappy end"), tokens: [{ id: 0, text: "un", start: 0, end: 2, special: false }, { id: 1, text: "##happy", start: 2, end: 7, special: false }, { id: 2, text: "end", start: 8, end: 11, special: false }], scores: [0.5, -2, 1] };
    const element = await drawn<SaliencyBars>("saliency-bars", explanation);
    const rows = () => everywhere(element, "li").map((row) => row.getAttribute("aria-label"));
    expect(rows()).to.deep.equal(["un +0.50", "‑happy −2.00", "end +1.00"]);
    element.order = "score";
    element.top = 2;
    await element.updateComplete;
    expect(rows()).to.deep.equal(["‑happy −2.00", "end +1.00"]);
    element.unit = "word";
    await element.updateComplete;
    expect(rows()).to.deep.equal(["unhappy −1.50", "end +1.00"]);
    expect(everywhere(element, ".bar")[0]!.getBoundingClientRect().right).to.be.at.most(inside(element, ".zero")!.getBoundingClientRect().right + 1);
    expect(everywhere(element, ".bar")[1]!.getBoundingClientRect().left).to.be.at.least(inside(element, ".zero")!.getBoundingClientRect().left - 1);
  });

  it("mirrors from right to left", async () => {
    const home = await fixture<HTMLElement>(html`<div dir="rtl"></div>`);
    const element = await drawn<SaliencyBars>("saliency-bars", attributionOf("واحد اثنان"), {}, home);
    const [first] = everywhere(element, "li");
    expect(first!.querySelector(".unit")!.getBoundingClientRect().left).to.be.greaterThan(first!.querySelector(".plot")!.getBoundingClientRect().right - 1);
  });
});

describe("<attention-heatmap>", () => {
  const canvasOf = (element: Element) => inside(element, "canvas") as HTMLCanvasElement;

  it("says the number of the cell under the keys, chooses tokens and sums them", async () => {
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap");
    const { weights } = stored["attention-heatmap"] as AttentionExplanation;
    canvasOf(element).focus();
    for (const press of ["ArrowDown", "ArrowDown", "ArrowRight"]) await sendKeys({ press });
    await element.updateComplete;
    const said = () => inside(element, ".said")!.textContent.replace(/[\u2068\u2069]/g, "");
    expect(said()).to.equal(`two → two ${weights[1]![1]!}`);
    expect(inside(element, ".said")!.getAttribute("aria-live")).to.equal("polite");
    await sendKeys({ press: "Enter" });
    await sendKeys({ press: "ArrowDown" });
    await sendKeys({ press: " " });
    await element.updateComplete;
    expect(said()).to.contain(`Σ of 2 chosen → two ${weights[1]![1]! + weights[2]![1]!}`);
    await sendKeys({ press: "Escape" });
    await element.updateComplete;
    expect(said()).to.equal("");
  });

  it("paints the weights: the pixels grow with them", async () => {
    const explanation: AttentionExplanation = { ...attentionOf("a b"), weights: [[1, 0], [0.5, 0.5]] };
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap", explanation, { colormap: "blues" });
    const svg = new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml");
    const cells = [...svg.querySelectorAll("rect")].slice(1);
    expect(cells.length).to.equal(3); // nothing where there is no weight
    expect(cells[0]!.getAttribute("fill-opacity")).to.equal(null);
    expect(Number(cells[1]!.getAttribute("fill-opacity"))).to.be.within(0.5, 0.7);
    expect([...svg.querySelectorAll("text")].map(({ textContent }) => textContent)).to.deep.equal(["a", "b", "a", "b"]);
  });

  it("hides special tokens when asked", async () => {
    const plain = attentionOf("x one y");
    const explanation = { ...plain, tokens: plain.tokens.map((token, index) => ({ ...token, special: index !== 1 })) };
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap", explanation, { "special-tokens": "hide" });
    const svg = await (await element.toBlob("svg")).text();
    expect(svg.match(/<text /g)!.length).to.equal(2);
  });

  it("draws 512 tokens with few nodes, enlarges and moves, and lists where each looks most", async () => {
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap");
    const long = longAttention(512);
    element.explanation = long;
    await element.ready;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelectorAll("*").length).to.be.below(80);
    await waitUntil(() => inside(element, ".zoom button"));
    canvasOf(element).focus();
    await sendKeys({ press: "ArrowDown" });
    for (let i = 0; i < 8; i++) await sendKeys({ press: "+" });
    await waitUntil(() => canvasOf(element).hasAttribute("data-zoomed"));
    const frames: number[] = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      await sendKeys({ press: "PageDown" });
      await new Promise(requestAnimationFrame);
      frames.push(performance.now() - start);
    }
    expect(frames.sort((a, b) => a - b)[10]!).to.be.below(200);
    (everywhere(element, ".menu button")[4] as HTMLButtonElement).click();
    await waitUntil(() => inside(element, "tbody tr"));
    expect(everywhere(element, "tbody tr").length).to.equal(512);
    expect(everywhere(element, "thead th").length).to.equal(9);
  });

  it("fits 390 pixels, and follows the width", async () => {
    await setViewport({ width: 390, height: 800 });
    const element = await drawn<AttentionHeatmap & ExplanationElement>("attention-heatmap", attentionOf("a rather long sentence with many words for a small screen to show"));
    expect(canvasOf(element).getBoundingClientRect().width).to.be.at.most(390);
    const { height } = canvasOf(element).getBoundingClientRect();
    await setViewport({ width: 1000, height: 800 });
    await waitUntil(() => canvasOf(element).getBoundingClientRect().height > height);
    await aTimeout(100);
    const settled = canvasOf(element).getBoundingClientRect().height;
    await aTimeout(200);
    expect(canvasOf(element).getBoundingClientRect().height).to.equal(settled);
  });

  it("offers layers and heads as menus when there is a model", async () => {
    const element = await make<AttentionHeatmap>("attention-heatmap", { model: freshModel(), text: TEXT, layer: "1", head: "0" });
    await element.ready;
    await element.updateComplete;
    await waitUntil(() => inside(element, "select"));
    const [layer] = everywhere(element, "select") as HTMLSelectElement[];
    expect(layer!.value).to.equal("1");
    expect([...layer!.options].map(({ value }) => value)).to.deep.equal(["0", "1", "2", "mean", "max"]);
    layer!.value = "2";
    layer!.dispatchEvent(new Event("change"));
    expect((await element.ready).layer).to.equal(2);
    expect(element.getAttribute("layer")).to.equal("2");
    expect(inside(element, ".title")!.textContent).to.match(/^Where layer/);
  });
});

describe("<lexi-scope>", () => {
  it("gives one model and one text, and links what is pointed at and chosen", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope id="home" text=${TEXT}></lexi-scope>`);
    scope.model = freshModel();
    const text = await make<SaliencyText>("saliency-text", {}, scope);
    const bars = await make<SaliencyBars>("saliency-bars", {}, scope);
    const outside = await make<AttentionHeatmap>("attention-heatmap", { for: "home" }, scope.parentElement!);
    const other = await make<SaliencyBars>("saliency-bars", { text: "one else" }, scope);
    await Promise.all([text.ready, bars.ready, outside.ready, other.ready]);
    await Promise.all([text.updateComplete, bars.updateComplete, other.updateComplete]);
    everywhere(text, "[role=option]")[2]!.dispatchEvent(new PointerEvent("pointerenter"));
    await bars.updateComplete;
    expect(everywhere(bars, "li").map((row) => row.hasAttribute("data-marked"))).to.deep.equal([false, false, true, false]);
    await other.updateComplete;
    expect(everywhere(other, "li[data-marked]").length).to.equal(0); // another text: its tokens are other tokens
    everywhere(bars, "li")[0]!.click();
    await text.updateComplete;
    expect(everywhere(text, "[aria-selected=true]").map(({ textContent }) => textContent)).to.deep.equal(["one"]);
    scope.text = "five six";
    await scope.updateComplete;
    expect((await bars.ready).input.text).to.equal("five six");
    expect((await other.ready).input.text).to.equal("one else");
    await text.ready;
    await text.updateComplete;
    expect(everywhere(text, "[aria-selected=true]").length).to.equal(0);
  });

  it("lets a reader type, and asks only for the last text", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope text="one" editable></lexi-scope>`);
    scope.model = freshModel();
    const bars = await make("prediction-bars", {}, scope);
    await bars.ready;
    const field = inside(scope, "textarea") as HTMLTextAreaElement;
    field.focus();
    field.setSelectionRange(3, 3);
    await sendKeys({ type: " more word" });
    await waitUntil(() => scope.text === "one more word", "", { timeout: 3000 });
    expect((await bars.ready).input.text).to.equal("one more word");
    expect(fake.asked.length).to.be.at.most(4);
    expect(field.value).to.equal("one more word");
    await expect(scope).to.be.accessible();
  });
});
