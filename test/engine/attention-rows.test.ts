/** What every pattern must be: rows that sum to 1, and nothing in a causal model's future. */
import { expect } from "@open-wc/testing";
import { loadModel } from "../../src/engine/load-model.js";
import { weightsOfMap } from "../../src/explanation/attention-heads.js";
import type { AttentionHeadsExplanation } from "../../src/explanation/types.js";
import { bert, gpt2, gptText, text, useRuntime } from "./toys.js";

const models = [
  { name: "a causal model", folder: gpt2, input: { text: gptText }, causal: true },
  { name: "a classifier", folder: bert, input: { text }, causal: false },
  { name: "a classifier of a pair", folder: bert, input: { text, textPair: "not good" }, causal: false },
  { name: "the text that an encoder–decoder reads", folder: "/test/fixtures/zoo/t5-ts14/", input: { text: gptText, textPair: "fire that" }, causal: false },
];

describe("M52: every head's pattern", () => {
  before(useRuntime);

  for (const { name, folder, input, causal } of models) {
    it(`of ${name}: rows sum to 1${causal ? ", above the diagonal there is 0" : ""}`, async () => {
      const model = await loadModel(folder, { backend: "wasm" });
      const found = (await model.explain({ kind: "attention-heads", ...input })) as AttentionHeadsExplanation;
      expect(found.causal).to.equal(causal);
      expect(found.maps.length).to.equal(8);
      found.maps.forEach((_, position) => {
        const map = weightsOfMap(found, position);
        for (let query = 0; query < found.side; query++) {
          const row = Array.from(map.subarray(query * found.side, (query + 1) * found.side));
          expect(row.reduce((sum, weight) => sum + weight, 0), `map ${position}, row ${query}`).to.be.closeTo(1, 1e-5);
          if (causal) expect(row.slice(query + 1).every((weight) => weight === 0)).to.equal(true);
          else expect(row.every((weight) => weight > 0)).to.equal(true);
        }
      });
      await model.dispose();
    });
  }
});
