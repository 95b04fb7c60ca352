/** Texts that nobody thinks of, for every kind of explanation that an element asks for: a whole answer that the checker takes, or an error that says what to do. */
import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { loadModel } from "../../src/engine/load-model.js";
import { configure } from "../../src/engine/locations.js";
import type { ExplainRequest, LanguageModel } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { plainExplanation } from "../../src/explanation/plain.js";
import type { Explanation } from "../../src/explanation/types.js";
import { bert, gpt2, useRuntime } from "./toys.js";

const texts: Readonly<Record<string, string>> = {
  "no text": "", "white space": " \n\t ", "one word": "good", "one word five times": "good good good good good", "mixed scripts": "film 电影 фильм 🎬 café فيلم ก\u0301", "special tokens alone": "[CLS] [SEP] [PAD] [MASK]",
  "marks alone": "… — !?", "2,000 words": Array.from({ length: 2000 }, (_, index) => ["the", "film", "was", "good"][index % 4]).join(" "), "markup": "<b onclick=alert(1)>good</b> {x|y}",
};
/** One row a kind of one text; what is made of a corpus or a table is tested with its own hostile rows. */
const requests: Readonly<Record<string, object>> = {
  prediction: {}, attention: { layer: "mean", head: "mean" }, "attention-heads": {}, "attention-formula": { layer: 0, head: 0, query: 1 }, summary: { method: "gradient-x-input" },
  faithfulness: { methods: ["gradient-x-input", "occlusion"] }, counterfactuals: { budget: 30 }, bias: {},
};

describe("every kind of explanation", () => {
  const models: Record<string, LanguageModel> = {};
  before(async () => {
    useRuntime();
    configure({ worker: false });
    Object.assign(models, { classifier: await loadModel(bert, { backend: "wasm" }), "language model": await loadModel(gpt2, { backend: "wasm" }) });
  });
  after(async () => {
    await Promise.all(Object.values(models).map((model) => model.dispose()));
    configure({ worker: true });
  });

  for (const [kind, more] of Object.entries(requests)) {
    it(`${kind}: of ${Object.keys(texts).join(", ")}`, async () => {
      for (const [name, model] of Object.entries(models)) {
        for (const [what, text] of Object.entries(texts)) {
          const asked = { kind, ...more, ...(kind === "bias" ? { text: "", template: `${text} {good|bad}` } : { text }) } as ExplainRequest;
          const found = await model.explain(asked).catch((error: unknown) => error);
          const at = `${kind} of ${what} by the ${name}`;
          if (found instanceof Error) {
            expect(found, `${at}: ${found.stack ?? found.message}`).to.be.instanceOf(LexiscopeError);
            expect(["bad-input", "unsupported", "no-gradient"], `${at}: ${found.message}`).to.include((found as LexiscopeError).code);
          } else {
            expect(() => parseExplanation(JSON.parse(JSON.stringify(plainExplanation(found as Explanation)))), at).to.not.throw();
          }
          if (what === "one word five times" && kind !== "bias" && kind !== "counterfactuals" && name === "classifier") expect(found, at).to.not.be.instanceOf(Error);
        }
      }
    }).timeout(120_000);
  }
});
