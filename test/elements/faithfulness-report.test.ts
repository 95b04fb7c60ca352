/** `<faithfulness-report>` in the page: live on a toy, linked, stored, with broken inputs, by keyboard, for screen readers, in both languages. */
import { aTimeout, expect, fixture, html, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import type { LexiscopeError } from "../../src/base/errors.js";
import "../../src/define.js";
import type { FaithfulnessReport } from "../../src/elements/faithfulness-report/faithfulness-report.js";
import { faithfulnessWordsFor } from "../../src/elements/faithfulness-report/faithfulness-words.js";
import { configure } from "../../src/engine/locations.js";
import type { FaithfulnessExplanation } from "../../src/explanation/types.js";
import { faithfulnessMetrics } from "../../src/methods/faithfulness/metrics.js";
import { setLoadModel } from "../../src/state/engine.js";
import { examples } from "../explanation/examples.js";
import { bert, text, useRuntime } from "../engine/toys.js";
import { inEachLook } from "./looks.js";

const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const all = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const failure = (element: FaithfulnessReport) => element.ready.then(() => "no error", (error: LexiscopeError) => `${error.code}: ${error.message}`);

async function make(attributes: Record<string, string>, parent?: HTMLElement, child?: HTMLElement): Promise<FaithfulnessReport> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div></div>`));
  const element = document.createElement("faithfulness-report");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  if (child) element.append(child);
  home.append(element);
  await element.updateComplete;
  return element;
}

const live = { model: bert, text, methods: "occlusion, gradient-x-input", rankings: "8", target: "positive" };

/** What an explanation of this kind looks like when it is stored. */
const stored = (change: Partial<FaithfulnessExplanation> = {}) => JSON.stringify({ ...(examples.faithfulness() as unknown as FaithfulnessExplanation), ...change });

describe("<faithfulness-report>", () => {
  before(() => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
  });
  after(() => configure({ worker: true }));

  it("judges live, method by method, and draws the numbers beside chance", async () => {
    const partial: number[] = [];
    const home = await fixture<HTMLElement>(html`<div></div>`);
    home.addEventListener("lexi-progress", ({ detail }) => detail.partial && partial.push((detail.partial as FaithfulnessExplanation).methods.length));
    const element = await make(live, home);
    const found = await element.ready;
    await element.updateComplete;
    expect(partial).to.deep.equal([1, 2]);
    expect(found.methods.map(({ method }) => method.name)).to.deep.equal(["occlusion", "gradient-x-input"]);
    const rows = all(element, ".report tbody tr");
    expect(rows).to.have.length(2);
    expect(rows[0]!.querySelectorAll("td")).to.have.length(found.metrics.length);
    expect(rows[0]!.querySelectorAll(".strip .chance").length).to.equal(found.metrics.filter((metric) => found.random.values[metric]).length);
    expect(all(element, "svg path.chance")).to.have.length(2);
    expect(inside(element, ".verdict")!.textContent).to.match(/random rankings/);
    await waitUntil(() => /\d+ evaluations/.test(inside(element, ".note")?.textContent ?? ""));
  });

  it("takes model and text from its scope, and a rationale from a child", async () => {
    const home = await fixture<HTMLElement>(html`<lexi-scope model=${bert} text=${text}></lexi-scope>`);
    const child = Object.assign(document.createElement("script"), { type: "application/rationale+json", textContent: '["not", [17, 26]]' });
    const element = await make({ methods: "occlusion", rankings: "4" }, home, child);
    const found = await element.ready;
    expect(found.input.text).to.equal(text);
    expect(found.metrics).to.include("rationale-f1");
    expect(found.methods[0]!.values["rationale-auprc"]).to.be.a("number");
  });

  it("says that none beats chance, that one word is not enough, that nothing moves, in both languages", async () => {
    const example = JSON.parse(stored()) as FaithfulnessExplanation;
    const judged = example.methods[0]!;
    const cases: [string, string, string][] = [
      [stored(), "Best for this text: occlusion, ahead of 3 of 4 random rankings. 1 of 1 method is above chance.", "最适合这段文本的是遮挡：优于 4 个随机排序中的 3 个。1 种方法中有 1 种优于随机。"],
      [stored({ methods: [{ ...judged, values: { area: 0.4 }, beats: 2 }] }), "None of 1 methods beats chance on this text: the nearest, occlusion, is ahead of 2 of 4 random rankings.", "在这段文本上，1 种方法都不优于随机：最接近的遮挡优于 4 个随机排序中的 2 个。"],
      [stored({ units: example.units.slice(0, 1) }), "one word", "只有一个"],
      [stored({ random: { ...example.random, values: { area: { low: 0, mean: 0, high: 0 } } }, methods: [{ ...judged, values: { area: 0 } }] }), "No word changes the prediction", "去掉任何词都不改变预测"],
      [stored({ methods: [example.methods[1]!] }), "No method gave an answer", "没有方法给出结果"],
    ];
    for (const [explanation, english, chinese] of cases) {
      for (const [lang, expected] of [["en", english], ["zh", chinese]] as const) {
        const home = await fixture<HTMLElement>(html`<div lang=${lang}></div>`);
        const element = await make({ explanation }, home);
        await element.ready;
        await element.updateComplete;
        expect(inside(element, ".verdict")!.textContent).to.contain(expected);
      }
    }
    const failed = await make({ explanation: stored() });
    await failed.ready;
    await failed.updateComplete;
    expect(inside(failed, ".failed")!.textContent).to.equal("no answer: no gradient rule: Loop");
  });

  it("has words for every metric in both languages", () => {
    for (const lang of ["en", "zh"]) for (const metric of Object.keys(faithfulnessMetrics)) {
      const words = faithfulnessWordsFor(lang);
      expect(words.metrics).to.have.property(metric);
      expect(words.hints).to.have.property(metric);
    }
  });

  it("a key press chooses whose curve stands out", async () => {
    const element = await make(live);
    await element.ready;
    await element.updateComplete;
    const buttons = all(element, ".report button");
    const pressed = () => all(element, ".report button").map((button) => button.getAttribute("aria-pressed"));
    const other = pressed().indexOf("false");
    buttons[other]!.focus();
    await sendKeys({ press: "Enter" });
    await element.updateComplete;
    expect(pressed()[other]).to.equal("true");
    expect(all(element, "svg .shown")).to.have.length(2);
  });

  it("draws what is stored and saves it again: JSON, CSV, SVG, PNG", async () => {
    const element = await make({ explanation: stored() });
    await element.ready;
    expect(JSON.parse(await (await element.toBlob("json")).text())).to.deep.equal(JSON.parse(stored()));
    expect((await (await element.toBlob("csv")).text()).split("\r\n")[1]).to.match(/^occlusion/);
    const picture = new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml");
    expect(picture.querySelector("parsererror")).to.equal(null);
    expect(picture.documentElement.textContent).to.contain("occlusion");
    expect((await element.toBlob("png")).type).to.equal("image/png");
  });

  it("refuses what does not exist, names it, and recovers", async () => {
    const wrong: Record<string, string> = { preset: "shap", unit: "letter", rankings: "0", seed: "-1", rationale: '["nowhere"]' };
    for (const [name, value] of Object.entries(wrong)) expect(await failure(await make({ ...live, [name]: value })), name).to.match(new RegExp(`^bad-input: .*"?${value.replace(/[[\]"]/g, ".")}`));
    const element = await make({ ...live, methods: "magic" });
    expect(await failure(element)).to.match(/^bad-input: no method "magic"/);
    element.methods = "occlusion";
    expect((await element.ready).methods).to.have.length(1);
    expect(element.state).to.equal("ready");
    for (const [name, value] of Object.entries({ preset: "captum", unit: "token", rankings: "9", seed: "3", methods: "lime" })) {
      expect(await failure(await make({ explanation: stored(), [name]: value })), name).to.contain("is not stored here");
    }
    expect(await failure(await make({ explanation: stored().replace('"beats":3', '"beats":-3') }))).to.match(/^bad-explanation: explanation: methods\[0\].beats/);
    expect(await failure(await make({ explanation: "{" }))).to.match(/^bad-explanation/);
  });

  it("shows hostile names as text", async () => {
    const hostile = `<img src=x onerror="globalThis.hacked=1">`;
    const example = JSON.parse(stored()) as FaithfulnessExplanation;
    const element = await make({ explanation: stored({ metrics: ["area", hostile], methods: [{ ...example.methods[0]!, method: { ...example.methods[0]!.method, name: hostile } }] }) });
    await element.ready;
    await element.updateComplete;
    expect(all(element, "img")).to.have.length(0);
    expect(new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml").querySelector("parsererror, img")).to.equal(null);
  });

  it("stops when asked", async () => {
    const element = await make({ ...live, text: "the film was very good but not gripping at all", methods: "lime", seed: "7" });
    const stopped = failure(element);
    await waitUntil(() => element.state === "running", "never ran", { timeout: 5000 });
    element.cancel();
    expect(await stopped).to.match(/^aborted/);
  });

  it("is accessible, light and dark, English and Chinese, and does not widen a narrow page", async () => {
    await inEachLook(async (home) => {
      const element = await make({ explanation: stored() }, home);
      await element.ready;
      await waitUntil(() => inside(element, "details"));
      (all(element, ".menu button")[4] as HTMLButtonElement).click();
      await waitUntil(() => inside(element, ".table table"));
      await aTimeout(50);
      await expect(element).to.be.accessible();
      expect(home.scrollWidth).to.be.at.most(340);
    }, 340);
  });

  it("judges on a corpus: the sentence, the sample, numbers with their intervals, in both languages, stored and live", async () => {
    const element = await make({ model: bert, corpus: "/test/pages/rows.csv", methods: "occlusion, gradient-x-input", rankings: "4", samples: "2", seed: "1" });
    const found = await element.ready;
    await element.updateComplete;
    expect([found.texts, found.corpus!.reference]).to.deep.equal([2, "/test/pages/rows.csv"]);
    expect(inside(element, ".verdict")!.textContent).to.include("on these 2 texts"); // two texts carry no conclusion
    expect(inside(element, ".sample")!.textContent).to.match(/^2 of 3 texts of \/test\/pages\/rows\.csv, drawn with seed 1/);
    expect(all(element, ".report .interval").length).to.be.above(2);
    expect(await (await element.toBlob("csv")).text()).to.match(/area low,area high.*area less chance,p\r\n/);
    const chance = { mean: 0.2, low: 0.1, high: 0.3, adjusted: 0.01 };
    const methods = found.methods.map((judged, index) => ({ ...judged, over: { ...judged.over!, chance, best: index === 0 ? null : { mean: -0.01, low: -0.1, high: 0.1, adjusted: 0.8 } } }));
    const best = JSON.stringify({ ...found, methods: [{ ...methods[0]!, values: { ...methods[0]!.values, area: 0.5 } }, { ...methods[1]!, values: { ...methods[1]!.values, area: 0.4 } }] });
    const again = await make({ explanation: best, lang: "en" });
    expect(inside(again, ".verdict")!.textContent).to.match(/^Best for these 2 texts: occlusion and gradient × input, .* 0\.2\d* more area than by chance \(95%: 0\.1\d* to 0\.3\d*\)\. The texts do not tell/);
    again.setAttribute("lang", "zh");
    await waitUntil(() => /无法区分/.test(inside(again, ".verdict")!.textContent ?? ""));
    again.setAttribute("samples", "9");
    await again.updateComplete;
    expect(await failure(again)).to.include('samples="9" is not stored here');
    await expect(element).to.be.accessible();
  });

  it("a corpus and a rationale do not go together", async () => {
    expect(await failure(await make({ ...live, corpus: "reviews", rationale: '["not"]' }))).to.include("it is of one text");
    expect(await failure(await make({ model: bert, corpus: "reviews", samples: "1" }))).to.include("a whole number from 2 to 1000");
  });
});
