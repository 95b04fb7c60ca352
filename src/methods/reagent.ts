/**
 * ReAGent: importance by replacing tokens at random and watching the target's probability. Each probe begins with random importances; a step replaces
 * some tokens by proposals and moves the importance of the replaced ones up, of the others down, by as much as the probability fell. It ends when the
 * most important tokens alone, all others replaced, bring the target back among the first predictions. The answer is the mean over probes: shares
 * of importance that sum to 1, with the error that the probes' scatter tells. Knows no model and no vocabulary.
 *
 * Source: Zhao and Shan 2024, arXiv:2402.00794; as in Inseq, but that changes of probability are kept from ±1, where its logit is infinite, and that
 * probes which never end count when none does, where its mean is 0 ÷ 0.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import { Random } from "../base/random.js";
import { sum } from "../base/statistics.js";
import { batchSize, requireFinite } from "./batches.js";
import { largest } from "./examples/nearest.js";
import { softmax } from "./probabilities.js";
import { Stages, type Memory, type Refining } from "./refining.js";
import { averaged } from "./smoothgrad.js";

/** What the model says of a row of tokens. */
export interface Reading {
  /** of the target */
  readonly probability: number;
  /** how many labels come before the target */
  readonly rank: number;
}
export type Read = (rows: readonly ArrayLike<number>[], signal?: AbortSignal) => Promise<Reading[]>;
/** Another token for a place. */
export type Propose = (place: number, random: Random) => number;

export interface ReagentOptions extends Refining<ReagentResult> {
  /** probes; 16 by default */
  readonly samples?: number;
  /** the most steps of a probe; 3000 by default */
  readonly steps?: number;
  /** steps before a probe may end; 1 by default */
  readonly least?: number;
  /** share of the tokens that a step replaces; .3 by default */
  readonly ratio?: number;
  /** tokens that stay when the end is tried; 5 by default */
  readonly keep?: number;
  /** how far down the target may stand at the end; 3 by default */
  readonly top?: number;
  readonly seed?: number;
}

export interface ReagentResult {
  /** of each place, at least 0; they sum to 1 */
  readonly scores: number[];
  /** standard errors, from two probes on */
  readonly errors?: number[];
  readonly samplingError?: number;
  /** probability of the target */
  readonly value: number;
  /** share of the probes that ended before their last step */
  readonly ended: number;
  /** rows that were asked for, now or before */
  readonly evaluations: number;
}

type Settings = Required<Pick<ReagentOptions, "samples" | "steps" | "least" | "ratio" | "keep" | "top" | "seed">>;
const defaults: Settings = { samples: 16, steps: 3000, least: 1, ratio: 0.3, keep: 5, top: 3, seed: 0 };

/** Nearer to ±1 a change of probability is not believed: its logit would outweigh every other step. */
const SUREST = 1 - 1e-6;
const evidence = (change: number): number => {
  const sure = Math.min(SUREST, Math.max(-SUREST, change));
  return Math.log((1 + sure) / (1 - sure));
};

interface Outcome {
  readonly importance: number[];
  readonly ended: boolean;
  readonly rows: number;
}

/** One probe: asks for rows, is told what the model says of each. */
function* probe(input: ArrayLike<number>, places: readonly number[], value: number, propose: Propose, random: Random, { steps, least, ratio, keep, top }: Settings): Generator<ArrayLike<number>, Outcome, Reading> {
  const logits = places.map(() => random.uniform());
  let rows = 0;
  const without = (replaced: readonly boolean[]): number[] => {
    rows++;
    const row = Array.from(input);
    places.forEach((place, index) => {
      if (replaced[index]) row[place] = propose(place, random);
    });
    return row;
  };
  for (let step = 1; step <= steps; step++) {
    const replaced = places.map(() => random.uniform() < ratio);
    if (replaced.includes(true)) {
      const { probability } = yield without(replaced);
      const change = evidence(value - probability);
      replaced.forEach((is, index) => (logits[index]! += is ? change : -change));
    }
    if (step < least) continue;
    const kept = new Set(largest(logits, keep));
    const { rank } = yield without(places.map((_, index) => !kept.has(index)));
    if (rank < top) return { importance: softmax(logits), ended: true, rows };
  }
  return { importance: softmax(logits), ended: false, rows };
}

