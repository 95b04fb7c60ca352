/**
 * Kernel SHAP: Shapley values as a weighted linear regression over coalitions. Sizes of coalitions are enumerated from the outside in as far
 * as the budget reaches, the rest is sampled with complements; efficiency holds exactly, by eliminating one player. Standard errors by a
 * jackknife over blocks of the sampled coalitions.
 * Source: Lundberg & Lee 2017; enumeration and weights as in SHAP's KernelExplainer (without its l1 selection of players).
 */
import { LexiscopeError } from "../../base/errors.js";
import { solveCholesky } from "../../base/linear.js";
import { Random } from "../../base/random.js";
import { mean, sum } from "../../base/statistics.js";
import { predictRows } from "../batches.js";
import { STAGES } from "../refining.js";
import { checkPlayers, shapleyValues, type Game, type ShapleyOptions, type ShapleyValues } from "./game.js";
import { played } from "./remembered.js";

const BLOCKS = 10;

export interface KernelShapOptions extends ShapleyOptions {
  readonly seed?: number;
  /** coalitions beside nobody and everybody; 2·players + 2048 by default */
  readonly samples?: number;
}

interface Sample {
  readonly present: Uint8Array;
  weight: number;
  /** −1: enumerated, belongs to every block */
  readonly block: number;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let step = 1; step <= k; step++) result = (result * (n - k + step)) / step;
  return result;
}

function* subsets(players: number, size: number, first = 0): Generator<number[]> {
  if (size === 0) yield [];
  else for (let player = first; player <= players - size; player++) for (const rest of subsets(players, size - 1, player + 1)) yield [player, ...rest];
}

/**
 * The coalitions of the regression with their weights: whole sizes first, then samples of the sizes that are left. Sample i is the same whatever the
 * budget; one of a size that is there as a whole is passed over. So a smaller budget's coalitions are among a larger one's.
 */
function chooseCoalitions(players: number, wanted: number, seed: number): Sample[] {
  const sizes = Math.ceil((players - 1) / 2); // size s stands for s and players − s
  const paired = Math.floor((players - 1) / 2);
  const raw = Array.from({ length: sizes }, (_, index) => ((players - 1) / ((index + 1) * (players - index - 1))) * (index < paired ? 2 : 1));
  const total = sum(raw);
  const shares = raw.map((weight) => weight / total);

  const samples: Sample[] = [];
  const rowOf = (members: readonly number[], complement: boolean): Uint8Array => {
    const row = new Uint8Array(players).fill(complement ? 1 : 0);
    for (const player of members) row[player] = complement ? 0 : 1;
    return row;
  };
  let left = wanted;
  let size = 1;
  let remaining = 1;
  for (; size <= sizes; size++) {
    const isPaired = size <= paired;
    const count = binomial(players, size) * (isPaired ? 2 : 1);
    const share = shares[size - 1] as number;
    if ((left * share) / remaining < count * (1 - 1e-8)) break;
    for (const members of subsets(players, size)) {
      samples.push({ present: rowOf(members, false), weight: share / count, block: -1 });
      if (isPaired) samples.push({ present: rowOf(members, true), weight: share / count, block: -1 });
    }
    left -= count;
    remaining -= share;
  }
  if (size > sizes || left < 2) return samples;

  const drawn = new Map<string, Sample>();
  const draw = (present: Uint8Array, block: number): void => {
    const key = present.join("");
    const known = drawn.get(key);
    if (known) known.weight++;
    else drawn.set(key, { present, weight: 1, block });
  };
  // repeated coalitions cost nothing: draw until the budget of distinct ones is used, but not for ever
  for (let at = 0, used = 0; drawn.size + 2 <= left && used < 4 * left; at++) {
    const random = new Random(seed, at);
    let point = random.uniform();
    let drawnSize = 1;
    while (drawnSize < sizes && (point -= shares[drawnSize - 1]!) >= 0) drawnSize++;
    if (drawnSize < size) continue;
    const members = random.sample(players, drawnSize);
    draw(rowOf(members, false), used % BLOCKS);
    if (drawnSize <= paired) draw(rowOf(members, true), used % BLOCKS);
    used++;
  }
  const drawnTotal = [...drawn.values()].reduce((sum, { weight }) => sum + weight, 0);
  for (const sample of drawn.values()) samples.push({ ...sample, weight: (sample.weight / drawnTotal) * remaining });
  return samples;
}

