/** Bias probes of real models: fillings say what the model says, sums of attributions, statistics that follow, sources of pairs, wrong questions. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import type { BiasRequest } from "../../src/engine/requests.js";
import type { LanguageModel, RunOptions } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { BiasExplanation } from "../../src/explanation/types.js";
import { pairedComparison } from "../../src/methods/bias/paired-comparison.js";
import { rejection } from "../methods/toys.js";
import { gpt2, useRuntime } from "./toys.js";

describe("bias probes", () => {
  let model: LanguageModel;
  before(async () => {
    useRuntime();
    model = await loadModel("sentiment", { backend: "wasm" });
  });
  after(() => model.dispose());
  const probe = async (request: Omit<BiasRequest, "text">, options: RunOptions = {}, of = model) => (await of.explain({ kind: "bias", text: "", ...request }, options)) as BiasExplanation;
  const template = "{The man|The woman|他|她} said the {film|plot|acting|ending|music|pace|story} was {good|dull}.";

  it("say of each filling what the model says, and of the groups what follows from that", async () => {
    const found = await probe({ template, target: "positive" });
    expect(parseExplanation(JSON.parse(JSON.stringify(found)))).to.deep.equal(found);
    expect([found.groups.length, found.contexts.length, found.fillings.length]).to.deep.equal([4, 14, 56]);
    for (const index of [0, 17, 55]) {
      const { text, prediction, label, own, rest } = found.fillings[index]!;
      const { labels, probabilities } = await model.predict({ text });
      expect(prediction).to.be.closeTo(probabilities[1]!, 1e-4);
      expect(label).to.equal(labels[probabilities[1]! > probabilities[0]! ? 1 : 0]);
      const { scores } = await model.attribute({ text, method: "gradient-x-input", target: "positive" });
      expect(own! + rest!).to.be.closeTo(scores.reduce((sum, score) => sum + score, 0), 1e-3);
    }
    const group = (index: number) => found.fillings.filter((filling) => filling.group === index).map(({ prediction }) => prediction);
    const { difference, p } = pairedComparison(group(1), group(0));
    const compared = found.comparisons.find(({ measure, group: of }) => measure === "prediction" && of === 1)!;
    expect([compared.difference, compared.p, compared.n, compared.exact]).to.deep.equal([difference, p, 14, true]);
    expect(found.comparisons).to.have.length(9);
    for (const { p: raw, adjusted, cautions } of found.comparisons) {
      expect(adjusted).to.be.at.least(raw);
      if (adjusted > 0.05) expect(cautions).not.to.deep.equal([]);
    }
  });

  it("the same seed gives the same; predictions come first; none asks for no attributions", async () => {
    const partial: number[] = [];
    const small = { template: "{He|She} is {kind|rude}." };
    const first = await probe(small, { onProgress: (progress) => progress.partial && partial.push((progress.partial as BiasExplanation).summaries.length) });
    expect(partial).to.deep.equal([2]);
    expect(first.summaries).to.have.length(6);
    expect(await probe(small)).to.deep.equal(first);
    expect((await probe({ ...small, method: "none" })).method).to.equal(null);
    for (const { cautions } of first.comparisons) expect(cautions).to.include("few");
  });

  it("take pairs as they are written, and from an address; a language model too", async () => {
    const found = await probe({ pairs: { groups: ["he", "she"], pairs: [["He is kind.", "She is kind."], ["他很好。", "她很好。"]] }, method: "none" });
    expect([found.groups, found.template, found.fillings.map(({ text }) => text)]).to.deep.equal([["he", "she"], "", ["He is kind.", "She is kind.", "他很好。", "她很好。"]]);
    const address = URL.createObjectURL(new Blob([JSON.stringify([["a good film", "a bad film"]])]));
    const [good, bad] = (await probe({ pairs: address, target: "positive", method: "none" })).fillings;
    expect(good!.prediction).to.be.above(bad!.prediction);
    expect((await rejection(probe({ pairs: new URL("/nobody.json", location.href).href }))).message).to.contain("404");
    const other = await loadModel(gpt2, { backend: "wasm" });
    expect((await probe({ template: "{word3|day} you {from|word5}" }, {}, other)).summaries).to.have.length(6);
    await other.dispose();
  });

  const wrong: [Omit<BiasRequest, "text">, string][] = [
    [{}, "needs a template or pairs"], [{ template: "{a|b}", pairs: [] }, "not both"], [{ template: "{} is" }, "is empty"], [{ template: "{a|b} {c" }, "not closed"], [{ template: "{a|b}{c|d}", maxFillings: 3 }, "4 fillings, more than 3"],
    [{ template: "{a|b}", target: "nobody" }, 'no target "nobody"'], [{ template: "{a|b}", method: "magic" }, "magic"], [{ pairs: [["a"]] }, "two texts"],
  ];
  for (const [request, message] of wrong) it(`name what is wrong: ${message}`, async () => expect((await rejection(probe(request))).message).to.contain(message));

  it("stop when aborted", async () => {
    const stop = new AbortController();
    const stopped = rejection(probe({ template }, { signal: stop.signal }));
    stop.abort();
    expect((await stopped).code).to.equal("aborted");
  });
});
