/** Corpora as they are met: cut anywhere, quoted, broken here and there. */
import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { collectCorpus, columnOf, formatOf, readCorpus, usualColumns } from "../../src/text/corpus/read-corpus.js";
import type { CorpusFormat } from "../../src/text/corpus/types.js";

const encoder = new TextEncoder();

/** The bytes in pieces of `size`, so that letters, quotes and line ends are cut too. */
async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const refused = async (text: string, format?: CorpusFormat): Promise<string> => {
  try {
    await collectCorpus(text, { format });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("corpus", () => {
  const csv = '\uFEFFtext,label,note\r\n"He said ""no"", twice",negative,\r\n剧情很好,positive,"two\nlines"\n\nlast,neutral,x';
  const csvRows = [
    { line: 2, fields: { text: 'He said "no", twice', label: "negative", note: "" } },
    { line: 3, fields: { text: "剧情很好", label: "positive", note: "two\nlines" } },
    { line: 6, fields: { text: "last", label: "neutral", note: "x" } },
  ];

  it("reads CSV as RFC 4180 has it, however it is cut", async () => {
    for (const size of [1, 2, 3, 7, 1000]) expect(await collectCorpus(cut(csv, size), { format: "csv" }), `pieces of ${size}`).to.deep.equal({ rows: csvRows, broken: [] });
    expect((await collectCorpus(csv)).rows).to.deep.equal(csvRows);
    expect((await collectCorpus(new Blob([csv]))).rows).to.deep.equal(csvRows);
  });

  it("knows tabs and semicolons by the first line", async () => {
    expect((await collectCorpus("text\tlabel\na, b\t1")).rows[0]!.fields).to.deep.equal({ text: "a, b", label: "1" });
    expect((await collectCorpus('text;"a,b"\nx;2')).rows[0]!.fields).to.deep.equal({ text: "x", "a,b": "2" });
  });

  it("reports broken rows with their lines and keeps the others", async () => {
    const text = 'text,label\ngood,1\nbad,1,2\nst"ray,1\n"after"x,1\n"never closed,1\nfine,0\nshort\nend,1\n';
    for (const size of [1, 5, 1000]) {
      const { rows, broken } = await collectCorpus(cut(text, size), { format: "csv" });
      expect(rows.map(({ line, fields }) => [line, fields["text"]])).to.deep.equal([[2, "good"], [7, "fine"], [9, "end"]]);
      expect(broken).to.deep.equal([
        { line: 3, reason: "3 values for 2 columns" },
        { line: 4, reason: "a quote inside a value that is not quoted" },
        { line: 5, reason: '"x" after a closing quote' },
        { line: 6, reason: "a quote is opened and never closed" },
        { line: 8, reason: "1 values for 2 columns" },
      ]);
    }
  });

  it("writes and reads back any table", async () => {
    const random = new Random(5);
    const letters = ["a", '"', ",", "\n", "\r\n", "中", "😀", " ", ";", "\t"];
    const word = () => Array.from({ length: 1 + random.integer(6) }, () => letters[random.integer(letters.length)]!).join("");
    const table = Array.from({ length: 200 }, () => [`x${word()}`, word()]);
    const text = ["a,b", ...table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))].join("\r\n");
    const { rows, broken } = await collectCorpus(cut(text, 13), { format: "csv" });
    expect(broken).to.deep.equal([]);
    expect(rows.map(({ fields }) => [fields["a"], fields["b"]])).to.deep.equal(table);
  });

  it("reads JSON lines and JSON with the line of each row, and survives a broken one", async () => {
    const lines = '{"text":"a"}\n\n"b"\n{"text":\n[1]\n{"text":"c","label":1}';
    for (const size of [1, 4, 1000]) {
      const found = await collectCorpus(cut(lines, size), { format: "jsonl" });
      expect(found.rows).to.deep.equal([{ line: 1, fields: { text: "a" } }, { line: 3, fields: { text: "b" } }, { line: 6, fields: { text: "c", label: 1 } }]);
      expect(found.broken.map(({ line }) => line)).to.deep.equal([4, 5]);
    }
    const json = '[\n  {"text": "a [1], {\\"}", "tags": [1, {"x": 2}]},\n  "b",\n  {"text": oops},\n  {"text": "d"}\n]\n';
    for (const size of [1, 6, 1000]) {
      const found = await collectCorpus(cut(json, size), { format: "json" });
      expect(found.rows).to.deep.equal([
        { line: 2, fields: { text: 'a [1], {"}', tags: [1, { x: 2 }] } }, { line: 3, fields: { text: "b" } }, { line: 5, fields: { text: "d" } },
      ]);
      expect(found.broken.map(({ line }) => line)).to.deep.equal([4]);
    }
    expect((await collectCorpus('{"name": "x [y]", "rows": [{"text": "a"}]}', { format: "json" })).rows).to.deep.equal([{ line: 1, fields: { text: "a" } }]);
    expect((await collectCorpus("[]")).rows).to.deep.equal([]);
    expect((await collectCorpus('[{"text":"a"},{"text":"b"')).broken).to.deep.equal([{ line: 1, reason: "the file ends inside this row" }]);
  });

  it("finds the format out", async () => {
    expect(["a.csv", "a.TSV?x=1", "a.json", "b.ndjson", "b"].map((name) => formatOf(name))).to.deep.equal(["csv", "csv", "json", "jsonl", undefined]);
    expect(formatOf("x", "text/csv; charset=utf-8")).to.equal("csv");
    expect((await collectCorpus('{"text":"a"}\n{"text":"b"}')).rows).to.have.length(2);
    expect((await collectCorpus('{\n"rows":[{"text":"b"}]}')).rows).to.have.length(1);
    expect((await collectCorpus("text\nplain words")).rows[0]!.fields).to.deep.equal({ text: "plain words" });
  });

  it("names columns, or says what there is", async () => {
    const { rows } = await collectCorpus("sentence,stars\na,1");
    expect(columnOf(rows, null, usualColumns.text)).to.equal("sentence");
    expect(columnOf(rows, "stars", usualColumns.label)).to.equal("stars");
    expect(columnOf(rows, null, usualColumns.label)).to.equal(null);
    expect(() => columnOf(rows, "label", usualColumns.label)).to.throw('the corpus has no column "label"; it has "sentence", "stars"');
  });

  it("refuses what is no corpus, and stops when asked", async () => {
    expect(await refused("")).to.equal("the corpus is empty");
    expect(await refused("{}", "json")).to.include("no rows");
    expect(await refused("a,a\n1,2")).to.include('two columns are named "a"');
    expect(await refused('"a\n', "csv")).to.include("line 1, which names the columns");
    const abort = new AbortController();
    let seen = 0;
    let failure: unknown;
    try {
      for await (const piece of readCorpus(`text\n${"word\n".repeat(100_000)}`, { signal: abort.signal })) {
        seen += piece.rows.length;
        abort.abort();
      }
    } catch (error) {
      failure = error;
    }
    expect((failure as { code: string }).code).to.equal("aborted");
    expect(seen).to.be.below(20_000);
  });

  it("reads 20,000 rows in small pieces", async () => {
    const text = `text,label\n${'"It was, all in all, a ""fine"" stay.",positive\n'.repeat(20_000)}`;
    const sizes: number[] = [];
    for await (const piece of readCorpus(text)) sizes.push(piece.rows.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(20_000);
    expect(Math.max(...sizes)).to.be.below(2_000);
  });
});
