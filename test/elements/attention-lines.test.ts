/** Lines between tokens: which are drawn, how they are walked, filtered and switched, and that long texts stay smooth. */
import { aTimeout, expect, fixture, html, oneEvent, waitUntil } from "@open-wc/testing";
import { sendKeys } from "@web/test-runner-commands";
import { Random } from "../../src/base/random.js";
import "../../src/define.js";
import { edgesIn, edgesOf, type Edges, type Focus } from "../../src/elements/attention-lines/edges.js";
import type { AttentionLines } from "../../src/elements/attention-lines/attention-lines.js";
import { linesLayout, placeAt, placesIn } from "../../src/elements/attention-lines/lines-layout.js";
import { prepareLines } from "../../src/elements/attention-lines/prepare-lines.js";
import { linesScene, type LinesPicture } from "../../src/elements/attention-lines/lines-scene.js";
import type { AttentionHeadsExplanation } from "../../src/explanation/types.js";
import { linksByMass } from "../../src/methods/attention/mass-threshold.js";
import { setLoadModel } from "../../src/state/engine.js";
import { scopeOf } from "../../src/state/scope.js";
import { longHeads } from "../../stories/long-attention.js";
import { fakeEngine, headsOf } from "../state/fake-model.js";
import { setShared } from "../../src/state/set-shared.js";

const TEXT = "one two three four five";
const inside = (element: Element, selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector);
const chips = (element: Element) => [...element.shadowRoot!.querySelectorAll<HTMLButtonElement>(".chips button")];
const pressed = (element: Element) => chips(element).map((chip) => chip.getAttribute("aria-pressed"));
const said = (element: Element) => inside(element, ".readout")!.textContent.replace(/[\u2068\u2069]/g, "").trim();

async function lines(attributes: Record<string, string> = {}, explanation: AttentionHeadsExplanation = headsOf(TEXT), parent?: HTMLElement): Promise<AttentionLines> {
  const home = parent ?? (await fixture<HTMLElement>(html`<div></div>`));
  const element = document.createElement("attention-lines");
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  element.explanation = explanation;
  home.append(element);
  await element.ready;
  await waitUntil(() => chips(element).length > 0, "no hand", { timeout: 4000 });
  await element.updateComplete;
  return element;
}

/** A pair of texts with special tokens: [CLS] a b [SEP] c d [SEP] */
function paired(): AttentionHeadsExplanation {
  const base = headsOf("one two three four five six seven");
  const [first, second] = ["a b", "c d"];
  const at: [string, number, number, boolean, number][] = [["[CLS]", 0, 0, true, 0], ["a", 0, 1, false, 0], ["b", 2, 3, false, 0], ["[SEP]", 3, 3, true, 0], ["c", 0, 1, false, 1], ["d", 2, 3, false, 1], ["[SEP]", 3, 3, true, 1]];
  return { ...base, input: { text: first, textPair: second }, tokens: at.map(([text, start, end, special, segment], id) => ({ id, text, start, end, special, segment })) };
}

const pictureOf = (edges: readonly Edges[], count: number, over: Partial<LinesPicture> = {}): LinesPicture => {
  const widths = Array<number>(count).fill(30);
  const layout = linesLayout({ vertical: true, rtl: false, width: 500, queryWidths: widths, keyWidths: widths, fontSize: 14, highest: 480 });
  const labels = widths.map(String);
  return {
    layout, heads: edges.map((each) => ({ edges: each, color: [0, 0, 0], dash: [] })), queryLabels: labels, keyLabels: labels, font: "serif", ink: [0, 0, 0], paper: [255, 255, 255],
    offset: 0, length: layout.view, most: 3000, tokens: null, chosen: { queries: new Set(), keys: new Set() }, numbers: [], ...over,
  };
};

