/** The attention formula: its steps by hand, the engine's parts against the pattern it reads, and the element stored, linked, by keys and broken. */
import { aTimeout, expect, fixture, html, waitUntil } from "@open-wc/testing";
import "../../src/elements/attention-formula/define.js";
import "../../src/elements/lexi-scope/define.js";
import type { AttentionFormula } from "../../src/elements/attention-formula/attention-formula.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { BackendName } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { AttentionFormulaExplanation } from "../../src/explanation/types.js";
import { formulaSteps, weightedSum } from "../../src/methods/attention/formula.js";
import { softmax } from "../../src/methods/probabilities.js";
import { scopeOf } from "../../src/state/scope.js";
import { bert, difference, gpt2, gptText, text, useRuntime } from "../engine/toys.js";

const token = (word: string, start: number, end: number, special = false) => ({ id: 1, text: word, start, end, special });
const stored: AttentionFormulaExplanation = {
  version: 1, kind: "attention-formula", input: { text: "so good" }, tokens: [token("[CLS]", 0, 0, true), token("so", 0, 2), token("good", 3, 7)],
  model: { reference: "toy", name: "Toy", labels: [] }, quality: [], provenance: { modelHash: "", library: "lexiscope", backend: "wasm" },
  layers: 2, heads: 2, layer: 1, head: 0, causal: false, scale: 0.5,
  query: [[1, 0], [2, 2], [0, 1]], key: [[1, 1], [0, 2], [2, 0]], value: [[3, 4], [0, 1], [1, 0]], mask: [[0, 0, 0], [0, 0, -3e38], [0, 0, 0]],
  weights: [[0.3, 0.2, 0.5], [0.5, 0.5, 0], [0.35, 0.5, 0.15]],
};

describe("the steps of softmax(QKᵀ·scale + mask)·V", () => {
  it("by hand", () => {
    expect(formulaSteps(stored, 1)).to.deep.equal([{ dot: 4, scaled: 2, mask: 0, score: 2 }, { dot: 4, scaled: 2, mask: 0, score: 2 }, { dot: 4, scaled: 2, mask: -3e38, score: -3e38 + 2 }]);
    expect(weightedSum(stored.weights[1]!, stored.value)).to.deep.equal([1.5, 2.5]);
  });
});

for (const backend of ["wasm", "webgpu"] as const satisfies readonly BackendName[]) {
  it(`the parts of a toy's head make the pattern that the graph itself has, on ${backend}`, async () => {
    useRuntime();
    for (const [reference, words] of backend === "wasm" ? [[bert, text], [gpt2, gptText]] as const : [[gpt2, gptText]] as const) {
      const model = await loadModel(reference, { backend });
      const found = parseExplanation(JSON.parse(JSON.stringify(await model.explain({ kind: "attention-formula", text: words, layer: 1, head: 2 })))) as AttentionFormulaExplanation;
      const { weights } = await model.attention({ text: words, layer: 1, head: 2 });
      expect(difference(found.weights.flat(), weights.flat())).to.be.below(1e-5);
      const again = found.tokens.map((_, query) => softmax(formulaSteps(found, query).map(({ score }) => score)));
      expect(difference(again.flat(), weights.flat())).to.be.below(1e-5);
      expect(found.query[0]).to.have.length(8);
      expect(found.scale).to.be.closeTo(1 / Math.sqrt(8), 1e-6);
      expect(found.provenance.backend).to.equal(backend);
      await model.dispose();
    }
  });
}

it("refuses a head that is not there, and a mean of heads", async () => {
  useRuntime();
  const model = await loadModel(bert, { backend: "wasm" });
  const refused = (layer: unknown, head: unknown) => model.explain({ kind: "attention-formula", text, layer: layer as number, head: head as number }).then(() => "", (error: Error) => error.message);
  expect(await refused(0, 9)).to.equal("no head 9: there are 0 to 3, mean and max");
  expect(await refused("mean", 0)).to.equal("the formula is that of one layer and one head: name both by a number from 0");
  await model.dispose();
});

