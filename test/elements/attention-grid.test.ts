/** The grid of heads: what it draws, how it is walked and sorted, and what a choice does to the figures that are linked with it. */
import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import "../../src/define.js";
import type { AttentionGrid } from "../../src/elements/attention-grid/attention-grid.js";
import { gridGeometry, slotAt, slotUnder, type Foot } from "../../src/elements/attention-grid/grid-geometry.js";
import { gridOrder } from "../../src/elements/attention-grid/grid-order.js";
import { thumbnails } from "../../src/elements/attention-grid/thumbnails.js";
import type { AttentionHeatmap } from "../../src/elements/attention-heatmap/attention-heatmap.js";
import { plainExplanation } from "../../src/explanation/plain.js";
import type { AttentionHeadsExplanation } from "../../src/explanation/types.js";
import { setLoadModel } from "../../src/state/engine.js";
import { scopeOf } from "../../src/state/scope.js";
import { fakeEngine, headsOf } from "../state/fake-model.js";

const TEXT = "one two three four five";
const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const said = (element: Element) => inside(element, ".readout")!.textContent.trim();
const hasHand = (element: Element) => waitUntil(() => inside(element, "canvas")?.getAttribute("aria-label")?.includes(". "), "no hand", { timeout: 4000 });

async function grid(attributes: Record<string, string> = {}, explanation: AttentionHeadsExplanation = headsOf(TEXT), parent?: HTMLElement): Promise<AttentionGrid> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div></div>`));
  const element = document.createElement("attention-grid");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  element.explanation = explanation;
  home.append(element);
  await element.ready;
  await hasHand(element);
  await element.updateComplete;
  return element;
}

const geometryOf = (over: Partial<Parameters<typeof gridGeometry>[0]> = {}) => gridGeometry({ rows: 3, columns: 4, width: 400, label: 20, fontSize: 12, largest: 72, foot: "none", rtl: false, ...over });

describe("the grid's geometry", () => {
  it("finds every slot under its own middle, from left to right and from right to left, named or not, wide or narrow", () => {
    for (const rtl of [false, true]) for (const foot of ["none", "bar", "named"] as Foot[]) for (const [rows, columns, width] of [[3, 4, 400], [12, 12, 390], [32, 32, 390], [1, 1, 80]] as const) {
      const plan = geometryOf({ rows, columns, width, foot, rtl });
      for (let slot = 0; slot < rows * columns; slot++) {
        const { x, y } = slotAt(plan, slot);
        expect(slotUnder(plan, x + plan.cell / 2, y + plan.cell / 2), `${foot} ${rtl} ${rows}×${columns} slot ${slot}`).to.equal(slot);
        if (foot === "named" || columns * 10 < width) expect([x >= -0.01, x + plan.cell <= width + 0.01]).to.deep.equal([true, true]);
      }
      const { y } = slotAt(plan, rows * columns - 1);
      expect(y + plan.cell).to.be.at.most(plan.height);
    }
  });
});

describe("the grid's order", () => {
  const { maps } = headsOf(TEXT);
  it("is a table of layers and heads, with a gap where a layer has no such head", () => {
    const order = gridOrder(maps.filter((_, position) => position !== 3), "none");
    expect([order.rows, order.columns, order.slots]).to.deep.equal([3, 2, [0, 1, 2, -1, 3, 4]]);
  });

  it("sorts by what is of interest, ties in the model's order", () => {
    const three = [{ ...maps[0]!, entropy: 2, distance: 1, special: 0.5 }, { ...maps[1]!, entropy: 1, distance: 3, special: 0.5 }, { ...maps[2]!, entropy: 3, distance: 2, special: 0.1 }];
    expect(gridOrder(three, "entropy").slots).to.deep.equal([1, 0, 2]);
    expect(gridOrder(three, "distance").slots).to.deep.equal([1, 2, 0]);
    expect(gridOrder(three, "special").slots).to.deep.equal([2, 0, 1]);
  });
});

describe("thumbnails", () => {
  it("have a pixel a cell, deepest at the largest weight, nothing in a causal model's future, mirrored from right to left", () => {
    const explanation: AttentionHeadsExplanation = { ...headsOf("a b"), causal: true, side: 2, maps: headsOf("a b").maps.slice(0, 1), weights: Float32Array.of(1, 0.9, 0.25, 0.5) };
    const alphas = (rtl: boolean) => {
      const [image] = thumbnails(explanation, "viridis", false, rtl);
      const { data } = image!.getContext("2d")!.getImageData(0, 0, 2, 2);
      return [0, 1, 2, 3].map((pixel) => Array.from(data.slice(4 * pixel, 4 * pixel + 4)));
    };
    const [first, future, half, quarter] = [alphas(false)[0], alphas(false)[1], alphas(false)[3], alphas(false)[2]];
    expect(future![3]).to.equal(0);
    expect(first).to.deep.equal([253, 231, 37, 255]); // viridis at 1
    expect(half).not.to.deep.equal(quarter);
    expect(alphas(true)).to.deep.equal([future, first, half, quarter]);
  });
});

describe("<attention-grid>", () => {
  let fake = fakeEngine();
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));

  it("asks for all heads in one question, with small maps", async () => {
    const element = await fixture<AttentionGrid>(html`<attention-grid loading="eager" model="fake-grid" text=${TEXT}></attention-grid>`);
    await element.ready;
    expect(fake.asked.map(({ request }) => request)).to.deep.equal([{ kind: "attention-heads", text: TEXT, side: 64 }]);
    expect(element.explanation!.maps).to.have.length(6);
  });

  it("asks again for another measure, by a menu that needs a model; a stored one of another measure does not serve", async () => {
    const element = await fixture<AttentionGrid>(html`<attention-grid loading="eager" model="fake-measure" text=${TEXT}></attention-grid>`);
    await element.ready;
    await waitUntil(() => element.shadowRoot!.querySelectorAll("select").length === 2, "no menus", { timeout: 4000 });
    const menu = element.shadowRoot!.querySelector("select")!;
    menu.value = "value-weighted";
    menu.dispatchEvent(new Event("change"));
    await element.ready;
    expect(element.getAttribute("measure")).to.equal("value-weighted");
    expect(fake.asked[1]!.request).to.deep.equal({ kind: "attention-heads", text: TEXT, side: 64, measure: "value-weighted" });
    const stored = await grid();
    expect(stored.shadowRoot!.querySelectorAll("select")).to.have.length(1);
    stored.measure = "value-weighted";
    const message = await stored.ready.then(() => "no error", (error: Error) => error.message);
    expect(message).to.equal('measure="value-weighted" is not stored here (pattern is); give a model');
  });

  it("is walked by arrow keys and says each head's numbers; Enter chooses, is told, and marks", async () => {
    const element = await grid();
    inside(element, "canvas")!.focus();
    await sendKeys({ press: "ArrowRight" });
    await element.updateComplete;
    expect(said(element)).to.match(/^Layer 0, head 0: entropy .* nats · looks .* tokens far · 0% on special tokens · /);
    for (const [key, name] of [["ArrowRight", "Layer 0, head 1"], ["ArrowRight", "Layer 1, head 0"], ["ArrowDown", "Layer 2, head 0"], ["ArrowDown", "Layer 2, head 0"], ["Home", "Layer 0, head 0"], ["End", "Layer 2, head 1"]] as const) {
      await sendKeys({ press: key });
      await element.updateComplete;
      expect(said(element), key).to.contain(`${name}: `);
    }
    const told = oneEvent(element, "lexi-head");
    await sendKeys({ press: "Enter" });
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ layer: 2, head: 1 });
    expect([element.getAttribute("layer"), element.getAttribute("head")]).to.deep.equal(["2", "1"]);
    const before = await (await element.toBlob("svg")).text();
    element.head = 0;
    await element.updateComplete;
    expect(await (await element.toBlob("svg")).text()).not.to.equal(before);
    await sendKeys({ press: "Escape" });
    await element.updateComplete;
    expect(said(element)).to.contain("Layer 2, head 0: "); // the chosen one, when none is pointed at
  });

  it("a click and a pointer find the head under them", async () => {
    const element = await grid();
    const canvas = inside(element, "canvas")!;
    const box = canvas.getBoundingClientRect();
    const at = (type: string, x: number, y: number) => canvas.dispatchEvent(new MouseEvent(type, { clientX: box.left + x, clientY: box.top + y, bubbles: true }));
    const size = 96;
    at("pointermove", 30 + 1.5 * size, 18 + size / 2);
    await element.updateComplete;
    expect(said(element)).to.match(/^Layer 0, head 1: /);
    const told = oneEvent(element, "lexi-head");
    at("click", 60, 16 + 4 + size + size / 2);
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ layer: 1, head: 0 });
  });

  it("sorts by a menu that needs no model, and the table follows", async () => {
    const element = await grid();
    const select = inside(element, "select") as HTMLSelectElement;
    expect([...select.options].map(({ value }) => value)).to.deep.equal(["none", "entropy", "distance", "special"]);
    const image = await (await element.toBlob("svg")).text();
    select.value = "distance";
    select.dispatchEvent(new Event("change"));
    await element.updateComplete;
    expect(element.getAttribute("sort")).to.equal("distance");
    expect(await (await element.toBlob("svg")).text()).not.to.equal(image);
    const { gridTable } = await import("../../src/elements/attention-grid/grid-table.js");
    const table = gridTable(element.explanation!, "distance", "zh");
    expect(table.head[2]).to.equal("距离（词元）");
    const far = table.rows.map((row) => Number(row[2]));
    expect(far).to.deep.equal([...far].sort((a, b) => b - a));
    expect((await (await element.toBlob("csv")).text()).split("\r\n")[0]).to.equal("layer,head,entropy,distance,special,self,previous,next,first");
  });

  it("marks without sorting: bars under the table", async () => {
    const [plain, marked] = [await grid(), await grid({ mark: "entropy" })];
    const rects = async (element: AttentionGrid) => (await (await element.toBlob("svg")).text()).split("<rect").length;
    expect((await rects(marked)) - (await rects(plain))).to.equal(2 * 6);
  });

  it("says so when maps are smaller than the text, and speaks Chinese", async () => {
    const home = await fixture<HTMLElement>(html`<div lang="zh"></div>`);
    const whole = headsOf(TEXT);
    const element = await grid({}, { ...whole, side: 2, weights: new Float32Array(4 * whole.maps.length).fill(0.5) }, home);
    expect(said(element)).to.contain("5 个词元缩为 2 × 2");
    expect(inside(element, ".title")!.textContent).to.contain("每个注意力头看向哪里，3 层 × 2 头，");
  });

  it("draws one token, and no thumbnails bleed out of a narrow page", async () => {
    const home = await fixture<HTMLElement>(html`<div></div>`);
    home.style.setProperty("inline-size", "160px");
    const element = await grid({ sort: "entropy" }, headsOf("alone"), home);
    expect(inside(element, ".body")!.scrollWidth).to.be.at.most(161);
    expect((await element.toBlob("png")).size).to.be.greaterThan(100);
  });

  it("refuses a broken explanation by name and recovers", async () => {
    const element = await fixture<AttentionGrid>(html`<attention-grid loading="eager"></attention-grid>`);
    const { weights, ...rest } = plainExplanation(headsOf(TEXT));
    element.setAttribute("explanation", JSON.stringify({ ...rest, weights: Array.from(weights).slice(1) }));
    const message = await element.ready.then(() => "no error", (error: Error) => error.message);
    expect(message).to.equal("explanation: weights must be an array of 150 (side × side a map), not an array of 149");
    element.setAttribute("explanation", JSON.stringify({ ...rest, weights }));
    expect((await element.ready).side).to.equal(5);
  });
});

describe("a head chosen in a grid", () => {
  let fake = fakeEngine();
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));

  async function linked(content: ReturnType<typeof html>) {
    const home = await fixture<HTMLElement>(html`<div>${content}</div>`);
    const [element, map] = [home.querySelector("attention-grid")!, home.querySelector("attention-heatmap")!];
    await Promise.all([element.ready, map.ready]);
    await Promise.all([hasHand(element), hasHand(map)]);
    return { home, element, map };
  }
  const choose = async (element: AttentionGrid, ...keys: string[]) => {
    inside(element, "canvas")!.focus();
    for (const press of [...keys, "Enter"]) await sendKeys({ press });
  };
  const shows = (map: AttentionHeatmap, layer: number, head: number) => waitUntil(() => map.explanation?.layer === layer && map.explanation.head === head && map.state === "ready", `not ${layer}.${head}`, { timeout: 3000 });

  it("is shown by the heat map of the scope, whose menus then move the grid's mark", async () => {
    const { element, map } = await linked(html`<lexi-scope model="fake-a" text=${TEXT}><attention-grid loading="eager"></attention-grid><attention-heatmap loading="eager"></attention-heatmap></lexi-scope>`);
    expect(map.layer).to.equal(null);
    await choose(element, "ArrowRight", "ArrowDown", "ArrowRight");
    await shows(map, 1, 1);
    expect([map.getAttribute("layer"), map.getAttribute("head")]).to.deep.equal(["1", "1"]);
    map.layer = 2;
    await shows(map, 2, 1);
    await waitUntil(() => element.layer === 2 && element.head === 1, "the grid's mark stays behind");
    map.head = "mean";
    await aTimeout(50);
    expect([element.layer, element.head]).to.deep.equal([2, 1]); // no head to mark
  });

  it("is shown from the grid's own maps where there is no model", async () => {
    const whole = headsOf(TEXT);
    const { element, map } = await linked(html`<lexi-scope><attention-grid loading="eager" .explanation=${whole}></attention-grid>
      <attention-heatmap loading="eager" .explanation=${{ ...whole, kind: "attention", layer: 0, head: 0, weights: Array.from({ length: 5 }, () => [0.2, 0.2, 0.2, 0.2, 0.2]) }}></attention-heatmap></lexi-scope>`);
    await choose(element, "End");
    await shows(map, 2, 1);
    expect(Array.from(map.explanation!.weights[4]!)).to.deep.equal(Array.from((whole.weights as Float32Array).slice(5 * 25 + 20, 5 * 25 + 25)));
    expect(fake.asked).to.have.length(0);
  });

  it("reaches figures elsewhere by for, leaves others alone, and an author can choose it", async () => {
    const { home, element, map } = await linked(html`<lexi-scope id="there" model="fake-b" text=${TEXT}><attention-heatmap loading="eager"></attention-heatmap></lexi-scope>
      <attention-grid loading="eager" for="there" layer="2" head="0"></attention-grid><attention-heatmap id="other" loading="eager" model="fake-b" text=${TEXT} layer="0" head="0"></attention-heatmap>`);
    await shows(map, 2, 0);
    expect(scopeOf(home.querySelector("lexi-scope")!).head).to.deep.equal({ layer: 2, head: 0 });
    await choose(element, "Home");
    await shows(map, 0, 0);
    const other = home.querySelector<AttentionHeatmap>("#other")!;
    await choose(element, "End");
    await shows(map, 2, 1);
    expect([other.layer, other.head]).to.deep.equal([0, 0]);
  });

  it("does not tie two heat maps together when nobody chose one", async () => {
    const home = await fixture<HTMLElement>(html`<lexi-scope model="fake-c" text=${TEXT}><attention-heatmap loading="eager" layer="0" head="0"></attention-heatmap><attention-heatmap loading="eager" layer="1" head="1"></attention-heatmap></lexi-scope>`);
    const [first, second] = [...home.querySelectorAll("attention-heatmap")] as [AttentionHeatmap, AttentionHeatmap];
    await Promise.all([hasHand(first), hasHand(second)]);
    first.layer = 2;
    await shows(first, 2, 0);
    await aTimeout(50);
    expect([second.layer, second.head]).to.deep.equal([1, 1]);
  });
});