describe("edges of a head", () => {
  const random = new Random(2);
  const side = 12;
  const map = Float32Array.from({ length: side * side }, () => random.uniform() ** 3);
  const all = [...Array(side).keys()];
  const pairs = (edges: Edges, focus: Focus) => {
    const found: string[] = [];
    edgesIn(edges, focus, (edge) => found.push(`${edges.queries[edge]!}-${edges.keys[edge]!}`));
    return found.sort();
  };

  it("are the links of each row that carry the share, with their weights, of the tokens that are shown", () => {
    for (const [rows, columns] of [[all, all], [[2, 3, 7], [0, 4, 5, 6, 11]], [[5], [5]], [[], all], [all, []]] as const) {
      const edges = edgesOf(map, side, rows, columns, 0.6);
      const wanted = rows.flatMap((query, row) => linksByMass(columns.map((key) => map[query * side + key]!), 0.6).map((column) => [row, column, map[query * side + columns[column]!]!]));
      expect(Array.from(edges.queries, (query, edge) => [query, edges.keys[edge]!, edges.weights[edge]!])).to.deep.equal(wanted);
      expect(edges.largest).to.equal(wanted.reduce((most, [, , weight]) => Math.max(most, weight!), 0));
    }
  });

  it("M52: the four filters of a pair tile the whole map: every link is in one of them, with its weight", () => {
    const explanation = paired();
    const room = document.createElement("div");
    document.body.append(room);
    const linked = (pair: "all" | "a-a" | "a-b" | "b-a" | "b-b") => {
      const { edges, rows, columns } = prepareLines(explanation, { layer: 0, heads: null, share: 1, pair, specialTokens: "show", orientation: "vertical", rtl: false, highest: 480 }, document.createElement("canvas"), room, null);
      const found = edges(0);
      return Array.from(found.weights, (weight, edge) => `${rows[found.queries[edge]!]!.index} ${columns[found.keys[edge]!]!.index} ${weight}`);
    };
    const blocks = (["a-a", "a-b", "b-a", "b-b"] as const).flatMap(linked);
    expect(blocks.length).to.be.above(7);
    expect(blocks.sort()).to.deep.equal(linked("all").sort());
    room.remove();
  });

  it("are found by window and by token, each once", () => {
    const edges = edgesOf(map, side, all, all, 0.6);
    const every = Array.from(edges.queries, (query, edge) => [query, edges.keys[edge]!] as const);
    const wanted = (keep: (query: number, key: number) => boolean) => every.filter(([query, key]) => keep(query, key)).map((pair) => pair.join("-")).sort();
    expect(pairs(edges, { kind: "window", queries: [3, 6], keys: [4, 7] })).to.deep.equal(wanted((query, key) => (query >= 3 && query < 6) || (key >= 4 && key < 7)));
    expect(pairs(edges, { kind: "window", queries: [0, side], keys: [0, side] })).to.deep.equal(wanted(() => true));
    expect(pairs(edges, { kind: "tokens", side: "key", places: [0, 5] })).to.deep.equal(wanted((_, key) => key === 0 || key === 5));
    expect(pairs(edges, { kind: "tokens", side: "query", places: [11] })).to.deep.equal(wanted((query) => query === 11));
  });

  it("the four blocks of a pair tile the matrix", () => {
    const [first, second] = [all.slice(0, 5), all.slice(5)];
    const count = (rows: number[], columns: number[]) => edgesOf(map, side, rows, columns, 1).count;
    expect(count(first, first) + count(first, second) + count(second, first) + count(second, second)).to.equal(side * side);
  });
});

describe("the layout of lines", () => {
  it("finds each token at its own place, in columns and rows, both ways", () => {
    for (const vertical of [true, false]) for (const rtl of [false, true]) {
      const layout = linesLayout({ vertical, rtl, width: 390, queryWidths: [20, 60, 9, 33], keyWidths: [20, 60, 9, 33, 14], fontSize: 14, highest: 480 });
      for (const [place, middle] of layout.queries.entries()) expect(placeAt(layout, middle, layout.near - 3)).to.deep.equal({ side: "query", place });
      for (const [place, middle] of layout.keys.entries()) expect(placeAt(layout, middle, layout.far + 3)).to.deep.equal({ side: "key", place });
      expect(placeAt(layout, layout.queries[0]!, (layout.near + layout.far) / 2)).to.equal(null);
      expect(placeAt(layout, layout.extent + 50, layout.near)).to.equal(null);
      expect(placesIn(layout.queries, layout.halfQueries, 0, layout.extent)).to.deep.equal([0, 4]);
      if (vertical) expect(layout.breadth).to.be.at.most(390);
    }
  });

  it("loses no last row: a list a little longer than the window is seen whole, a longer one is cut within a row; a row a little too wide moves together", () => {
    const of = (count: number, vertical: boolean, width = 345) => linesLayout({ vertical, rtl: false, width, queryWidths: Array<number>(count).fill(18), keyWidths: Array<number>(count).fill(18), fontSize: 15, highest: 480 });
    expect([of(14, true), of(22, true)].map(({ view, extent }) => view === extent)).to.deep.equal([true, true]);
    const long = of(60, true);
    expect(long.view).to.be.below(480);
    expect((long.view / (2 * long.halfKeys[0]!)) % 1).to.be.closeTo(0.5, 1e-6);
    expect([of(14, false).extent, of(14, false, 600).extent, of(40, false).extent]).to.deep.equal([14 * 24, 14 * 27, 40 * 27]);
  });
});

