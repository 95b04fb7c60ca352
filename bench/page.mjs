// In a real browser: time from navigation to the picture (stored and live, cold and with warm caches), bytes on the wire, longest task of the page's thread.
import { chromium } from "playwright-core";
import { ensureBrowser } from "../scripts/ensure-browser.mjs";
import { serve } from "../scripts/serve.mjs";
import { median } from "./median.mjs";

const flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** One visit in a fresh page of the context. */
async function visit(context, url, elements) {
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  client.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto(url);
  await page.waitForFunction((names) => globalThis.lexiscopeBench.errors.length > 0 || names.every((name) => name in globalThis.lexiscopeBench.pictures), elements, { timeout: 120_000 });
  const seen = await page.evaluate(() => globalThis.lexiscopeBench);
  await page.close();
  if (seen.errors.length) throw new Error(`${url}: ${seen.errors[0]}`);
  return { milliseconds: Math.max(...elements.map((name) => seen.pictures[name])), longestTask: seen.longestTask, bytes };
}

export async function benchPages({ repeats = 5 } = {}) {
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: flags });
  const { server, url } = await serve();
  const pages = [
    { what: "stored explanation", path: "/bench/pages/stored.html", elements: ["attention-heatmap"] },
    { what: "live, gradient and attention", path: "/bench/pages/live.html", elements: ["saliency-bars", "attention-heatmap"] },
  ];
  try {
    const rows = [];
    for (const { what, path, elements } of pages) {
      const cold = [];
      const warm = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const context = await browser.newContext();
        cold.push(await visit(context, url + path, elements));
        warm.push(await visit(context, url + path, elements));
        await context.close();
      }
      for (const [cache, visits] of [["cold", cold], ["warm", warm]]) {
        const of = (field) => Math.round(median(visits.map((one) => one[field])));
        rows.push({ page: what, cache, "ms to picture": of("milliseconds"), "longest page task, ms": of("longestTask"), "kB over the wire of the page's thread": Math.round(of("bytes") / 1000) });
      }
    }
    return rows;
  } finally {
    server.close();
    await browser.close();
  }
}
