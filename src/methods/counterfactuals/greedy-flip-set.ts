/**
 * One set of changes that flips a prediction, of any size: changes are added, strongest first, until it flips, then taken back one by one
 * where it still flips without them. What is left is minimal in this sense: without any one of its members it flips no more. Not the
 * smallest set there is (`minimalFlipSets` finds those up to a few members); for texts where many words say the same.
 */
import { throwIfAborted } from "../../base/errors.js";
import type { TryFlips } from "./flip-sets.js";

export interface GreedyFlipSet {
  /** null when all together do not flip, or nothing was left to spend before they did */
  readonly set: readonly number[] | null;
  /** without any one of its members the set flips no more; false where nothing was left to try that */
  readonly minimal: boolean;
  readonly ended: "complete" | "budget";
}

/** `order`: candidates, strongest first. At most 2 · order.length sets are tried. */
export async function greedyFlipSet(order: readonly number[], tries: TryFlips, signal?: AbortSignal): Promise<GreedyFlipSet> {
  const flips = async (set: readonly number[]): Promise<boolean | null> => {
    throwIfAborted(signal);
    return (await tries([set], signal))[0] ?? null;
  };
  let set: number[] = [];
  let flipped: boolean | null = false;
  for (const member of order) {
    set.push(member);
    flipped = await flips(set);
    if (flipped === null) return { set: null, minimal: false, ended: "budget" };
    if (flipped) break;
  }
  if (!flipped) return { set: null, minimal: false, ended: "complete" };
  // Taking a member back can make another one needless, so it goes round until nothing changes.
  for (let changed = set.length > 1; changed; ) {
    changed = false;
    for (const member of set.slice()) {
      if (set.length === 1) break;
      const without = set.filter((other) => other !== member);
      const still = await flips(without);
      if (still === null) return { set, minimal: false, ended: "budget" };
      if (!still) continue;
      set = without;
      changed = true;
    }
  }
  return { set, minimal: true, ended: "complete" };
}
