/** Examples in the engine, on the built-in model: vectors against its own hidden states, both lists, influence, stopping and going on, kept and stored vectors. */
import { expect } from "@open-wc/testing";
import { corpusVectors, forgetVectors, hiddenChoice } from "../../src/engine/corpus-vectors.js";
import { textsHash } from "../../src/base/texts-hash.js";
import { corpusTexts } from "../../src/engine/corpus-texts.js";
import { labelIndex } from "../../src/engine/label-index.js";
import { loadLocalModel } from "../../src/engine/load-local-model.js";
import type { LocalModel } from "../../src/engine/local-model.js";
import { locateModel } from "../../src/engine/locations.js";
import { decodeVectors, encodeVectors } from "../../src/engine/vector-file.js";
import type { Progress } from "../../src/engine/types.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { difference, useRuntime } from "./toys.js";

const rows = [
  ["The acting is superb and moving.", "positive"], ["A dull plot and a wooden cast.", "negative"], ["I loved every minute of it.", "positive"], ["Boring from start to end.", "negative"],
  ["The room was clean and quiet.", "positive"], ["The soup was cold and bland.", "negative"], ["剧情拖沓，毫无新意。", "negative"], ["房间干净，服务热情。", "positive"],
  ["Great fun, warmly recommended.", "negative"], ["It crashes all the time.", "negative"], ["Fast, light and reliable.", "positive"], ["", "positive"],
] as const;
const csv = (list: readonly (readonly string[])[]) => ["text,label", ...list.map((row) => row.map((cell) => `"${cell}"`).join(","))].join("\n");
const corpus = (list: readonly (readonly string[])[] = rows, name = "toy.csv") => ({ corpus: name, file: new Blob([csv(list)]), revision: String(list.length) });
const text = "The acting is superb, the plot is dull.";

