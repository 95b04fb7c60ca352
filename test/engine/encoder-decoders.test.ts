/** Encoder–decoders against PyTorch: both texts, three kinds of attention, one gradient for both lookups; as one graph and as two files. */
import { expect, fixture, waitUntil } from "@open-wc/testing";
import "../../src/define.js";
import type { AttentionHeatmap } from "../../src/elements/attention-heatmap/attention-heatmap.js";
import { configure, locateModel } from "../../src/engine/locations.js";
import { loadLocalModel } from "../../src/engine/load-local-model.js";
import type { LocalModel } from "../../src/engine/local-model.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { BackendName, LanguageModel } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import type { AttentionExplanation } from "../../src/explanation/types.js";
import type { PlacedToken } from "../../src/state/scope.js";
import { type Coded, decoded, loadJson } from "../zoo.js";
import { difference, useRuntime } from "./toys.js";

/** The second case of every file: one pair of texts. */
const input = { text: "from word3 day you", textPair: "fire that" };
const PARTS = ["self", "decoder", "cross"] as const;
const HEADS = 4;

interface Case {
  readonly inputs: Readonly<Record<"input_ids" | "decoder_input_ids", number[][]>>;
  readonly target: { readonly index: number };
  readonly logits: Coded;
  readonly lookup: Readonly<Record<"encoder" | "decoder", Coded>>;
  readonly gradient: Readonly<Record<"encoder" | "decoder", Coded>>;
  readonly attention: Readonly<Record<(typeof PARTS)[number], readonly Coded[]>>;
}

const both = ({ encoder, decoder }: Readonly<Record<"encoder" | "decoder", Coded>>): Float32Array => Float32Array.of(...decoded(encoder).data, ...decoded(decoder).data);
const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);

const FILES = ["t5-ts14", "t5-dyn18", "t5-two-files", "bart-ts17", "bart-ts17-sdpa", "bart-two-files"];
const places: readonly (readonly [BackendName, readonly string[], number])[] = [["wasm", FILES, 1e-5], ["webgpu", ["t5-ts14", "bart-ts17-sdpa"], 1e-4]];

