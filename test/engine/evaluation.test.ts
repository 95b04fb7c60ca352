/** Evaluations by the engine: against the model's own predictions one by one, on bad files, with a second model, stopped half way. */
import { expect } from "@open-wc/testing";
import type { LexiscopeError } from "../../src/base/errors.js";
import { configure } from "../../src/engine/locations.js";
import { loadModel } from "../../src/engine/load-model.js";
import { readRows } from "../../src/engine/read-rows.js";
import type { EvaluationRequest, LanguageModel, Progress } from "../../src/engine/types.js";
import type { EvaluationExplanation } from "../../src/explanation/evaluation.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { bert, gpt2, useRuntime } from "./toys.js";

const addresses: string[] = [];
function fileOf(content: string): string {
  const address = URL.createObjectURL(new Blob([content]));
  addresses.push(address);
  return address;
}

const words = ["the", "film", "was", "not", "very", "good", "day", "you"];
const labels = ["negative", "neutral", "positive"];
const rows = Array.from({ length: 60 }, (_, row) => ({
  text: Array.from({ length: 2 + (row % 5) }, (__, word) => words[(row * 3 + word * 5) % words.length]!).join(" "), label: labels[(row * 7) % 3]!, source: row % 3 ? "web" : "mail", wrongness: String(row),
}));
const csv = (of: readonly Record<string, string>[] = rows): string => [Object.keys(of[0]!).join(","), ...of.map((row) => Object.values(row).join(","))].join("\n");

