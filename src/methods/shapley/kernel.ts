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
import { checkPlayers, shapleyValues, type Game, type GameOptions, type ShapleyValues } from "./game.js";

const BLOCKS = 10;

export interface KernelShapOptions extends GameOptions {
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

/** The coalitions of the regression with their weights: whole sizes first, then samples of the sizes that are left. */
function chooseCoalitions(players: number, wanted: number, random: Random): Sample[] {
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
  for (let draws = 0; drawn.size + 2 <= left && draws < 4 * left; draws++) {
    let point = random.uniform() * remaining;
    let drawnSize = size;
    while (drawnSize < sizes && (point -= shares[drawnSize - 1] as number) >= 0) drawnSize++;
    const members = random.sample(players, drawnSize);
    draw(rowOf(members, false), draws % BLOCKS);
    if (drawnSize <= paired) draw(rowOf(members, true), draws % BLOCKS);
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

export async function kernelShap(game: Game, players: number, { seed = 0, samples: wanted, ...options }: KernelShapOptions = {}): Promise<ShapleyValues> {
  checkPlayers(players);
  const samples = chooseCoalitions(players, wanted ?? 2 * players + 2048, new Random(seed));
  const rows = [new Uint8Array(players), new Uint8Array(players).fill(1), ...samples.map(({ present }) => present)];
  const [baselineValue, value, ...values] = (await predictRows(game, rows.length, (row) => rows[row] as Uint8Array, options)) as [number, number, ...number[]];
  const difference = value - baselineValue;
  const scores = regress(samples, values, players, baselineValue, difference);
  return shapleyValues(scores, jackknifeErrors(samples, values, scores, (kept, keptValues) => regress(kept, keptValues, players, baselineValue, difference)), value, baselineValue, rows.length);
}

/** Standard errors from leaving out one block of sampled coalitions at a time; zeros when all were enumerated, or too few are left without a block. */
function jackknifeErrors(samples: readonly Sample[], values: readonly number[], scores: readonly number[], solve: (samples: Sample[], values: number[]) => number[]): number[] {
  const blocks = [...new Set(samples.map(({ block }) => block))].filter((block) => block >= 0);
  if (blocks.length < 2) return scores.map(() => 0);
  const without: number[][] = [];
  for (const block of blocks) {
    const kept = samples.flatMap((sample, row) => (sample.block === block ? [] : [row]));
    try {
      without.push(solve(kept.map((row) => samples[row] as Sample), kept.map((row) => values[row] as number)));
    } catch (error) {
      if (error instanceof LexiscopeError) return scores.map(() => 0); // the rest does not determine every player
      throw error;
    }
  }
  return scores.map((_, player) => {
    const estimates = without.map((solution) => solution[player] as number);
    const center = mean(estimates);
    return Math.sqrt(((blocks.length - 1) / blocks.length) * estimates.reduce((sum, estimate) => sum + (estimate - center) ** 2, 0));
  });
}
