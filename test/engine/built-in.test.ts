/** The built-in model in the engine, against PyTorch's numbers (test/oracle/builtin.py), on both backends. */
import { expect } from "@open-wc/testing";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { LanguageModel } from "../../src/engine/types.js";
import { texts } from "../../bench/texts.js";
import { useRuntime } from "./toys.js";

type Rows = number[][]; // [batch][…]
interface Gradients {
  readonly norm: Rows;
  readonly times_embedding: Rows;
  readonly full?: number[][][]; // [batch][token][width]
}
interface Case {
  readonly name: string;
  readonly texts: string[];
  readonly input_ids: Rows;
  readonly attention_mask: Rows;
  readonly logits: Rows;
  readonly attention?: number[][][][][]; // [batch][layer][head][query][key]
  readonly hidden_norms: number[][][]; // [batch][layer][token]
  readonly gradients: Readonly<Record<string, Gradients>>;
}

const far = (found: ArrayLike<number>, wanted: readonly number[]): number => wanted.reduce((most, value, index) => Math.max(most, Math.abs((found[index] ?? NaN) - value)), 0);
const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const normsOf = (matrix: Float32Array, width: number): number[] => Array.from({ length: matrix.length / width }, (_, token) => Math.hypot(...matrix.subarray(token * width, (token + 1) * width)));

describe("the built-in model against PyTorch", () => {
  let cases: Case[];
  before(async () => {
    useRuntime();
    configure({ worker: false });
    cases = ((await (await fetch("/test/oracle/data/builtin.json")).json()) as { cases: Case[] }).cases;
  });
  after(() => configure({ worker: true }));

  for (const [backend, tolerance] of [["wasm", 1e-4], ["webgpu", 1e-3]] as const) {
    describe(backend, () => {
      let model: LanguageModel;
      before(async () => {
        model = await loadModel("/models/sentiment/", { backend });
      });
      after(() => model.dispose());

      it("ids, logits, hidden states and attention; a padded text gives the numbers of the single text", async () => {
        for (const { name, texts: batch, input_ids, attention_mask, logits, attention, hidden_norms } of cases)
          for (const [row, text] of batch.entries()) {
            const length = attention_mask[row]!.filter(Boolean).length;
            const tokens = await model.tokenize({ text });
            expect(tokens.map(({ id }) => id), name).to.deep.equal(input_ids[row]!.slice(0, length));
            expect(far((await model.predict({ text })).logits, logits[row]!), `${name}: logits`).to.be.below(1e-4);
            const { states, width } = await model.hiddenStates({ text, layer: 2 });
            const norms = hidden_norms[row]![2]!.slice(0, length);
            expect(far(normsOf(states, width), norms) / largest(norms), `${name}: hidden states`).to.be.below(tolerance);
            if (!attention) continue;
            for (const [layer, head] of [[0, 0], [3, 5]] as const) {
              const { weights } = await model.attention({ text, layer, head });
              expect(far(weights.flat(), attention[row]![layer]![head]!.flat()), `${name}: attention`).to.be.below(1e-5);
            }
          }
      });

      it("exact gradients, of a class and of a contrast", async () => {
        const errors: number[] = [];
        for (const { texts: batch, attention_mask, gradients } of cases)
          for (const [row, text] of batch.entries())
            for (const [target, { norm, times_embedding, full }] of Object.entries(gradients)) {
              const length = attention_mask[row]!.filter(Boolean).length;
              const { gradient, embeddings, width } = await model.gradient({ text, target });
              const wanted = norm[row]!.slice(0, length);
              errors.push(far(normsOf(gradient, width), wanted) / largest(wanted));
              const products = Array.from({ length }, (_, token) => gradient.subarray(token * width, (token + 1) * width).reduce((sum, value, feature) => sum + value * embeddings[token * width + feature]!, 0));
              const wantedProducts = times_embedding[row]!.slice(0, length);
              errors.push(far(products, wantedProducts) / largest(wantedProducts));
              if (full) errors.push(far(gradient, full[row]!.flat()) / largest(full[row]!.flat()));
            }
        expect(errors.length).to.be.above(20);
        expect(Math.max(...errors)).to.be.below(tolerance);
      });
    });
  }

  it("integrated gradients: a gap of at most 1 % by default, in at most 40 gradients on average, and at 50 fixed nodes on every tenth text", async () => {
    const model = await loadModel("/models/sentiment/", { backend: "wasm" });
    const of = (quality: readonly { name: string; value: number }[], name: string): number => quality.find((entry) => entry.name === name)?.value ?? NaN;
    const counts: number[] = [];
    for (const [index, text] of texts.entries()) {
      const { quality } = await model.attribute({ text, method: "integrated-gradients" });
      expect(of(quality, "completeness-gap"), text).to.be.at.most(0.01);
      counts.push(of(quality, "evaluations"));
      if (index % 10) continue;
      const fixed = await model.attribute({ text, method: "integrated-gradients", options: { rule: "gauss-legendre", steps: 50 } });
      expect(of(fixed.quality, "completeness-gap"), `${text}, 50 nodes`).to.be.at.most(0.01);
    }
    expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).to.be.at.most(40);
    await model.dispose();
  });
});
