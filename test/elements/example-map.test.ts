/** The map of examples: where dots stand and which is meant; a stored map by keys, click and lasso; live on the built-in model with inline rows. */
import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import type { ExampleMap } from "../../src/elements/example-map/example-map.js";
import { mapGeometry, pointsInside, pointTowards, pointUnder } from "../../src/elements/example-map/map-geometry.js";
import { groupsOf } from "../../src/elements/example-map/map-groups.js";
import { mapWordsFor } from "../../src/elements/example-map/map-words.js";
import type { ExampleMapExplanation } from "../../src/explanation/types.js";
import { chosenExamples } from "../../src/state/chosen-examples.js";
import { scopeOf } from "../../src/state/scope.js";
import { useRuntime } from "../engine/toys.js";

const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const said = (element: Element) => inside(element, ".readout")!.textContent.trim();
const stored = await fetch("/stories/data/example-map.json").then((answer) => answer.json() as Promise<ExampleMapExplanation>);

async function shown(attributes: Record<string, string> = {}, parent?: Element): Promise<ExampleMap> {
  const home = parent ?? (await fixture(html`<div lang="en"></div>`));
  const element = document.createElement("example-map");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  element.explanation = stored;
  home.append(element);
  await element.ready;
  await waitUntil(() => inside(element, "canvas")?.getAttribute("aria-label")?.includes(". "), "no hand", { timeout: 4000 });
  return element;
}

/** The dots' places, by the geometry that the element draws by, are found again by pointing: what is said names the text. */
function pointer(element: Element, type: string, x: number, y: number, more: PointerEventInit = {}): void {
  const canvas = inside(element, "canvas")!;
  const { left, top } = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new PointerEvent(type, { clientX: left + x, clientY: top + y, bubbles: true, button: 0, pointerId: 1, ...more }));
}
const size = (element: Element) => inside(element, "canvas")!.getBoundingClientRect();

describe("a map's geometry", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 0, y: 5 }, { x: 10, y: 5 }, { x: 10, y: 5 }];
  const plan = mapGeometry({ points, extra: null, width: 300, top: 20, margin: 20 });

  it("has one scale, all dots inside, and finds each under itself", () => {
    const [a, b, c] = plan.points;
    expect((b!.x - a!.x) / 10).to.be.closeTo((a!.y - c!.y) / 5, 1e-9);
    for (const { x, y } of plan.points) expect(x > plan.left && x < plan.left + plan.plotWidth && y > plan.top && y < plan.top + plan.plotHeight).to.equal(true);
    expect([0, 1, 2].map((position) => pointUnder(plan.points, plan.points[position]!.x + 1, plan.points[position]!.y, 5))).to.deep.equal([0, 1, 2]);
    expect(pointUnder(plan.points, 0, 0, 5)).to.equal(-1);
  });

  it("holds where nothing spreads", () => {
    const { points: [only] } = mapGeometry({ points: [{ x: 3, y: 3 }, { x: 3, y: 3 }], extra: null, width: 300, top: 0, margin: 20 });
    expect([Number.isFinite(only!.x), Number.isFinite(only!.y)]).to.deep.equal([true, true]);
  });

  it("moves to the nearest in a direction, through dots on one place, and stays at the edge", () => {
    expect(pointTowards(plan.points, 0, { x: 1, y: 0 })).to.equal(1);
    expect(pointTowards(plan.points, 0, { x: 0, y: -1 })).to.equal(2);
    expect(pointTowards(plan.points, 0, { x: -1, y: 0 })).to.equal(0);
    expect(pointTowards(plan.points, 3, { x: 1, y: 0 })).to.equal(4);
  });

  it("a lasso holds what it goes around, also when it is not convex", () => {
    const notched = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 2 }, { x: 0, y: 10 }];
    expect(pointsInside([{ x: 5, y: 1 }, { x: 5, y: 5 }, { x: 1, y: 5 }, { x: 20, y: 5 }], notched)).to.deep.equal([0, 2]);
  });
});

