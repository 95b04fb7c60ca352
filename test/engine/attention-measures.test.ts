/** Rollout, flow, value-weighted attention and value zeroing of the toys, against PyTorch with hooks and against the pure functions. */
import { expect } from "@open-wc/testing";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { BackendName, LanguageModel } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { attentionFlow } from "../../src/methods/attention/flow.js";
import { normalizeByReach, rollout, shares, type Map2 } from "../../src/methods/attention/rollout.js";
import { loadJson } from "../zoo.js";
import { bert, difference, gpt2, text, useRuntime } from "./toys.js";

interface Case {
  readonly toy: "bert" | "gpt2";
  readonly text: string;
  readonly layers: readonly Readonly<Record<"zeroing" | "zeroingOfHead1" | "normOfHead1" | "normOfMean", number[][]>>[];
}

const apart = (found: Map2, wanted: Map2): number => difference(found.flat(), wanted.flat());

for (const backend of ["wasm", "webgpu"] as const satisfies readonly BackendName[]) {
  const whole = backend === "wasm"; // a session on a software adapter takes seconds: there one layer of one model, and one head
  describe(`attention measures on ${backend}`, function () {
    let models: Readonly<Record<Case["toy"], LanguageModel>>;
    let cases: readonly Case[];
    before(async () => {
      useRuntime();
      configure({ worker: true });
      models = { bert: await loadModel(bert, { backend }), gpt2: await loadModel(gpt2, { backend }) };
      ({ cases } = await loadJson<{ cases: Case[] }>("/test/fixtures/attention-measures.json"));
    });
    after(() => Promise.all(Object.values(models).map((model) => model.dispose())));

    it("value zeroing and the norms of transformed values are PyTorch's", async () => {
      expect(cases.map(({ toy }) => toy)).to.deep.equal(["bert", "gpt2"]);
      for (const { toy, text: words, layers } of whole ? cases : cases.slice(0, 1))
        for (const [layer, wanted] of layers.slice(0, whole ? 2 : 1).entries()) {
          const ask = { text: words, layer, options: { normalize: false } } as const;
          const zeroed = await models[toy].attention({ ...ask, measure: "value-zeroing" });
          expect(apart(zeroed.weights, wanted.zeroing), `${toy} ${layer}`).to.be.below(5e-6);
          expect(zeroed.quality).to.deep.include({ name: "evaluations", value: 1 + zeroed.tokens.length });
          expect(zeroed.options).to.deep.equal({ normalize: false, outputs: "layer" });
          if (whole) expect(apart((await models[toy].attention({ ...ask, measure: "value-zeroing", head: 1 })).weights, wanted.zeroingOfHead1)).to.be.below(5e-6);
          const weighted = await models[toy].attention({ ...ask, measure: "value-weighted", head: 1 });
          expect(apart(weighted.weights, wanted.normOfHead1)).to.be.below(5e-6);
          expect(weighted.options).to.deep.equal({ normalize: false, norm: "output" });
          expect(apart((await models[toy].attention({ ...ask, measure: "value-weighted", head: "mean" })).weights, wanted.normOfMean)).to.be.below(5e-6);
        }
    });

    it("rollout and flow follow the patterns up to a layer; the last one when none is named", async () => {
      const patterns = await Promise.all([0, 1].map(async (layer) => (await models.bert.attention({ text, layer, head: "mean" })).weights));
      const rolled = await models.bert.attention({ text, measure: "rollout" });
      expect(rolled).to.include({ layer: 1, head: "mean", measure: "rollout" });
      expect(rolled.options).to.deep.equal({ residual: true, reach: false });
      expect(apart(rolled.weights, rollout(patterns))).to.be.below(1e-6);
      expect(rolled.quality[0]!.value).to.be.below(1e-6);
      expect(apart((await models.bert.attention({ text, measure: "rollout", options: { residual: false } })).weights, rollout(patterns, { residual: false }))).to.be.below(1e-6);
      expect(apart((await models.bert.attention({ text, measure: "rollout", layer: 0 })).weights, rollout([patterns[0]!]))).to.be.below(1e-6);
      const flow = attentionFlow(patterns);
      expect(apart((await models.bert.attention({ text, measure: "flow" })).weights, flow.normalized)).to.be.below(1e-6);
      expect(apart((await models.bert.attention({ text, measure: "flow", options: { normalize: false } })).weights, flow.raw)).to.be.below(1e-6);
    });

    it("causal models: nothing above the diagonal, and the rollout is divided by reach", async () => {
      const { text: words } = cases[1]!;
      const patterns = await Promise.all([0, 1].map(async (layer) => (await models.gpt2.attention({ text: words, layer, head: 2 })).weights));
      const rolled = await models.gpt2.attention({ text: words, head: 2, measure: "rollout" });
      expect(rolled.options).to.include({ reach: true });
      expect(apart(rolled.weights, normalizeByReach(rollout(patterns)))).to.be.below(1e-6);
      for (const measure of ["rollout", "flow", ...(whole ? (["value-weighted", "value-zeroing"] as const) : [])] as const) {
        const found = parseExplanation(JSON.parse(JSON.stringify(await models.gpt2.attention({ text: words, measure })))) as typeof rolled;
        for (const [query, row] of found.weights.entries()) for (const weight of row.slice(query + 1)) expect(weight, measure).to.equal(0);
      }
    });

    if (whole) it("layers and heads are reduced", async () => {
      const maps = await Promise.all([0, 1].map(async (layer) => (await models.bert.attention({ text, layer, measure: "value-zeroing" })).weights));
      const mean = await models.bert.attention({ text, layer: "mean", measure: "value-zeroing" });
      expect(apart(mean.weights, maps[0]!.map((row, query) => row.map((weight, key) => (weight + maps[1]![query]![key]!) / 2)))).to.be.below(1e-6);
      const each = await Promise.all([0, 1, 2, 3].map(async (head) => (await models.bert.attention({ text, layer: 0, head, measure: "value-zeroing", options: { normalize: false } })).weights.flat()));
      const largest = await models.bert.attention({ text, layer: 0, head: "max", measure: "value-zeroing", options: { normalize: false } });
      expect(difference(largest.weights.flat(), each[0]!.map((_, cell) => Math.max(...each.map((map) => map[cell]!))))).to.be.below(1e-6);
      const weighted = await models.bert.attention({ text, layer: 0, head: "max", measure: "value-weighted", options: { normalize: "true" } });
      const raw = await models.bert.attention({ text, layer: 0, head: "max", measure: "value-weighted" });
      expect(apart(weighted.weights, raw.weights.map(shares))).to.be.below(1e-6);
    });

    it("says what is not there, and stops", async () => {
      const refused = (request: object) => models.bert.attention({ text, ...request }).then(() => "", (error: Error) => error.message);
      expect(await refused({ measure: "vibes" })).to.equal('no measure "vibes" of attention; there are pattern, rollout, flow, value-weighted, value-zeroing');
      expect(await refused({ measure: "rollout", options: { steps: 3 } })).to.equal('measure "rollout" has no option steps; there are residual, reach');
      expect(await refused({ measure: "flow", options: { residual: "perhaps" } })).to.equal('option residual="perhaps" is not possible; use true, false');
      expect(await refused({ measure: "rollout", layer: 2 })).to.equal("no layer 2: there are 0 to 1, mean and max");
      const stop = new AbortController();
      const waiting = models.bert.attention({ text, measure: "flow", layer: "mean" }, { signal: stop.signal, onProgress: () => stop.abort() }).then(() => "", (error: { code: string }) => error.code);
      expect(await waiting).to.equal("aborted");
    });
  });
}