describe("<attention-formula>", () => {
  const rows = (element: AttentionFormula) => [...element.shadowRoot!.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim()));
  const choice = (element: AttentionFormula) => element.shadowRoot!.querySelector("select")!;
  const shown = async (template: ReturnType<typeof html>) => {
    const element = await fixture<AttentionFormula>(template);
    await element.ready;
    await element.updateComplete;
    return element;
  };

  it("draws a stored one: each key with its numbers, the hidden key said in words", async () => {
    const element = await shown(html`<attention-formula lang="en" .explanation=${stored} query="1"></attention-formula>`);
    expect(rows(element)).to.deep.equal([["[CLS]", "4", "2", "0", "0.500", "5"], ["so", "4", "2", "0", "0.500", "1"], ["good", "4", "2", "hidden", "0.000", "1"]]);
    expect(element.shadowRoot!.querySelector("[part=formula]")!.textContent).to.equal("softmax(q·kᵀ × 0.5 + mask) · V");
    expect(element.shadowRoot!.querySelector(".sum")!.textContent).to.contain("Output for “so”").and.to.contain("1.5, 2.5");
    await expect(element).to.be.accessible();
    expect(await (await element.toBlob("svg")).text()).to.contain("hidden");
    expect((await (await element.toBlob("csv")).text()).split("\r\n")[0]).to.equal("query,key,q·k,scaled,mask,weight");
  });

  it("the query is chosen in a menu, by keys as by hand, and follows the token chosen in the scope", async () => {
    const element = await shown(html`<attention-formula lang="en" .explanation=${stored}></attention-formula>`);
    expect(choice(element).value).to.equal("1"); // the first that is not special
    choice(element).value = "2";
    choice(element).dispatchEvent(new Event("change"));
    await element.updateComplete;
    expect(element.query).to.equal(2);
    expect(rows(element)[0]).to.deep.equal(["[CLS]", "1", "0.5", "0", "0.350", "5"]);
    const scope = await fixture(html`<lexi-scope><attention-formula lang="en" .explanation=${stored}></attention-formula></lexi-scope>`);
    const linked = scope.querySelector("attention-formula")!;
    await linked.ready;
    await linked.updateComplete;
    linked.shadowRoot!.querySelectorAll("button")[2]!.click();
    await linked.updateComplete;
    expect(scopeOf(scope).selected.map(({ index }) => index)).to.deep.equal([2]);
    expect(choice(linked).value).to.equal("2");
    linked.shadowRoot!.querySelectorAll("button")[1]!.focus();
    await waitUntil(() => linked.shadowRoot!.querySelectorAll("tr[data-marked]").length === 1);
  });

  it("speaks Chinese", async () => {
    const element = await shown(html`<attention-formula lang="zh" .explanation=${stored} query="1"></attention-formula>`);
    expect(element.shadowRoot!.querySelector("thead")!.textContent).to.contain("键词元");
    expect(rows(element)[2]![3]).to.equal("遮蔽");
  });

  it("wrong attributes and broken files are errors in the element, and it recovers", async () => {
    const failure = async (template: ReturnType<typeof html>) => (await fixture<AttentionFormula>(template)).ready.then(() => "", (error: Error) => error.message);
    expect(await failure(html`<attention-formula query="x" .explanation=${stored}></attention-formula>`)).to.equal('query="x" is not possible; use a whole number from 0');
    expect(await failure(html`<attention-formula head="1" .explanation=${stored}></attention-formula>`)).to.equal('head="1" is not stored here (0 is); give a model');
    expect(await failure(html`<attention-formula .explanation=${{ ...stored, key: [[1]] }}></attention-formula>`)).to.contain("key must be an array of 3");
    const element = await fixture<AttentionFormula>(html`<attention-formula .explanation=${{ ...stored, mask: 3 }}></attention-formula>`);
    await element.ready.catch(() => undefined);
    expect(element.state).to.equal("error");
    element.explanation = stored;
    await element.ready;
    expect(element.state).to.equal("ready");
  });

  it("asks a model, live", async () => {
    useRuntime();
    const element = await fixture<AttentionFormula>(html`<attention-formula model=${bert} backend="wasm" loading="eager" text=${text} layer="1" head="3" query="2"></attention-formula>`);
    const { layer, head, weights } = await element.ready;
    expect([layer, head]).to.deep.equal([1, 3]);
    await element.updateComplete;
    await aTimeout(0);
    expect(rows(element)).to.have.length(weights.length);
  });
});