for (const [backend, files, tolerance] of places) {
  for (const file of files) {
    describe(`encoder–decoder ${file} on ${backend}`, function () {
      this.timeout(60_000);
      let model: LanguageModel;
      let wanted: Case;
      before(async () => {
        useRuntime();
        configure({ worker: false });
        wanted = (await loadJson<{ cases: Case[] }>(`/test/fixtures/zoo/${file}/numbers.json`)).cases[1]!;
        model = await loadModel(`/test/fixtures/zoo/${file}/`, { backend });
      });
      after(async () => {
        await model.dispose();
        configure({ worker: true });
      });

      it("is one, with two lookups and a gradient", async () => {
        const { kind, gradient, layers, heads, anatomy } = await model.describe();
        expect({ kind, gradient, layers, heads, causal: anatomy.causal }).to.deep.equal({ kind: "encoder-decoder", gradient: "exact", layers: 2, heads: HEADS, causal: true });
        expect([anatomy.embeddings?.ids, anatomy.decoder?.ids]).to.deep.equal(["input_ids", "decoder_input_ids"]);
        expect(anatomy.attention.map(({ part, layer }) => `${part} ${layer}`).sort()).to.deep.equal(PARTS.flatMap((part) => [`${part} 0`, `${part} 1`]).sort());
        expect(anatomy.missing).to.deep.equal([]);
      });

      it("reads the texts as the model was trained to", async () => {
        const tokens = await model.tokenize(input);
        expect(tokens.map(({ id }) => id)).to.deep.equal([...wanted.inputs.input_ids[0]!, ...wanted.inputs.decoder_input_ids[0]!]);
        expect(tokens.map(({ segment }) => segment)).to.deep.equal([0, 0, 0, 0, 1, 1, 1]);
        expect(tokens.filter(({ segment, special }) => segment === 1 && !special).map(({ start, end }) => input.textPair.slice(start, end))).to.deep.equal(["fire", "that"]);
      });

      it("gives PyTorch's next token, patterns of each part, lookups and gradients", async () => {
        const last = decoded(wanted.logits).data.slice(-100);
        const prediction = await model.predict(input);
        expect(difference(prediction.logits, Array.from(last).sort((a, b) => b - a).slice(0, 10))).to.be.below(tolerance);
        for (const part of PARTS)
          for (const layer of [0, 1])
            for (const head of [0, 3]) {
              const found = await model.attention({ ...input, attention: part, layer, head });
              const pattern = decoded(wanted.attention[part][layer]!);
              const size = pattern.data.length / HEADS;
              const weights = found.weights.flat();
              expect(weights).to.have.length(size);
              expect(Math.max(...weights.map((weight, index) => Math.abs(weight - pattern.data[head * size + index]!))), `${part} ${layer} ${head}`).to.be.below(tolerance);
              expect([found.queries, found.keys]).to.deep.equal([part === "self" ? [0, 1, 2, 3] : [4, 5, 6], part === "decoder" ? [4, 5, 6] : [0, 1, 2, 3]]);
              expect(found.causal).to.equal(part === "decoder");
              expect(parseExplanation(found)).to.equal(found);
            }
        const found = await model.gradient({ ...input, target: String(wanted.target.index) });
        expect(difference(found.embeddings, both(wanted.lookup))).to.be.below(1e-6);
        expect(difference(found.gradient, both(wanted.gradient))).to.be.below(backend === "wasm" ? 1e-4 : 1e-3);
        expect(Math.abs(found.value - last[wanted.target.index]!)).to.be.below(1e-4);
      });

      it("explains the next token by both texts", async () => {
        const found = await model.attribute({ ...input, method: "integrated-gradients" });
        expect(found.scores).to.have.length(7);
        expect(found.quality.find(({ name }) => name === "completeness-gap")!.value).to.be.below(0.02);
        const shapley = await model.attribute({ ...input, method: "exact-shapley", target: String(found.target.index), options: { mask: "mask" } });
        for (const asked of [model.predict({ text: "", textPair: "fire" }), model.attribute({ ...input, method: "exact-shapley", options: { mask: "delete" } })]) {
          expect((await failure(asked) as Error).message, "nothing is left to read").to.match(/^(the text is empty|nothing is left of this text)/);
        }
        const alone = await model.attribute({ ...input, method: "occlusion", target: String(found.target.index), options: { baseline: "mask" } });
        const without = await model.gradient({ text: "from [MASK] day you", textPair: "fire that", target: String(found.target.index) });
        expect(alone.scores[1]).to.be.closeTo(found.value! - without.value, 1e-3);
        const sum = shapley.scores.reduce((total, score) => total + score, 0);
        expect(sum).to.be.closeTo(shapley.value! - shapley.baselineValue!, 1e-3);
      });

      it("hidden states of both streams; nothing written yet is the start token alone", async () => {
        const [read, written] = [await model.hiddenStates({ ...input, layer: 1 }), await model.hiddenStates({ ...input, layer: 1, attention: "decoder" })];
        expect([read.tokens.length, read.states.length, written.tokens.length, written.states.length]).to.deep.equal([4, 128, 3, 96]);
        const tokens = await model.tokenize({ text: input.text });
        expect(tokens).to.have.length(5);
        expect(tokens[4]).to.include({ special: true, segment: 1, start: 0, end: 0 });
        expect((await model.predict({ text: input.text })).probabilities).to.have.length(10);
      });
    });
  }
}

