/**
 * A game that is asked for each coalition once: methods that sample meet the same coalitions again, above all in short texts, and a larger budget
 * begins with those of a smaller one. It knows how many different coalitions it was asked for, and how many of them were new to its memory.
 */
import type { Memory } from "../refining.js";
import type { Game } from "./game.js";

export interface RememberedGame {
  readonly game: Game;
  /** different coalitions that it was asked for */
  readonly evaluations: () => number;
  /** those that the game behind was asked for */
  readonly fresh: () => number;
}

/** `memory`: coalitions that are known, and where new ones go */
export function remembered(game: Game, memory: Memory = new Map()): RememberedGame {
  const asked = new Set<string>();
  let fresh = 0;
  return {
    evaluations: () => asked.size,
    fresh: () => fresh,
    game: async (rows, signal) => {
      const keys = rows.map((row) => Array.from(row).join(""));
      const unknown = new Map(keys.flatMap((key, index) => (memory.has(key) ? [] : [[key, rows[index]!] as const])));
      const values = unknown.size > 0 ? await game([...unknown.values()], signal) : [];
      [...unknown.keys()].forEach((key, index) => memory.set(key, values[index]!));
      fresh += unknown.size;
      for (const key of keys) asked.add(key);
      return keys.map((key) => memory.get(key) as number);
    },
  };
}

/**
 * A game as a method plays it. With a memory each coalition is evaluated once, and different ones are counted; without one the game is asked for
 * every sample, as for a black box that does not answer alike twice.
 */
export interface Played {
  readonly game: Game;
  /** evaluations to be told, of so many samples */
  readonly count: (samples: number) => number;
  /** whether anything was evaluated since this was asked last */
  readonly moved: () => boolean;
}

export function played(game: Game, memory: Memory | undefined): Played {
  if (!memory) return { game, count: (samples) => samples, moved: () => true };
  const own = remembered(game, memory);
  let seen = 0;
  return {
    game: own.game,
    count: own.evaluations,
    moved: () => {
      const before = seen;
      seen = own.fresh();
      return seen > before;
    },
  };
}
