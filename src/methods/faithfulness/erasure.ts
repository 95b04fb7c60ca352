/**
 * Faithfulness by erasure: how much the prediction falls without the tokens that an explanation ranks first (comprehensiveness), and how much
 * of it they alone carry (sufficiency), averaged over growing shares (AOPC). Taking a token out is the caller's business (`predict` of a presence row).
 * Sources: DeYoung et al. 2020 (ERASER); presets `eraser` and `ferret` as those libraries compute them.
 */
import { kendallTauB } from "../../base/ranks.js";
import { mean } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import type { Game, GameOptions } from "../shapley/game.js";

export interface Erasure {
  /** one a set of tokens that was taken out */
  readonly comprehensiveness: number[];
  readonly sufficiency: number[];
  /** means over the sets */
  readonly aopcComprehensiveness: number;
  readonly aopcSufficiency: number;
  readonly sets: readonly (readonly number[])[];
}

export interface ErasureOptions extends GameOptions {
  readonly preset?: SetRule;
}

/**
 * Which sets of tokens are taken out. "ferret": tenths, only tokens with a positive score, sets equal to the one before are skipped; "eraser": all
 * sets, shares .01 .05 .1 .2 .5; "half": tenths up to the half of the text, each set once, whatever the sign. Beyond the half most of a text is gone,
 * and every ranking takes away much the same.
 */
export type SetRule = "ferret" | "eraser" | "half";

/** Token numbers by falling score, the first among equals. */
export function ranking(scores: readonly number[]): number[] {
  return scores.map((_, token) => token).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}

function ferretSets(scores: readonly number[]): number[][] {
  const order = ranking(scores).filter((token) => (scores[token] as number) > 0);
  const sets: number[][] = [];
  for (let tenths = 1; tenths <= 10; tenths++) {
    const set = order.slice(0, Math.floor((tenths * scores.length) / 10));
    if (set.length > 0 && set.length !== sets.at(-1)?.length) sets.push(set);
  }
  return sets;
}

function eraserSets(scores: readonly number[]): number[][] {
  const order = ranking(scores);
  return [1, 5, 10, 20, 50].map((percent) => order.slice(0, Math.ceil((percent * scores.length) / 100)));
}

function halfSets(scores: readonly number[]): number[][] {
  const order = ranking(scores);
  const sizes = new Set([1, 2, 3, 4, 5].map((tenths) => Math.ceil((tenths * scores.length) / 10)));
  return [...sizes].map((size) => order.slice(0, size));
}

const setRules: Readonly<Record<SetRule, (scores: readonly number[]) => number[][]>> = { ferret: ferretSets, eraser: eraserSets, half: halfSets };

export async function erasure(predict: Game, scores: readonly number[], { preset = "ferret", ...options }: ErasureOptions = {}): Promise<Erasure> {
  const sets = setRules[preset](scores);
  const row = (set: readonly number[], keep: boolean): Uint8Array => {
    const present = new Uint8Array(scores.length).fill(keep ? 0 : 1);
    for (const token of set) present[token] = keep ? 1 : 0;
    return present;
  };
  const rows = [row([], false), ...sets.map((set) => row(set, false)), ...sets.map((set) => row(set, true))];
  const [whole, ...rest] = (await predictRows(predict, rows.length, (index) => rows[index] as Uint8Array, options)) as [number, ...number[]];
  const comprehensiveness = rest.slice(0, sets.length).map((without) => whole - without);
  const sufficiency = rest.slice(sets.length).map((alone) => whole - alone);
  const meanOr = (values: readonly number[], empty: number): number => (values.length ? mean(values) : empty);
  return { comprehensiveness, sufficiency, aopcComprehensiveness: meanOr(comprehensiveness, 0), aopcSufficiency: meanOr(sufficiency, 1), sets };
}

/** Kendall τ-b of the scores with what the prediction loses when each token alone is taken out. NaN when one side is constant. */
export async function leaveOneOutCorrelation(predict: Game, scores: readonly number[], options: GameOptions = {}): Promise<number> {
  const rows = [-1, ...scores.keys()].map((out) => Uint8Array.from(scores, (_, token) => (token === out ? 0 : 1)));
  const [whole, ...without] = (await predictRows(predict, rows.length, (index) => rows[index] as Uint8Array, options)) as [number, ...number[]];
  return kendallTauB(without.map((value) => whole - value), scores);
}
