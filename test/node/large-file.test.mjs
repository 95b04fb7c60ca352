// A large export is read in parts: the same answers, and little more memory than its weights take. Needs dist/ (npm run build).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { configure, loadModel } from "../../dist/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a file read in parts answers as the same file read whole", async () => {
  const bert = join(root, "test/engine/fixtures/bert");
  const whole = await loadModel(bert, { backend: "wasm" });
  configure({ largeFile: 50_000 });
  const parts = await loadModel(`${bert}/`, { backend: "wasm", integrity: (await whole.describe()).hash });
  const text = "the film was not very good";
  const [a, b] = [await whole.describe(), await parts.describe()];
  assert.equal(b.hash, a.hash);
  assert.equal(b.gradient, "exact");
  assert.deepEqual((await parts.predict({ text })).logits, (await whole.predict({ text })).logits);
  assert.deepEqual((await parts.gradient({ text })).gradient, (await whole.gradient({ text })).gradient);
  assert.deepEqual((await parts.attention({ text, layer: 1, head: 2 })).weights, (await whole.attention({ text, layer: 1, head: 2 })).weights);
  await whole.dispose();
  await parts.dispose();
});

// On a machine with more work than cores the collector of garbage comes late: what was needed is the least of a few runs.
test("160 MB load with at most 1.3 times their size of memory", () => {
  const said = [];
  for (let run = 0; run < 3; run++) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bench/large-file.mjs"), "160"], { encoding: "utf8" });
    if (status === 0) return;
    said.push(stdout + stderr);
  }
  assert.fail(said.join(""));
});
