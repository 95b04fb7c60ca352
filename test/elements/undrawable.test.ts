/** Explanations that pass every check of their form and still cannot be drawn: the element says so, tells it by an event, and draws the next one. */
import { expect, fixture, waitUntil } from "@open-wc/testing";
import "../../src/define.js";
import type { LexiscopeError } from "../../src/base/errors.js";
import type { ExplanationElement } from "../../src/elements/shared/explanation-element.js";

type Json = Record<string, unknown>;

/** tag, stored explanation, and what makes it impossible to draw */
const broken: readonly (readonly [string, string, (explanation: Json) => void])[] = [
  ["bias-probe", "bias", (explanation) => (explanation.summaries = [])],
  ["attention-lines", "attention-heads", ({ weights }) => ((weights as number[])[1] = 1e308)],
];

const sample = async (name: string): Promise<Json> => (await (await fetch(new URL(`../../stories/data/${name}.json`, import.meta.url))).json()) as Json;

describe("explanations that cannot be drawn", () => {
  for (const [tag, file, damage] of broken) {
    it(`<${tag}>: an error in the element and an event, and the sound one is drawn after it`, async () => {
      const element = await fixture<ExplanationElement>(document.createElement(tag));
      const failures: { error: LexiscopeError; phase: string }[] = [];
      element.addEventListener("lexi-error", ({ detail }) => failures.push(detail));
      const hostile = await sample(file);
      damage(hostile);
      element.explanation = hostile as never;
      await waitUntil(() => element.state === "error");
      expect(failures.map(({ phase }) => phase)).to.deep.equal(["draw"]);
      expect(element.explanation).to.equal(null);
      await waitUntil(() => element.shadowRoot!.querySelector("[part=error]"), "a message");
      element.explanation = (await sample(file)) as never;
      await element.ready;
      await element.updateComplete;
      expect(element.state).to.equal("ready");
      expect(element.shadowRoot!.querySelector(".body")!.childElementCount).to.be.above(0);
    });
  }
});
