import { expect } from "@open-wc/testing";
import type { LexiscopeError } from "../../src/base/errors.js";
import { attention } from "../../src/explanation/kinds.js";
import type { Explanation } from "../../src/explanation/types.js";
import type { Question } from "../../src/state/question.js";
import { setLoadModel } from "../../src/state/engine.js";
import { Explainer, TYPING_PAUSE, type Listener } from "../../src/state/explainer.js";
import { LiveResults, requestKey, type LiveRequest } from "../../src/state/live-results.js";
import { isSelected, sameToken, toggle } from "../../src/state/pointing.js";
import { scopeOf, Scope, type PlacedToken } from "../../src/state/scope.js";
import { setShared } from "../../src/state/set-shared.js";
import { attentionOf, fakeEngine, gate } from "./fake-model.js";

const live = (text: string, model = "fake"): LiveRequest => ({ model, backend: "auto", explain: { kind: "attention", text, layer: 0, head: 0 } });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("live results", () => {
  it("has one key for equal requests", () => {
    const other: LiveRequest = { explain: { head: 0, layer: 0, text: "a", kind: "attention" }, backend: "auto", model: "fake" };
    expect(requestKey(live("a"))).to.equal(requestKey(other));
    expect(requestKey(live("a"))).not.to.equal(requestKey(live("b")));
  });

  it("shares equal requests, keeps the last ones, loads a model once", async () => {
    const fake = fakeEngine();
    const results = new LiveResults(fake.load, 2);
    const [one, two] = await Promise.all([results.explain(live("a")), results.explain(live("a"))]);
    expect(one).to.equal(two);
    await results.explain(live("a"));
    expect(fake.asked.length).to.equal(1);
    await results.explain(live("b"));
    await results.explain(live("c"));
    await results.explain(live("a"));
    expect(fake.asked.map(({ request }) => request.text).join("")).to.equal("abca");
    expect(fake.loads.length).to.equal(1);
    await results.explain(live("a"), { fresh: true });
    expect(fake.asked.length).to.equal(5);
  });

  it("stops the work only when the last who waits has gone", async () => {
    const fake = fakeEngine();
    fake.gate = () => new Promise(() => {});
    const results = new LiveResults(fake.load);
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [first, second].map(({ signal }) => results.explain(live("a"), { signal }).catch((error: LexiscopeError) => error.code));
    await pause(20);
    first.abort();
    expect(await both[0]).to.equal("aborted");
    expect(fake.asked[0]!.options.signal!.aborted).to.equal(false);
    second.abort();
    expect(await both[1]).to.equal("aborted");
    expect(fake.asked[0]!.options.signal!.aborted).to.equal(true);
  });

  it("tries again after a failure, and disposes of models that were not used for long", async () => {
    const fake = fakeEngine();
    const results = new LiveResults(fake.load, 64, 1);
    for (let i = 0; i < 2; i++) expect(await results.explain(live("a", "broken")).catch((error: LexiscopeError) => error.code)).to.equal("not-found");
    expect(fake.loads.length).to.equal(2);
    await results.explain(live("a", "one"));
    await results.explain(live("a", "two"));
    expect(fake.disposed).to.equal(1);
  });
});

