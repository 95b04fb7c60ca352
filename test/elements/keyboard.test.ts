/**
 * Every element by keyboard alone, as it stands in a page with a stored explanation: the Tab key goes in, stops where a hand can do something, shows
 * where it is, and comes out again on the other side; a list is one stop, whose arrow keys are tested with each element.
 */
import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import type { ExplanationElement } from "../../src/elements/shared/explanation-element.js";

/** What has the focus, through shadow roots. */
function focused(): HTMLElement {
  let at = document.activeElement as HTMLElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement as HTMLElement;
  return at;
}

/** Whether a reader sees where the focus is: a ring on it, or on the label around it. */
function hasRing(element: HTMLElement): boolean {
  return [element, element.closest<HTMLElement>("label")].some((at) => {
    const style = at && getComputedStyle(at);
    return style && ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5) || style.boxShadow.includes("inset"));
  });
}

const nameOf = (element: HTMLElement) => element.getAttribute("role") ?? element.localName;
const times = (name: string, count: number): string[] => Array<string>(count).fill(name);

/** tag, attributes, and where the Tab key stops: the line above, the picture, what stands below. */
const elements: readonly (readonly [keyof HTMLElementTagNameMap, Readonly<Record<string, string>>, readonly string[]])[] = [
  ["prediction-bars", { src: "prediction" }, ["summary"]],
  ["saliency-text", { src: "attribution" }, ["summary", "option"]],
  ["saliency-text", { src: "attribution-parts" }, ["summary", "button", "button", "button"]],
  ["saliency-bars", { src: "attribution" }, ["summary", "option"]],
  ["saliency-bars", { src: "attribution", layout: "waterfall" }, ["summary", "option"]],
  ["saliency-bars", { src: "attribution", layout: "force" }, ["summary", "option"]],
  ["saliency-bars", { src: "attribution", layout: "beeswarm" }, ["summary", "option"]],
  ["attention-heatmap", { src: "attention" }, ["summary", "application"]],
  ["attention-grid", { src: "attention-heads" }, ["select", "summary", "application"]],
  ["attention-lines", { src: "attention-heads" }, ["select", "select", "summary", "button", "application"]],
  ["attention-formula", { src: "attention-formula" }, ["select", "summary", "button"]],
  ["similar-examples", { src: "examples" }, ["summary", ...times("button", 8)]],
  ["example-map", { src: "example-map" }, ["select", "summary", "application"]],
  ["counterfactual-list", { src: "counterfactuals" }, ["summary", "option", "button"]],
  ["bias-probe", { src: "bias" }, ["select", "summary", "option"]],
  ["faithfulness-report", { src: "faithfulness" }, ["summary", "group", ...times("button", 6)]],
  ["explanation-summary", { src: "summary" }, ["select", "summary"]],
  ["model-metrics", { src: "evaluation", view: "thresholds" }, ["summary", "summary", "tab", "input", "select"]],
];

describe("every element by keyboard", () => {
  for (const [tag, { src, ...attributes }, stops] of elements) {
    it(`<${tag}${Object.entries(attributes).map(([name, value]) => ` ${name}=${value}`).join("")} src=${src}>: the Tab key goes through, with a ring at each stop`, async () => {
      const page = await fixture<HTMLElement>(html`<div lang="en"><button>before</button><main></main><button>after</button></div>`);
      const element = document.createElement(tag) as ExplanationElement;
      for (const [name, value] of Object.entries({ loading: "eager", src: `/stories/data/${src}.json`, ...attributes })) element.setAttribute(name, value);
      page.querySelector("main")!.append(element);
      await element.ready;
      // controls come after the picture, in quiet moments
      const reachable = () => [...element.renderRoot.querySelectorAll<HTMLElement>("summary, select, input, button, [tabindex]")].filter((at) => at.tabIndex === 0 && !at.closest("details:not([open]) > :not(summary)"));
      await waitUntil(() => reachable().length >= stops.length && stops.every((name) => reachable().some((at) => nameOf(at) === name)) && !element.renderRoot.querySelector("canvas:not([aria-roledescription])"), "no controls", { timeout: 10_000 });
      const [before, after] = page.querySelectorAll("button");
      before!.focus();
      const seen: string[] = [];
      for (let step = 0; step < 60; step++) {
        await sendKeys({ press: "Tab" });
        if (focused() === after) break;
        seen.push(nameOf(focused()));
        expect(hasRing(focused()), `no ring on ${nameOf(focused())} of <${tag}>`).to.equal(true);
      }
      expect(focused()).to.equal(after);
      if (tag === "explanation-summary") expect(seen.slice(0, 2)).to.deep.equal(stops); // a button a word
      else expect(seen).to.deep.equal(stops);
      await sendKeys({ down: "Shift" });
      for (let step = 0; step < seen.length + 1; step++) await sendKeys({ press: "Tab" });
      await sendKeys({ up: "Shift" });
      expect(focused()).to.equal(before);
    });
  }

  it("the menu opens by Enter, closes by Escape, and gives the focus back", async () => {
    const page = await fixture<HTMLElement>(html`<div lang="en"><saliency-bars loading="eager" src="/stories/data/attribution.json"></saliency-bars></div>`);
    const element = page.querySelector("saliency-bars")!;
    await element.ready;
    await waitUntil(() => element.renderRoot.querySelector("summary"));
    const [menu, summary] = [element.renderRoot.querySelector("details")!, element.renderRoot.querySelector("summary")!];
    summary.focus();
    await sendKeys({ press: "Enter" });
    expect(menu.open).to.equal(true);
    await sendKeys({ press: "Tab" });
    expect(focused().textContent).to.equal("Save as PNG");
    await sendKeys({ press: "Escape" });
    expect([menu.open, focused() === summary]).to.deep.equal([false, true]);
    await sendKeys({ press: "Enter" });
    for (let step = 0; step < 5; step++) await sendKeys({ press: "Tab" });
    expect(focused().textContent).to.equal("Show as table");
    await sendKeys({ press: "Enter" });
    await waitUntil(() => element.renderRoot.querySelector(".table"));
    expect([menu.open, focused() === summary]).to.deep.equal([false, true]);
  });
});
