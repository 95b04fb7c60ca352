// Bytes of the buffers on a WebGPU device (a software one where there is no other), against the file: after creation, after a prediction with
// attention, after a gradient at 128 tokens. Buffers are counted from createBuffer to destroy; those that are left to the collector count on.
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { ensureBrowser } from "../scripts/ensure-browser.mjs";
import { serve } from "../scripts/serve.mjs";

const flags = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan", "--disable-quic", "--no-first-run"];

/** Runs in the page before anything else. */
function countBuffers() {
  globalThis.gpuBytes = 0;
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    globalThis.gpuBytes += descriptor.size;
    const { destroy } = buffer;
    let there = true;
    buffer.destroy = () => {
      if (there) globalThis.gpuBytes -= descriptor.size;
      there = false;
      destroy.call(buffer);
    };
    return buffer;
  };
}

/** Runs in the page. */
async function measure({ folder, tokens }) {
  const { configure, loadModel } = await import(`${folder}lexiscope.js`);
  configure({ worker: false, runtime: "/runtime/" });
  const model = await loadModel(folder, { backend: "webgpu" });
  const { backend, backendReason } = await model.describe();
  if (backend !== "webgpu") throw new Error(`no WebGPU: ${backendReason}`);
  let text = "good";
  while ((await model.tokenize({ text })).length < tokens) text += " good";
  const seen = [globalThis.gpuBytes];
  await model.attention({ text });
  seen.push(globalThis.gpuBytes);
  await model.gradient({ text });
  seen.push(globalThis.gpuBytes);
  return seen;
}

/** @param {{folder: string, bytes: number}} model a folder of the repository, and the size of its file */
export async function benchGpu({ folder, bytes }) {
  await build({ entryPoints: ["src/index.ts"], outfile: `${folder}lexiscope.js`, bundle: true, format: "esm", target: "es2022", logLevel: "warning" });
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: flags });
  const { server, url } = await serve();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.addInitScript(countBuffers);
    await page.goto(`${url}/bench/pages/empty.html`);
    const seen = await page.evaluate(measure, { folder: `/${folder}`, tokens: 128 });
    const [created, predicted, differentiated] = seen.map((count) => count / bytes);
    return [{ model: "BERT-like", "file MiB": bytes / 2 ** 20, "buffers after creation ÷ file": created, "after a prediction ÷ file": predicted, "after a gradient ÷ file": differentiated }];
  } finally {
    server.close();
    await browser.close();
  }
}
