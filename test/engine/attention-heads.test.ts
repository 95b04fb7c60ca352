/** Many heads in one run: PyTorch's patterns, the same maps as one by one, small maps of long texts, and what is refused. */
import { expect } from "@open-wc/testing";
import { toCsv } from "../../src/explanation/csv.js";
import { parseExplanation } from "../../src/explanation/parse.js";
import { plainExplanation } from "../../src/explanation/plain.js";
import { HEAD_STATISTICS, weightsOfMap } from "../../src/explanation/attention-heads.js";
import { loadModel } from "../../src/engine/load-model.js";
import type { AttentionHeadsRequest, BackendName, LanguageModel, Progress } from "../../src/engine/types.js";
import type { AttentionHeadsExplanation } from "../../src/explanation/types.js";
import { headStatistics } from "../../src/methods/attention/head-statistics.js";
import { poolMap } from "../../src/methods/attention/pool-map.js";
import { difference, gptText, numbersOf, text, toysOn } from "./toys.js";

const heads = async (model: LanguageModel, request: AttentionHeadsRequest) => (await model.explain({ kind: "attention-heads", ...request })) as AttentionHeadsExplanation;

for (const [backend, worker] of [["wasm", true], ["webgpu", false]] as [BackendName, boolean][]) {
  describe(`attention heads on ${backend}, ${worker ? "in a worker" : "on the page's thread"}`, () => {
    const toys = toysOn(backend, worker);

    it("gives PyTorch's patterns of all heads and their numbers", async () => {
      const numbers = await numbersOf("gpt2-ts17");
      const found = await heads(toys.lm, { text: gptText });
      expect(found).to.include({ kind: "attention-heads", layers: 2, heads: 4, causal: true, side: 4 });
      expect(found.weights).to.be.instanceOf(Float32Array);
      expect(found.maps.map(({ layer, head }) => [layer, head])).to.deep.equal([0, 1].flatMap((layer) => [0, 1, 2, 3].map((head) => [layer, head])));
      found.maps.forEach(({ layer, head, ...statistics }, position) => {
        const wanted = numbers.attention[layer]!.slice(head * 16, head * 16 + 16);
        expect(difference(weightsOfMap(found, position), wanted), `${layer}.${head}`).to.be.below(1e-5);
        const own = headStatistics(wanted, [false, false, false, false]);
        for (const name of HEAD_STATISTICS) expect(statistics[name], name).to.be.closeTo(own[name], 1e-5);
      });
      expect(found.quality[0]!.name).to.equal("row-sum-error");
      expect(found.quality[0]!.value).to.be.below(1e-5);
      expect(parseExplanation(found)).to.equal(found);
      expect(parseExplanation(JSON.parse(JSON.stringify(plainExplanation(found)))).kind).to.equal("attention-heads");
      expect(toCsv(found).split("\r\n")).to.have.length(8 + 2);
    });

    it("gives the chosen layers and heads, the same maps as one by one, in one pass with progress", async () => {
      const steps: Progress[] = [];
      const found = (await toys.classifier.explain({ kind: "attention-heads", text, layers: [1], heads: [3, 1] }, { onProgress: (progress) => steps.push(progress) })) as AttentionHeadsExplanation;
      expect(found.maps.map(({ layer, head }) => [layer, head])).to.deep.equal([[1, 1], [1, 3]]);
      for (const [position, head] of [1, 3].entries()) {
        const { weights, tokens } = await toys.classifier.attention({ text, layer: 1, head });
        expect(difference(weightsOfMap(found, position), weights.flat())).to.be.below(1e-6);
        const special = weights.reduce((sum, row) => sum + row.reduce((share, weight, key) => share + (tokens[key]!.special ? weight : 0), 0), 0) / weights.length;
        expect(found.maps[position]!.special).to.be.closeTo(special, 1e-5);
      }
      expect(steps.map(({ phase, loaded, total }) => [phase, loaded, total])).to.deep.equal([["explain", 1, 1]]);
    });

    it("makes maps smaller when asked, with the numbers of the whole maps", async () => {
      const [whole, small] = [await heads(toys.classifier, { text }), await heads(toys.classifier, { text, side: 3 })];
      expect(small.side).to.equal(3);
      expect(small.maps).to.deep.equal(whole.maps);
      const wanted = new Float32Array(9);
      poolMap(weightsOfMap(whole, 5), whole.side, wanted, 3);
      expect(weightsOfMap(small, 5)).to.deep.equal(wanted);
      expect((await heads(toys.classifier, { text, side: 1000 })).side).to.equal(whole.tokens.length);
    });

    it("weighs by values: each head's map as the heat map has it, in one question", async () => {
      const found = await heads(toys.classifier, { text, measure: "value-weighted" });
      expect(found).to.include({ measure: "value-weighted", layers: 2, heads: 4 });
      expect(found.quality).to.deep.equal([]); // rows need not sum to 1
      for (const [layer, head] of [[0, 1], [1, 3]] as const) {
        const one = await toys.classifier.attention({ text, layer, head, measure: "value-weighted" });
        expect(difference(weightsOfMap(found, 4 * layer + head), one.weights.flat()), `${layer}.${head}`).to.be.below(1e-5);
      }
      const pattern = await heads(toys.classifier, { text });
      expect(pattern).not.to.have.property("measure");
      expect(difference(found.weights, pattern.weights)).to.be.above(1e-3);
      expect(found.maps[0]!.entropy).not.to.equal(pattern.maps[0]!.entropy);
      expect(parseExplanation(found)).to.equal(found);
      const refused = await toys.classifier.explain({ kind: "attention-heads", text, measure: "flow" as "pattern" }).then(() => "no error", (error: Error) => error.message);
      expect(refused).to.equal('no measure "flow" of single heads; there are pattern, value-weighted');
    });

    it("of an encoder–decoder, gives the heads of the text that is read", async () => {
      const model = await loadModel("/test/fixtures/zoo/t5-ts14/", { backend });
      const found = await heads(model, { text: "from word3 day you", textPair: "fire that" });
      expect([found.layers, found.maps.length, found.causal, found.side]).to.deep.equal([2, 8, false, found.tokens.length]);
      expect(found.tokens.every(({ segment }) => !segment)).to.equal(true);
      const one = await model.attention({ text: "from word3 day you", textPair: "fire that", layer: 1, head: 2 });
      expect(difference(weightsOfMap(found, 6), one.weights.flat())).to.be.below(1e-6);
      expect(parseExplanation(found)).to.equal(found);
      await model.dispose();
    });

    it("refuses layers, heads and sides that do not exist", async () => {
      const refused = (request: Omit<AttentionHeadsRequest, "text">) => heads(toys.classifier, { text, ...request }).then(() => "no error", (error: Error) => error.message);
      expect(await refused({ layers: [2] })).to.equal("no layer 2: there are 0 to 1");
      expect(await refused({ heads: [0, 4] })).to.equal("no head 4: there are 0 to 3");
      expect(await refused({ heads: [] })).to.equal("no head asked for; there are 0 to 3");
      expect(await refused({ side: 0 })).to.equal("side 0 is not possible; use a whole number from 1");
    });
  });
}