describe("<example-map>", () => {
  before(useRuntime);

  it("groups every example once, by each colouring", () => {
    for (const color of ["prediction", "error", "label", "lang"]) {
      const all = groupsOf(stored, color, mapWordsFor("en")).flatMap(({ members }) => members);
      expect(all.sort((a, b) => a - b), color).to.deep.equal(stored.examples.map((_, position) => position));
    }
    const wrong = groupsOf(stored, "error", mapWordsFor("en")).find(({ name }) => name === "predicted otherwise")!;
    expect(wrong.members.length).to.equal(stored.examples.filter(({ label, predicted }) => label !== stored.model.labels[predicted]).length);
  });

  it("a stored map is accessible, walked by keys, and a choice is shared", async () => {
    const scope = await fixture(html`<lexi-scope lang="en"></lexi-scope>`);
    const element = await shown({ color: "error" }, scope);
    await expect(element).to.be.accessible();
    inside(element, "canvas")!.focus();
    await sendKeys({ press: "ArrowRight" });
    await element.updateComplete;
    const first = said(element);
    expect(first).to.match(/^“.+” · predicted (positive|negative) [\d.]+%/);
    await sendKeys({ press: "ArrowRight" });
    await element.updateComplete;
    expect(said(element)).to.not.equal(first);
    const told = oneEvent(element, "lexi-examples");
    await sendKeys({ press: "Enter" });
    const { examples } = ((await told) as HTMLElementEventMap["lexi-examples"]).detail;
    expect(examples).to.have.length(1);
    expect(scopeOf(scope).text).to.equal(examples[0]!.text);
    expect([...chosenExamples(scopeOf(scope))!.lines]).to.deep.equal([examples[0]!.line]);
    await aTimeout(50);
    expect(element.state).to.equal("ready");
    await sendKeys({ press: "Escape" });
    expect(chosenExamples(scopeOf(scope))).to.equal(null);
  });

  it("a lasso chooses what it goes around, Shift adds, a click beside the dots clears", async () => {
    const scope = await fixture(html`<lexi-scope lang="en"></lexi-scope>`);
    const element = await shown({}, scope);
    const { width, height } = size(element);
    const lasso = (from: number, to: number, more: PointerEventInit = {}) => {
      pointer(element, "pointerdown", from, 0);
      for (const [x, y] of [[to, 0], [to, height], [from, height]] as const) pointer(element, "pointermove", x, y);
      pointer(element, "pointerup", from, height, more);
    };
    lasso(0, width / 2);
    const half = chosenExamples(scopeOf(scope))!.lines.size;
    expect(half).to.be.within(1, stored.examples.length - 1);
    await element.updateComplete;
    expect(said(element)).to.include(`Chosen: ${half};`);
    lasso(width / 2, width, { shiftKey: true });
    expect(chosenExamples(scopeOf(scope))!.lines.size).to.equal(stored.examples.length);
    pointer(element, "pointerdown", 1, height - 1);
    pointer(element, "pointerup", 1, height - 1);
    expect(chosenExamples(scopeOf(scope))).to.equal(null);
    const svg = await (await element.toBlob("svg")).text();
    expect(new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror")).to.equal(null);
    expect(svg).to.include("component 1: 83.4% of the variance");
    expect((await (await element.toBlob("csv")).text()).split("\n").length).to.be.above(stored.examples.length);
  });

  it("a colouring that is not there is an error that names those that are, until it is changed", async () => {
    const element = await shown();
    element.color = "weather";
    await element.updateComplete;
    expect(await element.ready.then(() => "", (error: Error) => error.message)).to.include("prediction, error, label, lang");
    element.color = "lang";
    await element.updateComplete;
    expect((await element.ready).kind).to.equal("example-map");
  });

  it("draws an inline corpus live, without a text and with one", async () => {
    const element = document.createElement("example-map");
    Object.assign(element, { model: "/models/sentiment/", loading: "eager", backend: "wasm" });
    element.append(Object.assign(document.createElement("script"), { type: "text/csv", textContent: "text,label,place\nThe acting is superb.,positive,a\nA dull plot.,negative,b\nI loved it.,positive,a\nGreat fun.,negative,b" }));
    (await fixture(html`<div lang="zh"></div>`)).append(element);
    const explanation = await element.ready;
    expect([explanation.examples.length, Object.keys(explanation.slices), explanation.place]).to.deep.equal([4, ["place"], undefined]);
    element.text = "A joy.";
    await element.updateComplete;
    expect((await element.ready).place).to.have.length(2);
    await waitUntil(() => inside(element, "canvas")?.getAttribute("aria-label")?.includes("方向键"), "no hand", { timeout: 4000 });
    await expect(element).to.be.accessible();
  });

  it("by UMAP: said in the line above and in the place of the axes; a stored map of the other plane is refused; a wrong word is named", async () => {
    const element = document.createElement("example-map");
    Object.assign(element, { loading: "eager", backend: "wasm", model: "/models/sentiment/", lang: "en" });
    element.setAttribute("projection", "umap");
    element.append(Object.assign(document.createElement("script"), { type: "text/csv", textContent: ["text,label", ...Array.from({ length: 12 }, (_, row) => `Number ${row} is ${row % 2 ? "superb" : "dull"}.,${row % 2 ? "positive" : "negative"}`)].join("\n") }));
    document.body.append(element);
    const found = await element.ready;
    await element.updateComplete;
    expect([found.projection, found.explained.length]).to.deep.equal(["umap", 0]);
    expect(element.shadowRoot!.querySelector("canvas")!.getAttribute("aria-label")).to.include("neighbours together (UMAP)");
    expect(await (await element.toBlob("svg")).text()).to.include("only who is near whom has a meaning");
    const stored = document.createElement("example-map");
    stored.setAttribute("explanation", JSON.stringify(found));
    stored.setAttribute("projection", "pca");
    document.body.append(stored);
    expect(await stored.ready.then(() => "", (error: Error) => error.message)).to.include('projection="pca" is not stored here; give a model to compute it (umap is)');
    stored.setAttribute("projection", "tsne");
    await stored.updateComplete;
    expect(await stored.ready.then(() => "", (error: Error) => error.message)).to.include('projection="tsne"');
    stored.remove();
    element.remove();
  });
});