describe("examples of the built-in model", () => {
  let model: LocalModel;
  before(async () => {
    useRuntime();
    model = (await loadLocalModel(await locateModel("/models/sentiment/"), { backend: "wasm" }, false, "")) as LocalModel;
  });
  after(() => model.dispose());

  it("finds both kinds, nearest first, with the model's own answers, attributions and given labels", async () => {
    const progress: Progress[] = [];
    const found = await model.explain({ kind: "examples", text, ...corpus(), count: 3 }, { onProgress: (one) => void progress.push(one) });
    parseExplanation(JSON.parse(JSON.stringify(found)));
    expect(found.corpus).to.deep.include({ rows: 11, skipped: 1, broken: 0, textColumn: "text", labelColumn: "label" });
    const best = found.prediction.logits.indexOf(Math.max(...found.prediction.logits));
    expect(found.examples.map(({ alike }) => alike)).to.deep.equal([true, true, true, false, false, false]);
    for (const example of found.examples) {
      expect(example.alike).to.equal(example.predicted === best);
      const { labels, probabilities } = await model.predict({ text: example.text });
      expect(example.probability).to.be.closeTo(probabilities[example.predicted]!, 1e-4);
      expect(example.mismatch).to.equal(example.label !== labels[example.predicted]);
      const { scores } = await model.attribute({ text: example.text, method: "gradient-x-input", target: String(found.target.index) });
      expect(difference(example.scores, scores)).to.be.below(1e-4);
    }
    const scores = found.examples.slice(0, 3).map(({ score }) => score);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
    expect(found.nearest.count).to.equal(6);
    expect(found.nearest.same + found.nearest.others.length).to.equal(6);
    const partial = progress.find((one) => one.partial?.kind === "examples")!.partial!;
    expect((partial as typeof found).examples.map(({ text: own }) => own)).to.deep.equal(found.examples.map(({ text: own }) => own));
  });

  it("compares by the mean, or the class token, of the layer that is named", async () => {
    for (const [layer, pooling] of [[3, "mean"], [1, "class"], [-1, "mean"]] as const) {
      const found = await model.explain({ kind: "examples", text, ...corpus(), layer, pooling, count: 1 });
      const vector = async (of: string) => {
        const { states, width } = await model.hiddenStates({ text: of, layer });
        const tokens = states.length / width;
        return Array.from({ length: width }, (_, column) => (pooling === "class" ? states[column]! : Array.from({ length: tokens }, (_, token) => states[token * width + column]!).reduce((sum, value) => sum + value, 0) / tokens));
      };
      const [a, b] = [await vector(text), await vector(found.examples[0]!.text)];
      const dot = (x: number[], y: number[]) => x.reduce((sum, value, index) => sum + value * y[index]!, 0);
      expect(found.examples[0]!.score).to.be.closeTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 1e-4);
    }
  });

  it("the order of the corpus changes nothing but lines, and the text itself is no example", async () => {
    const plain = await model.explain({ kind: "examples", text: rows[0][0], ...corpus(), count: 4 });
    const turned = await model.explain({ kind: "examples", text: rows[0][0], ...corpus([...rows].reverse(), "turned.csv"), count: 4 });
    expect(turned.examples.map(({ text: own }) => own)).to.deep.equal(plain.examples.map(({ text: own }) => own));
    expect(difference(turned.examples.map(({ score }) => score), plain.examples.map(({ score }) => score))).to.be.below(1e-5);
    expect(plain.examples.some(({ text: own }) => own === rows[0][0])).to.equal(false);
  });

  it("influence: for and against by its sign, which turns with the given label", async () => {
    const found = await model.explain({ kind: "examples", text: "Boring and dull.", ...corpus(), by: "tracin", count: 3 });
    for (const { alike, score } of found.examples) expect(score > 0).to.equal(alike);
    const turned = await model.explain({ kind: "examples", text: "Boring and dull.", ...corpus(rows.map(([own, label]) => [own, label === "positive" ? "negative" : "positive"]), "turned labels.csv"), by: "tracin", count: 11 });
    for (const { line, score } of found.examples) expect(Math.sign(turned.examples.find((one) => one.line === line)!.score)).to.equal(-Math.sign(score)); // with two labels, the other label pulls the other way
    expect(found.quality.map(({ name }) => name)).to.include("single-checkpoint");
    const points = await model.explain({ kind: "examples", text: "Boring and dull.", ...corpus(), by: "representer", count: 3 });
    expect(points.quality.find(({ name }) => name === "head-agreement")!.value).to.be.above(0.8);
    for (const { alike, score } of points.examples) expect(score > 0).to.equal(alike);
  });

  it("a map: points, the text's place, slices, prototypes", async () => {
    const withLang = ["text,label,lang", ...rows.slice(0, 11).map(([own, label]) => `"${own}",${label},${/\p{sc=Han}/u.test(own) ? "zh" : "en"}`)].join("\n");
    const found = await model.explain({ kind: "example-map", text, corpus: "map.csv", file: new Blob([withLang]), prototypes: 2, criticisms: 1 });
    parseExplanation(JSON.parse(JSON.stringify(found)));
    expect(found.examples).to.have.length(11);
    expect([found.prototypes.length, found.criticisms.length, found.place!.length]).to.deep.equal([2, 1, 2]);
    expect(found.slices["lang"]!.values).to.deep.equal(["en", "zh"]);
    expect(found.explained[0]).to.be.within(found.explained[1]!, 1);
    for (const axis of ["x", "y"] as const) expect(found.examples.reduce((sum, point) => sum + point[axis], 0)).to.be.closeTo(0, 1e-3);
    expect(found.quality.find(({ name }) => name === "trustworthiness")).to.include({ of: 5 });
    const near = await model.explain({ kind: "example-map", text: rows[4][0], corpus: "map.csv", file: new Blob([withLang]), projection: "umap" });
    parseExplanation(JSON.parse(JSON.stringify(near)));
    expect([near.projection, near.explained.length, near.examples.length]).to.deep.equal(["umap", 0, 11]);
    const dot = near.examples.find(({ text: own }) => own === rows[4][0])!;
    expect(difference(near.place!, [dot.x, dot.y])).to.be.below(1e-2); // a text of the corpus stands where its row does
    expect(near.quality[0]!.value).to.be.within(0, 1);
    const itself = await model.explain({ kind: "example-map", text: rows[4][0], corpus: "map.csv", file: new Blob([withLang]) });
    const point = itself.examples.find(({ text: own }) => own === rows[4][0])!;
    expect(difference(itself.place!, [point.x, point.y])).to.be.below(1e-3);
  });

  it("stops within a batch, keeps what it has, and goes on from there", async () => {
    const many = corpus(Array.from({ length: 200 }, (_, row) => [`Number ${row} is ${row % 2 ? "good" : "bad"} ${"indeed ".repeat(row % 7)}.`, row % 2 ? "positive" : "negative"]), "many.csv");
    const abort = new AbortController();
    let seen = 0;
    const failure = await model.explain({ kind: "examples", text, ...many }, { signal: abort.signal, onProgress: ({ loaded, total }) => {
      if (total !== 200) return;
      seen = loaded;
      if (loaded >= 40) abort.abort();
    } }).then(() => null, (error: { code: string }) => error.code);
    expect(failure).to.equal("aborted");
    expect(seen).to.be.within(40, 64);
    const loads: number[] = [];
    await model.explain({ kind: "examples", text, ...many }, { onProgress: ({ loaded, total }) => total === 200 && loads.push(loaded) });
    expect(Math.min(...loads)).to.be.above(seen);
  });

  it("vectors as a file fit the model and the texts they were made of, and nothing else", async () => {
    const [choice, texts] = [hiddenChoice(model, { corpus: "" }), await corpusTexts(corpus(), {})];
    const probe = { vector: new Float32Array(144), logits: new Float32Array(2), features: new Float32Array(144) };
    const vectors = await corpusVectors(model, texts, choice, probe, undefined, {});
    const bytes = encodeVectors(vectors.key, vectors);
    const back = decodeVectors(bytes, vectors.key)!;
    expect(difference(back.vectors, vectors.vectors)).to.be.below(1e-3);
    expect(Array.from(back.logits)).to.deep.equal(Array.from(vectors.logits));
    expect(difference(back.features, vectors.features)).to.be.below(1e-3);
    expect(decodeVectors(bytes, { ...vectors.key, corpus: textsHash(["other"]) })).to.equal(null);
    expect(decodeVectors(bytes.slice(0, -2), vectors.key)).to.equal(null);
    expect(decodeVectors(new TextEncoder().encode("<html>\n"), vectors.key)).to.equal(null);
    forgetVectors();
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    let computed = 0;
    const found = await model.explain({ kind: "examples", text, ...corpus(), vectors: url, count: 2 }, { onProgress: ({ total }) => void (computed += Number(total === 11)) });
    expect(computed).to.equal(0);
    expect(found.examples).to.have.length(4);
    expect(found.corpus.vectors).to.equal("stored");
  });

  it("a file of vectors that does not fit is not used, and it is said; one of a model without a hash is tried on two texts", async () => {
    const bytes = await model.corpusVectors(corpus());
    const file = (of: Uint8Array) => URL.createObjectURL(new Blob([of as Uint8Array<ArrayBuffer>]));
    const ask = async (vectors: string, list: readonly (readonly string[])[] = rows) => {
      forgetVectors();
      const steps: number[] = [];
      const found = await model.explain({ kind: "example-map", text: "", ...corpus(list, `${list.length}.csv`), vectors }, { onProgress: ({ total }) => void steps.push(total) });
      return { word: found.corpus.vectors, embedded: steps.includes(list.filter(([own]) => own).length) };
    };
    expect(await ask(file(bytes))).to.deep.equal({ word: "stored", embedded: false });
    expect(await ask(file(bytes), rows.slice(0, 6))).to.deep.equal({ word: "stale", embedded: true });
    expect(await ask(file(bytes.slice(0, -1)))).to.deep.equal({ word: "stale", embedded: true });
    expect(await ask("/nowhere.vectors")).to.deep.equal({ word: "missing", embedded: true });
    const nameless = { facts: { ...model.facts, hash: "" }, encode: (input: { text: string }) => model.encode(input), ask: (...args: Parameters<LocalModel["ask"]>) => model.ask(...args) } as unknown as LocalModel;
    const probe = { vector: new Float32Array(144), logits: new Float32Array(2), features: new Float32Array(144) };
    const of = async (vectors: Uint8Array) => {
      forgetVectors();
      return (await corpusVectors(nameless, await corpusTexts(corpus(), {}), hiddenChoice(model, { corpus: "" }), probe, file(vectors), {})).file;
    };
    expect(await of(bytes)).to.equal("stored");
    const other = bytes.slice(); // the first text's first logit, of another model
    new DataView(other.buffer).setFloat32(other.indexOf(10) + 1, 9, true);
    expect(await of(other)).to.equal("stale");
  });

  it("says what is wrong", async () => {
    const problem = (request: object) => model.explain({ kind: "examples", text, ...corpus(), ...request }).then(() => "", (error: Error) => error.message);
    expect(await problem({ layer: 9 })).to.include("no hidden states of layer 9; there are -1 (embeddings), 0, 1, 2, 3");
    expect(await problem({ count: 0 })).to.include("count 0 is not possible");
    expect(await problem({ textColumn: "body", revision: "x" })).to.include('no column "body"; it has "text", "label"');
    expect(await problem({ corpus: "empty.csv", file: new Blob(["text\n"]) })).to.include("has no rows");
    expect(await problem({ corpus: "/nowhere.csv", file: undefined })).to.include("answered 404");
    expect(await problem({ method: "magic" })).to.include("magic");
    expect(["Positive", "1", "neg", "7", "neutral", null].map((label) => labelIndex(label, ["negative", "positive"]))).to.deep.equal([1, 1, 0, -1, -1, -1]);
  });
});
