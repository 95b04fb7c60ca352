// In a real browser: time from navigation to the picture (stored and live, cold and with warm caches), bytes on the wire, longest task of the page's
// thread: as it took (what a reader feels, and the machine's other work with it) and in processor time (what is ours).
import { chromium } from "playwright-core";
import { ensureBrowser } from "../scripts/ensure-browser.mjs";
import { serve } from "../scripts/serve.mjs";
import { median } from "./median.mjs";

const flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The longest task of the page's thread in processor time, in milliseconds, from a trace of Chromium. */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const thread = ({ pid, tid }) => `${pid}/${tid}`;
  const own = thread(traceEvents.find(({ name }) => name === "lexi-bench"));
  return Math.max(...traceEvents.filter((event) => /RunTask$/.test(event.name) && event.tdur && thread(event) === own).map(({ tdur }) => tdur / 1000));
}

/** One visit in a fresh page of the context. */
async function visit(context, url, elements) {
  const page = await context.newPage();
  const browser = context.browser();
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  client.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto(url);
  await page.waitForFunction((names) => globalThis.lexiscopeBench.errors.length > 0 || names.every((name) => name in globalThis.lexiscopeBench.pictures), elements, { timeout: 120_000 });
  await page.waitForTimeout(500); // what is loaded in the quiet moment after the picture counts as well
  const seen = await page.evaluate(() => globalThis.lexiscopeBench);
  const processor = longestTask(await browser.stopTracing());
  await page.close();
  if (seen.errors.length) throw new Error(`${url}: ${seen.errors[0]}`);
  return { milliseconds: Math.max(...elements.map((name) => seen.pictures[name])), longestTask: seen.longestTask, processor, bytes };
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
        rows.push({ page: what, cache, "ms to picture": of("milliseconds"), "longest page task, ms": of("longestTask"), "in processor time, ms": of("processor"), "kB over the wire of the page's thread": Math.round(of("bytes") / 1000) });
      }
    }
    return rows;
  } finally {
    server.close();
    await browser.close();
  }
}