describe("evaluation", () => {
  let model: LanguageModel;
  const ask = async (request: Omit<EvaluationRequest, "data" | "text"> & { readonly data?: string }, options = {}): Promise<EvaluationExplanation> =>
    (await model.explain({ kind: "evaluation", text: "", minimum: 5, data: fileOf(csv()), ...request }, options)) as EvaluationExplanation;
  const refusal = (request: Parameters<typeof ask>[0]): Promise<LexiscopeError> => ask(request).then(() => expect.fail("it should have been refused"), (error: LexiscopeError) => error);

  before(async () => {
    useRuntime();
    configure({ worker: true });
    model = await loadModel(bert, { backend: "wasm" });
  });
  after(async () => {
    await model.dispose();
    addresses.forEach((address) => URL.revokeObjectURL(address));
  });

  it("counts what the model predicts row by row", async () => {
    const found = await ask({ slices: "source, length", assert: "accuracy >= 0; slice(source=web).n = 40; accuracy > 1" });
    parseExplanation(JSON.parse(JSON.stringify(found)));
    const single = await Promise.all(rows.map(({ text }) => model.predict({ text })));
    const predicted = single.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)));
    const right = rows.filter(({ label }, row) => labels[predicted[row]!] === label).length;
    expect(found.data).to.include({ rows: 60, skipped: 0, truncated: 0, textColumn: "text", labelColumn: "label" });
    expect(found.whole.metrics.accuracy!.value).to.be.closeTo(right / 60, 1e-12);
    const loss = rows.reduce((sum, { label }, row) => sum - Math.log(single[row]!.probabilities[labels.indexOf(label)]!), 0) / 60;
    expect(found.whole.metrics["log-loss"]!.value).to.be.closeTo(loss, 1e-5);
    for (const [label, row] of found.confusion.entries())
      for (const [claim, count] of row.entries()) expect(count).to.equal(rows.filter((one, index) => one.label === labels[label] && predicted[index] === claim).length);
    expect(found.slices.filter(({ name }) => name.startsWith("source")).map(({ name, count }) => [name, count])).to.deep.equal([["source=mail", 20], ["source=web", 40]]);
    expect(found.gates.map(({ passed }) => passed)).to.deep.equal([true, true, false]);
    expect(found.positive).to.equal(null);
    for (const place of found.whole.examples) {
      const { line, text, predicted: claim } = found.examples[place]!;
      expect(rows[line - 2]!.text).to.equal(text);
      expect(claim).to.equal(predicted[line - 2]);
    }
  });

  it("reads JSONL and JSON alike, and labels in any case or as an index", async () => {
    const [a, b, c] = await Promise.all([
      ask({}), ask({ data: fileOf(rows.map((row) => JSON.stringify({ ...row, label: row.label.toUpperCase() })).join("\n")) }), ask({ data: fileOf(JSON.stringify(rows.map((row) => ({ ...row, label: labels.indexOf(row.label) })))) }),
    ]);
    expect(b.confusion).to.deep.equal(a.confusion);
    expect(c.confusion).to.deep.equal(a.confusion);
    const short = await ask({ data: fileOf(JSON.stringify(rows.map((row) => ({ ...row, label: ` ${row.label.slice(0, 3)} ` })))) }); // a beginning that only one label has: pos, neu; neg
    expect(short.confusion).to.deep.equal(a.confusion);
  });

  it("broken rows are named and skipped", async () => {
    const data = fileOf("text,label\ngood film,positive\ntoo,many,cells\n,positive\nnot good,dreadful\nvery good,\nthe day,neutral\n");
    const { data: found } = await ask({ data });
    expect(found).to.include({ rows: 2, skipped: 4 });
    expect(found.broken).to.deep.equal([{ line: 3, reason: "3 values for 2 columns" }, { line: 4, reason: "no text" }, { line: 5, reason: 'label "dreadful" is none of negative, neutral, positive' }, { line: 6, reason: "no label" }]);
    const mixed = await ask({ data: fileOf('{"text":"good","label":"positive"}\n[1]\n{oops\n{"text":"day","label":"neutral"}') });
    expect(mixed.data.broken.map(({ line }) => line)).to.deep.equal([2, 3]);
    expect(mixed.data.broken[1]!.reason).to.match(/^no JSON/);
  });

  it("texts longer than the model takes are counted", async () => {
    const { data } = await ask({ data: fileOf(`text,label\n${"the film was not very good ".repeat(9)},positive\ngood,positive`) });
    expect(data.truncated).to.equal(1);
  });

  it("a second model: itself by another name differs in nothing", async () => {
    const { comparison, whole } = await ask({ modelB: bert });
    expect(comparison).to.include({ onlyFirst: 0, onlySecond: 0, mcNemar: 1, flipRate: 0 });
    expect(comparison!.model.reference).to.equal(bert);
    expect(whole.metrics.auc!.other).to.equal(whole.metrics.auc!.value);
  });

  it("answers of a thousand rows come in parts, and it can be stopped", async () => {
    const many = Array.from({ length: 3000 }, (_, row) => ({ text: `${words[row % 8]!} ${words[(row >> 3) % 8]!} ${words[(row >> 6) % 8]!} ${words[(row * 5 + 1) % 8]!} ${words[(row * 3) % 8]!} ${row % 7 ? "good" : "film"}`, label: labels[row % 3]! }));
    const abort = new AbortController();
    const seen: Progress[] = [];
    const stopped = ask({ data: fileOf(csv(many)) }, { signal: abort.signal, onProgress: (progress: Progress) => (seen.push(progress), progress.phase === "explain" && progress.loaded > 100 && abort.abort()) });
    expect(await stopped.catch(({ code }: LexiscopeError) => code)).to.equal("aborted");
    expect(seen.some(({ phase, total }) => phase === "explain" && total === 3000)).to.be.true;
    const loads = seen.filter(({ phase }) => phase === "explain").map(({ loaded }) => loaded);
    expect(loads).to.deep.equal([...loads].sort((a, b) => a - b));
  });

  it("another slice asks the model nothing", async () => {
    const data = fileOf(csv(rows.map((row) => ({ ...row, text: `${row.text} day day` }))));
    await ask({ data });
    const seen: Progress[] = [];
    await ask({ data, slices: "source" }, { onProgress: (progress: Progress) => seen.push(progress) });
    const first = seen.find(({ phase }) => phase === "explain")!;
    expect(first.loaded).to.equal(60); // all known before the first batch
  });

  for (const [request, code, message] of [
    [{ label: "stars" }, "bad-input", 'no column "stars"'], [{ textColumn: "review" }, "bad-input", 'no column "review"'], [{ slices: "colour" }, "bad-input", 'no column "colour"'], [{ slices: "a=" }, "bad-input", "no value"],
    [{ assert: "beauty > 1" }, "bad-input", "no metric"], [{ positive: "superb" }, "bad-input", 'no label "superb"'], [{ interval: "normal" as never }, "bad-input", 'no interval "normal"'], [{ minimum: 0 }, "bad-input", "minimum must be a whole number from 1"],
    [{ data: "/nowhere.csv" }, "not-found", "404"], [{ data: "data:text/plain," }, "bad-input", "empty"], [{ data: "data:text/plain,a" }, "bad-input", "no row that can be read"], [{ data: "data:text/plain,[1" }, "bad-input", "the file ends inside this row"],
    [{ modelB: gpt2 }, "unsupported", "metrics need a model that chooses between labels"],
  ] as const) {
    it(`refuses ${JSON.stringify(request)}`, async () => {
      const error = await refusal(request);
      expect(error.code).to.equal(code);
      expect(error.message).to.contain(message);
    });
  }

  it("refuses a language model", async () => {
    const lm = await loadModel(gpt2, { backend: "wasm" });
    const error = await lm.explain({ kind: "evaluation", text: "", data: fileOf(csv()) }).catch((one: LexiscopeError) => one);
    expect(error).to.include({ code: "unsupported" });
    await lm.dispose();
  });

  it("a byte order mark and a character cut by a piece's end", async () => {
    const text = `\ufefftext,label\n${"好".repeat(200_000)},positive\n`;
    const { records, columns } = await readRows({ data: fileOf(text) });
    expect(columns).to.deep.equal(["text", "label"]);
    expect(records[0]!.fields["text"]).to.equal("好".repeat(200_000));
  });
});
