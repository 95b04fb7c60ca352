// Loading over real HTTP: the hub's layout, redirects, and everything that a server can answer instead of a model.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const model = readFileSync(join(root, "test/fixtures/zoo/bert-ts17/model.onnx"));
const config = readFileSync(join(root, "test/fixtures/zoo/bert-ts17/config.json"));
const hash = createHash("sha256").update(model).digest("hex");

let folder, library, server, origin;
/** path → answer; every request is logged in `asked` */
const asked = [];
const closed = [];
const send = (type, body) => (_, response) => response.writeHead(200, { "content-type": type, "content-length": body.length }).end(body);
const octets = "application/octet-stream";
const page = send("text/html", Buffer.from("<!doctype html><title>app</title>"));
const hub = (name, file) => `/tiny/${name}/resolve/main/${file}`;

const routes = {
  [hub("whole", "onnx/model.onnx")]: send(octets, model),
  [hub("whole", "config.json")]: send("application/json", config),
  [hub("root", "model.onnx")]: send(octets, model),
  [hub("moved", "onnx/model.onnx")]: (_, response) => response.writeHead(302, { location: "/blobs/model" }).end(),
  "/blobs/model": send(octets, model),
  [hub("cut", "onnx/model.onnx")]: (_, response) => {
    response.writeHead(200, { "content-type": octets, "content-length": model.length });
    response.write(model.subarray(0, 5000), () => setTimeout(() => response.destroy(), 20));
  },
  [hub("page", "onnx/model.onnx")]: page,
  [hub("page", "model.onnx")]: page,
  [hub("page", "config.json")]: page,
  [hub("text", "onnx/model.onnx")]: send(octets, Buffer.from("this is a text file, and no model at all")),
  [hub("pointer", "onnx/model.onnx")]: send(octets, Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")),
  [hub("broken", "onnx/model.onnx")]: (_, response) => response.writeHead(503).end(),
  [hub("badjson", "onnx/model.onnx")]: send(octets, model),
  [hub("badjson", "config.json")]: send("application/json", Buffer.from("{ not json")),
  [hub("slow", "onnx/model.onnx")]: (request, response) => {
    response.writeHead(200, { "content-type": octets, "content-length": model.length });
    response.write(model.subarray(0, 1000));
    response.on("close", () => closed.push(request.url));
  },
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "loading-"));
  const source = `
    export * from "${root}src/engine/model-files.ts"; export * from "${root}src/engine/locations.ts";
    export * from "${root}src/engine/shared-task.ts"; export * from "${root}src/engine/lock.ts"; export * from "${root}src/engine/download.ts";`;
  writeFileSync(join(folder, "entry.ts"), source);
  await build({ entryPoints: [join(folder, "entry.ts")], bundle: true, platform: "node", format: "esm", outfile: join(folder, "library.mjs"), logLevel: "error" });
  library = await import(pathToFileURL(join(folder, "library.mjs")).href);
  server = createServer((request, response) => {
    asked.push(request.url);
    const route = routes[request.url];
    if (route) route(request, response);
    else response.writeHead(404, { "content-type": "text/plain" }).end("not found");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  library.configure({ hub: origin });
});

after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const load = async (name, options) => library.fetchModelFiles(await library.locateModel(`hf:tiny/${name}`), options);
const fails = async (promise, code, pattern) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, "LexiscopeError");
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    return true;
  });

test("the hub's layout: model, config, hash, and progress that ends at the whole", async () => {
  const steps = [];
  const files = await load("whole", { onProgress: (step) => steps.push(step), integrity: hash });
  assert.equal(files.bytes.length, model.length);
  assert.equal(files.hash, hash);
  assert.equal(files.config.model_type, "bert");
  assert.equal(files.tokenizer, null);
  assert.deepEqual(steps.at(-1), { phase: "download", loaded: model.length, total: model.length });
  assert.ok(steps.every((step, index) => index === 0 || step.loaded >= steps[index - 1].loaded), "progress never goes back");
});

test("model.onnx beside config.json, when there is no onnx folder", async () => {
  assert.equal((await load("root")).url, `${origin}${hub("root", "model.onnx")}`);
});

test("a redirect is followed", async () => {
  assert.equal((await load("moved")).bytes.length, model.length);
});

