// A model whose weights lie in a file of their own beside it, as exporters write above 2 GB: over HTTP and from a folder.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const original = join(root, "test/engine/fixtures/bert");
const code = join(root, "dist-external-test"); // inside the package, so that onnxruntime-web is found
const input = { text: "the film was not good" };
const location = "model.onnx_data";

let library, folder, server, origin, expected;
const asked = [];

/** Moves every initializer that has bytes into one file. @returns the small graph, the file of weights, and how many moved */
function split(bytes) {
  const model = library.decodeModel(bytes);
  const parts = [Buffer.from("not a weight: data may begin anywhere.")];
  let offset = parts[0].length;
  let moved = 0;
  for (const tensor of model.graph.initializers) {
    if (!tensor.raw || tensor.dtype !== "float32") continue;
    tensor.external = { location, offset, length: tensor.raw.length };
    parts.push(tensor.raw);
    offset += tensor.raw.length;
    tensor.raw = null;
    moved++;
  }
  return { graph: library.encodeModel(model), data: Buffer.concat(parts), moved };
}

before(async () => {
  mkdirSync(code, { recursive: true });
  const source = `export { decodeModel } from "${root}src/onnx/decode.ts"; export { encodeModel } from "${root}src/onnx/encode.ts"; export { loadModel } from "${root}src/engine/load-model.ts";`;
  await build({ stdin: { contents: source, resolveDir: root, loader: "ts" }, bundle: true, platform: "node", format: "esm", outfile: join(code, "library.mjs"), external: ["onnxruntime-web"], logLevel: "error" });
  library = await import(pathToFileURL(join(code, "library.mjs")).href);

  folder = mkdtempSync(join(tmpdir(), "external-"));
  cpSync(original, folder, { recursive: true });
  const file = readFileSync(join(original, "onnx/model.onnx"));
  const { graph, data, moved } = split(file);
  assert.ok(moved > 20, `${moved} tensors moved`);
  assert.ok(graph.length < file.length - data.length * 0.9, "the graph got smaller by its weights");
  writeFileSync(join(folder, "onnx/model.onnx"), graph);
  writeFileSync(join(folder, "onnx", location), data);

  server = createServer((request, response) => {
    asked.push(request.url);
    const path = join(folder, request.url.replace(/^\/split\//, ""));
    if (!existsSync(path)) return response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    return response.writeHead(200, { "content-type": path.endsWith("json") ? "application/json" : "application/octet-stream" }).end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  expected = await answers(original);
});

after(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(code, { recursive: true, force: true });
  if (folder) rmSync(folder, { recursive: true });
});

/** What a model says, and how its gradient explains it. */
async function answers(reference) {
  const model = await library.loadModel(reference, { backend: "wasm" });
  try {
    const { logits, labels } = await model.predict(input);
    const { scores } = await model.attribute({ ...input, method: "gradient-x-input", target: "positive" });
    const { weights } = await model.attention({ ...input, layer: 1, head: 2 });
    const { gradient, bytes } = await model.describe();
    return { labels, gradient, bytes, numbers: [...logits, ...scores, ...weights.flat()] };
  } finally {
    await model.dispose();
  }
}

function assertSame(found) {
  assert.deepEqual(found.labels, expected.labels);
  assert.equal(found.gradient, "exact");
  assert.equal(found.numbers.length, expected.numbers.length);
  found.numbers.forEach((value, index) => assert.ok(Math.abs(value - expected.numbers[index]) <= 1e-6, `number ${index}: ${value}, not ${expected.numbers[index]}`));
}

test("the original says something to compare with", () => {
  assert.equal(expected.gradient, "exact");
  assert.ok(new Set(expected.numbers).size > 30, "the numbers differ from one another");
});

test("from a folder: the same prediction, attribution and attention", async () => assertSame(await answers(folder)));

test("over HTTP: the same; the data file is fetched once, from beside the model", async () => {
  assertSame(await answers(`${origin}/split/`));
  assert.deepEqual(asked.filter((url) => basename(url) === location), [`/split/onnx/${location}`]);
});

test("its size counts the data file", async () => {
  const { bytes } = await answers(folder);
  assert.ok(bytes > expected.bytes * 0.95, `${bytes} of ${expected.bytes}`);
});

test("without the data file the error names it", async () => {
  rmSync(join(folder, "onnx", location));
  for (const reference of [folder, `${origin}/split/`])
    await assert.rejects(library.loadModel(reference, { backend: "wasm" }), (error) => {
      assert.equal(error.code, "not-found");
      assert.match(error.message, /onnx\/model\.onnx_data/);
      return true;
    });
});
