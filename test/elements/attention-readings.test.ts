/** A heat map by words, without special tokens, and of other measures than the pattern: what is drawn, said and tabulated. */
import { expect, fixture, html } from "@open-wc/testing";
import "../../src/elements/attention-heatmap/define.js";
import type { AttentionHeatmap } from "../../src/elements/attention-heatmap/attention-heatmap.js";
import { arranged } from "../../src/elements/attention-heatmap/reading.js";
import type { AttentionExplanation } from "../../src/explanation/types.js";
import { arrangeAttention } from "../../src/methods/attention/arrange.js";

const token = (text: string, start: number, end: number, special = false) => ({ id: 1, text, start, end, special });

/** "so unhappy": four tokens, two of them one word, and a special one. */
const stored: AttentionExplanation = {
  version: 1, kind: "attention", input: { text: "so unhappy" }, tokens: [token("[CLS]", 0, 0, true), token("so", 0, 2), token("un", 3, 5), token("##happy", 5, 10)],
  model: { reference: "toy", name: "Toy", labels: [] }, quality: [], provenance: { modelHash: "", library: "lexiscope", backend: "wasm" },
  layers: 2, heads: 2, layer: 0, head: 1, causal: false,
  weights: [[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.5, 0.2, 0, 0.3]],
};

async function shown(template: ReturnType<typeof html>): Promise<AttentionHeatmap> {
  const element = await fixture<AttentionHeatmap>(template);
  await element.ready;
  await element.toBlob("svg"); // everything is loaded and drawn then
  await element.updateComplete;
  return element;
}

const caption = (element: AttentionHeatmap) => element.shadowRoot!.querySelector("[part=caption] .title")!.textContent;
const close = (found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]) => found.forEach((row, query) => row.forEach((weight, key) => expect(weight).to.be.closeTo(wanted[query]![key]!, 1e-12)));

describe("a map by words and without special tokens", () => {
  it("sums columns and averages rows, so that rows go on summing to 1", () => {
    close(arrangeAttention(stored.weights, [[0], [1], [2, 3]]), [[0.4, 0.3, 0.3], [0.1, 0.2, 0.7], [0.6, 0.15, 0.25]]);
    close(arrangeAttention(stored.weights, [[1], [2, 3]], undefined, true), [[2 / 9, 7 / 9], [0.375, 0.625]]);
    expect(arrangeAttention([[1]], [], undefined, true)).to.deep.equal([]);
    expect(arrangeAttention([[1, 0], [1, 0]], [[1]], undefined, true)).to.deep.equal([[0]]);
  });

  it("keeps a word at its first token's place, with the characters of all its tokens; even attention is arranged alike", () => {
    const side = stored.tokens.map((each, index) => ({ ...each, index, at: index }));
    const { sides: [rows, columns], explanation, even } = arranged({ explanation: stored, sides: [side, side] }, { specialTokens: "renormalise", unit: "word" });
    expect(rows.map(({ index, at, start, end }) => [index, at, start, end])).to.deep.equal([[1, 0, 0, 2], [2, 1, 3, 10]]);
    expect(columns).to.deep.equal(rows);
    close(explanation.weights, [[2 / 9, 7 / 9], [0.375, 0.625]]);
    close([even![0]!], [[1 / 3, 2 / 3]]);
    expect(arranged({ explanation: stored, sides: [side, side] }, { specialTokens: "show", unit: "token" }).explanation).to.equal(stored);
  });

  it("an all-special text and a text of one token are drawn", async () => {
    const one = { ...stored, tokens: [stored.tokens[0]!], weights: [[1]] };
    const element = await shown(html`<attention-heatmap special-tokens="renormalise" unit="word" .explanation=${one}></attention-heatmap>`);
    expect(element.state).to.equal("ready");
    await shown(html`<attention-heatmap .explanation=${one}></attention-heatmap>`);
  });
});

describe("the line above says how a map is read", () => {
  it("the pattern needs no more words than before", async () => {
    expect(caption(await shown(html`<attention-heatmap lang="en" .explanation=${stored}></attention-heatmap>`))).to.equal("Where layer 0, head 1 looks");
  });

  it("words, special tokens, measures and their options, in both languages", async () => {
    const merged = await shown(html`<attention-heatmap lang="en" unit="word" special-tokens="renormalise" .explanation=${stored}></attention-heatmap>`);
    expect(caption(merged)).to.equal("Where layer 0, head 1 looks; tokens merged into words (columns summed, rows averaged); special tokens left out, rows scaled to sum to 1");
    const svg = await (await merged.toBlob("svg")).text();
    expect(svg).to.contain("unhappy").and.not.to.contain("[CLS]");
    const rolled = { ...stored, layer: 1, head: "mean", measure: "rollout", options: { residual: true, reach: true } } as const;
    expect(caption(await shown(html`<attention-heatmap lang="en" measure="rollout" .explanation=${rolled}></attention-heatmap>`))).to.equal("Attention followed from the input to layer 1 (rollout), head all (mean); divided by how many tokens can see each one");
    expect(caption(await shown(html`<attention-heatmap lang="zh" .explanation=${rolled}></attention-heatmap>`))).to.contain("rollout").and.to.contain("除以能看到它的词元数");
  });

  it("a stored pattern does not answer for another measure", async () => {
    const element = await fixture<AttentionHeatmap>(html`<attention-heatmap measure="flow" .explanation=${stored}></attention-heatmap>`);
    const error = await element.ready.then(() => null, (failure: Error) => failure);
    expect(error!.message).to.equal('measure="flow" is not stored here (pattern is); give a model');
  });
});
