/**
 * The facts of a summary: an attribution, the ranking of its words against random ones, and what the model says when the heaviest words are really
 * left out, one by one and together. Says nothing itself: sentences are made of these numbers where they are shown.
 */
import type { LeftOut, SummaryExplanation } from "../../explanation/summary.js";
import { bandOf, judgeScores, prepareTrial, randomScores } from "../../methods/faithfulness/judge.js";
import { faithfulnessPreset } from "../../methods/faithfulness/presets.js";
import type { Answering } from "../answering.js";
import { judgedText, JUDGED_TOGETHER, unitScores, unitsOf, type ModelText } from "../judged-text.js";
import { vocabularyLabel } from "../model-info.js";
import type { SummaryRequest } from "../requests.js";
import type { RunOptions } from "../types.js";

const RANKINGS = 20;
/** Words that are left out one by one: those that speak most for the target. */
const ALONE = 5;
/** The most words that are left out together. */
const TOGETHER = 8;

/** What the model says without each of the heaviest words, then without ever more of them until the prediction changes. */
async function leaveOut(text: ModelText, scores: readonly number[], whole: number, nameOf: (index: number) => string, { signal }: RunOptions, measured: "probability" | "score"): Promise<LeftOut[]> {
  const heaviest = scores.map((_, unit) => unit).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const alone = heaviest.slice(0, ALONE).map((unit) => [unit]);
  const together = Array.from({ length: Math.min(TOGETHER, scores.length) - 1 }, (_, more) => heaviest.slice(0, more + 2));
  const row = (out: readonly number[]): Uint8Array => Uint8Array.from(scores, (_, unit) => (out.includes(unit) ? 0 : 1));
  const ask = async (sets: readonly (readonly number[])[]) => (await text.say(sets.map(row), signal)).map((said, index) => ({ said, units: sets[index]! }));
  const found = await ask([...alone, ...together]);
  const changed = found.findIndex(({ said, units }) => units.length > 1 && said.best !== whole);
  const kept = found.filter(({ units }, index) => units.length === 1 || changed === -1 || index <= changed);
  return kept.map(({ said, units }) => ({ units, value: said[measured], label: nameOf(said.best), labelValue: said.bestProbability }));
}

export async function explainSummary(model: Answering, request: SummaryRequest, options: RunOptions): Promise<SummaryExplanation> {
  const { seed = 0, method = "integrated-gradients" } = request;
  const { signal, onProgress } = options;
  const run = signal ? { signal } : {};
  const steps = RANKINGS + 2;
  const { labels, tokenizer } = model.facts;
  const nameOf = (index: number): string => labels[index] ?? vocabularyLabel(tokenizer, index);
  const encoded = model.encode(request);
  const attribution = await model.attribute({ ...request, method, seed }, run);
  onProgress?.({ phase: "explain", loaded: 1, total: steps });
  const { target, prediction, quality } = attribution;
  const settings = { ...faithfulnessPreset(""), metrics: ["area"] as const };
  const text = judgedText(model, request, encoded, target, settings);
  const units = unitsOf(text.players, encoded.tokens);
  const scores = unitScores(text.players, attribution.scores);
  const game = { batch: JUDGED_TOGETHER, ...run };
  const trial = await prepareTrial(text, settings, seed, game);
  const { area } = (await judgeScores(trial, scores, game)).values;
  const areas: number[] = [];
  for (const random of randomScores(RANKINGS, text.units, seed)) {
    areas.push((await judgeScores(trial, random, game)).values.area!);
    onProgress?.({ phase: "explain", loaded: 1 + areas.length, total: steps });
  }
  const measure = labels.length === 1 && !target.contrast ? "score" : "probability";
  const [whole] = (await text.say([text.players.map(() => 1)], signal)) as [Awaited<ReturnType<typeof text.say>>[number]];
  const leftOut = await leaveOut(text, scores, whole.best, nameOf, options, measure);
  const evaluations = text.evaluations() + (quality.find(({ name }) => name === "evaluations")?.value ?? 0);
  return {
    ...model.base(request, encoded, [...quality.filter(({ name }) => name !== "evaluations"), { name: "evaluations", value: evaluations }]), kind: "summary",
    method: attribution.method, target, prediction, measure, value: whole[measure], label: nameOf(whole.best),
    units: units.map((unit, index) => ({ ...unit, score: scores[index]! })), leftOut,
    trust: {
      completenessGap: quality.find(({ name }) => name === "completeness-gap")?.value ?? null, area: area!, chance: bandOf(areas)!,
      beats: areas.filter((random) => area! > random).length, rankings: RANKINGS,
    },
  };
}
