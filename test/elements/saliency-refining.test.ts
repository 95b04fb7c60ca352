/** Figures of methods that sample: they refine in place with error bars, stop with what they have, and go on when more samples are asked for. */
import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import "../../src/define.js";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import type { SaliencyText } from "../../src/elements/saliency-text/saliency-text.js";
import { configure } from "../../src/engine/locations.js";
import { Runner } from "../../src/engine/runner.js";
import type { LanguageModel, Progress, RunOptions } from "../../src/engine/types.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";
import { setLoadModel } from "../../src/state/engine.js";
import { bert, useRuntime } from "../engine/toys.js";
import { attributionOf, gate } from "../state/fake-model.js";

type Figure = SaliencyBars | SaliencyText;
const inside = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const note = (element: Element) => inside(element, ".note")[0]?.textContent ?? "";
const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);

let models = 0;

/** A model whose LIME says something at 400 of 1600 samples and the rest when the gate opens. Each has its own name: answers are shared by name. */
function slowModel() {
  const opened = gate();
  const name = `slow-${models++}`;
  const found = (share: number, errors: number[]): AttributionExplanation => {
    const plain = attributionOf("a dull but honest film", "lime", name);
    return {
      ...plain, errors, scores: plain.scores.map((score) => score * (1 + share)), method: { ...plain.method, options: { samples: 1600, players: "word" } },
      quality: [...(share < 1 ? [{ name: "partial" as const, value: share }] : []), { name: "evaluations", value: 1600 * share }],
    };
  };
  const load = () => Promise.resolve({
    reference: name,
    explain: async (_: unknown, { onProgress }: RunOptions = {}) => {
      onProgress?.({ phase: "explain", loaded: 400, total: 1600, partial: found(0.25, [0.3, 0.3, 0.3, 0.3, 0.9]) });
      await opened.promise;
      return found(1, [0.1, 0.1, 0.1, 0.1, 0.1]);
    },
    dispose: () => Promise.resolve(),
  } as unknown as LanguageModel);
  setLoadModel(load);
  return { name, open: opened.open };
}

async function figure<E extends Figure>(tag: string, attributes: Readonly<Record<string, string>>, lang = "en"): Promise<E> {
  const home = await fixture<HTMLElement>(html`<div lang=${lang}></div>`);
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ loading: "eager", method: "lime", ...attributes })) element.setAttribute(name, value);
  home.append(element);
  return element as E;
}

