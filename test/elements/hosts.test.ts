// What frameworks and pages do to an element: values of the wrong type, nothing, removal and return, hosts with shadow roots.
import { aTimeout, expect, fixture, html } from "@open-wc/testing";
import type { LexiscopeError } from "../../src/base/errors.js";
import "../../src/define.js";
import type { AttentionHeatmap } from "../../src/elements/attention-heatmap/attention-heatmap.js";
import type { ExplanationElement } from "../../src/elements/shared/explanation-element.js";
import { setLoadModel } from "../../src/state/engine.js";
import { attentionOf, fakeEngine, gate, predictionOf } from "../state/fake-model.js";

const TAGS = [
  "lexi-scope", "attention-formula", "attention-grid", "attention-heatmap", "attention-lines", "example-map", "explanation-summary", "faithfulness-report", "bias-probe", "counterfactual-list", "model-metrics", "prediction-bars",
  "saliency-bars", "saliency-text", "similar-examples",
];

type Loose = ExplanationElement & Record<string, unknown>;
interface Declared {
  readonly elementProperties: ReadonlyMap<string, { readonly attribute?: boolean | string; readonly converter?: object; readonly type?: unknown }>;
}

let fake = fakeEngine();
let serial = 0;
const freshModel = () => `hosted-${++serial}`;
beforeEach(() => setLoadModel((fake = fakeEngine()).load));
after(() => setLoadModel(null));

function create(tag: string, attributes: Record<string, string> = {}): Loose {
  const element = document.createElement(tag) as Loose;
  for (const [name, value] of Object.entries({ loading: "eager", ...attributes })) element.setAttribute(name, value);
  return element;
}

const home = () => fixture<HTMLElement>(html`<div></div>`);
const code = (promise: Promise<unknown>) => promise.then(() => "", (error: LexiscopeError) => error.code);

describe("what hosts set", () => {
  for (const tag of TAGS)
    it(`<${tag}>: an attribute that is taken away, null and undefined all mean the default`, async () => {
      const element = create(tag);
      element.removeAttribute("loading");
      (await home()).append(element);
      await element.updateComplete;
      for (const [name, { attribute }] of (element.constructor as unknown as Declared).elementProperties) {
        if (name === "explanation" || (tag === "model-metrics" && name === "text")) continue;
        const initial = element[name];
        const values: (() => void)[] = [() => ((element as Record<string, unknown>)[name] = undefined), () => ((element as Record<string, unknown>)[name] = null)];
        const written = typeof attribute === "string" ? attribute : name.toLowerCase();
        if (attribute !== false) values.push(() => (element.setAttribute(written, "5"), element.removeAttribute(written)));
        for (const set of values) {
          set();
          await element.updateComplete;
          expect(element[name], `${name} after ${String(set)}`).to.equal(initial);
          expect(element.state, name).to.not.equal("error");
        }
      }
    });

  it("numbers and JSON may be set as text, as React and Vue do, and text as a number", async () => {
    const element = create("attention-heatmap", { model: freshModel(), text: "one two" });
    Object.assign(element, { layer: "2", head: "1" });
    (await home()).append(element);
    const explanation = (await element.ready) as unknown as AttentionHeatmap;
    expect([element["layer"], element["head"], explanation.layer]).to.deep.equal([2, 1, 2]);
    element["layer"] = "two";
    expect(await element.ready.catch((error: LexiscopeError) => error.message)).to.contain('layer="two" is not possible');
    const bars = create("saliency-bars");
    Object.assign(bars, { features: '{"age": 41}', text: 7, target: 1 });
    expect([bars["features"], bars.text, bars["target"]]).to.deep.equal([{ age: 41 }, "7", "1"]);
  });
});

describe("`ready`", () => {
  it("taken before the element is in the page is that of its first question", async () => {
    const element = create("prediction-bars", { model: freshModel(), text: "one two" });
    const early = element.ready;
    (await home()).append(element);
    expect((await early).input.text).to.equal("one two");
    expect(element.ready).to.equal(early);
  });

  it("is still rejected after cancel(), until something is asked again", async () => {
    const slow = gate();
    fake.gate = () => slow.promise;
    const element = create("prediction-bars", { model: freshModel(), text: "one two" });
    (await home()).append(element);
    const running = element.ready;
    await aTimeout(30);
    element.cancel();
    expect(await code(running)).to.equal("aborted");
    expect(await code(element.ready)).to.equal("aborted");
    expect(element.state).to.equal("idle");
    slow.open();
    element.refresh();
    expect((await element.ready).input.text).to.equal("one two");
  });
});

