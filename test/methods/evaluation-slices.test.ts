/** Slices, gates, tests and searches of an evaluation, against scikit-learn and SciPy (numbers written out) and against the metrics of whole arrays. */
import { expect } from "@open-wc/testing";
import { METRICS, type SliceReport } from "../../src/explanation/evaluation.js";
import { judge, parseAssertions } from "../../src/methods/evaluation/assertions.js";
import { benjaminiHochberg, holm } from "../../src/methods/evaluation/corrections.js";
import { calibrationBins, classCurves, confusionMatrix } from "../../src/methods/evaluation/curves.js";
import { evaluate, type EvaluationInput, type EvaluationPlan } from "../../src/methods/evaluation/evaluate.js";
import { fisherExact, mcNemarExact } from "../../src/methods/evaluation/exact-tests.js";
import { bootstrapInterval, jackknifeInterval, percentileInterval, studentP, wilsonInterval } from "../../src/methods/evaluation/intervals.js";
import { auc, averagePrecision, calibrationError, flipRates } from "../../src/methods/evaluation/metrics.js";
import { poissonWeights, withoutBucket } from "../../src/methods/evaluation/resampling.js";
import { rowFacts } from "../../src/methods/evaluation/row-facts.js";
import { parseCondition, parseSlices } from "../../src/methods/evaluation/slice-language.js";
import { sliceMetrics, sliceRows } from "../../src/methods/evaluation/slice-metrics.js";
import { languageByScript, rowsOf, slicesOf, slicesOfRules, type SliceTable } from "../../src/methods/evaluation/slicing.js";
import { worstSlices } from "../../src/methods/evaluation/worst-slices.js";

let state = 12345;
const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

/** The data of the oracle: the same congruential generator. Two classes (with many ties) first, then three (without: a tie of three is a matter of rounding). */
function data(count: number, classes: number): { labels: number[]; probabilities: Float64Array } {
  const labels: number[] = [];
  const probabilities = new Float64Array(count * classes);
  for (let row = 0; row < count; row++) {
    const label = Math.floor(next() * classes);
    labels.push(label);
    const raised = Array.from({ length: classes }, (_, index) => Math.exp((classes === 2 ? Math.round(next() * 20) / 10 : 2 * next()) + (index === label ? 1.2 : 0)));
    const sum = raised.reduce((total, value) => total + value, 0);
    raised.forEach((value, index) => (probabilities[row * classes + index] = value / sum));
  }
  return { labels, probabilities };
}
state = 12345;
const two = data(300, 2);
const three = data(300, 3);
const all = Uint32Array.from({ length: 300 }, (_, row) => row);

function table(texts: readonly string[], columns: Readonly<Record<string, readonly string[]>> = {}): SliceTable {
  return { texts, columns: Object.keys(columns), value: (row, column) => columns[column]![row]! };
}

