// The formula of one head where files say it in other ways than one product and one mask: several additions, Where, Max, a batch and its
// heads as one axis, an If around it all. Its parts give the pattern that the model gives.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadModel } from "../../dist/index.js";

const fixtures = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lexiscope-formula-"));
after(() => rmSync(folder, { recursive: true }));

for (const name of ["deberta1-ts17", "deberta-ts14", "xglm-ts17", "mpnet-ts14", "bloom-ts14", "gpt2-ts17-merged"]) {
  test(`${name}: softmax(QKᵀ·scale + mask) is the pattern`, async () => {
    const place = join(folder, name);
    cpSync(fixtures(`fixtures/zoo/${name}`), place, { recursive: true });
    cpSync(fixtures("engine/fixtures/gpt2"), place, { recursive: true, filter: (from) => !/config\.json$|\.onnx$/.test(from) || from.endsWith("tokenizer_config.json") }); // one word an id
    const model = await loadModel(`${place}/`, { backend: "wasm" });
    try {
      for (const [layer, head] of [[0, 0], [1, 3]]) {
        const asked = { text: "from word3 day you", layer, head };
        const { weights } = await model.attention(asked);
        const { query, key, scale, mask } = await model.explain({ kind: "attention-formula", ...asked });
        query.forEach((q, row) => {
          const powers = key.map((k, column) => Math.exp(k.reduce((sum, value, i) => sum + value * q[i], 0) * scale + (mask?.[row][column] ?? 0)));
          const total = powers.reduce((sum, power) => sum + power, 0);
          powers.forEach((power, column) => assert.ok(Math.abs(power / total - weights[row][column]) < 1e-5, `layer ${layer}, head ${head}, ${row} at ${column}`));
        });
      }
      await model.attention({ text: "from word3 day you", layer: 1, head: 0, measure: "value-weighted" }); // values have their four axes too
    } finally {
      await model.dispose();
    }
  });
}
