import { expect } from "@open-wc/testing";
import { loadTokenizer } from "../../src/text/tokenizer.js";
import { sentences, words, wordsOfTokens } from "../../src/text/words.js";
import { fixture } from "./goldens.js";

const cut = (text: string, spans: readonly { start: number; end: number }[]) => spans.map(({ start, end }) => text.slice(start, end));

/** Runs `body` as in a browser that has no Intl.Segmenter. */
function withoutSegmenter(body: () => void): void {
  const { Segmenter } = Intl;
  Object.defineProperty(Intl, "Segmenter", { value: undefined, configurable: true, writable: true });
  try {
    body();
  } finally {
    Object.defineProperty(Intl, "Segmenter", { value: Segmenter, configurable: true, writable: true });
  }
}

describe("words", () => {
  it("of English, without spaces and punctuation", () => {
    const text = "The plot drags, but it's $3.50 well-spent.";
    expect(cut(text, words(text))).to.deep.equal(["The", "plot", "drags", "but", "it's", "3.50", "well", "spent"]);
  });
  it("of Chinese, by dictionary", () => {
    const text = "剧情拖沓，但演员很出色。";
    const found = cut(text, words(text, "zh"));
    expect(found).to.include("演员").and.include("出色");
    expect(found.join("")).to.equal("剧情拖沓但演员很出色");
  });
  it("of an empty text and of spaces", () => {
    expect(words("")).to.deep.equal([]);
    expect(words(" \n ")).to.deep.equal([]);
  });
  it("without a segmenter: letters with their marks, single Han characters, runs of kana", () => {
    withoutSegmenter(() => {
      const text = "The cafe\u0301, it's 3.50: 剧情好 かなカナ 😀!";
      expect(cut(text, words(text))).to.deep.equal(["The", "cafe\u0301", "it's", "3.50", "剧", "情", "好", "かな", "カナ"]);
      expect(cut("हिन्दी में", words("हिन्दी में"))).to.deep.equal(["हिन्दी", "में"]);
    });
  });
});

describe("sentences", () => {
  const english = "It is slow. The acting saves it!  Would I see it for 3.50? \"No.\" Yes";
  it("of English", () => {
    expect(cut("It is slow. The acting saves it!  Is it 3.50?", sentences("It is slow. The acting saves it!  Is it 3.50?"))).to.deep.equal(["It is slow.", "The acting saves it!", "Is it 3.50?"]);
  });
  it("of Chinese", () => {
    const text = "剧情拖沓。演员很出色！为什么？";
    expect(cut(text, sentences(text))).to.deep.equal(["剧情拖沓。", "演员很出色！", "为什么？"]);
  });
  it("without a segmenter", () => {
    withoutSegmenter(() => {
      expect(cut(english, sentences(english))).to.deep.equal(["It is slow.", "The acting saves it!", "Would I see it for 3.50?", "\"No.\"", "Yes"]);
      const chinese = "剧情拖沓。「演员很出色！」为什么\n第二行";
      expect(cut(chinese, sentences(chinese))).to.deep.equal(["剧情拖沓。", "「演员很出色！」", "为什么", "第二行"]);
      expect(sentences("")).to.deep.equal([]);
    });
  });
});

describe("words of tokens", () => {
  const grouped = async (name: string, text: string, textPair?: string) => {
    const { tokenizer: json, config } = await fixture(name);
    const { tokens } = loadTokenizer(json, config).encode(text, textPair);
    return { tokens, groups: wordsOfTokens(tokens, text, textPair === undefined ? {} : { textPair }) };
  };

  it("joins word pieces; special tokens and marks stand alone", async () => {
    const { groups } = await grouped("wordpiece-uncased", "Unbelievably slow, friends!");
    expect(groups.map((group) => group.text)).to.deep.equal(["[CLS]", "Unbelievably", "slow", ",", "friends", "!", "[SEP]"]);
    expect(groups[0]).to.deep.equal({ text: "[CLS]", start: 0, end: 0, tokens: [0] });
  });
  it("joins Chinese characters to words", async () => {
    const { groups } = await grouped("wordpiece-uncased", "演员很出色");
    expect(groups.map((group) => group.text).slice(1, -1)).to.deep.equal(["演员", "很", "出色"]);
  });
  it("joins the bytes of an emoji, and the space before it", async () => {
    const { groups } = await grouped("bytelevel-gpt2", "good 🥸 film");
    expect(groups.map((group) => group.text)).to.deep.equal(["good", "🥸", "film"]);
    const { groups: llama } = await grouped("llama", "a 龘 b");
    expect(llama.map((group) => group.text)).to.deep.equal(["<s>", "a", "龘", "b"]);
  });
  it("leaves white space that no word follows alone", async () => {
    const { groups, tokens } = await grouped("bytelevel-gpt2", "good  ");
    expect(groups.length).to.be.greaterThan(1);
    expect(groups.flatMap((group) => group.tokens)).to.deep.equal(tokens.map((_, i) => i));
  });
  it("keeps two texts apart", async () => {
    const { groups } = await grouped("wordpiece-uncased", "slow film", "film");
    expect(groups.map((group) => group.text)).to.deep.equal(["[CLS]", "slow", "film", "[SEP]", "film", "[SEP]"]);
  });
});
