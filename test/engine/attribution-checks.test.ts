/** What may be asked beside an attribution: whether its ranking is better than random ones, and whether other seeds agree. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import type { AttributionRequest } from "../../src/engine/requests.js";
import type { LanguageModel } from "../../src/engine/types.js";
import type { AttributionExplanation, FaithfulnessExplanation } from "../../src/explanation/types.js";
import { bert, text, useRuntime } from "./toys.js";

describe("an attribution that is checked", () => {
  let model: LanguageModel;
  before(async () => {
    useRuntime();
    model = await loadModel(bert, { backend: "wasm" });
  });
  after(() => model.dispose());

  const explain = async (request: Omit<AttributionRequest, "text"> & { readonly text?: string }) => (await model.explain({ kind: "attribution", text, ...request })) as AttributionExplanation;
  const quality = ({ quality: all }: AttributionExplanation, name: string) => all.find((one) => one.name === name);

  it("is compared with as many random rankings as a report compares it with, and keeps its scores", async () => {
    const plain = await explain({ method: "occlusion" });
    const checked = await explain({ method: "occlusion", check: true });
    const report = (await model.explain({ kind: "faithfulness", text, methods: ["occlusion"] })) as FaithfulnessExplanation;
    expect(quality(checked, "better-than-random")).to.deep.equal({ name: "better-than-random", value: report.methods[0]!.beats / 20, of: 20 });
    expect(checked.scores).to.deep.equal(plain.scores);
    expect(quality(plain, "better-than-random")).to.equal(undefined);
    expect(quality(checked, "evaluations")!.value).to.be.above(quality(plain, "evaluations")!.value);
  });

  it("is compared with other seeds where the method samples; a method that does not gives no such number", async () => {
    const found = await explain({ method: "lime", options: { samples: 12 }, repeats: 3 });
    expect(quality(found, "agreement")).to.include({ of: 3 });
    expect(quality(found, "agreement")!.value).to.be.within(-1, 0.999);
    const steady = await explain({ method: "lime", options: { samples: 3000 }, repeats: 2 });
    expect(quality(steady, "agreement")!.value).to.be.above(quality(found, "agreement")!.value);
    expect(quality(await explain({ method: "occlusion", repeats: 3 }), "agreement")).to.equal(undefined);
  });

  it("of one word there is nothing to compare", async () => {
    expect(quality(await explain({ text: "good", method: "occlusion", check: true }), "better-than-random")).to.equal(undefined);
  });
});
