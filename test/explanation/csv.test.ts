import { expect } from "@open-wc/testing";
import { toCsv } from "../../src/explanation/csv.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { examples, withField } from "./examples.js";

const csv = (document: unknown): string => toCsv(parseExplanation(document));

describe("toCsv", () => {
  it("attention is a matrix with the tokens as header row and column", () => {
    expect(csv(examples.attention())).to.equal("query \\ key,[CLS],so,good\r\n[CLS],1,0,0\r\nso,0.5,0.5,0\r\ngood,0.2,0.3,0.5\r\n");
  });

  it("many heads are one row a head", () => {
    expect(csv(examples["attention-heads"]())).to.equal("layer,head,entropy,distance,special,self,previous,next,first\r\n1,3,0.7,0.9,0.25,0.5,0.4,0,0.6\r\n");
  });

  it("attribution is one row a token, with offsets, score and error", () => {
    expect(csv(examples.attribution()).split("\r\n")).to.deep.equal([
      "id,token,start,end,segment,special,score,error",
      "101,[CLS],0,0,0,true,0,0",
      "7,so,0,2,0,false,-0.5,0.1",
      "9,good,3,7,0,false,2,0",
      "",
    ]);
    expect(csv(withField(examples.attribution(), "errors", undefined))).to.contain("special,score\r\n");
  });

  it("prediction is one row a label", () => {
    expect(csv(examples.prediction())).to.equal("label,logit,probability\r\nnegative,-1,0.05\r\npositive,2,0.95\r\n");
  });

  it("an evaluation is one row a slice, all rows first; a name that a spreadsheet would run is quoted", () => {
    const [head, whole, first, second] = csv(examples.evaluation()).split("\r\n").map((line) => line.split(","));
    expect(head!.slice(0, 10)).to.deep.equal(["slice", "rows", "accuracy", "accuracy low", "accuracy high", "accuracy difference", "accuracy p", "accuracy second model", "accuracy change", "accuracy change p"]);
    expect(whole!.slice(0, 10)).to.deep.equal(["all rows", "3", "0.667", "0.21", "0.94", "", "", "1", "0.333", "1"]);
    expect(first!.slice(0, 7)).to.deep.equal(['"\'=lang"', "2", "0.5", "0.1", "0.9", "-0.167", "1"]);
    expect(second!.slice(0, 3)).to.deep.equal(["lang=en", "1", ""]);
    expect(whole!.length).to.equal(head!.length);
  });

  it("a faithfulness report is one row a method, with the band of chance below", () => {
    expect(csv(examples.faithfulness()).split("\r\n")).to.deep.equal([
      "method,preset,area,leave-one-out,random rankings beaten,evaluations,failed",
      "occlusion,,0.5,,3,4,",
      "smoothgrad,,,,0,0,no gradient rule: Loop",
      "random (low),,-0.5,,,,",
      "random (mean),,0,,,,",
      "random (high),,0.4,,,,",
      "",
    ]);
  });

  it("a bias probe is one row a version of the text", () => {
    expect(csv(examples.bias())).to.equal("group,context,text,label,prediction,own words,other words\r\nHe,ill,He is ill,negative,0.2,0.1,\r\nShe,ill,She is ill,negative,0.3,-0.1,\r\n");
  });

  it("counterfactuals are one row a changed text", () => {
    expect(csv(examples.counterfactuals())).to.equal("method,flipped,label,value,difference,changes,text,second text\r\nhotflip,true,negative,0.1,-0.85,good → bad,so bad,\r\n");
  });

  it("a summary is one row a set of words that was left out", () => {
    expect(csv(examples.summary()).split("\r\n")).to.deep.equal([
      "left out,weight,target,predicted", ",,0.95,positive", "good,2,0.3,negative", "so,-0.1,0.97,positive", "good + so,1.9,0.4,negative", "",
    ]);
  });

  const quoted: [string, string][] = [
    ['say "hi", now', '"say ""hi"", now"'],
    ["two\nlines", '"two\nlines"'],
    [" padded", '" padded"'],
    ["=1+1", `"'=1+1"`],
    ["+1", `"'+1"`],
    ["-", `"'-"`],
    ["@sum", `"'@sum"`],
    ["\t=1", `"'\t=1"`],
    ['="x"', `"'=""x"""`],
  ];
  for (const [text, field] of quoted) {
    it(`writes the token ${JSON.stringify(text)} safely`, () => {
      expect(csv(withField(examples.attribution(), "tokens[1].text", text))).to.contain(`\r\n7,${field},0,2,`);
    });
  }
});