describe("metrics of slices", () => {
  it("equal scikit-learn's, two classes and three", () => {
    const binary = rowFacts(two.labels, two.probabilities, 2, 1);
    const found = sliceMetrics(binary, sliceRows(binary, all));
    [0.9233333333333333, 0.9594594594594594, 0.8930817610062893, 0.9250814332247557, 0.9814220081181142, 0.3298551699194375, 0.18353458557208338, 0.17717850584278383].forEach((value, index) => expect(found[index], METRICS[index]).to.be.closeTo(value, 1e-12));
    const several = rowFacts(three.labels, three.probabilities, 3, null);
    const macro = sliceMetrics(several, sliceRows(several, all));
    [0.8766666666666667, 0.8776302076517695, 0.8784311711744367, 0.8771191736232219, 0.9784789192881885, 0.5290561882136228, 0.2765978810825249, 0.2511720623480763].forEach((value, index) => expect(macro[index], METRICS[index]).to.be.closeTo(value, 1e-12));
  });

  it("a weight counts a row as often as repeating it, and a slice is as if the others were not there", () => {
    const facts = rowFacts(two.labels, two.probabilities, 2, 1);
    const weights = poissonWeights(7, 0, new Uint8Array(300));
    const repeated = Array.from(all).filter((row) => row % 3 === 0).flatMap((row) => new Array<number>(weights[row]!).fill(row));
    const probabilities = Float64Array.from(repeated.flatMap((row) => [two.probabilities[2 * row]!, two.probabilities[2 * row + 1]!]));
    const copy = rowFacts(repeated.map((row) => two.labels[row]!), probabilities, 2, 1);
    const wanted = sliceMetrics(copy, sliceRows(copy, Uint32Array.from(repeated, (_, row) => row)));
    const found = sliceMetrics(facts, sliceRows(facts, all.filter((row) => row % 3 === 0)), weights);
    wanted.forEach((value, index) => expect(found[index]).to.be.closeTo(value, 1e-12));
  });

  it("a metric that is not defined is NaN: no positive row, no rows", () => {
    const facts = rowFacts([0, 0], Float64Array.of(0.9, 0.1, 0.8, 0.2), 2, 1);
    const [accuracy, precision, recall, f1, area] = sliceMetrics(facts, sliceRows(facts, Uint32Array.of(0, 1)));
    expect(accuracy).to.equal(1);
    for (const value of [precision, recall, f1, area]) expect(value).to.be.NaN;
    for (const value of sliceMetrics(facts, sliceRows(facts, new Uint32Array(0)))) expect(value).to.be.NaN;
  });

  it("curves and matrix: their areas and counts are the metrics", () => {
    const facts = rowFacts(two.labels, two.probabilities, 2, 1);
    const [curves] = classCurves(facts);
    const area = curves!.roc.slice(1).reduce((sum, [x, y], index) => sum + ((x! - curves!.roc[index]![0]!) * (y! + curves!.roc[index]![1]!)) / 2, 0);
    expect(area).to.be.closeTo(0.9814220081181142, 1e-12);
    const scores = two.labels.map((_, row) => two.probabilities[2 * row + 1]!);
    expect(auc(two.labels.map(Boolean), scores)).to.be.closeTo(area, 1e-12);
    const steps = curves!.precisionRecall.reduce((sum, [recall, precision], index) => sum + (recall! - (index ? curves!.precisionRecall[index - 1]![0]! : 0)) * precision!, 0);
    expect(averagePrecision(two.labels.map(Boolean), scores)).to.be.closeTo(steps, 1e-12);
    for (const [percent, [hits]] of curves!.thresholds.entries()) expect(hits).to.equal(two.labels.filter((label, row) => label === 1 && scores[row]! >= percent / 100).length);
    for (const counts of curves!.thresholds) expect(counts.reduce((sum, one) => sum + one, 0)).to.equal(300);
    const matrix = confusionMatrix(facts);
    expect((matrix[0]![0]! + matrix[1]![1]!) / 300).to.be.closeTo(0.9233333333333333, 1e-12);
    const bins = calibrationBins(facts);
    const gap = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0) / 300;
    expect(gap).to.be.closeTo(calibrationError(two.labels.map((label, row) => label === facts.predicted[row]), [...facts.confidence]), 1e-12);
  });
});

describe("tests and corrections", () => {
  it("equal SciPy's", () => {
    expect(fisherExact(3, 10, 43, 100)).to.be.closeTo(0.5084528637619221, 1e-10);
    expect(fisherExact(9, 20, 129, 1000, "more")).to.be.closeTo(0.00036493144347487177, 1e-12);
    expect(fisherExact(200, 500, 4200, 10000)).to.be.closeTo(0.3771651076565921, 1e-9);
    expect(fisherExact(0, 20, 150, 1000, "fewer")).to.be.closeTo(0.037463429455367084, 1e-10);
    expect(mcNemarExact(3, 9)).to.be.closeTo(0.14599609375, 1e-12);
    expect(mcNemarExact(40, 30)).to.be.closeTo(0.281978921793656, 1e-10);
    expect(mcNemarExact(0, 0)).to.equal(1);
    expect(studentP(2.5, 19)).to.be.closeTo(0.02174041116839744, 1e-9);
    expect(studentP(-0.7, 199)).to.be.closeTo(0.4847448166571638, 1e-8);
    benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.8]).forEach((value, index) => expect(value).to.be.closeTo([0.025, 0.05, 0.05, 0.025, 0.8][index]!, 1e-12));
  });

  it("Holm's: multiplied by how many are left, never falling", () => {
    holm([0.01, 0.04, 0.03, 0.005]).forEach((value, index) => expect(value).to.be.closeTo([0.03, 0.06, 0.06, 0.02][index]!, 1e-12));
    expect(holm([0.5, 0.9])).to.deep.equal([1, 1]);
    expect(holm([])).to.deep.equal([]);
  });
});

