/**
 * The faithfulness report over a corpus: a seeded sample of its texts, each judged as a single text is, then means with intervals over the texts.
 * Drawn again as texts come in. Texts on which no ranking can be told from another (one word) and texts that the model cannot read are left out
 * and counted; the next of the sample takes their place.
 */
import { LexiscopeError, throwIfAborted, asLexiscopeError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import type { FaithfulnessBand, FaithfulnessExplanation, JudgedMethod } from "../../explanation/faithfulness.js";
import type { Target } from "../../explanation/types.js";
import type { Judgement } from "../../methods/faithfulness/judge.js";
import { faithfulnessMetrics } from "../../methods/faithfulness/metrics.js";
import { chanceOverTexts, curvesOfChance, methodsOverTexts } from "../../methods/faithfulness/over-texts.js";
import type { Answering } from "../answering.js";
import { corpusInfo, corpusTexts, type CorpusTexts } from "../corpus-texts.js";
import type { RunOptions } from "../types.js";
import { judgeMethods, judgeRandom, prepareReport, type Plan } from "./judged-methods.js";

const SAMPLES = 24;
const MOST = 1000;
/** A partial answer is made at most so often. Milliseconds. */
const PART_EVERY = 1000;

interface OneText {
  readonly line: number;
  readonly random: readonly Judgement[];
  readonly judged: readonly JudgedMethod[];
  readonly target: Target;
  readonly removal: string;
  readonly score: boolean;
  readonly evaluations: number;
}

const bad = (message: string): LexiscopeError => new LexiscopeError("bad-input", message, { phase: "request" });

export async function explainOverCorpus(model: Answering, plan: Plan, options: RunOptions): Promise<FaithfulnessExplanation> {
  const { request, rankings, methods, seed } = plan;
  const { samples = SAMPLES, corpus: reference = "", file, revision, textColumn } = request;
  if (request.rationale) throw bad("a rationale is of one text, not of a corpus");
  if (!Number.isInteger(samples) || samples < 2 || samples > MOST) throw bad(`samples ${String(samples)} is not possible; use a whole number from 2 to ${MOST}`);
  const corpus = await corpusTexts({ corpus: reference, ...(file && { file }), ...(revision !== undefined && { revision }), ...(textColumn !== undefined && { textColumn }) }, options);
  const order = new Random(seed, 1).permutation(corpus.texts.length);
  const wanted = Math.min(samples, corpus.texts.length);
  const steps = rankings + methods.length;
  const done: OneText[] = [];
  let [skipped, told] = [0, performance.now()];
  const answer = (): FaithfulnessExplanation => explanationOf(model, plan, corpus, samples, skipped, done);
  const step = (loaded: number): void => options.onProgress?.({ phase: "explain", loaded: done.length * steps + loaded, total: wanted * steps });
  for (const row of order) {
    if (done.length === wanted) break;
    throwIfAborted(options.signal);
    const one = await judgeText(model, plan, corpus.rows[row]!.line, corpus.texts[row]!, options, step);
    if (one) done.push(one);
    else skipped++;
    if (!options.onProgress || done.length < 2 || done.length === wanted || performance.now() - told < PART_EVERY) continue;
    told = performance.now();
    options.onProgress({ phase: "explain", loaded: done.length * steps, total: wanted * steps, partial: answer() });
  }
  if (done.length === 0) throw bad(`no text of the corpus "${reference}" can be judged: the model reads none of them, or each has one word only`);
  return answer();
}

/** Null where the text tells nothing: one unit, or none that the model reads. */
async function judgeText(model: Answering, plan: Plan, line: number, text: string, options: RunOptions, step: (loaded: number) => void): Promise<OneText | null> {
  const own: Plan = { ...plan, request: { ...plan.request, text } };
  const report = await prepareReport(model, own, options).catch((error: unknown) => {
    if (asLexiscopeError(error, "runtime", "run").code === "bad-input") return null;
    throw error;
  });
  if (!report || report.text.units < 2) return null;
  const random = await judgeRandom(report, options, step);
  const judged = await judgeMethods(report, random, options, (known) => step(random.length + known.length));
  const evaluations = 1 + report.text.evaluations() + judged.reduce((sum, method) => sum + method.evaluations, 0);
  return { line, random, judged, target: report.target, removal: report.text.removal, score: report.labels === 1 && !report.target.contrast, evaluations };
}

function explanationOf(model: Answering, { request, settings, methods, seed, rankings }: Plan, corpus: CorpusTexts, samples: number, skipped: number, done: readonly OneText[]): FaithfulnessExplanation {
  const { unit, sets, subsets, metrics, rawInfidelity } = settings;
  const random = done.map((one) => one.random);
  const over = methodsOverTexts(done.map(({ judged }) => judged.map((one) => (one.failed === undefined ? one : null))), random, metrics, seed);
  const bands = metrics.flatMap((metric): [string, FaithfulnessBand][] => {
    const band = faithfulnessMetrics[metric].chance && !(metric === "infidelity" && rawInfidelity) ? chanceOverTexts(random, metric) : null;
    return band ? [[metric, band]] : [];
  });
  const isOne = new Set(done.map(({ target }) => JSON.stringify(target))).size === 1 && request.target !== undefined && request.target !== "argmax";
  return {
    ...model.base({ text: "" }, null, [{ name: "evaluations", value: done.reduce((sum, one) => sum + one.evaluations, 0) }]), kind: "faithfulness", preset: request.preset ?? "",
    options: { unit, removal: done[0]!.removal, sets, subsets, rankings }, seed, texts: done.length, target: isOne ? done[0]!.target : null, measure: done[0]!.score ? "score" : "probability", units: [], metrics,
    corpus: corpusInfo(corpus), sample: { asked: samples, lines: done.map(({ line }) => line), skipped },
    methods: over.map(({ values, deletion, insertion, beats, ...found }, index): JudgedMethod => {
      const all = done.map(({ judged }) => judged[index]!);
      const failed = found.texts === 0 ? all[0]!.failed : undefined;
      const method = { name: methods[index]!.entry.name, preset: methods[index]!.preset, options: methods[index]!.options, seed };
      const evaluations = all.reduce((sum, one) => sum + one.evaluations, 0);
      return { method, scores: [], values: failed === undefined ? values : {}, deletion, insertion, beats: failed === undefined ? beats : 0, evaluations, over: found, ...(failed !== undefined && { failed }) };
    }),
    random: { rankings, values: Object.fromEntries(bands), deletion: curvesOfChance(random, "deletion"), insertion: curvesOfChance(random, "insertion") },
  };
}