test("404 names every address that was tried", () => fails(load("absent"), "not-found", /absent.*onnx\/model\.onnx.*model\.onnx/));
test("a cut connection says after how many bytes", () => fails(load("cut"), "network", /cut after 5000 of \d+ bytes/));
test("a web page instead of the model", () => fails(load("page"), "network", /web page instead of the file/));
test("text instead of the model", () => fails(load("text"), "bad-model", /./));
test("a Git LFS pointer", () => fails(load("pointer"), "bad-model", /git lfs pull/));
test("a server error", () => fails(load("broken"), "network", /503/));
test("config.json that is not JSON", () => fails(load("badjson"), "network", /not JSON: .*config\.json/));
test("wrong integrity", () => fails(load("whole", { integrity: "00ff" }), "bad-model", /expected 00ff/));
test("no server at all", async () => {
  library.configure({ hub: "http://127.0.0.1:9" });
  await fails(load("whole"), "network", /no answer/);
  library.configure({ hub: origin });
});

test("a slow download is cancelled at once", async () => {
  const abort = new AbortController();
  const loading = load("slow", { signal: abort.signal, onProgress: ({ loaded }) => loaded >= 1000 && abort.abort() });
  await fails(loading, "aborted", /nobody waits/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(closed.length, 1, "the server saw the connection close");
});

test("equal loads are one download; it is cancelled when the last waiter goes", async () => {
  const before = asked.length;
  const tasks = new library.SharedTasks();
  const start = (signal, onProgress) => load("slow", { signal, onProgress });
  const [first, second] = [new AbortController(), new AbortController()];
  const one = tasks.run("slow", start, { signal: first.signal });
  let begun;
  const arrived = new Promise((resolve) => (begun = resolve));
  const two = tasks.run("slow", start, { signal: second.signal, onProgress: ({ loaded }) => loaded >= 1000 && begun() });
  await arrived;
  assert.equal(asked.slice(before).filter((url) => url.endsWith("model.onnx")).length, 1);
  const already = closed.length;
  first.abort();
  await fails(one, "aborted", /nobody waits/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(closed.length, already, "still wanted by the second");
  second.abort();
  await fails(two, "aborted", /nobody waits/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(closed.length, already + 1);
});

test("a folder of this machine", async () => {
  const files = await library.fetchModelFiles(await library.locateModel(join(root, "test/fixtures/zoo/bert-ts17")));
  assert.equal(files.hash, hash);
  await fails(library.fetchModelFiles(await library.locateModel(join(root, "test/fixtures/zoo/none"))), "not-found", /no such file/);
});

test("where references lead", async () => {
  const { locateModel, packageRoot, defaultRuntimeFolder, configure } = library;
  assert.deepEqual((await locateModel("hf:o/n@v1")).candidates, ["onnx/model.onnx", "model.onnx", "onnx/encoder_model.onnx", "encoder_model.onnx"].map((file) => `${origin}/o/n/resolve/v1/${file}`));
  configure({ models: "https://x.test/m" });
  assert.equal((await locateModel("sentiment")).folder, "https://x.test/m/sentiment/");
  const file = await locateModel("https://x.test/a/onnx/model_quantized.onnx");
  assert.deepEqual([file.folder, file.candidates], ["https://x.test/a/", ["https://x.test/a/onnx/model_quantized.onnx"]]);
  await fails(locateModel("hf:nonsense"), "bad-input", /hf:owner\/name/);
  await fails(locateModel(" "), "bad-input", /no model/);
  const cases = [
    ["https://cdn.test/npm/lexiscope@0.1.0/cdn/lexiscope.js", "https://cdn.test/npm/onnxruntime-web@1.30.0/dist/"],
    ["http://a.test/node_modules/lexiscope/dist/engine/locations.js", "http://a.test/node_modules/onnxruntime-web/dist/"],
    ["http://a.test/dist/src/engine/locations.ts", "http://a.test/dist/runtime/"],
    ["http://a.test/lexi/cdn/lexiscope.js", "http://a.test/lexi/runtime/"],
  ];
  for (const [module, runtime] of cases) assert.equal(defaultRuntimeFolder(packageRoot(module)), runtime);
});

test("the lock runs one task at a time, in order, and lets go of those who leave", async () => {
  const lock = new library.Lock();
  const log = [];
  let inside = 0;
  const task = (name) => async () => {
    assert.equal(++inside, 1, "two at once");
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(name);
    inside--;
  };
  const abort = new AbortController();
  const first = lock.run(task("a"));
  const gone = lock.run(task("never"), abort.signal);
  const failing = lock.run(() => Promise.reject(new Error("b")));
  const last = lock.run(task("c"));
  abort.abort();
  await fails(gone, "aborted", /nobody waits/);
  await assert.rejects(failing, /b/);
  await Promise.all([first, last]);
  assert.deepEqual(log, ["a", "c"]);
});