function checked(options: ReagentOptions): Settings {
  const settings = { ...defaults, ...Object.fromEntries(Object.keys(defaults).flatMap((name) => (options[name as keyof Settings] === undefined ? [] : [[name, options[name as keyof Settings]]]))) };
  for (const name of ["samples", "steps", "least", "keep", "top"] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1) throw new LexiscopeError("bad-input", `${name} must be a positive integer, not ${settings[name]}`);
  }
  if (!(settings.ratio > 0 && settings.ratio <= 1)) throw new LexiscopeError("bad-input", `ratio must lie above 0 and be at most 1, not ${settings.ratio}`);
  return settings;
}

/** Mean over the probes that ended, or over all where none did. */
function result(outcomes: readonly Outcome[], value: number, places: number): ReagentResult {
  const ended = outcomes.filter((outcome) => outcome.ended);
  const counted = (ended.length > 0 ? ended : outcomes).map(({ importance }) => importance);
  return { ...averaged(counted, places), value, ended: ended.length / outcomes.length, evaluations: 1 + sum(outcomes.map(({ rows }) => rows)) };
}

/**
 * @param places the tokens of `input` that may be replaced; no others are
 * @returns scores, [place]. Throws `bad-input` for no places, `runtime` for a probability that is none
 */
export async function reagent(read: Read, input: ArrayLike<number>, places: readonly number[], propose: Propose, options: ReagentOptions = {}): Promise<ReagentResult> {
  const settings = checked(options);
  if (places.length === 0) throw new LexiscopeError("bad-input", "there is no token that could be replaced");
  const { memory = new Map() as Memory, signal, onProgress, onPartial } = options;
  const together = batchSize(options);
  const asked = async (keys: readonly string[], rows: readonly ArrayLike<number>[]): Promise<void> => {
    throwIfAborted(signal);
    const found = await read(rows, signal);
    if (found.length !== rows.length) throw new LexiscopeError("runtime", `the model answered ${found.length} rows for a batch of ${rows.length}`);
    requireFinite(found.map(({ probability }) => probability), "the probability");
    found.forEach(({ probability, rank }, index) => memory.set(keys[index]!, [probability, rank]));
    throwIfAborted(signal);
  };
  const known = (key: string): Reading | null => {
    const found = memory.get(key) as ArrayLike<number> | undefined;
    return found ? { probability: found[0]!, rank: found[1]! } : null;
  };
  if (!known("input")) await asked(["input"], [input]);
  const value = known("input")!.probability;
  const { samples, seed } = settings;
  const outcomes = new Array<Outcome | undefined>(samples).fill(undefined);
  const stages = new Stages(samples, 2);
  let [next, first] = [0, 0]; // the next probe to begin, the first that has not ended
  let live: { readonly number: number; readonly chain: ReturnType<typeof probe>; row: ArrayLike<number>; count: number }[] = [];
  /** A probe goes on while its answers are known. Whether it waits for one that is not. */
  const waits = (one: (typeof live)[number]): boolean => {
    for (let answer = known(`${one.number} ${one.count}`); answer; answer = known(`${one.number} ${one.count}`)) {
      const step = one.chain.next(answer);
      if (step.done) {
        outcomes[one.number] = step.value;
        return false;
      }
      one.row = step.value;
      one.count++;
    }
    return true;
  };
  while (first < samples) {
    live = live.filter(waits);
    while (live.length < together && next < samples) {
      const number = next++;
      const chain = probe(input, places, value, propose, new Random(seed, number + 1), settings);
      const begun = chain.next();
      if (begun.done) outcomes[number] = begun.value;
      else {
        const one = { number, chain, row: begun.value, count: 0 };
        if (waits(one)) live.push(one);
      }
    }
    while (first < samples && outcomes[first]) first++;
    if (live.length > 0) await asked(live.map(({ number, count }) => `${number} ${count}`), live.map(({ row }) => row));
    if (stages.reached(first)) onPartial?.(result(outcomes.slice(0, first) as Outcome[], value, places.length), first / samples);
    onProgress?.(first, samples);
  }
  return result(outcomes as Outcome[], value, places.length);
}
