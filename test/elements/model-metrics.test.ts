/** `<model-metrics>` in the page: live on a toy, linked, stored, with broken inputs, by keyboard, for screen readers, in both languages. */
import { expect, fixture, html, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import type { LexiscopeError } from "../../src/base/errors.js";
import "../../src/define.js";
import type { LexiScope } from "../../src/elements/lexi-scope/lexi-scope.js";
import { metricsWordsFor, VIEWS } from "../../src/elements/model-metrics/metrics-words.js";
import type { ModelMetrics } from "../../src/elements/model-metrics/model-metrics.js";
import { configure } from "../../src/engine/locations.js";
import type { EvaluationExplanation, PredictionExplanation } from "../../src/explanation/types.js";
import { setLoadModel } from "../../src/state/engine.js";
import { examples } from "../explanation/examples.js";
import { bert, useRuntime } from "../engine/toys.js";

const all = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const failure = (element: ModelMetrics) => element.ready.then(() => "no error", (error: LexiscopeError) => `${error.code}: ${error.message}`);
const words = ["the", "film", "was", "not", "very", "good", "day", "you"];
const csv = ["text,label,source", ...Array.from({ length: 48 }, (_, row) => `${words[row % 8]!} ${words[(row * 3 + 1) % 8]!} ${words[(row >> 2) % 8]!},${["negative", "neutral", "positive"][row % 3]!},${row % 2 ? "web" : row < 6 ? "old" : "mail"}`), "broken"].join("\n");

function dataInside(content: string): HTMLScriptElement {
  return Object.assign(document.createElement("script"), { type: "text/csv", textContent: content });
}

async function make(attributes: Record<string, string>, parent?: HTMLElement, child?: HTMLElement): Promise<ModelMetrics> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div></div>`));
  const element = document.createElement("model-metrics");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  if (child) element.append(child);
  home.append(element);
  await element.updateComplete;
  return element;
}

const live = { model: bert, slices: "source, contains(film)", assert: "accuracy >= 0; slice(source=old).recall > 0", minimum: "5" };
const stored = () => JSON.stringify(examples.evaluation());

describe("<model-metrics>", () => {
  before(() => {
    setLoadModel(null);
    useRuntime();
    configure({ worker: true });
  });

  it("evaluates the data inside, shows gates, skipped rows, slices; small slices have no numbers", async () => {
    const element = await make(live, undefined, dataInside(csv));
    const found = await element.ready;
    await element.updateComplete;
    expect(found.data).to.include({ rows: 48, skipped: 1 });
    const [first, second] = all(element, ".gates li");
    expect(first!.textContent).to.contain("passed");
    expect(second!.textContent).to.match(/failed.*too few rows/s);
    expect(all(element, ".skipped li").map((item) => item.textContent)).to.deep.equal(["line 50: 1 values for 3 columns"]);
    const names = all(element, ".metrics tbody th").map((cell) => cell.textContent.trim());
    expect(names).to.deep.equal(["All rows", "source=mail", "source=old", "source=web", "contains film"]);
    const old = all(element, ".metrics tbody tr")[2]!;
    expect(old.textContent).to.contain("fewer than 5 rows");
    const value = found.slices[0]!.metrics.accuracy!.value!;
    expect(all(element, ".metrics tbody tr")[1]!.textContent).to.contain(new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 3 }).format(value));
  });

  it("an example goes to the neighbours, and asks nothing of this element again", async () => {
    const scope = await fixture<LexiScope>(html`<lexi-scope model=${bert}><prediction-bars loading="eager"></prediction-bars></lexi-scope>`);
    const element = await make({ slices: "source", minimum: "5" }, scope, dataInside(csv));
    const ready = element.ready;
    await ready;
    await element.updateComplete;
    const chosen = new Promise<CustomEvent<{ text: string; line: number }>>((resolve) => scope.addEventListener("lexi-example", resolve as EventListener, { once: true }));
    const button = all(element, ".examples button")[0]!;
    button.click();
    const { detail } = await chosen;
    expect(csv.split("\n")[detail.line - 1]).to.match(new RegExp(`^${detail.text},`));
    expect(scope.text).to.equal(detail.text);
    const bars = scope.querySelector("prediction-bars")!;
    await scope.updateComplete;
    const prediction = (await bars.ready) as unknown as PredictionExplanation;
    expect(prediction.input.text).to.equal(detail.text);
    expect(element.ready).to.equal(ready);
    await element.updateComplete;
    expect(all(element, ".examples button")[0]!.getAttribute("aria-pressed")).to.equal("true");
  });

  it("a slice chosen shows its examples; heads sort; the filter keeps what contains it", async () => {
    const element = await make({ ...live, slices: "source, contains(film), length, lang, source × length" }, undefined, dataInside(csv));
    const found = await element.ready;
    await element.updateComplete;
    const rows = () => all(element, ".metrics tbody th").map((cell) => cell.textContent.trim());
    all(element, ".metrics tbody .pick")[1]!.click();
    await element.updateComplete;
    const first = found.slices[0]!;
    expect(all(element, ".examples .quote").map((quote) => quote.textContent)).to.deep.equal(first.examples.map((place) => found.examples[place]!.text));
    all(element, ".sort")[1]!.click(); // rows, most first
    await element.updateComplete;
    const counts = rows().slice(1).map((name) => found.slices.find((slice) => slice.name === name)!.count);
    expect(counts).to.deep.equal([...counts].sort((a, b) => b - a));
    expect(all(element, "thead th")[1]!.getAttribute("aria-sort")).to.equal("descending");
    const input = element.shadowRoot!.querySelector<HTMLInputElement>(".controls input")!;
    input.value = "web";
    input.dispatchEvent(new Event("input"));
    await element.updateComplete;
    expect(rows().slice(1).every((name) => name.includes("web"))).to.be.true;
    expect(rows().length).to.be.above(2);
  });

  it("every view draws, in both languages, and none breaks the accessibility rules", async () => {
    for (const lang of ["en", "zh"]) {
      const home = await fixture<HTMLElement>(html`<div lang=${lang}></div>`);
      const element = await make({ src: "/stories/data/evaluation.json" }, home);
      await element.ready;
      for (const view of VIEWS.filter((one) => one !== "comparison")) {
        element.view = view;
        await element.updateComplete;
        const tab = element.shadowRoot!.querySelector('[role="tab"][aria-selected="true"]')!;
        expect(tab.textContent).to.equal(metricsWordsFor(lang).views[view]);
        expect(element.shadowRoot!.querySelector('[role="tabpanel"]')!.textContent.trim()).to.not.equal("");
        await waitUntil(() => element.shadowRoot!.querySelector("[part='note']")!.textContent !== "");
        await expect(element).to.be.accessible();
      }
    }
  });

  it("arrow keys go from view to view", async () => {
    const element = await make({ explanation: stored() });
    await element.ready;
    await element.updateComplete;
    all(element, '[role="tab"]')[0]!.focus();
    await sendKeys({ press: "ArrowRight" });
    await element.updateComplete;
    expect(element.view).to.equal("worst");
    await waitUntil(() => element.shadowRoot!.activeElement?.id === "tab-worst");
    await sendKeys({ press: "End" });
    await waitUntil(() => element.shadowRoot!.activeElement?.id === "tab-comparison");
    expect(element.shadowRoot!.querySelector('[role="tabpanel"]')!.textContent).to.contain("McNemar");
  });

  it("the threshold's counts are those of the stored curve", async () => {
    const element = await make({ src: "/stories/data/evaluation.json", view: "thresholds" });
    const found = await element.ready;
    await element.updateComplete;
    const slider = element.shadowRoot!.querySelector<HTMLInputElement>('input[type="range"]')!;
    slider.value = "90";
    slider.dispatchEvent(new Event("input"));
    await element.updateComplete;
    const [hits] = found.curves[0]!.thresholds[90]!;
    expect(all(element, ".said").at(-1)!.textContent).to.contain(`hits ${new Intl.NumberFormat("en").format(hits!)}`);
  });

  it("a file that is dropped is evaluated under its name", async () => {
    const element = await make({ model: bert, minimum: "5" });
    expect(element.state).to.equal("idle");
    const transfer = new DataTransfer();
    transfer.items.add(new File([csv], "mine.csv"));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    const found = await element.ready;
    expect(found.data.source).to.equal("mine.csv");
  });

  it("data in hand are read without an address: no policy on connections is in their way", async () => {
    const addresses: unknown[] = [];
    const { createObjectURL } = URL;
    URL.createObjectURL = (one) => (addresses.push(one), createObjectURL.call(URL, one));
    try {
      const element = await make({ model: bert, minimum: "5" });
      element.file = new File([csv], "mine.csv");
      expect((await element.ready).data.source).to.equal("mine.csv");
      element.file = new File([csv.split("\n").slice(0, 20).join("\n")], "mine.csv");
      expect((await element.ready).data.rows).to.equal(19);
      expect(addresses).to.deep.equal([]);
    } finally {
      URL.createObjectURL = createObjectURL;
    }
  });

  it("without slices there is nothing to compare: no empty columns, and examples without a name", async () => {
    const element = await make({ model: bert, minimum: "5" }, undefined, dataInside(csv));
    await element.ready;
    await element.updateComplete;
    expect(all(element, ".metrics thead th").map((cell) => cell.textContent.trim()).slice(0, 4)).to.deep.equal(["Slice", "Rows", "Accuracy", "Precision"]);
    expect(all(element, ".metrics thead th").length).to.equal(all(element, ".metrics tbody tr")[0]!.children.length);
    expect(all(element, ".subhead")[0]!.textContent).to.equal("Examples, the worst first");
    expect(all(element, ".how")[0]!.textContent).to.not.contain("difference");
    expect(all(element, ".controls")[0]!.textContent).to.match(/Metric:/);
  });

  it("exports the slices", async () => {
    const element = await make({ explanation: stored() });
    await element.ready;
    expect(await (await element.toBlob("csv")).text()).to.contain("all rows,3");
    const picture = await (await element.toBlob("svg")).text();
    expect(picture).to.contain("66.7%").and.to.contain("lang=en");
    expect(((await element.toBlob("json").then((blob) => blob.text()).then(JSON.parse)) as EvaluationExplanation).kind).to.equal("evaluation");
  });

  it("hostile names and texts are letters", async () => {
    const bad = examples.evaluation() as unknown as { slices: { name: string }[]; examples: { text: string }[] };
    bad.slices[0]!.name = "<img src=x onerror=alert(1)>";
    bad.examples[0]!.text = "<script>alert(1)</script>";
    const element = await make({ explanation: JSON.stringify(bad) });
    await element.ready;
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector("img, script")).to.equal(null);
    expect(element.shadowRoot!.textContent).to.contain("<img src=x").and.to.contain("<script>");
  });

  for (const [attributes, message] of [
    [{ view: "pie" }, 'bad-input: view="pie"'], [{ metric: "beauty" }, 'bad-input: metric="beauty"'], [{ interval: "normal" }, 'bad-input: interval="normal"'], [{ minimum: "0" }, 'bad-input: minimum="0"'], [{ slices: "a=" }, "bad-input: cannot read the slice"],
    [{ assert: "accuracy" }, "bad-input: cannot read the gate"], [{ label: "stars" }, 'bad-input: no column "stars"'], [{ data: "/nowhere.csv" }, "not-found"],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(attributes)}, and goes on when it is mended`, async () => {
      const element = await make({ ...live, ...attributes }, undefined, dataInside(csv));
      expect(await failure(element)).to.contain(message);
      await waitUntil(() => element.shadowRoot!.querySelector("[role=alert]") !== null);
      for (const name of Object.keys(attributes)) if (name in live) element.setAttribute(name, live[name as "slices"]); else element.removeAttribute(name);
      if ("view" in attributes) element.view = "slices";
      if ("metric" in attributes) element.metric = "accuracy";
      await element.updateComplete;
      expect((await element.ready).kind).to.equal("evaluation");
    });
  }

  it("a stored evaluation of something else is refused", async () => {
    for (const attributes of [{ data: "other.csv" }, { interval: "jackknife" }, { assert: "accuracy > 0.5" }, { "model-b": "c" }, { positive: "negative" }] as Record<string, string>[])
      expect(await failure(await make({ explanation: stored(), ...attributes }))).to.contain("the stored evaluation has");
    expect(await failure(await make({ explanation: stored(), data: "./files/test.csv", positive: "positive", "model-b": "b" }))).to.equal("no error");
  });
});