describe("resamples", () => {
  it("Poisson(1): mean and variance 1, the same for the same seed, another for another", () => {
    const weights = poissonWeights(3, 5, new Uint8Array(100_000));
    const mean = weights.reduce((sum, one) => sum + one, 0) / 100_000;
    const variance = weights.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 100_000;
    expect(mean).to.be.closeTo(1, 0.013); // four standard errors
    expect(variance).to.be.closeTo(1, 0.022);
    expect(weights.filter((one) => one === 0).length / 100_000).to.be.closeTo(Math.exp(-1), 0.0062);
    expect(poissonWeights(3, 5, new Uint8Array(50))).to.deep.equal(weights.slice(0, 50));
    expect(poissonWeights(3, 6, new Uint8Array(50))).to.not.deep.equal(weights.slice(0, 50));
  });

  it("the buckets of the jackknife part the rows", () => {
    const sums = new Array<number>(1000).fill(0);
    for (let bucket = 0; bucket < 20; bucket++) withoutBucket(1, bucket, new Uint8Array(1000)).forEach((kept, row) => (sums[row]! += kept));
    expect(new Set(sums)).to.deep.equal(new Set([19]));
  });
});

describe("the language of slices", () => {
  it("reads features, crosses, comparisons and words", () => {
    expect(parseSlices("lang, length, contains(不|not), source × lang, a x b*c")).to.deep.equal([
      [{ kind: "values", feature: "lang" }], [{ kind: "values", feature: "length" }], [{ kind: "contains", terms: ["不", "not"] }],
      [{ kind: "values", feature: "source" }, { kind: "values", feature: "lang" }], [{ kind: "values", feature: "a" }, { kind: "values", feature: "b" }, { kind: "values", feature: "c" }],
    ]);
    expect(parseSlices('stars>=4，"my, column"="a = b", contains("a|b"|(c))')).to.deep.equal([
      [{ kind: "compare", feature: "stars", operator: ">=", value: "4" }], [{ kind: "compare", feature: "my, column", operator: "=", value: "a = b" }], [{ kind: "contains", terms: ["a|b", "(c)"] }],
    ]);
    expect(parseSlices(" ")).to.deep.equal([]);
    expect(parseSlices("x")).to.deep.equal([[{ kind: "values", feature: "x" }]]);
  });

  for (const [text, message] of [["lang,", "nothing is named"], ["contains()", "needs words"], ["contains(a", "not closed"], ["a)", "closes nothing"], ['"a', "quote"], ["a=", "no value"], ["=a", "no feature"], ["a=b=c", "more than one"], ["stars>four", "not a number"], ["has(a)", "no such function"]]) {
    it(`refuses ${text!}`, () => expect(() => parseSlices(text!)).to.throw(message));
  }

  it("a condition is one slice", () => {
    expect(parseCondition("lang=zh, length<20")).to.have.length(2);
    expect(() => parseCondition("lang")).to.throw("many slices");
  });

  it("takes the rows it says", () => {
    const rows = table(["not good", "nothing good", "不好", "Not again", "好"], { source: ["a", "b", "a", "b", ""], stars: ["1", "2", "3", "", "5"] });
    const [contains] = slicesOf(rows, parseSlices("contains(不|not)")[0]!);
    expect([contains!.name, [...contains!.rows]]).to.deep.equal(["contains 不|not", [0, 2, 3]]);
    expect(slicesOfRules(rows, parseSlices("source × lang, source × lang")).map(({ name, rows: of }) => [name, [...of]])).to.deep.equal([["source= × lang=zh", [4]], ["source=a × lang=latin", [0]], ["source=a × lang=zh", [2]], ["source=b × lang=latin", [1, 3]]]);
    expect([...rowsOf(rows, parseCondition("stars<3"))]).to.deep.equal([0, 1]);
    expect([...rowsOf(rows, parseCondition("stars!=3, lang=zh"))]).to.deep.equal([4]);
    expect([...rowsOf(rows, parseCondition("lang=ko"))]).to.deep.equal([]);
    expect(() => slicesOf(rows, parseSlices("colour")[0]!)).to.throw('no column "colour" to slice by; there are source, stars, length, lang');
  });

  it("many numbers are cut at quartiles, none twice, none lost", () => {
    const lengths = Array.from({ length: 101 }, (_, index) => "x".repeat(1 + ((index * 37) % 101)));
    const slices = slicesOf(table(lengths), parseSlices("length")[0]!);
    expect(slices.map(({ name, rows }) => [name, rows.length])).to.deep.equal([["length 1–26", 26], ["length 27–51", 25], ["length 52–76", 25], ["length 77–101", 25]]);
    const column = table(new Array<string>(40).fill("t"), { n: Array.from({ length: 40 }, (_, index) => (index === 0 ? "" : String(index < 30 ? 1 : index))) });
    const parts = slicesOf(column, parseSlices("n")[0]!);
    expect(parts.reduce((sum, { rows }) => sum + rows.length, 0)).to.equal(40);
    expect(parts.map(({ name }) => name)).to.deep.equal(["n 1", "n 30", "n 31–39", "n="]);
  });

  it("languages by script", () => {
    expect(["A film.", "很好看", "とても良い", "재미있다", "Хорошо", "رائع", "123", "这个 app 很好"].map(languageByScript)).to.deep.equal(["latin", "zh", "ja", "ko", "cyrillic", "arabic", "other", "zh"]);
  });

  it("hostile terms are letters, not patterns", () => {
    const rows = table(["a.c", "abc", "(x", "[y"]);
    expect([...rowsOf(rows, parseCondition('contains(a.c|"[y")'))]).to.deep.equal([0, 3]);
  });
});

