/**
 * Sets of changes that turn a prediction round, smallest sets first: every set of up to so many candidates is tried unless it contains one that
 * flips already. So a set that is found is minimal: none of its parts flips. It knows no text and no model, only whether a set flips.
 * Source: the search of LIT's HotFlip and AblationFlip (sizes 1, 2, …; within a size in the candidates' order, strongest first).
 */
import { throwIfAborted } from "../../base/errors.js";

/** Whether each set of candidates flips the prediction; null for sets that are not tried because nothing is left to spend. */
export type TryFlips = (sets: readonly (readonly number[])[], signal?: AbortSignal) => Promise<readonly (boolean | null)[]>;

export interface FlipSetsOptions {
  /** members of a set, at most */
  readonly largest: number;
  /** stop after so many */
  readonly results: number;
  /** sets handed over at once; 16 when not given */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  /** told of each set as it is found */
  readonly onFound?: (set: readonly number[]) => void;
}

export interface FlipSets {
  readonly sets: readonly (readonly number[])[];
  /** why it ended: every set was tried, enough were found, or nothing was left to spend */
  readonly ended: "complete" | "results" | "budget";
}

/** The subsets of 0 … count − 1 with `size` members, in lexicographic order. */
export function* combinations(count: number, size: number): Generator<number[]> {
  const members = Array.from({ length: size }, (_, index) => index);
  while (size <= count) {
    yield [...members];
    let last = size - 1;
    while (last >= 0 && members[last] === count - size + last) last--;
    if (last < 0) return;
    members[last] = members[last]! + 1;
    for (let next = last + 1; next < size; next++) members[next] = members[next - 1]! + 1;
  }
}

/** `count`: candidates, strongest first. */
export async function minimalFlipSets(count: number, tries: TryFlips, { largest, results, batch = 16, signal, onFound }: FlipSetsOptions): Promise<FlipSets> {
  const sets: number[][] = [];
  if (results < 1) return { sets, ended: "results" };
  for (let size = 1; size <= Math.min(largest, count); size++) {
    const smaller = sets.map((set) => new Set(set));
    const open = combinations(count, size);
    for (let next = open.next(); !next.done; ) {
      const chosen: number[][] = [];
      for (; !next.done && chosen.length < batch; next = open.next()) {
        const set = next.value;
        if (!smaller.some((found) => [...found].every((member) => set.includes(member)))) chosen.push(set);
      }
      if (chosen.length === 0) continue;
      throwIfAborted(signal);
      const flips = await tries(chosen, signal);
      for (const [index, flip] of flips.entries()) {
        if (flip === null) return { sets, ended: "budget" };
        if (!flip) continue;
        sets.push(chosen[index]!);
        onFound?.(chosen[index]!);
        if (sets.length >= results) return { sets, ended: "results" };
      }
    }
  }
  return { sets, ended: "complete" };
}
