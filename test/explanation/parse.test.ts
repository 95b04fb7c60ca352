import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { plainExplanation } from "../../src/explanation/plain.js";
import type { AttentionHeadsExplanation, Explanation } from "../../src/explanation/types.js";
import { examples, withField } from "./examples.js";
import { validates } from "./schema-checker.js";

type Kind = keyof typeof examples;

function problem(document: unknown): string {
  try {
    parseExplanation(document);
  } catch (error) {
    expect(error).to.be.instanceOf(LexiscopeError);
    expect((error as LexiscopeError).code).to.equal("bad-explanation");
    return (error as LexiscopeError).message;
  }
  return "";
}

/** kind, field, bad value (undefined removes it), and where the message points when it is not the field */
const bad: [Kind, string, unknown, string?][] = [
  ["prediction", "version", 2],
  ["prediction", "version", undefined],
  ["prediction", "kind", "lime"],
  ["prediction", "input", undefined],
  ["prediction", "input.text", 5],
  ["prediction", "input.textPair", null],
  ["prediction", "tokens", {}],
  ["prediction", "tokens[1]", null],
  ["prediction", "tokens[1].id", 1.5],
  ["prediction", "tokens[1].text", undefined],
  ["prediction", "tokens[1].start", -1],
  ["prediction", "tokens[2].end", "7"],
  ["prediction", "tokens[0].special", 1],
  ["prediction", "tokens[0].segment", 2],
  ["prediction", "truncated", false],
  ["attention", "truncated", 1],
  ["prediction", "model.labels[0]", 0],
  ["prediction", "model.name", undefined],
  ["prediction", "quality[0].name", 5],
  ["prediction", "quality[0].value", null],
  ["prediction", "provenance.modelHash", "12ab"],
  ["prediction", "provenance.backend", "cuda"],
  ["prediction", "logits[0]", null],
  ["prediction", "probabilities[1]", 1.5],
  ["attention", "layers", 0],
  ["attention", "layer", -1],
  ["attention", "layer", "all"],
  ["attention", "head", 1.5],
  ["attention", "causal", undefined],
  ["attention", "attention", "sideways"],
  ["attention", "queries", "all"],
  ["attention", "weights[0]", 1],
  ["attention", "weights[2][0]", null],
  ["attention", "weights[2][0]", -0.1],
  ["attention-heads", "layers", 0],
  ["attention-heads", "causal", 1],
  ["attention-heads", "measure", "flow"],
  ["attention-heads", "side", 1.5],
  ["attention-heads", "maps", undefined],
  ["attention-heads", "maps[0].layer", -1],
  ["attention-heads", "maps[0].entropy", undefined],
  ["attention-heads", "maps[0].special", -0.1],
  ["attention-heads", "weights", { 0: 1, 1: 0, 2: 0.5, 3: 0.5 }],
  ["attention-heads", "weights[2]", null],
  ["attention-heads", "weights[2]", -1],
  ["attribution", "method.name", ""],
  ["attribution", "method.options.steps", [1]],
  ["attribution", "method.seed", "7"],
  ["attribution", "target.index", -1],
  ["attribution", "target.contrast.label", undefined],
  ["attribution", "scores", undefined],
  ["attribution", "scores[1]", null],
  ["attribution", "errors[1]", -1],
  ["attribution", "value", "3"],
  ["attribution", "hierarchy.score", null],
  ["attribution", "hierarchy.tokens", undefined],
  ["attribution", "hierarchy.children[1].score", "2"],
  ["attribution", "prediction.labels", undefined],
  ["bias", "measure", "loss"],
  ["bias", "comparisons[0].p", 1.5],
  ["bias", "comparisons[0].cautions[0]", "maybe"],
  ["bias", "fillings[0].own", "none"],
  ["bias", "summaries[0].measure", "all"],
  ["counterfactuals", "budget", 0],
  ["counterfactuals", "results[0].method", "magic"],
  ["counterfactuals", "results[0].changes[0].segment", 2],
  ["counterfactuals", "methods[0].ended", ""],
  ["prediction", "quality[0].of", "20"],
  ["summary", "label", 3],
  ["summary", "units[1].score", null],
  ["summary", "leftOut[0].units[0]", -1],
  ["summary", "leftOut[0].labelValue", "0.7"],
  ["summary", "trust.completenessGap", -1],
  ["summary", "trust.chance.high", null],
  ["faithfulness", "texts", 0],
  ["faithfulness", "target", undefined],
  ["faithfulness", "measure", "loss"],
  ["faithfulness", "units[1].start", -1],
  ["faithfulness", "methods[0].method.name", ""],
  ["faithfulness", "methods[0].values.area", "high"],
  ["faithfulness", "methods[0].beats", 1.5],
  ["faithfulness", "methods[0].stages[0].correlation", 2],
  ["faithfulness", "random.values.area.low", null],
  ["evaluation", "positive", -1],
  ["evaluation", "data.rows", -1],
  ["evaluation", "data.broken[0].line", "4"],
  ["evaluation", "options.interval", "normal"],
  ["evaluation", "options.correction", undefined],
  ["evaluation", "whole.metrics.accuracy.value", "high"],
  ["evaluation", "whole.metrics.accuracy.change.p", 2],
  ["evaluation", "slices[1].suppressed", false],
  ["evaluation", "slices[0].examples[0]", -1],
  ["evaluation", "worst.slices[0].p", -0.1],
  ["evaluation", "confusion[0][1]", null],
  ["evaluation", "curves[0].roc[0][0]", 2],
  ["evaluation", "calibration[0].count", 0.5],
  ["evaluation", "comparison.mcNemar", null],
  ["evaluation", "gates[0].reason", "bad luck"],
  ["evaluation", "examples[0].text", undefined],
];