describe("gates", () => {
  const report: SliceReport = { name: "", count: 40, metrics: { accuracy: { value: 0.85, low: 0.7, high: 0.93 }, auc: { value: null } }, examples: [] };

  it("read, compared, and never passed without a value", () => {
    const gates = parseAssertions("accuracy >= 0.85; accuracy.low>=75% ；accuracy ≥ .9; auc > 0; slice(lang=zh, contains(不|not)).recall < 1; n == 40;");
    expect(gates.map((gate) => judge(gate, report).passed)).to.deep.equal([true, false, false, false, false, true]);
    expect(gates[4]!.slice!.text).to.equal("lang=zh, contains(不|not)");
    expect(judge(gates[3]!, report).reason).to.equal("undefined");
    expect(judge(gates[0]!, { name: "", count: 3, suppressed: true, metrics: {}, examples: [] })).to.include({ passed: false, reason: "small", value: null });
    expect(judge(gates[0]!, { name: "", count: 0, suppressed: true, metrics: {}, examples: [] }).reason).to.equal("empty");
  });

  for (const [text, message] of [["accuracy", "compares nothing"], ["accuracy > high", "not a number"], ["beauty > 1", "no metric"], ["accuracy > 1 > 2", "twice"], ["slice(lang).recall > 0", "many slices"], ["slice(lang=zh) > 0", "no metric"], ["accuracy.middle > 0", ".low or .high"], ["accuracy > 0x10", "not a number"]]) {
    it(`refuses ${text!}`, () => expect(() => parseAssertions(text!)).to.throw(message));
  }
});

const plan: EvaluationPlan = { slices: [], assertions: [], interval: "wilson", correction: "holm", minimum: 20, resamples: 200, seed: 0, except: [], search: true };
const input = (other?: Float64Array): EvaluationInput => ({
  table: table(two.labels.map((_, row) => (row % 7 === 0 ? `bad weather ${row}` : `fine ${row}`)), { group: two.labels.map((_, row) => (row < 8 ? "tiny" : row % 2 ? "odd" : "even")) }),
  lines: two.labels.map((_, row) => row + 2), labels: two.labels, probabilities: two.probabilities, classes: 2, positive: 1,
  ...(other && { other: { reference: "b", name: "B", probabilities: other } }),
});

