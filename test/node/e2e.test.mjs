// The built library in a real browser, on pages served with the strict policy: what a visitor sees and does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { ensureBrowser } from "../../scripts/ensure-browser.mjs";
import { serve, strictPolicy } from "../../scripts/serve.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const withGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
const timeout = 120_000;

let browser, site, openSite, requests;

before(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: flags });
  site = await serve({ headers: { "content-security-policy": strictPolicy } });
  openSite = await serve();
});

after(async () => {
  await browser?.close();
  site?.server.close();
  openSite?.server.close();
});

/** Opens a page; collects violations of the policy, errors of the page and requests. */
async function open(path, { launched = browser, from = site, ...options } = {}) {
  const context = await launched.newContext(options);
  const page = await context.newPage();
  const problems = [];
  requests = [];
  page.on("console", (message) => /content security policy|trusted/i.test(message.text()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(from.url + path);
  return { page, problems };
}

const explained = (page, selector) => page.evaluate(async (name) => {
  await customElements.whenDefined(name);
  return (await document.querySelector(name).ready);
}, selector);

const accessibility = async (page) => {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { rules: { region: { enabled: false } } }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
};

for (const colorScheme of ["light", "dark"])
  test(`all elements explain an English and a Chinese text, ${colorScheme}; the policy holds; axe finds nothing`, { timeout }, async () => {
    const { page, problems } = await open("/test/pages/all.html", { colorScheme });
    const prediction = await explained(page, "prediction-bars");
    assert.equal(prediction.labels[prediction.probabilities.indexOf(Math.max(...prediction.probabilities))], "positive");
    const attribution = await explained(page, "saliency-text");
    assert.equal(attribution.scores.length, attribution.tokens.length);
    assert.ok(attribution.quality.some(({ name }) => name === "completeness-gap"));
    const attention = await explained(page, "attention-heatmap");
    for (const row of attention.weights) assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-4);

    await page.evaluate(() => document.querySelector("lexi-scope").setAttribute("text", "剧情拖沓，一点也不好看。"));
    await page.waitForFunction(() => document.querySelector("prediction-bars").explanation?.input.text.startsWith("剧情") && document.querySelector("prediction-bars").state === "ready", undefined, { timeout });
    const chinese = await explained(page, "prediction-bars");
    assert.equal(chinese.labels[chinese.probabilities.indexOf(Math.max(...chinese.probabilities))], "negative");
    await explained(page, "saliency-bars");
    await explained(page, "attention-heatmap");
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

const everyElement = ["prediction-bars", "saliency-bars", "saliency-text", "attention-heatmap"];

/** Waits until every element of the page explains `text`. */
const explainedAll = (page, text) =>
  page.waitForFunction(
    ([names, wanted]) => names.every((name) => document.querySelector(name).state === "ready" && document.querySelector(name).explanation.input.text === wanted),
    [everyElement, text],
    { timeout },
  );

test("under the strict policy the engine runs in a worker: it, and not the page, loads the model and the runtime", { timeout }, async () => {
  const { page, problems } = await open("/test/pages/all.html");
  await explained(page, "saliency-text");
  const workers = page.workers().filter((worker) => new URL(worker.url()).pathname.endsWith("/worker.js"));
  assert.equal(workers.length, 1, `workers: ${page.workers().map((worker) => worker.url()).join(", ") || "none"}`);
  const heavy = (place) => place.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name.match(/\.(?:onnx|wasm)$/)?.[0]).filter(Boolean).sort());
  assert.deepEqual(await heavy(workers[0]), [".onnx", ".wasm"]);
  assert.deepEqual(await heavy(page), []);
  assert.deepEqual(problems, []);
  await page.context().close();
});

for (const policy of ["the strict policy", "no policy"])
  test(`text that looks like HTML stays text, under ${policy}`, { timeout }, async () => {
    const { page, problems } = await open("/test/pages/all.html", { from: policy === "no policy" ? openSite : site });
    const hostile = '<img src=x onerror="globalThis.hacked=1">';
    await page.evaluate((text) => document.querySelector("lexi-scope").setAttribute("text", text), hostile);
    await explainedAll(page, hostile);
    for (const name of everyElement) {
      await page.locator(name).locator("summary").click();
      await page.locator(name).getByRole("button", { name: "Show as table", exact: true }).click();
      await page.locator(name).getByRole("table").waitFor();
    }
    const look = () =>
      page.evaluate((names) => {
        const images = (root) => [...root.querySelectorAll("*")].reduce((sum, node) => sum + (node.localName === "img") + (node.shadowRoot ? images(node.shadowRoot) : 0), 0);
        const firstColumn = (name) => [...document.querySelector(name).shadowRoot.querySelectorAll("tbody tr")].map((row) => row.cells[0].textContent.trim());
        return { images: images(document), hacked: globalThis.hacked, column: Object.fromEntries(names.map((name) => [name, firstColumn(name)])), sentence: document.querySelector("saliency-text").shadowRoot.querySelector("[part=body]").textContent };
      }, everyElement);
    const asked = await look();
    assert.deepEqual([asked.images, asked.hacked], [0, undefined]);
    assert.ok(asked.sentence.includes(hostile), asked.sentence);
    for (const name of everyElement.slice(1)) assert.ok(asked.column[name].join("").replaceAll("\u2011", "").includes(hostile.replaceAll(" ", "")), `${name}: ${asked.column[name].join(" ")}`);

    // the tokenizer cuts the tag into harmless pieces, so: a stored explanation whose tokens and labels are the whole of it
    await page.evaluate(async ([names, text]) => {
      for (const name of names) {
        const element = document.querySelector(name);
        const stored = structuredClone(element.explanation);
        stored.tokens.forEach((token, index) => Object.assign(token, { text, start: index > 1 ? text.length : 0, end: index > 0 ? text.length : 0 }));
        for (const labels of [stored.labels, stored.model.labels, stored.prediction?.labels]) labels?.fill(text);
        if (stored.target) stored.target.label = text;
        stored.provenance.library = stored.model.name = text;
        element.explanation = stored;
        await element.ready;
        await element.updateComplete;
      }
    }, [everyElement, hostile]);
    await page.waitForFunction(
      ([names, start]) => names.every((name) => [...document.querySelector(name).shadowRoot.querySelectorAll("tbody tr")].some((row) => row.cells[0].textContent.trim().startsWith(start))),
      [everyElement, hostile.slice(0, 10)],
    );
    const stored = await look();
    assert.deepEqual([stored.images, stored.hacked], [0, undefined]);
    for (const name of everyElement) {
      const svg = await page.evaluate(async (tag) => (await document.querySelector(tag).toBlob("svg")).text(), name);
      assert.doesNotMatch(svg, /<img/);
      assert.match(svg, /&lt;img src=x/);
    }
    assert.deepEqual(problems, []);
    await page.context().close();
  });

for (const [name, attribute, wrong, right] of [
  ["attention-heatmap", "layer", "99", "0"],
  ["attention-heatmap", "colormap", "pink", "viridis"],
  ["saliency-bars", "method", "magic", "gradient-x-input"],
])
  test(`${attribute}="${wrong}" is an error that names it; ${attribute}="${right}" recovers`, { timeout }, async () => {
    const { page, problems } = await open("/test/pages/all.html");
    await explained(page, name);
    const failure = await page.evaluate(async ([tag, key, value]) => {
      const element = document.querySelector(tag);
      const told = new Promise((resolve) => document.addEventListener("lexi-error", (event) => resolve({ from: event.target.localName, message: event.detail.error.message, code: event.detail.error.code }), { once: true }));
      element.setAttribute(key, value);
      const event = await told;
      await element.updateComplete;
      return { ...event, state: element.state, rejected: await element.ready.then(() => null, (error) => error.message) };
    }, [name, attribute, wrong]);
    assert.equal(failure.from, name);
    assert.equal(failure.state, "error");
    assert.equal(failure.code, "bad-input");
    assert.equal(failure.rejected, failure.message);
    assert.match(failure.message, new RegExp(attribute));
    assert.match(failure.message, new RegExp(`\\b${wrong}\\b`));
    await page.locator(name).getByText(failure.message).waitFor();
    await page.evaluate(([tag, key, value]) => document.querySelector(tag).setAttribute(key, value), [name, attribute, right]);
    await explained(page, name);
    assert.equal(await page.evaluate((tag) => document.querySelector(tag).state, name), "ready");
    assert.equal(await page.locator(name).getByText(failure.message).count(), 0);
    assert.deepEqual(problems, []);
    await page.context().close();
  });

test("a reader types into an editable scope, and every element follows", { timeout }, async () => {
  const { page } = await open("/test/pages/all.html");
  await explained(page, "prediction-bars");
  const box = page.getByRole("textbox").first();
  await box.fill("I hated every minute of it.");
  await page.waitForFunction(() => ["prediction-bars", "saliency-bars", "saliency-text", "attention-heatmap"].every((name) => document.querySelector(name).explanation?.input.text === "I hated every minute of it."), undefined, { timeout });
  const prediction = await explained(page, "prediction-bars");
  assert.equal(prediction.labels[prediction.probabilities.indexOf(Math.max(...prediction.probabilities))], "negative");
  await page.context().close();
});

test("twenty elements share one model: its file is fetched once", { timeout }, async () => {
  const { page, problems } = await open("/test/pages/twenty.html");
  await page.waitForFunction(() => [...document.querySelectorAll("main > *")].length === 20 && [...document.querySelectorAll("main > *")].every((element) => element.state === "ready"), undefined, { timeout });
  assert.equal(requests.filter((url) => url.endsWith(".onnx")).length, 1);
  assert.equal(requests.filter((url) => url.endsWith(".wasm")).length, 1);
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a broken model address shows a plain message and a retry button, and the rest of the page lives", { timeout }, async () => {
  const { page } = await open("/test/pages/broken.html");
  const error = await page.evaluate(() => document.querySelector("saliency-bars").ready.then(() => null, (reason) => ({ code: reason.code, message: reason.message })));
  assert.equal(error.code, "not-found");
  assert.match(error.message, /no-such-folder/);
  assert.equal(await page.evaluate(() => document.querySelector("saliency-bars").state), "error");
  await page.locator("saliency-bars").getByRole("button", { name: /again|retry/i }).click();
  const second = await page.evaluate(() => document.querySelector("saliency-bars").ready.then(() => null, (reason) => reason.code));
  assert.equal(second, "not-found");
  await explained(page, "prediction-bars");
  await page.context().close();
});

test("WebGPU and wasm give the same explanation", { timeout: 300_000 }, async (context) => {
  const gpuBrowser = await chromium.launch({ executablePath: await ensureBrowser(), args: [...flags, ...withGpu] });
  try {
    const { page } = await open("/test/pages/all.html", { launched: gpuBrowser });
    if (!(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter())))) return context.skip("no WebGPU adapter");
    const backends = {};
    for (const backend of ["webgpu", "wasm"]) {
      backends[backend] = await page.evaluate(async (name) => {
        const make = async (tag, attributes) => {
          const element = document.createElement(tag);
          for (const [key, value] of Object.entries({ loading: "eager", model: "sentiment", text: "Not bad.", backend: name, ...attributes })) element.setAttribute(key, value);
          document.body.append(element);
          return element.ready;
        };
        return { attribution: await make("saliency-bars", { method: "gradient-x-input" }), attention: await make("attention-heatmap", { layer: "1", head: "1" }) };
      }, backend);
      assert.equal(backends[backend].attribution.provenance.backend, backend);
    }
    const far = (a, b) => Math.max(...a.map((value, index) => Math.abs(value - b[index])));
    const largest = Math.max(...backends.wasm.attribution.scores.map(Math.abs));
    assert.ok(far(backends.webgpu.attribution.scores, backends.wasm.attribution.scores) <= 1e-3 * largest);
    assert.ok(far(backends.webgpu.attention.weights.flat(), backends.wasm.attention.weights.flat()) <= 1e-4);
  } finally {
    await gpuBrowser.close();
  }
});

test("a stored explanation needs no worker and no runtime", { timeout }, async () => {
  const { page } = await open("/bench/pages/stored.html");
  await explained(page, "attention-heatmap");
  assert.deepEqual(requests.filter((url) => /\.wasm|\.onnx|worker|runtime/.test(url)), []);
  await page.context().close();
});

test("a map by UMAP under the strict policy: the library comes with the package, when it is asked for, and into the worker", { timeout }, async () => {
  const { page, problems } = await open("/test/pages/map.html");
  const byComponents = await explained(page, "example-map");
  assert.equal(byComponents.projection, "pca");
  const scripts = requests.length;
  await page.evaluate(() => document.querySelector("example-map").setAttribute("projection", "umap"));
  await page.waitForFunction(() => document.querySelector("example-map").explanation?.projection === "umap" && document.querySelector("example-map").state === "ready", undefined, { timeout });
  const near = await explained(page, "example-map");
  assert.ok(near.examples.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
  assert.ok(near.quality.some(({ name, value }) => name === "trustworthiness" && value > 0.5));
  assert.ok(requests.slice(scripts).every((url) => url.startsWith(site.url)));
  assert.deepEqual(problems, []);
  await page.context().close();
});
