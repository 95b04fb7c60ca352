/** Faithfulness reports of real models: numbers against the model's own answers, edge texts, presets, random weights, cancelling. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import type { FaithfulnessRequest } from "../../src/engine/requests.js";
import type { LanguageModel, RunOptions } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { FaithfulnessExplanation } from "../../src/explanation/types.js";
import { bert, gpt2, text, useRuntime } from "./toys.js";

describe("faithfulness reports", () => {
  let model: LanguageModel;
  before(async () => {
    useRuntime();
    model = await loadModel(bert, { backend: "wasm" });
  });
  after(() => model.dispose());

  const report = async (request: FaithfulnessRequest, options: RunOptions = {}, of = model) => (await of.explain({ kind: "faithfulness", ...request }, options)) as FaithfulnessExplanation;
  const cheap = ["gradient-x-input", "occlusion"];

  it("judges methods by what the model says without their words", async () => {
    const found = await report({ text, methods: cheap, target: "positive" });
    expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
    expect(found.units.map(({ text: word }) => word)).to.deep.equal(["the", "film", "was", "not", "very", "good"]);
    const whole = await model.predict({ text });
    const occlusion = found.methods[1]!;
    expect(occlusion.deletion[0]).to.be.closeTo(whole.probabilities[2]!, 1e-5);
    expect(occlusion.insertion.at(-1)).to.be.closeTo(whole.probabilities[2]!, 1e-5);
    const words = text.split(" ");
    const heaviest = occlusion.scores.indexOf(Math.max(...occlusion.scores));
    const without = await model.predict({ text: words.map((word, index) => (index === heaviest ? "[MASK]" : word)).join(" ") });
    expect(occlusion.deletion[2]).to.be.closeTo(without.probabilities[2]!, 1e-5); // 2 tenths of 6 words: one
    expect(found.random.rankings).to.equal(20);
    for (const { deletion } of found.methods) expect(deletion).to.have.length(found.random.deletion.length);
    expect(found.quality.find(({ name }) => name === "evaluations")!.value).to.be.below(2 ** 6 + 100);
  });

  it("leave-one-out of occlusion on the probability of a contrast is perfect when occlusion is judged by itself", async () => {
    const found = await report({ text, methods: ["occlusion"], target: "positive - negative" });
    expect(found.methods[0]!.values["leave-one-out"]).to.be.closeTo(1, 1e-9); // a contrast's probability grows with its score
  });

  it("the same seed gives the same report; each method comes as a partial one", async () => {
    const partial: number[] = [];
    const options: RunOptions = { onProgress: (progress) => progress.partial && partial.push((progress.partial as FaithfulnessExplanation).methods.length) };
    const first = await report({ text, methods: cheap, seed: 5 }, options);
    expect(partial).to.deep.equal([1, 2]);
    expect(await report({ text, methods: cheap, seed: 5 })).to.deep.equal(first);
    expect((await report({ text, methods: cheap, seed: 6 })).random).not.to.deep.equal(first.random);
  });

  for (const preset of ["ferret", "eraser", "captum", "quantus"]) {
    it(`as ${preset} judges`, async () => {
      const found = await report({ text: "not very good", methods: ["gradient-x-input"], preset, rankings: 5 });
      expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
      expect(found.preset).to.equal(preset);
      const { values } = found.methods[0]!;
      for (const metric of found.metrics) expect(values, metric).to.have.property(metric).that.is.a("number");
    });
  }

  it("captum's sensitivity is that of the moved input, and nothing moves with radius 0", async () => {
    const found = await report({ text, methods: ["gradient-x-input", "occlusion", "integrated-gradients", "lime:lime"], metrics: ["sensitivity"] });
    const [gradient, occlusion, integrated, deleting] = found.methods.map(({ values }) => values["sensitivity"]);
    for (const value of [gradient, occlusion, integrated]) expect(value).to.be.above(0).and.below(2);
    expect(deleting).to.equal(null); // it deletes words: the text becomes shorter
  });

  it("with random weights the explanation changes, stage by stage from the scores down; the same seed again", async () => {
    const asked = { text: "the film was not very good but the acting saves it", methods: cheap, metrics: ["randomisation"] };
    const first = await report(asked);
    for (const { stages, values } of first.methods) {
      expect(stages!.map(({ name }) => name)).to.deep.equal(["head", "layer 1", "layer 0", "embeddings"]);
      expect(Math.abs(values["randomisation"]!)).to.be.below(0.9);
    }
    expect(await report(asked)).to.deep.equal(first);
    expect((await report({ ...asked, seed: 9 })).methods[0]!.stages).not.to.deep.equal(first.methods[0]!.stages);
    const again = await model.predict({ text });
    expect(again.labels).to.have.length(3); // the loaded model is as it was
  });

  it("people's reasons: spans of the text", async () => {
    const found = await report({ text, methods: cheap, rationale: [[13, 16]] });
    expect(found.metrics).to.include.members(["rationale-auprc", "rationale-f1", "rationale-iou"]);
    expect(found.random.values).to.have.property("rationale-auprc");
    const error = await report({ text, rationale: [[20, 400]] }).catch((thrown: Error) => thrown.message);
    expect(error).to.equal(`rationale [20, 400] is no span of this text of ${text.length} characters`);
  });

  it("a method that cannot be had is named with its reason, the others are judged", async () => {
    const long = "the film was not very good but the acting saves it and it was never dull";
    const found = await report({ text: long, methods: ["exact-shapley", "occlusion"], rankings: 3 });
    expect(found.methods[0]!.failed).to.match(/too many/);
    expect(found.methods[1]!.failed).to.equal(undefined);
  });

  it("refuses unknown methods, presets, metrics and numbers of rankings before anything runs", async () => {
    const problem = async (request: Partial<FaithfulnessRequest>) => report({ text, ...request }).catch((thrown: Error) => thrown.message);
    expect(await problem({ methods: ["magic"] })).to.match(/^no method "magic"; there are /);
    expect(await problem({ methods: ["lime:shap"] })).to.match(/^method "lime" has no preset "shap"/);
    expect(await problem({ preset: "shap" })).to.match(/^no preset "shap" of a faithfulness report/);
    expect(await problem({ metrics: ["beauty"] })).to.match(/^no metric "beauty"; there are /);
    expect(await problem({ rankings: 0 })).to.match(/^0 random rankings/);
  });

  const edges: Record<string, string> = { "one token": "good", "words that repeat": "good good good bad good", "mixed scripts": "the film 很 good кино 🎬", "longer than the model": "the film was not very good ".repeat(400) };
  for (const [what, edge] of Object.entries(edges)) {
    it(`${what}: an answer that can be stored`, async () => {
      const found = await report({ text: edge, methods: cheap, rankings: 5 });
      expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
      expect(found.truncated).to.equal(what === "longer than the model" ? true : undefined);
    });
  }

  it("an empty text and one that is all mask have nothing to leave out, and say so; special tokens that an author typed are words", async () => {
    for (const edge of ["", "[MASK]", "[MASK] [MASK]"]) {
      const error = (await report({ text: edge, methods: cheap }).catch((thrown: unknown) => thrown)) as { code?: string; message: string };
      expect(error.code, edge).to.equal("bad-input");
    }
    expect((await report({ text: "[SEP]", methods: cheap })).units).to.have.length(1);
  });

  it("next tokens of a language model", async () => {
    const lm = await loadModel(gpt2, { backend: "wasm" });
    const found = await report({ text: "from word3 day you", methods: cheap, rankings: 5 }, {}, lm);
    const { probabilities } = await lm.predict({ text: "from word3 day you" });
    expect(found.methods[0]!.deletion[0]).to.be.closeTo(probabilities[0]!, 1e-5);
    await lm.dispose();
  });

  it("stops within a batch", async () => {
    const abort = new AbortController();
    const run = report({ text: "the film was not very good but the acting saves it", methods: ["lime"] }, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(await run.catch((thrown: { code?: string }) => thrown.code)).to.equal("aborted");
    expect((await model.predict({ text })).labels).to.have.length(3);
  });

  describe("over a corpus", () => {
    const words = ["the", "film", "was", "not", "very", "good", "day"];
    const csv = ["text", ...Array.from({ length: 9 }, (_, row) => Array.from({ length: 4 }, (__, place) => words[(row * 3 + place * (1 + (row % 2))) % 7]).join(" ")), "good"].join("\n");
    const over = (change: object = {}, options: RunOptions = {}) => report({ text: "", corpus: "toy.csv", file: new Blob([csv]), revision: "1", methods: cheap, rankings: 4, samples: 5, seed: 2, target: "positive", ...change }, options);

    it("means of the reports on its texts, a seeded sample of them, with intervals and chance", async () => {
      const partial: number[] = [];
      const found = await over({}, { onProgress: (progress) => progress.partial && partial.push((progress.partial as FaithfulnessExplanation).texts) });
      expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
      expect([found.texts, found.corpus!.rows, found.sample!.asked, found.sample!.lines.length]).to.deep.equal([5, 10, 5, 5]);
      const lines = csv.split("\n");
      const single = await Promise.all(found.sample!.lines.map((line) => report({ text: lines[line - 1]!, methods: cheap, rankings: 4, seed: 2, target: "positive" })));
      found.methods.forEach(({ values, over: put, deletion }, method) => {
        const areas = single.map(({ methods }) => methods[method]!.values["area"]!);
        expect(values["area"]).to.be.closeTo(areas.reduce((sum, area) => sum + area, 0) / 5, 1e-6);
        expect(put!.intervals["area"]!.low).to.be.within(Math.min(...areas), values["area"]!);
        expect(put!.intervals["area"]!.high).to.be.within(values["area"]!, Math.max(...areas));
        expect(deletion).to.have.length(found.random.deletion.length);
      });
      expect(found.random.values["area"]!.mean).to.be.closeTo(single.reduce((sum, one) => sum + one.random.values["area"]!.mean, 0) / 5, 1e-6);
      expect(partial.every((texts) => texts >= 2 && texts < 5)).to.equal(true);
      expect(await over()).to.deep.equal(found);
      expect((await over({ seed: 3 })).sample!.lines).not.to.deep.equal(found.sample!.lines);
    });

    it("a text of one word is left out and counted; samples beyond the corpus are all of it", async () => {
      const found = await over({ samples: 100 });
      expect([found.texts, found.sample!.skipped]).to.deep.equal([9, 1]);
    });

    it("stops within a batch", async () => {
      const abort = new AbortController();
      let steps = 0;
      const failure = await over({ samples: 9 }, { signal: abort.signal, onProgress: () => ++steps === 3 && abort.abort() }).then(() => "", (error: { code: string }) => error.code);
      expect(failure).to.equal("aborted");
      expect(steps).to.equal(3);
    });

    it("says what is wrong", async () => {
      const problem = (change: object) => over(change).then(() => "", (error: Error) => error.message);
      expect(await problem({ samples: 1 })).to.include("samples 1 is not possible");
      expect(await problem({ rationale: [[0, 3]] })).to.include("a rationale is of one text");
      expect(await problem({ file: new Blob(["text\ngood\nfilm"]), revision: "2" })).to.include("no text of the corpus");
      expect(await problem({ textColumn: "body", revision: "3" })).to.include('no column "body"');
    });
  });
});