describe("an evaluation", () => {
  it("each interval is the one that its own function gives", async () => {
    const facts = rowFacts(two.labels, two.probabilities, 2, 1);
    const whole = sliceRows(facts, all);
    const accuracy = (weights: Uint8Array): number => sliceMetrics(facts, whole, weights)[0]!;
    const resamples = Array.from({ length: 200 }, (_, draw) => accuracy(poissonWeights(0, draw, new Uint8Array(300))));
    const without = Array.from({ length: 20 }, (_, bucket) => accuracy(withoutBucket(0, bucket, new Uint8Array(300))));
    const wanted = {
      bootstrap: bootstrapInterval(resamples.slice(0, 20)), jackknife: jackknifeInterval(277 / 300, without), percentile: percentileInterval(resamples), wilson: wilsonInterval(277, 300),
    };
    for (const [interval, { low, high }] of Object.entries(wanted)) {
      const { whole: found } = await evaluate(input(), { ...plan, interval: interval as EvaluationPlan["interval"] });
      expect(found.metrics.accuracy!.low, interval).to.be.closeTo(low, 1e-12);
      expect(found.metrics.accuracy!.high, interval).to.be.closeTo(high, 1e-12);
    }
    expect((wanted.bootstrap.high - wanted.bootstrap.low) / (wanted.wilson.high - wanted.wilson.low)).to.be.within(0.6, 1.6);
  });

  it("suppresses small slices, tests the others against the rest, corrects for how many there are", async () => {
    const { slices, whole, gates } = await evaluate(input(), { ...plan, slices: parseSlices("group, contains(bad)"), assertions: parseAssertions("slice(group=tiny).accuracy > 0; slice(group=odd).n > 100; accuracy > .9") });
    expect(slices.map(({ name, count, suppressed }) => [name, count, suppressed ?? false])).to.deep.equal([["group=even", 146, false], ["group=odd", 146, false], ["group=tiny", 8, true], ["contains bad", 43, false]]);
    expect(slices[2]!.metrics).to.deep.equal({});
    expect(gates.map(({ passed, reason }) => [passed, reason])).to.deep.equal([[false, "small"], [true, ""], [true, ""]]);
    expect(slices[0]!.metrics.accuracy!.difference).to.be.closeTo(slices[0]!.metrics.accuracy!.value! - whole.metrics.accuracy!.value!, 1e-12);
    const hits = (of: (row: number) => boolean): number => two.labels.filter((label, row) => of(row) && (two.probabilities[2 * row + 1]! > two.probabilities[2 * row]! ? 1 : 0) === label).length;
    const raw = [(row: number) => row >= 8 && row % 2 === 0, (row: number) => row >= 8 && row % 2 === 1, (row: number) => row % 7 === 0].map((of) => fisherExact(hits(of), two.labels.filter((_, row) => of(row)).length, 277, 300));
    const corrected = holm(raw);
    [slices[0]!, slices[1]!, slices[3]!].forEach((slice, index) => expect(slice.metrics.accuracy!.p).to.be.closeTo(corrected[index]!, 1e-9));
  });

  it("examples: the wrong ones first, the most confidently wrong before the others", async () => {
    const { whole, examples } = await evaluate(input(), plan);
    const shown = whole.examples.map((place) => examples[place]!);
    expect(shown.every(({ label, predicted }) => label !== predicted)).to.be.true;
    const confident = shown.map(({ probability }) => probability);
    confident.slice(1).forEach((value, index) => expect(value).to.be.at.most(confident[index]! + 1e-12));
    expect(shown[0]!.text).to.match(new RegExp(`${shown[0]!.line - 2}$`));
  });

  it("two models: flips are counted, McNemar's p is exact, a model differs from itself by nothing", async () => {
    const same = (await evaluate(input(two.probabilities), plan)).comparison!;
    expect([same.onlyFirst, same.onlySecond, same.mcNemar, same.flipRate]).to.deep.equal([0, 0, 1, 0]);
    const swapped = two.probabilities.map((_, index) => (index < 60 ? two.probabilities[index ^ 1]! : two.probabilities[index]!));
    const { comparison, whole } = await evaluate(input(swapped), plan);
    const { bothRight, onlyFirst, onlySecond, bothWrong, mcNemar, flipRate } = comparison!;
    expect(bothRight + onlyFirst + onlySecond + bothWrong).to.equal(300);
    expect(onlyFirst + onlySecond).to.equal(30);
    expect(flipRate).to.be.closeTo(0.1, 1e-12);
    const score = (from: ArrayLike<number>) => two.labels.map((_, row) => from[2 * row + 1]!);
    expect(flipRates(score(two.probabilities), score(swapped)).symmetric).to.be.closeTo(flipRate, 1e-12);
    expect(mcNemar).to.be.closeTo(mcNemarExact(onlyFirst, onlySecond), 1e-12);
    expect(whole.metrics.accuracy!.change!.value).to.be.closeTo((onlySecond - onlyFirst) / 300, 1e-12);
    expect(whole.metrics.accuracy!.change!.p).to.be.closeTo(mcNemar, 1e-12);
    expect(whole.metrics.accuracy!.change!.high).to.be.below(0);
  });

  it("the order of the rows changes nothing that does not sample", async () => {
    const order = [...all].reverse();
    const first = input();
    const turned: EvaluationInput = {
      ...first, lines: order.map((row) => first.lines[row]!), labels: order.map((row) => two.labels[row]!),
      probabilities: Float64Array.from(order.flatMap((row) => [two.probabilities[2 * row]!, two.probabilities[2 * row + 1]!])),
      table: { texts: order.map((row) => first.table.texts[row]!), columns: first.table.columns, value: (row, column) => first.table.value(order[row]!, column) },
    };
    const options = { ...plan, resamples: 0, slices: parseSlices("group, length") };
    const [a, b] = [await evaluate(first, options), await evaluate(turned, options)];
    a.slices.forEach((slice, index) => {
      expect(b.slices[index]!.name).to.equal(slice.name);
      for (const [name, metric] of Object.entries(slice.metrics)) expect(b.slices[index]!.metrics[name as "auc"]!.value).to.be.closeTo(metric.value!, 1e-12);
    });
    expect(b.worst).to.deep.equal(a.worst);
  });

  it("stops when nobody waits", async () => {
    const abort = new AbortController();
    const promise = evaluate(input(), { ...plan, signal: abort.signal, pause: () => Promise.resolve(abort.abort()) });
    expect(await promise.catch((error: { code: string }) => error.code)).to.equal("aborted");
  });
});

