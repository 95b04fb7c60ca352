/**
 * The faithfulness report of one text: each method's attribution judged by what the model does without the words it names, beside random
 * rankings judged the same way. First the band of chance, then method by method, each drawn as soon as it is known. Of a corpus:
 * `faithfulness-corpus.ts`.
 */
import type { FaithfulnessExplanation, JudgedMethod } from "../../explanation/faithfulness.js";
import type { Judgement } from "../../methods/faithfulness/judge.js";
import type { Answering } from "../answering.js";
import { checkRationale, unitsOf } from "../judged-text.js";
import type { FaithfulnessRequest } from "../requests.js";
import type { RunOptions } from "../types.js";
import { chanceOf, judgeMethods, judgeRandom, planOf, prepareReport, type Report } from "./judged-methods.js";

function explanationOf({ model, request, settings, encoded, target, text, seed, rankings, labels }: Report, random: readonly Judgement[], judged: readonly JudgedMethod[]): FaithfulnessExplanation {
  const { unit, sets, subsets } = settings;
  const evaluations = 1 + text.evaluations() + judged.reduce((sum, method) => sum + method.evaluations, 0);
  return {
    ...model.base(request, encoded, [{ name: "evaluations", value: evaluations }]), kind: "faithfulness",
    preset: request.preset ?? "", options: { unit, removal: text.removal, sets, subsets, rankings }, seed, texts: 1, target, measure: labels === 1 && !target.contrast ? "score" : "probability",
    units: unitsOf(text.players, encoded.tokens),
    metrics: settings.metrics, methods: judged, random: { rankings, ...chanceOf(random, settings) },
  };
}

export async function explainFaithfulness(model: Answering, request: FaithfulnessRequest, options: RunOptions): Promise<FaithfulnessExplanation> {
  const plan = planOf(request);
  if (request.corpus !== undefined) return (await import("./faithfulness-corpus.js")).explainOverCorpus(model, plan, options);
  if (request.rationale) checkRationale(request.text, request.rationale);
  const report = await prepareReport(model, plan, options);
  const { rankings, methods } = plan;
  const total = rankings + methods.length;
  const random = await judgeRandom(report, options, (loaded) => options.onProgress?.({ phase: "explain", loaded, total }));
  const judged = await judgeMethods(report, random, options, (known) => options.onProgress?.({ phase: "explain", loaded: rankings + known.length, total, partial: explanationOf(report, random, known) }));
  return explanationOf(report, random, judged);
}
