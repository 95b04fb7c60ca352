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

let browser, site, requests;

before(async () => {
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: flags });
  site = await serve({ headers: { "content-security-policy": strictPolicy } });
});

after(async () => {
  await browser?.close();
  site?.server.close();
});

/** Opens a page; collects violations of the policy, errors of the page and requests. */
async function open(path, { launched = browser, ...options } = {}) {
  const context = await launched.newContext(options);
  const page = await context.newPage();
  const problems = [];
  requests = [];
  page.on("console", (message) => /content security policy|trusted/i.test(message.text()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(site.url + path);
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