/** what crosses fields: the parser's work alone */
const beyondSchema: [Kind, string, unknown, string?][] = [
  ["prediction", "tokens[2].end", 8],
  ["prediction", "tokens[2].start", 8],
  ["prediction", "tokens[2].segment", 1],
  ["prediction", "logits", [1]],
  ["prediction", "probabilities", [1, 0, 0]],
  ["attention", "layer", 2],
  ["attention", "head", 4],
  ["attention", "weights", [[1]]],
  ["attention", "weights[1]", [0.5, 0.5]],
  ["attention", "weights[0][2]", 0.1],
  ["attention-heads", "maps[0].layer", 2],
  ["attention-heads", "maps[0].head", 4],
  ["attention-heads", "side", 4],
  ["attention-heads", "weights", [1, 0, 1]],
  ["attribution", "scores", [1, 2]],
  ["attribution", "errors", [1]],
  ["attribution", "hierarchy.tokens[1]", 3],
  ["attribution", "hierarchy.tokens", [2, 1]],
  ["attribution", "hierarchy.tokens", []],
  ["attribution", "hierarchy.children", []],
  ["attribution", "hierarchy.children", [{ tokens: [1, 2], score: 1.5 }]],
  ["attribution", "hierarchy.children", [{ tokens: [], score: 0 }, { tokens: [1, 2], score: 1.5 }]],
  ["attribution", "hierarchy.children", [{ tokens: [1], score: 0 }, { tokens: [1, 2], score: 1.5 }]],
  ["attribution", "prediction.logits", [1]],
  ["bias", "fillings[1].group", 2],
  ["bias", "comparisons[0].group", 2],
  ["counterfactuals", "results[0].changes[0].end", 8],
  ["counterfactuals", "results[0].prediction.logits", [1]],
  ["faithfulness", "methods[0].deletion", [1]],
  ["evaluation", "whole.examples[0]", 1],
  ["evaluation", "examples[0].label", 2],
  ["evaluation", "confusion", [[1]]],
  ["evaluation", "curves[0].thresholds", [[1, 0, 1, 1]]],
  ["summary", "leftOut[0].units[0]", 2],
];

