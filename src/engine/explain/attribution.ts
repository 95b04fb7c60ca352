/**
 * An attribution with what else was asked about it: whether its ranking of the words is better than random ones, and whether other seeds agree.
 * Both only add to its quality; the scores are those of the method. Trees and models without a text are not asked here.
 */
import { kendallTauB } from "../../base/ranks.js";
import { mean } from "../../base/statistics.js";
import type { AttributionExplanation, Quality } from "../../explanation/types.js";
import { judgeScores, prepareTrial, randomScores } from "../../methods/faithfulness/judge.js";
import { faithfulnessPreset } from "../../methods/faithfulness/presets.js";
import { methods, type MethodName } from "../../methods/table.js";
import type { Answering } from "../answering.js";
import { judgedText, JUDGED_TOGETHER, unitScores } from "../judged-text.js";
import type { AttributionRequest } from "../requests.js";
import type { RunOptions } from "../types.js";

const RANKINGS = 20;

/** The share of random rankings with a smaller area between the curves. None where one word alone can be left out. */
async function againstChance(model: Answering, request: AttributionRequest, { scores, target }: AttributionExplanation, { signal }: RunOptions): Promise<{ quality: Quality[]; evaluations: number }> {
  const settings = { ...faithfulnessPreset(""), metrics: ["area"] as const };
  const text = judgedText(model, request, model.encode(request), target, settings);
  if (text.units < 2) return { quality: [], evaluations: 0 };
  const game = { batch: JUDGED_TOGETHER, ...(signal && { signal }) };
  const { seed = 0 } = request;
  const trial = await prepareTrial(text, settings, seed, game);
  const { area } = (await judgeScores(trial, unitScores(text.players, scores), game)).values;
  let beaten = 0;
  for (const random of randomScores(RANKINGS, text.units, seed)) if ((await judgeScores(trial, random, game)).values.area! < area!) beaten++;
  return { quality: [{ name: "better-than-random", value: beaten / RANKINGS, of: RANKINGS }], evaluations: text.evaluations() };
}

/** Mean rank correlation of the scores over all pairs of `repeats` seeds, the asked one first. None where the scores are constant. */
async function agreementOf(model: Answering, request: AttributionRequest, first: AttributionExplanation, repeats: number, { signal }: RunOptions): Promise<{ quality: Quality[]; evaluations: number }> {
  const runs = [first];
  for (let run = 1; run < repeats; run++) runs.push(await model.attribute({ ...request, seed: (request.seed ?? 0) + run }, signal ? { signal } : {}));
  const pairs = runs.flatMap((one, index) => runs.slice(0, index).map((other) => kendallTauB(one.scores, other.scores))).filter(Number.isFinite);
  const evaluations = runs.slice(1).reduce((sum, { quality }) => sum + (quality.find(({ name }) => name === "evaluations")?.value ?? 0), 0);
  return { quality: pairs.length === 0 ? [] : [{ name: "agreement", value: mean(pairs), of: repeats }], evaluations };
}

/** Options `check` and `repeats` of the request. Seeds are compared only for methods that sample: the others give one answer. */
export async function explainAttribution(model: Answering, request: AttributionRequest, options: RunOptions): Promise<AttributionExplanation> {
  const { check, repeats = 1, ...asked } = request;
  const found = await model.attribute(asked, options);
  const samples = methods[found.method.name as MethodName]?.samples ?? false;
  const added = [
    ...(repeats > 1 && samples ? [await agreementOf(model, asked, found, repeats, options)] : []),
    ...(check ? [await againstChance(model, asked, found, options)] : []),
  ];
  if (added.length === 0) return found;
  const more = added.reduce((sum, { evaluations }) => sum + evaluations, 0);
  const counted = found.quality.map((one) => (one.name === "evaluations" ? { ...one, value: one.value + more } : one));
  return { ...found, quality: [...added.flatMap(({ quality }) => quality), ...counted] };
}
