import { expect } from "@open-wc/testing";
import { coalitionText, playersOfTokens } from "../../src/methods/players.js";
import { maskedText, maskStyle, textSegments } from "../../src/methods/shapley/masked-text.js";
import { playersOf } from "../../src/methods/shapley/partition.js";
import { tokenTree } from "../../src/methods/shapley/token-tree.js";
import { loadTokenizer } from "../../src/text/tokenizer.js";
import { fixture } from "../text/goldens.js";

describe("text as a game", () => {
  it("M34: segments of the author's string join to the whole text", () => {
    const text = "I ate a Cannoli";
    const offsets = [[0, 0], [0, 1], [2, 5], [6, 7], [8, 11], [11, 13], [13, 15], [15, 15]];
    const tokens = offsets.map(([start, end], index) => ({ start: start!, end: end!, special: index === 0 || index === 7 }));
    const segments = textSegments(text, tokens);
    expect(segments).to.deep.equal(["", "I ", "ate ", "a ", "Can", "no", "li", ""]);
    expect(segments.join("")).to.equal(text);
  });

  it("M35: runs of ... collapse", () => {
    const segments = ["This", " is", " a", " test", " string", " to", " be", " inf", "illed"];
    expect(maskedText(segments, [1, 1, 1, 1, 1, 0, 0, 0, 0], maskStyle(null))).to.equal("This is a test string ...");
    expect(maskedText(segments, [0, 0, 0, 1, 1, 1, 1, 1, 1], maskStyle(null))).to.equal("... test string to be infilled");
  });

  it("M36: runs of the mask token do not", () => {
    expect(maskedText(["", "A ", "fine ", "film", ".", ""], [1, 1, 0, 0, 1, 1], maskStyle("[MASK]"))).to.equal("A [MASK] [MASK].");
  });

  it("M37: of a translation model's tokens the one after the text is always there, and there is none before it", async () => {
    const { tokenizer, config } = await fixture("t5"); // as Marian's: the text, then the end token
    const { ids, typeIds, tokens } = loadTokenizer(tokenizer, config).encode("I ate a Cannoli");
    const own = tokens.flatMap(({ special }, index) => (special ? [] : [index]));
    expect([own[0], tokens.length - 1 - own.at(-1)!]).to.deep.equal([0, 1]);
    const players = playersOfTokens(tokens, "I ate a Cannoli", { unit: "token" });
    expect(players.flatMap((player) => player.tokens)).to.deep.equal(own);
    expect(coalitionText({ ids, typeIds, position: ids.length - 1 }, players, players.map(() => 0), "delete").ids).to.deep.equal([ids.at(-1)]);
  });

  it("M38, M39: token trees", () => {
    expect(tokenTree("The plot drags , but the act ##ing saves it .".split(" "))).to.deep.equal([[[[0, 1], 2], 3], [[4, [5, [6, 7]]], [[8, 9], 10]]]);
    expect(tokenTree("It ' s good and cheap . Buy it !".split(" "))).to.deep.equal([[[[[0, 1], 2], 3], [4, [5, 6]]], [[7, 8], 9]]);
  });

  it("every token is in the tree once, whatever the text; Chinese stops end sentences", () => {
    const words = "剧情 拖沓 ， 但 演员 很 出色 。 ( 真 的 ) [SEP] ' t".split(" ");
    for (let length = 1; length <= words.length; length++) expect(playersOf(tokenTree(words.slice(0, length)))).to.deep.equal(Array.from({ length }, (_, index) => index));
    const [first, second] = tokenTree(["好", "看", "。", "推", "荐", "！"]) as [unknown, unknown];
    expect(playersOf(first as never)).to.deep.equal([0, 1, 2]);
    expect(playersOf(second as never)).to.deep.equal([3, 4, 5]);
    expect(() => tokenTree([])).to.throw(/at least one token/);
  });
});
