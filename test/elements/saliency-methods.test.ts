/** Every method of the table on a real model, asked for by an attribute, drawn and named in both languages. */
import { expect, fixture, html } from "@open-wc/testing";
import "../../src/define.js";
import { attributionWordsFor } from "../../src/elements/shared/attribution-words.js";
import type { ExplanationElement } from "../../src/elements/shared/explanation-element.js";
import { configure } from "../../src/engine/locations.js";
import type { AttributionExplanation } from "../../src/explanation/types.js";
import { methods } from "../../src/methods/table.js";
import { setLoadModel } from "../../src/state/engine.js";
import { bert, useRuntime } from "../engine/toys.js";

describe("methods as attributes", () => {
  before(() => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
  });
  after(() => configure({ worker: true }));

  for (const name of Object.keys(methods).filter((each) => each !== "tree-shap")) { // that one explains no texts: test/engine/trees.test.ts
    it(`method="${name}"`, async () => {
      const home = await fixture<HTMLElement>(html`
        <div>
          <saliency-bars loading="eager" model=${bert} method=${name} target="positive" text="not very good"></saliency-bars>
          <saliency-text loading="eager" lang="zh" model=${bert} method=${name} target="positive" text="not very good"></saliency-text>
        </div>
      `);
      const [bars, colours] = [...home.children] as [ExplanationElement, ExplanationElement];
      const found = (await bars.ready) as unknown as AttributionExplanation;
      expect(found.method.name).to.equal(name);
      expect(found.scores).to.have.length(5);
      await colours.ready;
      await Promise.all([bars.updateComplete, colours.updateComplete]);
      expect([bars.state, colours.state]).to.deep.equal(["ready", "ready"]);
      expect(colours.shadowRoot!.textContent).to.contain(attributionWordsFor("zh").methods[name]!);
      const english = attributionWordsFor("en").methods[name] ?? name.replace(/-/g, " ");
      expect(bars.shadowRoot!.textContent).to.contain(english);
      expect(bars.shadowRoot!.textContent).to.contain(methods[name as keyof typeof methods].signed ? "What speaks for" : "What matters for");
    });
  }
});
