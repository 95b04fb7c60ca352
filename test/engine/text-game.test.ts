/** Which texts a game makes and how they share forward passes; the model here only writes down what it gets. */
import { expect } from "@open-wc/testing";
import type { Row } from "../../src/engine/inputs.js";
import type { Runner } from "../../src/engine/runner.js";
import type { Subject } from "../../src/engine/subject.js";
import { textGame } from "../../src/engine/methods/text-game.js";
import { Random } from "../../src/base/random.js";

const words = ["good", "bad", "dull", "old", "new"];
const text = words.join(" ");

/** Scores a text by Σ 2^(id − 10) over its words: every coalition has its own value. */
function subjectOf(inputs: readonly string[], mask: string, batches: Row[][], abort?: AbortController): Subject<unknown> {
  const runner = {
    model: { inputs: inputs.map((name) => ({ name, dtype: "int64", shape: null })), anatomy: { decoder: null } },
    scores: ({ rows }: { rows: readonly Row[] }) => {
      batches.push([...rows]);
      abort?.abort();
      return Promise.resolve(rows.map(({ ids }) => Float32Array.of(ids.reduce((sum, id) => sum + (id >= 10 ? 2 ** (id - 10) : 0), 0))));
    },
  };
  const tokens = [
    { id: 2, text: "[CLS]", start: 0, end: 0, special: true },
    ...words.map((word, index) => ({ id: 10 + index, text: word, start: text.indexOf(word), end: text.indexOf(word) + word.length, special: false })),
  ];
  return {
    runner: runner as unknown as Runner<unknown>, input: { text }, tokens, row: { ids: tokens.map(({ id }) => id), typeIds: tokens.map(() => 0) },
    position: 0, target: { index: 0, label: "x" }, labels: 1, kind: "classifier", vocabulary: { size: 15, special: new Set([0, 2, 4]) }, fillers: { pad: 0, mask: 4 }, options: { players: "word", mask }, seed: 0, run: {}, recall: () => new Map(), variant: () => Promise.reject(new Error("not asked for here")),
  };
}

const all = Array.from({ length: 32 }, (_, number) => words.map((_, player) => (number >> player) & 1));
const shuffled = new Random(1).permutation(32).map((index) => all[index]!);
const worth = (row: readonly number[]) => row.reduce((sum, bit, player) => sum + bit * 2 ** player, 0);

describe("a text's game", () => {
  it("deleting shortens the texts; alike ones stand together and answers come back in order", async () => {
    const batches: Row[][] = [];
    const { game } = textGame(subjectOf(["input_ids", "attention_mask"], "delete", batches));
    expect(await game(shuffled)).to.deep.equal(shuffled.map(worth));
    const lengths = batches.map((rows) => rows.map(({ ids }) => ids.length));
    expect(lengths.map(({ length }) => length)).to.deep.equal([16, 10, 6]); // 1 + 5 + 10, then those of one length, then what is left
    expect(lengths.flat()).to.deep.equal([...lengths.flat()].sort((a, b) => a - b));
  });

  it("a model that is not told what is padding gets texts of one length at a time", async () => {
    const batches: Row[][] = [];
    expect(await textGame(subjectOf(["input_ids"], "delete", batches)).game(shuffled)).to.deep.equal(shuffled.map(worth));
    for (const rows of batches) expect(new Set(rows.map(({ ids }) => ids.length)).size).to.equal(1);
    expect(batches.map((rows) => rows.length)).to.deep.equal([1, 5, 10, 10, 5, 1]);
  });

  it("masking keeps the length, with the filler that was asked for", async () => {
    const batches: Row[][] = [];
    await textGame(subjectOf(["input_ids"], "pad", batches)).game([[1, 0, 1, 0, 1]]);
    await textGame(subjectOf(["input_ids"], "mask", batches)).game([[1, 0, 1, 0, 1]]);
    expect(batches.map(([row]) => row!.ids)).to.deep.equal([[2, 10, 0, 12, 0, 14], [2, 10, 4, 12, 4, 14]]);
  });

  it("stops after the forward pass that runs", async () => {
    const batches: Row[][] = [];
    const abort = new AbortController();
    const stopped = await textGame(subjectOf(["input_ids", "attention_mask"], "delete", batches, abort)).game(shuffled, abort.signal).catch((error: unknown) => error);
    expect(stopped).to.include({ code: "aborted" });
    expect(batches).to.have.length(1);
  });

  it("a tokenizer without mask and pad can only delete", () => {
    const without = (mask: string) => ({ ...subjectOf(["input_ids"], mask, []), fillers: { pad: null, mask: null } });
    expect(() => textGame(without("mask"))).to.throw(/no mask token; choose option mask=delete/);
    expect(textGame(without("delete")).players).to.have.length(5);
  });
});
