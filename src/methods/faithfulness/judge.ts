/**
 * Judges scores on one text by everything that needs no second attribution: curves, erasure, leave-one-out, random sets, rationale. Random scores
 * are judged by the same function, which is what makes a band of chance. It knows no method and no model: the text is a game.
 */
import { kendallTauB } from "../../base/ranks.js";
import { Random } from "../../base/random.js";
import { mean, norm } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import { percentileInterval } from "../evaluation/intervals.js";
import type { Game, GameOptions } from "../shapley/game.js";
import { areaUnder, erasureCurves, type ErasureCurves } from "./curves.js";
import { erasure } from "./erasure.js";
import type { FaithfulnessMetric } from "./metrics.js";
import { plausibility } from "./plausibility.js";
import type { FaithfulnessSettings } from "./presets.js";
import { complexity, infidelity, sparseness } from "./robustness.js";
import { faithfulnessCorrelation, relativeInfidelity, subsetDrops, type SubsetDrops } from "./subsets.js";

/** Points of a curve: nothing, each tenth, everything. */
export const CURVE_POINTS = 11;
/** A band of chance holds the middle 90 %. */
export const BAND = 0.9;

export interface JudgedText {
  readonly units: number;
  /** what the target's probability is without the absent units; the score itself for a model with one output */
  readonly probability: Game;
  /** the target's logit, or difference of two */
  readonly score: Game;
  /** 1 for units that people marked as the reason, [unit]; null when nobody did */
  readonly rationale: readonly number[] | null;
}

export interface Judgement extends ErasureCurves {
  /** NaN where a number is not defined on this text */
  readonly values: Readonly<Partial<Record<FaithfulnessMetric, number>>>;
}

/** What all scores on one text are judged by, evaluated once. */
export interface Trial {
  readonly text: JudgedText;
  readonly settings: FaithfulnessSettings;
  /** what the target loses without each unit, [unit] */
  readonly alone: readonly number[];
  readonly subsets: SubsetDrops;
}

/** f(x) − f(x without unit), [unit] */
async function leaveOneOutDrops(predict: Game, units: number, options: GameOptions): Promise<number[]> {
  const row = (out: number): Uint8Array => Uint8Array.from({ length: units }, (_, unit) => (unit === out - 1 ? 0 : 1));
  const [whole, ...without] = (await predictRows(predict, units + 1, row, options)) as [number, ...number[]];
  return without.map((value) => whole - value);
}

const wants = (settings: FaithfulnessSettings, ...metrics: FaithfulnessMetric[]): boolean => metrics.some((metric) => settings.metrics.includes(metric));

/** Evaluates what every judgement of this text shares. */
export async function prepareTrial(text: JudgedText, settings: FaithfulnessSettings, seed: number, options: GameOptions = {}): Promise<Trial> {
  const alone = wants(settings, "leave-one-out") ? await leaveOneOutDrops(text.probability, text.units, options) : [];
  const size = settings.subsetSize === 0 ? 0 : Math.min(settings.subsetSize, Math.ceil(text.units / 2));
  const subsets = wants(settings, "infidelity", "faithfulness-correlation") ? await subsetDrops(text.score, text.units, settings.subsets, size, seed, options) : { perturbations: [], drops: [] };
  return { text, settings, alone, subsets };
}

/** What is read off the scores themselves, or off what the trial holds: no model runs. */
const readings: Readonly<Partial<Record<FaithfulnessMetric, (scores: readonly number[], trial: Trial) => number>>> = {
  "leave-one-out": (scores, { alone }) => kendallTauB(alone, scores),
  infidelity: (scores, { subsets, settings }) => (settings.rawInfidelity ? infidelity(scores, subsets.perturbations, subsets.drops) : relativeInfidelity(scores, subsets)),
  "faithfulness-correlation": (scores, { subsets }) => faithfulnessCorrelation(scores, subsets),
  sparseness: (scores) => sparseness(scores),
  complexity: (scores) => (norm(scores) === 0 ? NaN : complexity(scores)),
  "rationale-auprc": (scores, { text: { rationale } }) => (rationale ? plausibility(rationale, scores).auprc : NaN),
  "rationale-f1": (scores, { text: { rationale } }) => (rationale ? plausibility(rationale, scores).f1 : NaN),
  "rationale-iou": (scores, { text: { rationale } }) => (rationale ? plausibility(rationale, scores).iou : NaN),
};

/** Judges one score a unit. `trial` comes from `prepareTrial`; sensitivity and randomisation need more attributions and are not here. */
export async function judgeScores(trial: Trial, scores: readonly number[], options: GameOptions = {}): Promise<Judgement> {
  const { text, settings } = trial;
  const curves = await erasureCurves(text.probability, scores, CURVE_POINTS, options);
  const [deletion, insertion] = [areaUnder(curves.deletion), areaUnder(curves.insertion)];
  const values: Partial<Record<FaithfulnessMetric, number>> = { area: insertion - deletion, deletion, insertion };
  if (wants(settings, "comprehensiveness", "sufficiency")) {
    const { aopcComprehensiveness, aopcSufficiency } = await erasure(text.probability, scores, { ...options, preset: settings.sets });
    Object.assign(values, { comprehensiveness: aopcComprehensiveness, sufficiency: aopcSufficiency });
  }
  for (const metric of settings.metrics) {
    const read = readings[metric];
    if (read) values[metric] = read(scores, trial);
  }
  return { ...curves, values };
}

/** Random scores, standard normal, so that each ranking is as likely as any other; [ranking][unit] */
export function randomScores(rankings: number, units: number, seed: number): number[][] {
  return Array.from({ length: rankings }, (_, ranking) => {
    const random = new Random(seed, 2 + ranking);
    return Array.from({ length: units }, () => random.normal());
  });
}

export interface Band {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** Mean and middle 90 % of some values; those that are not defined are left out. Null when none is. */
export function bandOf(values: readonly number[]): Band | null {
  const defined = values.filter(Number.isFinite);
  return defined.length === 0 ? null : { ...percentileInterval(defined, BAND), mean: mean(defined) };
}