describe("worst slices", () => {
  const texts = Array.from({ length: 2000 }, (_, row) => `${row % 10 === 0 ? "hardly" : "mostly"} w${row % 13} seen ${row % 2 ? "day" : "night"}`);

  it("finds the word that was spoilt, and not its echoes", () => {
    const wrong = Uint8Array.from(texts, (_, row) => ((row % 10 === 0 ? row % 3 !== 0 : row % 23 === 1) ? 1 : 0));
    const { slices, tested } = worstSlices(table(texts), wrong, { minimum: 30 });
    expect(slices[0]!.name).to.equal("contains hardly");
    expect(slices[0]!.errors).to.equal(133);
    expect(slices[0]!.p).to.be.below(1e-50);
    expect(tested).to.be.above(10);
  });

  it("finds a pair of columns where neither alone is bad", () => {
    const columns = { a: texts.map((_, row) => `a${row % 4}`), b: texts.map((_, row) => `b${Math.floor(row / 4) % 4}`) };
    const wrong = Uint8Array.from(texts, (_, row) => (row % 4 === 1 && Math.floor(row / 4) % 4 === 2 ? (row % 5 ? 1 : 0) : row % 9 === 0 ? 1 : 0));
    expect(worstSlices(table(texts, columns), wrong, { minimum: 30 }).slices[0]!.name).to.equal("a=a1 × b=b2");
  });

  it("guards: errors without a pattern give a find in no more than the level allows", () => {
    let finds = 0;
    for (let trial = 0; trial < 20; trial++) {
      const wrong = Uint8Array.from(poissonWeights(trial + 100, 0, new Uint8Array(2000)), (weight) => (weight >= 3 ? 1 : 0));
      if (worstSlices(table(texts), wrong, { minimum: 30 }).slices.length > 0) finds++;
    }
    expect(finds).to.be.at.most(4); // 5 % of 20 is 1; more than 4 has a chance of 0.3 %
  });

  it("nothing wrong, nothing found", () => expect(worstSlices(table(texts), new Uint8Array(2000), { minimum: 30 }).slices).to.deep.equal([]));
});