describe("<attention-heatmap> of an encoder–decoder", function () {
  this.timeout(30_000);
  const cross = async (attributes: Readonly<Record<string, string>> = {}): Promise<AttentionHeatmap> => {
    const home = await fixture<HTMLElement>("<div></div>");
    const made: AttentionHeatmap = document.createElement("attention-heatmap");
    const asked = { loading: "eager", backend: "wasm", lang: "en", model: "/test/fixtures/zoo/t5-ts14/", text: input.text, "text-pair": input.textPair, layer: "0", head: "1", attention: "cross", ...attributes };
    for (const [name, value] of Object.entries(asked)) made.setAttribute(name, value);
    home.append(made);
    await made.ready;
    await waitUntil(() => made.shadowRoot!.querySelector("canvas")?.getAttribute("aria-label")?.includes(". "), "no hand", { timeout: 8000 });
    return made;
  };
  before(() => {
    useRuntime();
    configure({ worker: false });
  });
  after(() => configure({ worker: true }));

  it("rows are what is written, columns what is read, in picture, table, CSV and under the hand", async () => {
    const made = await cross();
    const { weights, tokens, queries } = made.explanation!;
    expect([weights.length, weights[0]!.length]).to.deep.equal([3, 4]);
    expect(made.shadowRoot!.querySelector("canvas")!.getAttribute("aria-label")).to.match(/^Where layer 0, head 1 looks \(cross\)\. /);
    const table = await (made as unknown as { table(explanation: AttentionExplanation): Promise<{ head: string[]; rows: string[][] }> }).table(made.explanation!);
    expect(table.head.slice(1)).to.deep.equal(["from", "word3", "day", "you"]);
    expect(table.rows.map(([first]) => first)).to.deep.equal(["[PAD]", "fire", "that"]);
    const csv = await (await made.toBlob("csv")).text();
    expect(csv.split("\r\n").slice(0, 3).map((line) => line.split(",")[0])).to.deep.equal(["query \\ key", "[PAD]", "fire"]);
    const canvas = made.shadowRoot!.querySelector("canvas")!;
    canvas.focus();
    for (const key of ["ArrowRight", "End", "PageDown"]) canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await made.updateComplete;
    expect(made.shadowRoot!.querySelector(".said")!.textContent).to.match(/that.*you/);
    const chosen: PlacedToken[][] = [];
    made.addEventListener("lexi-select", (event) => chosen.push([...event.detail.tokens]));
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })); // the row's token
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey: true, bubbles: true })); // and the column's
    expect(chosen.map((each) => each.map(({ index }) => index))).to.deep.equal([[queries![2]], [queries![2], 3]]);
    expect(chosen[0]![0]).to.deep.equal({ ...tokens[queries![2]!]!, index: queries![2] });
    const picture = await (await made.toBlob("svg")).text();
    for (const token of ["fire", "that", "from", "you"]) expect(picture).to.contain(`>${token}<`);
  });

  it("hides special tokens on each side; Chinese; another part by attribute; a stored one is not taken for another", async () => {
    const made = await cross({ "special-tokens": "hide", lang: "zh" });
    expect(made.shadowRoot!.querySelector("canvas")!.getAttribute("aria-label")).to.contain("（交叉）");
    const stored = made.explanation!;
    made.attention = "decoder";
    const decoder = await made.ready;
    expect(decoder.weights.map((each) => each.length)).to.deep.equal([3, 3, 3]);
    made.setAttribute("attention", "sideways");
    expect((await failure(made.ready) as Error).message).to.equal('attention="sideways" is not possible; use self, decoder, cross');
    const home = await fixture<AttentionHeatmap>("<attention-heatmap loading='eager' attention='self'></attention-heatmap>");
    home.explanation = stored;
    expect((await failure(home.ready) as Error).message).to.equal('attention="self" is not stored here (cross is); give a model');
    home.removeAttribute("attention");
    expect(await home.ready).to.equal(stored);
  });
});

describe("parts of attention where there is one text", () => {
  it("are refused by name", async () => {
    useRuntime();
    const model = await loadModel("/test/engine/fixtures/gpt2/", { backend: "wasm" });
    expect(await failure(model.attention({ text: "from", attention: "cross", layer: 0, head: 0 }))).to.include({ code: "bad-input" });
    expect((await model.attention({ text: "from", attention: "self", layer: 0, head: 0 })).weights).to.deep.equal([[1]]);
    await model.dispose();
  });
});

describe("encoder–decoder: texts of different lengths together", () => {
  it("padding leaks into neither text", async () => {
    useRuntime();
    configure({ worker: false });
    for (const file of ["t5-ts14", "bart-ts17-sdpa"]) {
      const model = (await loadLocalModel(await locateModel(`/test/fixtures/zoo/${file}/`), { backend: "wasm" }, false, "")) as LocalModel;
      const texts = [input, { text: "tree star dull new not at never", textPair: "dark" }, { text: "old", textPair: "at they big beautifully old" }];
      const together = await model.logitsOfMany(texts);
      for (const [index, text] of texts.entries()) expect(difference(together[index]!, (await model.logitsOfMany([text]))[0]!)).to.be.below(1e-5);
      await model.dispose();
    }
    configure({ worker: true });
  });
});