describe("parseExplanation", () => {
  let schema: Record<string, unknown>;
  before(async () => {
    schema = (await (await fetch("/src/explanation/explanation.schema.json")).json()) as Record<string, unknown>;
  });

  for (const kind of Object.keys(examples) as Kind[]) {
    it(`takes a good ${kind}, as does the schema, and keeps unknown fields`, () => {
      const document = { ...examples[kind](), later: { anything: [1, null] } };
      const copy = structuredClone(document);
      expect(parseExplanation(document)).to.equal(document);
      expect(document).to.deep.equal(copy);
      expect(validates(schema, document)).to.equal(true);
    });
  }

  it("takes optional fields away, and a second text", () => {
    for (const field of ["errors", "hierarchy", "value", "baselineValue", "target.contrast"]) {
      const document = withField(examples.attribution(), field, undefined);
      expect(problem(document)).to.equal("");
      expect(validates(schema, document)).to.equal(true);
    }
    const pair = withField(withField(examples.prediction(), "input.textPair", "not so good"), "tokens[2]", { id: 1, text: "good", start: 7, end: 11, special: false, segment: 1 });
    expect(problem(pair)).to.equal("");
    expect(validates(schema, pair)).to.equal(true);
  });

  for (const [kind, field, value] of bad) {
    it(`refuses ${kind} with ${field} ${value === undefined ? "absent" : JSON.stringify(value)}, as does the schema`, () => {
      const document = withField(examples[kind](), field, value);
      expect(problem(document)).to.contain(`explanation: ${field} must be `);
      expect(validates(schema, document)).to.equal(false);
    });
  }

  for (const [kind, field, value] of beyondSchema) {
    it(`refuses ${kind} with ${field} ${JSON.stringify(value)}, which the schema cannot say`, () => {
      const document = withField(examples[kind](), field, value);
      expect(problem(document)).to.contain(`explanation: ${field} must be `);
      expect(validates(schema, document)).to.equal(true);
    });
  }

  it("takes attention of some tokens to others", () => {
    const crossing = { ...examples.attention(), attention: "cross", causal: false, queries: [2], keys: [0, 1], weights: [[0.4, 0.6]] };
    expect(problem(crossing)).to.equal("");
    expect(validates(schema, crossing)).to.equal(true);
    expect(problem({ ...crossing, queries: [2, 3] })).to.contain("queries[1] must be at most 2");
    expect(problem({ ...crossing, keys: [0] })).to.contain("weights[0] must be an array of 1 (one a key)");
  });

  it("says what is wrong in words", () => {
    expect(problem(withField(examples.prediction(), "tokens[2].end", 8))).to.equal("explanation: tokens[2].end must be at most 7, the length of input.text, not 8");
    expect(problem(withField(examples.attention(), "weights[1]", [1]))).to.equal("explanation: weights[1] must be an array of 3 (one a key), not an array of 1");
    expect(problem(withField(examples.prediction(), "version", 2))).to.equal("explanation: version must be one of 1, not 2");
    expect(problem(withField(examples.prediction(), "model", undefined))).to.equal("explanation: model must be an object, not absent");
  });

  it("refuses what is no object, numbers that JSON does not have, and inherited fields", () => {
    for (const value of [null, undefined, 3, "{}", []]) expect(problem(value)).to.contain("the document must be an object");
    expect(problem(withField(examples.attribution(), "scores[0]", NaN))).to.contain("scores[0] must be a finite number, not NaN");
    expect(problem(withField(examples.attribution(), "value", Infinity))).to.contain("value must be a finite number");
    expect(problem(Object.create(examples.prediction()) as object)).to.contain("version must be one of 1, not absent");
  });

  it("takes the weights of many heads as a typed array, checks them as well, and writes them out as plain numbers", () => {
    const typed = (values: number[]) => withField(examples["attention-heads"](), "weights", Float32Array.from(values));
    const document = typed([1, 0, 0.5, 0.5]) as unknown as AttentionHeadsExplanation;
    expect(parseExplanation(document)).to.equal(document);
    expect(JSON.parse(JSON.stringify(plainExplanation(document)))).to.deep.equal(examples["attention-heads"]());
    expect(problem(typed([1, 0, 1]))).to.equal("explanation: weights must be an array of 4 (side × side a map), not an array of 3");
    expect(problem(typed([1, 0, NaN, 1]))).to.equal("explanation: weights[2] must be a finite number, not NaN");
    expect(problem(typed([1, 0, -1, 1]))).to.equal("explanation: weights[2] must be at least 0, not -1");
    expect(problem(typed([1, 0, Infinity, 1]))).to.equal("explanation: weights[2] must be a finite number, not Infinity");
    const plain = examples.prediction() as unknown as Explanation;
    expect(plainExplanation(plain)).to.equal(plain);
  });

  it("survives a round trip through JSON", () => {
    const document = examples.attribution();
    expect(parseExplanation(JSON.parse(JSON.stringify(document)))).to.deep.equal(document);
  });
});