describe("a frame of lines", () => {
  it("draws the heaviest when there are too many, and says how many there are", () => {
    const side = 400;
    const random = new Random(4);
    const map = Float32Array.from({ length: side * side }, () => random.uniform() ** 2);
    const places = [...Array(side).keys()];
    const edges = edgesOf(map, side, places, places, 1);
    const { layout } = pictureOf([edges], side);
    const { drawn, total } = linesScene(pictureOf([edges], side, { length: layout.extent }));
    expect(total).to.equal(side * side);
    expect(drawn).to.be.at.most(3000);
    expect(drawn).to.be.above(1500);
    const even = edgesOf(new Float32Array(side * side).fill(1 / side), side, places, places, 1);
    expect(linesScene(pictureOf([even], side, { length: layout.extent })).drawn).to.be.within(2990, 3000); // all alike: some of them, evenly
    const some = linesScene(pictureOf([edges], side));
    expect(some.total).to.be.below(total / 5); // 480 of 9200 pixels are seen
  });
});

describe("<attention-lines>", () => {
  let fake = fakeEngine();
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));

  it("asks for the heads of one layer, whole; another layer or list asks again, chips do not", async () => {
    const element = await fixture<AttentionLines>(html`<attention-lines loading="eager" model="fake-lines" text=${TEXT}></attention-lines>`);
    await element.ready;
    element.layer = 2;
    await element.ready;
    element.heads = "1, 0";
    await element.ready;
    expect(fake.asked.map(({ request }) => request)).to.deep.equal([
      { kind: "attention-heads", text: TEXT, layers: [0] }, { kind: "attention-heads", text: TEXT, layers: [2] }, { kind: "attention-heads", text: TEXT, layers: [2], heads: [1, 0] },
    ]);
    await waitUntil(() => chips(element).length === 2);
    chips(element)[0]!.click();
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["false", "true"]);
    element.threshold = 0.9;
    await element.updateComplete;
    expect(fake.asked).to.have.length(3);
  });

  it("draws a line for the share of each token's attention; a smaller share, fewer", async () => {
    const element = await lines({ threshold: "1" });
    const strokes = async () => [...(await (await element.toBlob("svg")).text()).matchAll(/ d="([^"]*)"/g)].reduce((sum, [, path]) => sum + path!.split("M").length - 1, 0);
    expect(await strokes()).to.equal(2 * 25);
    element.threshold = 0.5;
    await element.updateComplete;
    expect(await strokes()).to.equal(2 * 5); // each head gives 0.8 to one token
    chips(element)[1]!.click();
    await element.updateComplete;
    expect(await strokes()).to.equal(5);
  });

  it("is walked by keys along and across, says where a token looks and who looks at it, and chooses", async () => {
    const element = await lines({ layer: "1", heads: "0" });
    inside(element, "canvas")!.focus();
    const hovered = oneEvent(element, "lexi-hover");
    await sendKeys({ press: "ArrowDown" });
    expect(((await hovered) as CustomEvent<{ token: { text: string } }>).detail.token.text).to.equal("one");
    await sendKeys({ press: "ArrowDown" });
    await sendKeys({ press: "ArrowDown" });
    await element.updateComplete;
    expect(said(element)).to.equal("three looks at two 0.8 (head 0)");
    await sendKeys({ press: "ArrowRight" });
    await element.updateComplete;
    expect(said(element)).to.equal("three is looked at by four 0.8 (head 0)");
    await sendKeys({ press: "End" });
    await element.updateComplete;
    expect(said(element)).to.equal("five is looked at by nothing");
    await sendKeys({ press: "Home" });
    const chosen = oneEvent(element, "lexi-select");
    await sendKeys({ press: "Enter" });
    expect(((await chosen) as CustomEvent<{ tokens: { text: string }[] }>).detail.tokens.map(({ text }) => text)).to.deep.equal(["one"]);
    await sendKeys({ press: "Escape" });
    await element.updateComplete;
    expect(said(element)).to.equal("one looks at one 0.8 (head 0)"); // the chosen one's lines stay
    element.orientation = "horizontal";
    await element.updateComplete;
    await sendKeys({ press: "ArrowRight" });
    await sendKeys({ press: "ArrowRight" });
    await sendKeys({ press: "ArrowDown" });
    await element.updateComplete;
    expect(said(element)).to.contain("two is looked at by three 0.8");
  });

  it("weights beside the tokens are the mean over the heads shown", async () => {
    const element = await lines({ layer: "0", threshold: "1" });
    inside(element, "canvas")!.focus();
    for (let step = 0; step < 3; step++) await sendKeys({ press: "ArrowDown" });
    await element.updateComplete;
    // head 0 gives itself 0.8, head 1 gives the one before 0.8, each 0.05 to the others
    const { reachedBy } = await import("../../src/elements/attention-lines/focus.js");
    expect(said(element)).to.match(/^three looks at two 0\.8 \(head 1\)|^three looks at three 0\.8 \(head 0\)/);
    expect(said(element)).to.contain("numbers: mean of 2 heads");
    const explanation = headsOf(TEXT, [0]);
    const side = explanation.side;
    const places = [...Array(side).keys()];
    const edges = [0, 1].map((head) => edgesOf((explanation.weights as Float32Array).subarray(head * 25, head * 25 + 25), side, places, places, 1));
    const tokens = explanation.tokens.map((token, index) => ({ ...token, index }));
    const drawing = { explanation, rows: tokens, columns: tokens, edges: (position: number) => edges[position]! } as never;
    const reached = reachedBy(drawing, [{ head: 0, position: 0 }, { head: 1, position: 1 }], { kind: "tokens", side: "query", places: [2] });
    expect(reached.map(({ place, weight }) => [place, Number(weight.toFixed(4))])).to.deep.equal([[1, 0.425], [2, 0.425], [0, 0.05], [3, 0.05], [4, 0.05]]);
    const two = reachedBy(drawing, [{ head: 0, position: 0 }], { kind: "tokens", side: "key", places: [0, 1] });
    expect(two.map(({ place, weight }) => [place, Number(weight.toFixed(4))])).to.deep.equal([[0, 0.85], [1, 0.85], [2, 0.1], [3, 0.1], [4, 0.1]]);
  });

  it("chips have one tab stop, arrows between them, Enter switches, Shift and Enter shows one alone and sends it", async () => {
    const home = await fixture<HTMLElement>(html`<lexi-scope></lexi-scope>`);
    const element = await lines({ layer: "1" }, headsOf(TEXT), home);
    const alone = async () => {
      await sendKeys({ down: "Shift" });
      await sendKeys({ press: "Enter" });
      await sendKeys({ up: "Shift" });
    };
    expect(chips(element).map((chip) => chip.tabIndex)).to.deep.equal([0, -1]);
    chips(element)[0]!.focus();
    await sendKeys({ press: "ArrowRight" });
    expect(element.shadowRoot!.activeElement).to.equal(chips(element)[1]);
    await sendKeys({ press: "Enter" });
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["true", "false"]);
    await sendKeys({ press: "Enter" });
    const told = oneEvent(element, "lexi-head");
    await alone();
    expect(((await told) as CustomEvent<unknown>).detail).to.deep.equal({ layer: 1, head: 1 });
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["false", "true"]);
    expect(scopeOf(home).head).to.deep.equal({ layer: 1, head: 1 });
    await alone();
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["true", "true"]);
    chips(element)[0]!.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["true", "false"]);
  });

  it("filters a pair of texts and hides special tokens, by a menu that is there only for pairs", async () => {
    const element = await lines({}, paired());
    const labels = async () => [...new DOMParser().parseFromString(await (await element.toBlob("svg")).text(), "image/svg+xml").querySelectorAll("text")].map(({ textContent }) => textContent);
    expect(await labels()).to.have.length(14);
    const menus = () => [...element.shadowRoot!.querySelectorAll("select")];
    expect(menus()).to.have.length(3);
    menus()[2]!.value = "a-b";
    menus()[2]!.dispatchEvent(new Event("change"));
    element.specialTokens = "hide";
    await element.updateComplete;
    expect(element.getAttribute("pair")).to.equal("a-b");
    expect(await labels()).to.deep.equal(["a", "b", "c", "d"]);
    expect(said(element)).to.contain("special tokens hidden, shares are of what is shown");
    const alone = await lines();
    expect(alone.shadowRoot!.querySelectorAll("select")).to.have.length(2);
    alone.pair = "b-b";
    await alone.updateComplete;
    expect((await alone.toBlob("svg")).size).to.be.above(100); // no tokens, no lines, no failure
  });

  it("follows a head chosen in a grid, and a token pointed at in a neighbour", async () => {
    const home = await fixture<HTMLElement>(html`<lexi-scope model="fake-link" text=${TEXT}><attention-grid loading="eager"></attention-grid><attention-lines loading="eager"></attention-lines></lexi-scope>`);
    const [grid, element] = [home.querySelector("attention-grid")!, home.querySelector("attention-lines")!];
    await Promise.all([grid.ready, element.ready]);
    await waitUntil(() => inside(grid, "canvas")?.getAttribute("aria-label")?.includes(". ") && chips(element).length === 2, "no hands", { timeout: 4000 });
    inside(grid, "canvas")!.focus();
    await sendKeys({ press: "End" });
    await sendKeys({ press: "Enter" });
    await waitUntil(() => element.layer === 2 && element.state === "ready");
    await element.updateComplete;
    expect(pressed(element)).to.deep.equal(["false", "true"]);
    const scope = scopeOf(home);
    setShared(scope, { subject: TEXT, hovered: { ...element.explanation!.tokens[3]!, index: 3 } });
    await aTimeout(50);
    expect(said(element)).to.equal("four looks at one 0.8 (head 1)");
    chips(element)[0]!.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await waitUntil(() => grid.head === 0 && grid.layer === 2, "the grid does not follow");
  });

  it("says why a stored explanation does not serve", async () => {
    const refused = async (attributes: Record<string, string>, explanation = headsOf(TEXT, [1])) => {
      const element = document.createElement("attention-lines");
      for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
      element.explanation = explanation;
      (await fixture<HTMLElement>(html`<div></div>`)).append(element);
      return element.ready.then(() => "no error", (error: Error) => error.message);
    };
    expect(await refused({ layer: "1", heads: "0,1" })).to.equal("no error");
    expect(await refused({ layer: "0" })).to.equal(`layer="0" is not stored here; give a model`);
    expect(await refused({ heads: "1, 7" })).to.equal(`heads="1, 7": head 7 is not stored here (0, 1 are); give a model`);
    expect(await refused({}, { ...headsOf(TEXT, [1]), side: 2, weights: new Float32Array(8) })).to.equal("the stored maps are of 2 × 2, made smaller than the 5 tokens; give a model");
  });

  it("512 tokens of 12 heads scroll in a window, and each frame is quick", async function () {
    this.timeout(30_000);
    for (const orientation of ["vertical", "horizontal"]) {
      const element = await lines({ orientation }, longHeads(512, 12));
      const [scroller, canvas] = [inside(element, ".scroller")!, inside(element, "canvas") as HTMLCanvasElement];
      const along = orientation === "vertical" ? ["scrollHeight", "clientHeight"] as const : ["scrollWidth", "clientWidth"] as const;
      expect(scroller[along[0]]).to.be.above(5 * scroller[along[1]]);
      expect(canvas.height).to.be.below(1500);
      const times: number[] = [];
      const pixels = () => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, byte) => (sum * 31 + byte) | 0, 7);
      const before = pixels();
      for (let step = 1; step <= 12; step++) {
        scroller.scrollTo(orientation === "vertical" ? { top: step * 300 } : { left: step * 300 });
        await new Promise<void>((resolve) => requestAnimationFrame(() => {
          const start = performance.now();
          requestAnimationFrame(() => (times.push(performance.now() - start), resolve()));
        }));
      }
      await aTimeout(50);
      expect(pixels()).not.to.equal(before);
      times.sort((a, b) => a - b);
      console.info(`${orientation}: a frame of 512 tokens, 12 heads: median ${times[6]!.toFixed(1)} ms, longest ${times[11]!.toFixed(1)} ms`);
      element.remove();
    }
  });
});