describe("figures that refine in place", () => {
  afterEach(() => setLoadModel(null));

  for (const [tag, bar] of [["saliency-bars", "li .error-bar"], ["saliency-text", ".legend .error-bar"]] as const) {
    it(`<${tag}> draws what is known with its errors, keeps running, and then the rest`, async () => {
      const { name, open } = slowModel();
      const told: Progress[] = [];
      const element = await figure<Figure>(tag, { model: name, text: "a dull but honest film" });
      element.addEventListener("lexi-progress", ({ detail }) => told.push(detail));
      let ready = false;
      void element.ready.then(() => (ready = true), () => {});
      await waitUntil(() => note(element).includes("partial"));
      expect(note(element)).to.match(/^partial, from 25% of the samples · 400 evaluations/);
      expect(element.state).to.equal("running");
      expect(ready).to.equal(false);
      expect(element.explanation!.scores[0]).to.be.closeTo(0.3125, 1e-9);
      expect(inside(element, "[role=progressbar]")[0]!.textContent).to.contain("step 400 of 1,600");
      expect(told.at(-1)).to.include({ phase: "explain", loaded: 400, total: 1600 }).and.have.property("partial").that.equals(element.explanation);
      const wide = inside(element, bar)[0]!.getBoundingClientRect().width;
      expect(wide).to.be.above(4);
      await waitUntil(() => getComputedStyle(inside(element, ".body")[0]!).opacity === "1"); // what is known so far is there to be read: it is not dimmed
      await expect(element).to.be.accessible();
      open();
      expect((await element.ready).scores[0]).to.equal(0.5);
      await element.updateComplete;
      expect(element.state).to.equal("ready");
      expect(note(element)).to.match(/^1,600 evaluations/);
      expect(inside(element, bar)[0]!.getBoundingClientRect().width).to.be.below(wide);
      expect(inside(element, "[role=option]")[0]!.getAttribute("aria-label")).to.match(/^a \+0\.50 ± 0\.1$/);
      if (tag === "saliency-bars") expect(await (await element.toBlob("svg")).text()).to.contain("<rect");
    });

    it(`<${tag}> that is stopped keeps the partial picture and says so, in Chinese too; asked again it goes on`, async () => {
      const { name, open } = slowModel();
      const element = await figure<Figure>(tag, { model: name, text: "a dull but honest film" }, "zh");
      const { ready } = element;
      await waitUntil(() => note(element) !== "");
      const picture = inside(element, ".body")[0]!.textContent;
      element.cancel();
      expect(await failure(ready)).to.include({ code: "aborted" });
      await element.updateComplete;
      expect(note(element)).to.match(/^部分结果，仅用 25% 的样本 · 400 次求值/);
      expect(inside(element, ".body")[0]!.textContent).to.equal(picture);
      expect(inside(element, "[role=progressbar]")).to.have.length(0);
      open();
      element.refresh();
      await element.ready;
      await element.updateComplete;
      expect(note(element)).to.match(/^1,600 次求值/);
    });
  }

  it("a wavy line stands under what may be 0, and the words say so", async () => {
    const { name } = slowModel();
    const element = await figure<SaliencyText>("saliency-text", { model: name, text: "a dull but honest film" });
    await waitUntil(() => note(element) !== "");
    // scores .3125, −.625, .9375, −1.25, 1.5625 with errors .3, .3, .3, .3, .9
    expect(inside(element, "[role=option]").map((each) => each.hasAttribute("data-unsure"))).to.deep.equal([true, false, false, false, true]);
    expect(getComputedStyle(inside(element, "[role=option]")[4]!).textDecorationStyle).to.equal("wavy");
    expect(inside(element, ".legend")[0]!.textContent).to.match(/standard error up to 0\.9.*may be 0/s);
    expect(inside(element, "[role=option]")[4]!.title).to.equal("1.56 ± 0.9");
  });

  it("a wrong number of samples or seed is an error in the element", async () => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
    const refused = async (attributes: Readonly<Record<string, string>>) => {
      const element = await figure<SaliencyBars>("saliency-bars", { ...(!attributes["explanation"] && { model: bert, text: "not good" }), ...attributes });
      const error = await failure(element.ready);
      await element.updateComplete;
      expect(element.state).to.equal("error");
      expect(inside(element, "figure")[0]!.textContent).to.contain((error as Error).message);
      return (error as Error).message;
    };
    for (const samples of ["0", "-3", "many", "2.5", ""]) expect(await refused({ samples })).to.equal(`samples="${samples}" is not possible; use a whole number from 1`);
    expect(await refused({ seed: "x" })).to.equal('seed="x" is not possible; use a whole number from 0');
    expect(await refused({ samples: "1" })).to.contain('option "samples" of "lime" must be an integer from 2');
    expect(await refused({ samples: "100", method: "integrated-gradients" })).to.contain('method "integrated-gradients" has no number of samples');
    const stored = JSON.stringify({ ...attributionOf("a b", "lime"), method: { name: "lime", preset: "", options: { samples: 100 }, seed: 3 } });
    const shown = await figure<SaliencyBars>("saliency-bars", { explanation: stored, samples: "100", seed: "3" });
    expect((await shown.ready).method.seed).to.equal(3);
    expect(await refused({ explanation: stored, seed: "4" })).to.equal('seed="4" is not stored here; give a model to compute it (3 is)');
    expect(await refused({ explanation: stored, samples: "200" })).to.contain('samples="200" is not stored here');
    configure({ worker: true });
  });

  it("more samples go on from those that are there: 200 and then 400 cost what 400 cost", async () => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
    const { scores } = Runner.prototype;
    let rows = 0;
    Runner.prototype.scores = function (this: Runner<unknown>, ask) {
      rows += ask.rows.length;
      return scores.call(this, ask);
    };
    try {
      const text = "the film was not very good but the end was very bad";
      const ask = (sentence: string, samples: string) => figure<SaliencyBars>("saliency-bars", { model: bert, text: sentence, method: "permutation-shap", target: "positive", seed: "5", samples });
      const element = await ask(text, "200");
      await element.ready;
      const before = rows;
      element.samples = 400;
      const found = await element.ready;
      const more = rows - before;
      expect(element.getAttribute("samples")).to.equal("400");
      expect(found.method).to.deep.include({ seed: 5, options: { evaluations: 400, players: "word", mask: "mask" } });
      const start = rows;
      const other = await ask(`${text} `, "400"); // the same tokens, but nothing is known of that text
      await other.ready;
      const atOnce = rows - start;
      expect((await other.ready).scores).to.deep.equal(found.scores);
      expect(more).to.be.within(0.3 * atOnce, 0.55 * atOnce);
    } finally {
      Runner.prototype.scores = scores;
      configure({ worker: true });
    }
  });
});