describe("explainer", () => {
  const setup = () => {
    const log: string[] = [];
    const listener: Listener = {
      changed: () => log.push(explainer.state),
      progressed: ({ phase }) => log.push(`progress ${phase}`),
      explained: () => log.push("explained"),
      failed: (error, phase) => log.push(`failed ${error.code} ${phase}`),
    };
    const explainer: Explainer = new Explainer(listener);
    return { explainer, log };
  };
  let serial = 0; // the page's results are shared: each test asks its own texts
  const question = (fields: Partial<Question>): Question => ({ key: `${++serial}`, problem: null, given: null, json: null, src: null, live: null, checks: { attention }, misfit: () => "", ...fields });
  let fake = fakeEngine();
  beforeEach(() => setLoadModel((fake = fakeEngine()).load));
  after(() => setLoadModel(null));
  const model = (text: string) => live(text, `model ${serial}`);

  it("draws what is in the page at once, without start", async () => {
    const { explainer, log } = setup();
    const stored = attentionOf("one two");
    explainer.ask(question({ json: JSON.stringify(stored) }));
    expect(log).to.deep.equal(["ready", "explained"]);
    expect(await explainer.ready).to.deep.equal(stored);
  });

  it("goes idle → loading → running → ready", async () => {
    const { explainer, log } = setup();
    explainer.ask(question({ live: model("goes") }));
    expect(explainer.state).to.equal("idle");
    explainer.start();
    const explanation = await explainer.ready;
    expect(explanation.input.text).to.equal("goes");
    expect([...new Set(log)]).to.deep.equal(["idle", "loading", "progress download", "running", "progress explain", "ready", "explained"]);
  });

  it("prefers a stored answer that fits, and asks the model where it does not", async () => {
    const { explainer } = setup();
    const given = attentionOf("stored");
    explainer.ask(question({ given, live: model("live"), misfit: (explanation: Explanation) => (explanation.input.text === "live" ? "" : "another text") }));
    explainer.start();
    expect((await explainer.ready).input.text).to.equal("live");
    explainer.ask(question({ given, misfit: () => "another text" }));
    expect(await explainer.ready.catch((error: LexiscopeError) => `${error.code}: ${error.message}`)).to.equal("bad-input: another text");
  });

  it("drops late answers", async () => {
    const { explainer, log } = setup();
    const slow = gate();
    fake.gate = (request) => (request.text === "slow" ? slow.promise : Promise.resolve());
    explainer.ask(question({ live: model("slow") }));
    explainer.start();
    const first = explainer.ready.catch((error: LexiscopeError) => error.code);
    await pause(TYPING_PAUSE + 20);
    explainer.ask(question({ live: model("fast") }));
    explainer.start();
    expect(await first).to.equal("aborted");
    expect((await explainer.ready).input.text).to.equal("fast");
    slow.open();
    await pause(20);
    expect(explainer.explanation!.input.text).to.equal("fast");
    expect(log.filter((entry) => entry === "explained").length).to.equal(1);
  });

  it("asks only the last of texts that follow one another fast", async () => {
    const { explainer } = setup();
    for (const text of ["t", "ty", "typ", "typed"]) {
      explainer.ask(question({ live: live(text, "typing") }));
      explainer.start();
    }
    await explainer.ready;
    const asked = fake.asked.map(({ request }) => request.text);
    expect(asked.at(-1)).to.equal("typed");
    expect(asked.length).to.be.at.most(2);
  });

  it("cancels, refreshes, and reports failures with their phase", async () => {
    const { explainer, log } = setup();
    fake.gate = () => new Promise(() => {});
    explainer.ask(question({ live: model("cancelled") }));
    explainer.start();
    await pause(20);
    const cancelled = explainer.ready.catch((error: LexiscopeError) => error.code);
    explainer.cancel();
    expect(await cancelled).to.equal("aborted");
    expect(explainer.state).to.equal("idle");
    fake.gate = async () => {};
    explainer.refresh();
    await explainer.ready;
    explainer.ask(question({ live: live("x", "broken") }));
    explainer.start();
    expect(await explainer.ready.catch((error: LexiscopeError) => error.code)).to.equal("not-found");
    expect(log.at(-1)).to.equal("failed not-found download");
    expect(explainer.explanation).to.equal(null);
  });
});

describe("scope", () => {
  const token = (index: number, start: number, end: number, text = "x", special = false): PlacedToken => ({ index, id: index, start, end, text, special });

  it("is one a host, and tells of a change once", () => {
    const host = {};
    const scope = scopeOf(host);
    expect(scopeOf(host)).to.equal(scope);
    let told = 0;
    scope.addEventListener("change", () => told++);
    setShared(scope, { model: "m", text: "t" });
    setShared(scope, { model: "m" });
    expect(told).to.equal(1);
  });

  it("matches tokens of two tokenizers by the characters they stand for", () => {
    expect(sameToken(token(3, 4, 8), token(1, 4, 6))).to.equal(true);
    expect(sameToken(token(3, 4, 8), token(3, 8, 9))).to.equal(false);
    expect(sameToken(token(0, 0, 0, "[CLS]", true), token(0, 0, 0, "[CLS]", true))).to.equal(true);
    expect(sameToken(token(0, 0, 0, "[CLS]", true), token(0, 0, 3))).to.equal(false);
  });

  it("chooses and takes back, and forgets with the text", () => {
    const scope = new Scope();
    toggle(scope, [token(0, 0, 2)], "text");
    toggle(scope, [token(1, 3, 5)], "text");
    expect(scope.selected.length).to.equal(2);
    toggle(scope, [token(7, 0, 1)], "text");
    expect(scope.selected.map(({ index }) => index)).to.deep.equal([1]);
    expect(isSelected(scope, token(1, 3, 5), "another text")).to.equal(false);
    setShared(scope, { text: "new" });
    expect(scope.selected.length).to.equal(0);
  });
});