/** Weighted regression of v(S) − v(∅) on presence, with Σφ = v(N) − v(∅) held exactly. */
function regress(samples: readonly Sample[], values: readonly number[], players: number, baselineValue: number, difference: number): number[] {
  if (players === 1) return [difference];
  const last = players - 1;
  const matrix = new Float64Array(last * last);
  const right = new Float64Array(last);
  samples.forEach(({ present, weight }, row) => {
    const lastPresent = present[last] as number;
    const target = (values[row] as number) - baselineValue - lastPresent * difference;
    for (let i = 0; i < last; i++) {
      const xi = (present[i] as number) - lastPresent;
      if (xi === 0) continue;
      right[i] = (right[i] as number) + weight * xi * target;
      for (let j = 0; j < last; j++) matrix[i * last + j] = (matrix[i * last + j] as number) + weight * xi * ((present[j] as number) - lastPresent);
    }
  });
  const scores = Array.from(solveCholesky(matrix, right));
  return [...scores, difference - sum(scores)];
}

/** The samples in the order in which smaller budgets want them, so that each stage's are there as soon as they can be. */
function inStages(samples: Sample[], stages: readonly (readonly Sample[])[]): Sample[] {
  const wanted = new Map<string, number>();
  stages.forEach((stage, index) => stage.forEach(({ present }) => wanted.set(present.join(""), Math.min(index, wanted.get(present.join("")) ?? Infinity))));
  const stageOf = ({ present }: Sample): number => wanted.get(present.join("")) ?? stages.length;
  return samples.map((sample) => ({ sample, stage: stageOf(sample) })).sort((a, b) => a.stage - b.stage).map(({ sample }) => sample);
}

export async function kernelShap(game: Game, players: number, { seed = 0, samples: wanted = 2 * players + 2048, onPartial, memory, ...options }: KernelShapOptions = {}): Promise<ShapleyValues> {
  checkPlayers(players);
  const smaller = STAGES.map((share) => chooseCoalitions(players, Math.floor(share * wanted), seed));
  const samples = inStages(chooseCoalitions(players, wanted, seed), smaller);
  const rows = [new Uint8Array(players), new Uint8Array(players).fill(1), ...samples.map(({ present }) => present)];
  const { game: play, count, moved } = played(game, memory);
  const solved = (chosen: readonly Sample[], values: readonly number[], [baselineValue, value]: readonly number[]): ShapleyValues => {
    const solve = (kept: readonly Sample[], keptValues: readonly number[]): number[] => regress(kept, keptValues, players, baselineValue!, value! - baselineValue!);
    const scores = solve(chosen, values);
    return shapleyValues(scores, jackknifeErrors(chosen, values, scores, solve), value!, baselineValue!, count(chosen.length + 2));
  };
  const places = new Map(samples.map(({ present }, index) => [present.join(""), index + 2]));
  let told = 0;
  /** The largest smaller budget whose coalitions are all there. */
  const partial = (known: readonly number[]): void => {
    if (!moved()) return;
    for (let stage = smaller.length; stage > told; stage--) {
      const chosen = smaller[stage - 1]!;
      const values = chosen.map(({ present }) => known[places.get(present.join("")) ?? Infinity]);
      if (values.includes(undefined)) continue;
      told = stage;
      const found = orNull(() => solved(chosen, values as number[], known));
      if (found?.errors.some((error) => error > 0)) onPartial?.(found, STAGES[stage - 1]!);
      return;
    }
  };
  const [baselineValue, value, ...values] = await predictRows(play, rows.length, (row) => rows[row]!, options, onPartial && partial);
  return solved(samples, values, [baselineValue!, value!]);
}

/** Null where the samples do not determine every player. */
function orNull<T>(solve: () => T): T | null {
  try {
    return solve();
  } catch (error) {
    if (error instanceof LexiscopeError) return null;
    throw error;
  }
}

/** Standard errors from leaving out one block of sampled coalitions at a time; zeros when all were enumerated, or too few are left without a block. */
function jackknifeErrors(samples: readonly Sample[], values: readonly number[], scores: readonly number[], solve: (samples: readonly Sample[], values: readonly number[]) => number[]): number[] {
  const blocks = [...new Set(samples.map(({ block }) => block))].filter((block) => block >= 0);
  if (blocks.length < 2) return scores.map(() => 0);
  const without: number[][] = [];
  for (const block of blocks) {
    const kept = samples.flatMap((sample, row) => (sample.block === block ? [] : [row]));
    const solution = orNull(() => solve(kept.map((row) => samples[row]!), kept.map((row) => values[row]!)));
    if (!solution) return scores.map(() => 0); // the rest does not determine every player
    without.push(solution);
  }
  return scores.map((_, player) => {
    const estimates = without.map((solution) => solution[player] as number);
    const center = mean(estimates);
    return Math.sqrt(((blocks.length - 1) / blocks.length) * estimates.reduce((sum, estimate) => sum + (estimate - center) ** 2, 0));
  });
}
