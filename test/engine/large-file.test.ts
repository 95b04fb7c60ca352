/** Files that are read in parts answer as those that are read whole: from the network and from the cache, in a worker. */
import { expect } from "@open-wc/testing";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import { bert, gpt2, gptText, text, useRuntime } from "./toys.js";

describe("large files in a worker", function () {
  this.timeout(30_000);
  after(() => configure({ largeFile: 64 * 2 ** 20, cache: false }));

  for (const cache of [false, true]) {
    it(`are read in parts${cache ? ", also from the cache" : ""}`, async () => {
      useRuntime();
      configure({ worker: false, largeFile: Infinity });
      const whole = await loadModel(bert, { backend: "wasm" });
      configure({ worker: true, largeFile: 50_000, cache });
      for (let visit = 0; visit < (cache ? 2 : 1); visit++) {
        const parts = await loadModel(bert, { backend: "wasm" });
        const description = await parts.describe();
        expect(description, "in parts: no hash").to.include({ inWorker: true, gradient: "exact", hash: "" });
        expect((await parts.predict({ text })).logits).to.deep.equal((await whole.predict({ text })).logits);
        expect((await parts.gradient({ text })).gradient).to.deep.equal((await whole.gradient({ text })).gradient);
        await parts.dispose();
      }
      await whole.dispose();
    });
  }

  it("come whole where their hash is to be checked", async () => {
    useRuntime();
    configure({ worker: true, largeFile: Infinity });
    const whole = await loadModel(gpt2, { backend: "wasm" });
    const { hash } = await whole.describe();
    configure({ largeFile: 50_000 });
    const checked = await loadModel(gpt2, { backend: "wasm", integrity: hash });
    expect((await checked.describe()).hash).to.equal(hash);
    expect((await checked.predict({ text: gptText })).logits).to.deep.equal((await whole.predict({ text: gptText })).logits);
    await Promise.all([whole.dispose(), checked.dispose()]);
  });
});
