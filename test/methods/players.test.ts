/** Who plays in a text, and what it becomes without some of them. */
import { expect } from "@open-wc/testing";
import { coalitionText, playersOfTokens, sharedOut } from "../../src/methods/players.js";
import { playerTree } from "../../src/methods/shapley/player-tree.js";
import { remembered } from "../../src/methods/shapley/remembered.js";

const MASK = 4;
const special = (text: string, at: number, segment = 0) => ({ id: 2, text, start: at, end: at, special: true, segment });
const token = (id: number, text: string, start: number, end: number, segment = 0) => ({ id, text, start, end, special: false, segment });

describe("a bag of words", () => {
  it("has one player for all places of a word, case counts, and none for punctuation", () => {
    const written = "Bad plot, bad acting: bad.";
    const tokens = [...written.matchAll(/[a-z]+|[.,:]/gi)].map(({ index, 0: word }, id) => ({ id, text: word, start: index, end: index + word.length, special: false }));
    const players = playersOfTokens(tokens, written, { unit: "bag" });
    expect(players.map(({ text, tokens: places }) => [text, [...places]])).to.deep.equal([["Bad", [0]], ["plot", [1]], ["bad", [3, 6]], ["acting", [4]]]);
    const { ids } = coalitionText({ ids: tokens.map(({ id }) => id), typeIds: tokens.map(() => 0), position: 7 }, players, [1, 1, 0, 1], "delete");
    expect(ids).to.deep.equal([0, 1, 2, 4, 5, 7]);
    expect(sharedOut([1, 2, 3, 4], players, 8)).to.deep.equal([1, 2, 0, 1.5, 4, 0, 1.5, 0]);
  });
});

describe("players of a text", () => {
  it("words by default, without special tokens; a word's score is shared out over its tokens", () => {
    const tokens = [special("[CLS]", 0), token(10, "grip", 0, 4), token(11, "##ping", 4, 8), token(12, "plot", 9, 13), special("[SEP]", 13)];
    const players = playersOfTokens(tokens, "gripping plot");
    expect(players.map(({ text, tokens: own }) => [text, own])).to.deep.equal([["gripping", [1, 2]], ["plot", [3]]]);
    expect(playersOfTokens(tokens, "gripping plot", { unit: "token" }).map(({ tokens: own }) => own)).to.deep.equal([[1], [2], [3]]);
    expect(sharedOut([3, -1], players, 5)).to.deep.equal([0, 1.5, 1.5, -1, 0]);
  });

  it("words of Chinese, which writes no spaces", () => {
    const text = "演员很出色";
    const tokens = [special("[CLS]", 0), ...Array.from(text, (character, at) => token(20 + at, character, at, at + 1)), special("[SEP]", 5)];
    expect(playersOfTokens(tokens, text).map(({ text: word, tokens: own }) => [word, own])).to.deep.equal([["演员", [1, 2]], ["很", [3]], ["出色", [4, 5]]]);
  });

  it("a mask that the author typed is no player; without players it is refused", () => {
    const tokens = [special("[CLS]", 0), token(10, "good", 0, 4), token(MASK, "[MASK]", 5, 11), special("[SEP]", 11)];
    expect(playersOfTokens(tokens, "good [MASK]", { maskId: MASK, unit: "token" }).map(({ tokens: own }) => own)).to.deep.equal([[1]]);
    expect(() => playersOfTokens([tokens[0]!, tokens[3]!], "")).to.throw(/no word that could be left out/);
    expect(() => playersOfTokens([tokens[2]!], "[MASK]", { maskId: MASK })).to.throw(/no word that could be left out/);
  });

  it("absent tokens are replaced, or deleted with the place of the score moving along", () => {
    const players = [{ text: "a", segment: 0, tokens: [1] }, { text: "b", segment: 0, tokens: [2, 3] }];
    const text = { ids: [2, 10, 11, 12, 3], typeIds: [0, 0, 1, 1, 1], position: 4 };
    expect(coalitionText(text, players, [1, 0], MASK)).to.deep.equal({ ids: [2, 10, 4, 4, 3], typeIds: [0, 0, 1, 1, 1], position: 4 });
    expect(coalitionText(text, players, [1, 0], "delete")).to.deep.equal({ ids: [2, 10, 3], typeIds: [0, 0, 1], position: 2 });
    // the last token itself is gone: the last one before it that is left
    expect(coalitionText({ ids: [7, 8, 9], typeIds: [0, 0, 0], position: 2 }, [{ text: "x", segment: 0, tokens: [2] }], [0], "delete")).to.deep.equal({ ids: [7, 8], typeIds: [0, 0], position: 1 });
  });

  it("the tree joins parts of a word first, and the two texts last", () => {
    const tokens = [token(10, "Ġa", 0, 1), token(11, "Ġgrip", 2, 6), token(12, "ping", 6, 10), token(13, "no", 0, 2, 1), token(14, "way", 3, 6, 1)];
    expect(playerTree(playersOfTokens(tokens, "a gripping", { textPair: "no way", unit: "token" }), tokens)).to.deep.equal([[0, [1, 2]], [3, 4]]);
    expect(playerTree(playersOfTokens(tokens.slice(0, 1), "a"), tokens)).to.equal(0);
  });

  it("a coalition is asked for once", async () => {
    let asked = 0;
    const { game, evaluations } = remembered((rows) => {
      asked += rows.length;
      return Promise.resolve(rows.map((row) => row[0]! + 2 * row[1]!));
    });
    expect(await game([[1, 0], [0, 1], [1, 0]])).to.deep.equal([1, 2, 1]);
    expect(await game([[0, 1], [1, 1]])).to.deep.equal([2, 3]);
    expect([asked, evaluations()]).to.deep.equal([3, 3]);
  });
});
