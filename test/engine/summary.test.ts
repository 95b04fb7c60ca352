/** The facts of a summary against the model's own answers, and texts at the edges. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import type { SummaryRequest } from "../../src/engine/requests.js";
import type { LanguageModel, RunOptions } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { SummaryExplanation } from "../../src/explanation/types.js";
import { summarySentences, summaryText } from "../../src/state/summary-sentences.js";
import { bert, gpt2, text, useRuntime } from "./toys.js";

describe("summaries", () => {
  let model: LanguageModel;
  before(async () => {
    useRuntime();
    model = await loadModel(bert, { backend: "wasm" });
  });
  after(() => model.dispose());

  const summary = async (request: SummaryRequest, options: RunOptions = {}, of = model) => (await of.explain({ kind: "summary", ...request }, options)) as SummaryExplanation;

  it("every set of words left out is what the model says of that text", async () => {
    const found = await summary({ text });
    expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
    const whole = await model.predict({ text });
    expect(found.value).to.be.closeTo(whole.probabilities[found.target.index]!, 1e-5);
    expect(found.label).to.equal(found.target.label);
    const words = text.split(" ");
    expect(found.leftOut.filter(({ units }) => units.length === 1)).to.have.length(5);
    for (const { units, value, label, labelValue } of found.leftOut) {
      const without = await model.predict({ text: words.map((word, index) => (units.includes(index) ? "[MASK]" : word)).join(" ") });
      expect(value).to.be.closeTo(without.probabilities[found.target.index]!, 1e-5);
      const best = without.probabilities.indexOf(Math.max(...without.probabilities));
      expect(label).to.equal(without.labels[best]);
      expect(labelValue).to.be.closeTo(without.probabilities[best]!, 1e-5);
    }
    const sets = found.leftOut.filter(({ units }) => units.length > 1);
    expect(sets.slice(0, -1).every(({ label }) => label === found.label)).to.equal(true); // the last is the first that changes it, or all were tried
  });

  it("weights are those of the method, by words, and the gap is the method's", async () => {
    const [found, attribution] = [await summary({ text, method: "integrated-gradients", target: "positive" }), await model.attribute({ text, method: "integrated-gradients", target: "positive" })];
    expect(found.units.map(({ score }) => score)).to.deep.equal(found.units.map(({ tokens }) => tokens.reduce((sum, token) => sum + attribution.scores[token]!, 0)));
    expect(found.trust.completenessGap).to.equal(attribution.quality.find(({ name }) => name === "completeness-gap")!.value);
    expect((await summary({ text, method: "occlusion" })).trust.completenessGap).to.equal(null);
  });

  const edges: Record<string, string> = { "one token": "good", "words that repeat": "good good good bad good", "mixed scripts": "the film 很 good кино 🎬", "longer than the model": "the film was not very good ".repeat(400) };
  for (const [what, edge] of Object.entries(edges)) {
    it(`${what}: facts that can be stored, and sentences`, async () => {
      const found = await summary({ text: edge, method: "gradient-x-input" });
      expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
      for (const language of ["en", "zh"]) for (const detail of ["plain", "expert"] as const) {
        const said = summaryText(summarySentences(found, { language, detail, methodName: "x" }), language);
        expect(said).not.to.match(/NaN|undefined|Infinity|null/);
      }
    });
  }

  it("an empty text says why there is none; a next token has its own sentence; an abort stops", async () => {
    expect(await summary({ text: "" }).catch((thrown: { code?: string }) => thrown.code)).to.equal("bad-input");
    const lm = await loadModel(gpt2, { backend: "wasm" });
    const found = await summary({ text: "from word3 day you" }, {}, lm);
    expect(summaryText(summarySentences(found, { language: "en", detail: "plain", methodName: "x" }), "en")).to.match(/^The model’s first choice of a token is /);
    await lm.dispose();
    const abort = new AbortController();
    expect(await summary({ text }, { signal: abort.signal, onProgress: () => abort.abort() }).catch((thrown: { code?: string }) => thrown.code)).to.equal("aborted");
  });
});
