/** The line below a figure: each quality in words with its number, and whether it is good. */
import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import "../../src/define.js";
import type { SaliencyBars } from "../../src/elements/saliency-bars/saliency-bars.js";
import { configure } from "../../src/engine/locations.js";
import { qualityLevel } from "../../src/explanation/quality-levels.js";
import type { Quality } from "../../src/explanation/types.js";
import { setLoadModel } from "../../src/state/engine.js";
import { examples } from "../explanation/examples.js";
import { bert, text, useRuntime } from "../engine/toys.js";

const note = (element: Element) => element.shadowRoot!.querySelector(".note")?.textContent ?? "";

async function line(quality: readonly Quality[], lang: string): Promise<string> {
  const home = await fixture<HTMLElement>(html`<div lang=${lang}><saliency-bars loading="eager" explanation=${JSON.stringify({ ...examples.attribution(), quality })}></saliency-bars></div>`);
  const element = home.firstElementChild!;
  await waitUntil(() => note(element) !== "");
  return note(element);
}

describe("the quality line", () => {
  it("says the number and what it is worth, in both languages", async () => {
    const cases: [Quality, string, string][] = [
      [{ name: "completeness-gap", value: 0.003 }, "adds up to within 0.3%: good", "总和误差在 0.3% 以内：良好"],
      [{ name: "completeness-gap", value: 1e-15 }, "adds up exactly", "总和完全相符"],
      [{ name: "completeness-gap", value: 0.03 }, "adds up to within 3%: fair", "总和误差在 3% 以内：一般"],
      [{ name: "completeness-gap", value: 0.3 }, "adds up to within 30%: poor", "总和误差在 30% 以内：较差"],
      [{ name: "fit", value: 0.4 }, "fit R² 0.4: poor", "拟合 R² 0.4：较差"],
      [{ name: "agreement", value: 0.85, of: 3 }, "rank agreement over 3 seeds τ 0.85: good", "3 个种子间的排序一致性 τ 0.85：良好"],
      [{ name: "better-than-random", value: 0.6, of: 20 }, "ahead of 60% of 20 random rankings: no better than chance", "优于 20 个随机排序中的 60%：不优于随机"],
      [{ name: "better-than-random", value: 1, of: 20 }, "ahead of 100% of 20 random rankings: better than chance", "优于 20 个随机排序中的 100%：优于随机"],
      [{ name: "evaluations", value: 12 }, "12 evaluations", "12 次求值"],
    ];
    for (const [quality, english, chinese] of cases) {
      expect(await line([quality], "en")).to.match(new RegExp(`^${english.replace(/[.²]/g, ".")} ·`));
      expect(await line([quality], "zh")).to.match(new RegExp(`^${chinese.replace(/[.²]/g, ".")} ·`));
    }
  });

  it("has levels only where there is a threshold, also for names it does not know", () => {
    expect(qualityLevel("evaluations", 1)).to.equal(null);
    expect(qualityLevel("toString", 1)).to.equal(null);
    expect(["good", "fair", "poor"]).to.deep.equal([0.04, 0.1, 0.5].map((value) => qualityLevel("sampling-error", value)));
  });

  it("check-chance and repeats ask the model; what is not stored is said to be missing", async () => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: false });
    const home = await fixture<HTMLElement>(html`<div lang="en"><saliency-bars loading="eager" model=${bert} text=${text} method="lime" check-chance repeats="2"></saliency-bars></div>`);
    const element = home.firstElementChild as SaliencyBars;
    const found = await element.ready;
    expect(found.quality.map(({ name }) => name)).to.include.members(["agreement", "better-than-random"]);
    await waitUntil(() => /rank agreement over 2 seeds τ .*ahead of \d+% of 20 random rankings/.test(note(element)));
    const failed = async (attribute: string, value: string) => {
      const bars = Object.assign(document.createElement("saliency-bars"), { loading: "eager" as const });
      bars.setAttribute("explanation", JSON.stringify(examples.attribution()));
      bars.setAttribute(attribute, value);
      home.append(bars);
      return bars.ready.then(() => "no error", (error: Error) => error.message);
    };
    expect(await failed("check-chance", "")).to.contain("check-chance is not stored here");
    expect(await failed("repeats", "3")).to.contain('repeats="3" is not stored here');
    expect(await failed("repeats", "0")).to.contain('repeats="0" is not possible');
    configure({ worker: true });
  });
});
