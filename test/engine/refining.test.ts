/** Sampling on a model: partial explanations, stops, and larger budgets that go on from what was evaluated. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import { configure } from "../../src/engine/locations.js";
import { Runner } from "../../src/engine/runner.js";
import type { AttributionRequest, LanguageModel, Progress } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";
import { methods, type MethodName } from "../../src/methods/table.js";
import { bert, difference, useRuntime } from "./toys.js";

/** Eleven words: 2048 coalitions, so that hundreds of samples are different ones. */
const text = "the film was not very good but the end was very bad";
const budgets: Readonly<Partial<Record<MethodName, readonly [number, number]>>> = {
  lime: [200, 400], "kernel-shap": [200, 400], "permutation-shap": [200, 400], "partition-shap": [60, 120], smoothgrad: [40, 80], vargrad: [40, 80], "gradient-shap": [40, 80], "approximate-gradient": [200, 400], reagent: [16, 32],
};
const partOf = ({ quality }: AttributionExplanation): number | undefined => quality.find(({ name }) => name === "partial")?.value;

/** Rows that the model runs, forwards or both ways. */
function countRows(): { readonly rows: () => number; readonly restore: () => void } {
  const { scores, gradient } = Runner.prototype;
  let rows = 0;
  Runner.prototype.scores = function (this: Runner<unknown>, ask) {
    rows += ask.rows.length;
    return scores.call(this, ask);
  };
  Runner.prototype.gradient = function (this: Runner<unknown>, ask, use) {
    rows += ask.rows.length;
    return gradient.call(this, ask, use as never) as never;
  };
  return { rows: () => rows, restore: () => Object.assign(Runner.prototype, { scores, gradient }) };
}

for (const worker of [false, true]) describe(`sampling on a model ${worker ? "in a worker" : "in the page"}`, () => {
  const ask = async (model: LanguageModel, request: Omit<AttributionRequest, "text">, options = {}) => (await model.explain({ kind: "attribution", text, target: "positive", ...request }, options)) as AttributionExplanation;
  const fresh = () => loadModel(bert, { backend: "wasm" });
  const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);
  before(() => {
    useRuntime();
    configure({ worker });
  });
  after(() => configure({ worker: true }));

  for (const [method, [small, large]] of Object.entries(budgets)) {
    it(`${method}: partial explanations on the way, the last one without the mark`, async () => {
      const model = await fresh();
      const partials: AttributionExplanation[] = [];
      const found = await ask(model, { method, samples: 4 * large }, { onProgress: ({ partial }: Progress) => partial && partials.push(partial as AttributionExplanation) });
      expect(partials.length).to.be.within(2, 4);
      expect(partOf(found)).to.equal(undefined);
      const shares = partials.map((partial) => partOf(partial)!);
      expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
      expect(shares[0]).to.be.within(1 / 16, 0.5);
      for (const partial of partials) {
        expect(partial.scores).to.have.length(found.scores.length);
        expect(partial.method).to.deep.equal(found.method);
        if (methods[method as MethodName].samples) expect(partial.errors!.some((error) => error > 0)).to.equal(true);
        expect(parseExplanation(JSON.parse(JSON.stringify(partial)))).to.deep.equal(JSON.parse(JSON.stringify(partial)));
      }
      if (found.errors) expect(Math.hypot(...found.errors)).to.be.below(Math.hypot(...partials[0]!.errors!));
      await model.dispose();
    });

    it(`${method}: ${small} samples, then ${large}: the same as ${large} at once`, async () => {
      const count = countRows();
      try {
        const other = await fresh();
        const start = count.rows();
        const expected = await ask(other, { method, samples: large });
        const atOnce = count.rows() - start;
        await other.dispose(); // with it goes what it evaluated
        const model = await fresh();
        const before = count.rows();
        await ask(model, { method, samples: small });
        const first = count.rows() - before;
        const found = await ask(model, { method, samples: large });
        const both = count.rows() - before;
        expect(difference(found.scores, expected.scores)).to.be.below(1e-6);
        if (found.errors) expect(difference(found.errors, expected.errors!)).to.be.below(1e-4);
        expect(found.quality.find(({ name }) => name === "evaluations")).to.deep.equal(expected.quality.find(({ name }) => name === "evaluations"));
        if (!worker) {
          expect(first).to.be.below(0.7 * atOnce);
          expect(both - atOnce, "the text itself, scored once a question").to.be.within(0, 2);
        }
        await model.dispose();
      } finally {
        count.restore();
      }
    });
  }

  it("a stopped run stops within one batch, and what it evaluated is there for the next", async () => {
    const model = await fresh();
    const abort = new AbortController();
    const seen: number[] = [];
    expect(await failure(ask(model, { method: "smoothgrad", samples: 1024 }, { signal: abort.signal, onProgress: ({ loaded, phase }: Progress) => phase === "explain" && seen.push(loaded) && abort.abort() }))).to.include({ code: "aborted" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = new AbortController();
    const next: number[] = [];
    const rest = ask(model, { method: "smoothgrad", samples: 1024 }, { signal: again.signal, onProgress: ({ loaded, phase }: Progress) => phase === "explain" && next.push(loaded) && again.abort() });
    expect(await failure(rest)).to.include({ code: "aborted" });
    expect(next[0], "one batch that was told, one that ran while the stop was on its way, and this one").to.be.within(seen[0]! + 8, seen[0]! + 16);
    await model.dispose();
  });

  it("a budget that a method does not have is refused", async () => {
    const model = await fresh();
    expect(await failure(ask(model, { method: "integrated-gradients", samples: 100 }))).to.include({ code: "bad-input" });
    expect(await failure(ask(model, { method: "lime", samples: 1.5 }))).to.include({ code: "bad-input" });
    expect((await ask(model, { method: "lime", preset: "captum", samples: 30 })).method.options["samples"]).to.equal(30);
    await model.dispose();
  });
});
