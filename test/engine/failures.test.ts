/** What goes wrong, and what then still works: lost device, refused worker, broken runtime, absent files, leaving early. */
import { expect } from "@open-wc/testing";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import { LocalEngine } from "../../src/engine/local-engine.js";
import { startWorkerEngine } from "../../src/engine/worker-engine.js";
import type { Progress } from "../../src/engine/types.js";
import { bert, difference, text, useRuntime } from "./toys.js";

const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => "no error", (error: unknown) => error);

/** Runs `test` with the devices that are asked for meanwhile. */
async function withDevices(test: (devices: GPUDevice[]) => Promise<void>): Promise<void> {
  const devices: GPUDevice[] = [];
  const original = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...options) {
    const device = await original.apply(this, options);
    devices.push(device);
    return device;
  };
  try {
    await test(devices);
  } finally {
    GPUAdapter.prototype.requestDevice = original;
  }
}

describe("engine: failures", () => {
  before(useRuntime);
  afterEach(() => configure({ worker: true }));

  it("makes a new session when the graphics device is lost", () =>
    withDevices(async (devices) => {
      configure({ worker: false });
      const model = await loadModel(bert, { backend: "webgpu" });
      const before = await model.predict({ text });
      expect(devices).to.have.length(1);
      devices[0]!.destroy();
      await devices[0]!.lost;
      expect(difference((await model.predict({ text })).logits, before.logits)).to.be.below(1e-6);
      expect(devices).to.have.length(2);
      devices[1]!.destroy(); // lost in the middle of questions
      const found = await Promise.all([model.attention({ text, layer: 0, head: 0 }), model.gradient({ text }), model.predict({ text })]);
      expect(difference(found[2].logits, before.logits)).to.be.below(1e-6);
      await model.dispose();
    }));

  it("one device a model, destroyed with it", () =>
    withDevices(async (devices) => {
      configure({ worker: false });
      const [one, two] = await Promise.all([loadModel(bert, { backend: "webgpu" }), loadModel(bert, { backend: "webgpu" })]);
      expect(devices, "equal loads are one").to.have.length(1);
      await one.dispose();
      expect((await two.predict({ text })).labels).to.have.length(3);
      expect(await thrown(one.predict({ text }))).to.include({ code: "bad-input" });
      await two.dispose();
      await devices[0]!.lost;
    }));

  it("computes on the page's thread when workers are refused, and says why", async () => {
    const Original = globalThis.Worker;
    configure({ worker: false });
    const reference = await loadModel(bert, { backend: "wasm" });
    class Refused {
      constructor() {
        throw new DOMException("refused by the policy", "SecurityError");
      }
    }
    try {
      globalThis.Worker = Refused as unknown as typeof Worker;
      expect(await thrown(startWorkerEngine())).to.include({ message: "refused by the policy" });
    } finally {
      globalThis.Worker = Original;
    }
    const engine = new LocalEngine(false, "computed on the page's thread: refused by the policy");
    const { handle, description } = await engine.call("load", { reference: new URL(bert, location.href).href, backend: "wasm" });
    expect(description).to.include({ inWorker: false, backendReason: "computed on the page's thread: refused by the policy" });
    expect((await engine.call("predict", { handle, text })).logits).to.deep.equal((await reference.predict({ text })).logits);
    await engine.call("dispose", { handle });
    await reference.dispose();
  });

  it("a worker whose script does not load is a refusal, not a hang", async () => {
    const Original = globalThis.Worker;
    class Misled extends Original {
      constructor(_: string | URL, options?: WorkerOptions) {
        super("/no/such/worker.js", options);
      }
    }
    try {
      globalThis.Worker = Misled;
      expect(await thrown(startWorkerEngine())).to.include({ code: "unsupported" });
    } finally {
      globalThis.Worker = Original;
    }
  });

  it("a worker started from a blob, as on a CDN, answers", async () => {
    const Original = globalThis.Worker;
    class Blobbed extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        const source = new Blob([`import ${JSON.stringify(new URL(url, location.href).href)};`], { type: "text/javascript" });
        super(URL.createObjectURL(source), options);
      }
    }
    try {
      globalThis.Worker = Blobbed;
      const engine = await startWorkerEngine();
      const { handle, description } = await engine.call("load", { reference: new URL(bert, location.href).href, backend: "wasm" });
      expect(description.inWorker).to.equal(true);
      expect((await engine.call("predict", { handle, text })).labels).to.have.length(3);
    } finally {
      globalThis.Worker = Original;
    }
  });

  it("auto takes wasm when the only adapter is a software one, and says so", async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const software = /swiftshader/i.test(`${adapter?.info.architecture} ${adapter?.info.description}`);
    const model = await loadModel(bert);
    const { backend, backendReason } = await model.describe();
    if (software) expect({ backend, backendReason }).to.deep.equal({ backend: "wasm", backendReason: "the only graphics adapter is a software one" });
    else expect(backend).to.equal("webgpu");
    await model.dispose();
  });

  it("wasm stands in where there is no adapter", async () => {
    configure({ worker: false });
    const original = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = () => Promise.resolve(null);
    try {
      const model = await loadModel(bert, { backend: "webgpu" });
      expect(await model.describe()).to.include({ backend: "wasm", backendReason: "WebGPU found no graphics adapter" });
      expect((await model.predict({ text })).provenance.backend).to.equal("wasm");
      await model.dispose();
    } finally {
      GPU.prototype.requestAdapter = original;
    }
  });

  it("a runtime that cannot be loaded is an error; the right place then works", async () => {
    configure({ runtime: "/no/runtime/here/" });
    const engine = await startWorkerEngine(); // a fresh worker, that has loaded nothing yet
    const reference = new URL(bert, location.href).href;
    const error = await thrown(engine.call("load", { reference, backend: "wasm" }));
    expect(error).to.include({ code: "runtime" });
    expect((error as Error).message).to.match(/cannot load onnxruntime-web from .*\/no\/runtime\/here\//);
    useRuntime();
    const again = await startWorkerEngine();
    expect((await again.call("load", { reference, backend: "wasm" })).description.backend).to.equal("wasm");
  });

  it("a wasm file that fails once does not break the page", async () => {
    configure({ worker: false });
    const original = globalThis.fetch;
    const { renewRuntime, getRuntime } = await import("../../src/engine/runtime.js");
    await renewRuntime(await getRuntime("cpu"));
    await renewRuntime(await getRuntime("cpu")); // both builds that earlier tests have loaded
    globalThis.fetch = (input, init) => (/\.wasm/.test(String(input instanceof Request ? input.url : input)) ? Promise.reject(new TypeError("cut")) : original(input, init));
    try {
      expect(await thrown(loadModel(bert, { backend: "wasm", integrity: await hashOf(bert) }))).to.include({ code: "runtime" });
    } finally {
      globalThis.fetch = original;
    }
    const model = await loadModel(bert, { backend: "wasm", integrity: await hashOf(bert) });
    expect((await model.predict({ text })).labels).to.have.length(3);
    await model.dispose();
  });

  it("a wasm file that fails once costs no gradient", async () => {
    configure({ worker: false });
    const original = globalThis.fetch;
    const { renewRuntime, getRuntime } = await import("../../src/engine/runtime.js");
    await renewRuntime(await getRuntime("cpu"));
    let cuts = 0;
    globalThis.fetch = (input, init) => (/\.wasm/.test(String(input instanceof Request ? input.url : input)) && cuts++ < 2 ? Promise.reject(new TypeError("cut")) : original(input, init));
    try {
      const model = await loadModel(bert, { backend: "wasm", integrity: await hashOf(bert) });
      expect(cuts).to.be.above(2); // streaming and not, then again
      expect((await model.describe()).gradient).to.equal("exact");
      await model.dispose();
    } finally {
      globalThis.fetch = original;
    }
  });

  it("an absent model, and a file that is no model", async () => {
    expect(await thrown(loadModel("/test/engine/fixtures/absent/"))).to.include({ code: "not-found" });
    expect(await thrown(loadModel("/test/engine/fixtures/bert/config.json/"))).to.include({ code: "not-found" });
    expect(await thrown(loadModel(bert, { integrity: "00" }))).to.include({ code: "bad-model" });
  });

  it("tells the progress of the download, in bytes, and of the session", async () => {
    const steps: Progress[] = [];
    const model = await loadModel(bert, { backend: "wasm", integrity: await hashOf(bert), onProgress: (step) => steps.push(step) });
    const downloads = steps.filter(({ phase }) => phase === "download");
    const { bytes } = await model.describe();
    expect(downloads.at(-1)).to.include({ loaded: bytes, total: bytes });
    expect(steps.filter(({ phase }) => phase === "session").map(({ loaded }) => loaded)).to.deep.equal([0, 1]);
    await model.dispose();
  });

  it("a load that nobody waits for stops, and is not kept", async () => {
    const abort = new AbortController();
    const loading = loadModel(bert, { backend: "wasm", signal: abort.signal, onProgress: () => abort.abort() });
    expect(await thrown(loading)).to.include({ code: "aborted" });
    const model = await loadModel(bert, { backend: "wasm" });
    expect((await model.predict({ text })).labels).to.have.length(3);
    await model.dispose();
  });

  it("keeps the model in the Cache API, and notices when the server has another", async () => {
    configure({ worker: false, cache: true });
    const url = new URL(`${bert}onnx/model.onnx`, location.href).href;
    await (await caches.open("lexiscope-1")).delete(url);
    const { download } = await import("../../src/engine/download.js");
    const { keptFile } = await import("../../src/engine/file-cache.js");
    const bytes = await download(url, { cache: true });
    for (let wait = 0; wait < 50 && !(await keptFile(url)); wait++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await keptFile(url)).to.deep.equal(bytes);
    const cache = await caches.open("lexiscope-1");
    await cache.put(url, new Response(new Uint8Array(10), { headers: { "content-length": "10", etag: '"other"' } }));
    expect((await download(url, { cache: true })).byteLength).to.equal(bytes.byteLength);
    await caches.delete("lexiscope-1");
    configure({ cache: false });
  });
});

async function hashOf(folder: string): Promise<string> {
  const bytes = await (await fetch(`${folder}onnx/model.onnx`)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