describe("an element that leaves the page while it loads", () => {
  it("stops, and asks again when it comes back", async () => {
    const slow = gate();
    fake.gate = () => slow.promise;
    const place = await home();
    const element = create("prediction-bars", { model: freshModel(), text: "one two" });
    place.append(element);
    const first = element.ready;
    await aTimeout(30);
    element.remove();
    expect(await code(first)).to.equal("aborted");
    expect([element.state, fake.asked[0]!.options.signal!.aborted]).to.deep.equal(["idle", true]);
    slow.open();
    place.append(element);
    expect((await element.ready).input.text).to.equal("one two");
    expect(element.state).to.equal("ready");
  });
});

describe("toBlob()", () => {
  it("of an element that has not begun, for it is not in sight, asks the model", async () => {
    const place = await home();
    place.style.setProperty("margin-block-start", "4000px");
    const element = create("prediction-bars", { loading: "lazy", model: freshModel(), text: "one two" });
    place.append(element);
    await aTimeout(50);
    expect(element.state).to.equal("idle");
    expect((JSON.parse(await (await element.toBlob("json")).text()) as { input: { text: string } }).input.text).to.equal("one two");
  });
});

describe("scopes of elements inside shadow roots", () => {
  const shadow = (parent: Node): ShadowRoot => {
    const host = document.createElement("div");
    parent.appendChild(host);
    return host.attachShadow({ mode: "open" });
  };
  const scope = (parent: Node, text: string, id = ""): HTMLElement => {
    const element = Object.assign(document.createElement("lexi-scope"), { id, model: freshModel(), text });
    parent.appendChild(element);
    return element;
  };
  const text = async (element: Loose) => (await element.ready).input.text;

  it("are found by id beside them, and beside each shadow root around them", async () => {
    const place = await home();
    const outer = shadow(place);
    const inner = shadow(outer);
    scope(place, "far", "far-scope");
    scope(outer, "near", "near-scope");
    const elements = ["far-scope", "near-scope"].map((name) => create("prediction-bars", { for: name }));
    inner.append(...elements);
    expect(await Promise.all(elements.map(text))).to.deep.equal(["far", "near"]);
  });

  it("are found around them, through shadow roots and slots", async () => {
    const place = await home();
    const within = create("prediction-bars");
    shadow(scope(place, "around")).append(within);
    expect(await text(within)).to.equal("around");
    const host = shadow(place).host;
    scope(host.shadowRoot!, "slotted").append(document.createElement("slot"));
    const slotted = create("prediction-bars");
    host.append(slotted);
    expect(await text(slotted)).to.equal("slotted");
  });

  it("may come later than who names them", async () => {
    const place = await home();
    const element = create("prediction-bars", { for: "late-scope" });
    place.append(element);
    await element.updateComplete;
    expect(await element.ready.catch((error: LexiscopeError) => error.message)).to.contain('for="late-scope" is not possible');
    scope(place, "late", "late-scope");
    await aTimeout(30);
    expect(await text(element)).to.equal("late");
  });
});

describe("a stored explanation with more layers than any model", () => {
  it("is refused before a menu lists them", async () => {
    for (const field of ["layers", "heads"]) {
      const element = create("attention-heatmap");
      (await home()).append(element);
      element.explanation = { ...attentionOf("one two"), [field]: 1e9 };
      expect(await element.ready.catch((error: LexiscopeError) => error.message)).to.equal(`explanation: ${field} must be at most 10000, not 1000000000`);
    }
  });
});

describe("a stored explanation with a kind that every object has", () => {
  it("is refused by name", async () => {
    for (const kind of ["constructor", "__proto__", "toString"]) {
      const element = create("attention-heatmap");
      (await home()).append(element);
      element.explanation = { ...attentionOf("one two"), kind } as never;
      expect(await element.ready.catch((error: LexiscopeError) => `${error.code}: ${error.message}`)).to.equal(`bad-input: <attention-heatmap> draws attention, not ${kind}`);
    }
    const bars = create("prediction-bars");
    (await home()).append(bars);
    bars.explanation = predictionOf("one two");
    expect((await bars.ready).kind).to.equal("prediction");
  });
});
