/**
 * A game that is asked for each coalition once: methods that sample meet the same coalitions again, above all in short texts. It knows how
 * many were really evaluated.
 */
import type { Game } from "./game.js";

export interface RememberedGame {
  readonly game: Game;
  /** coalitions that the game behind was asked for */
  readonly evaluations: () => number;
}

export function remembered(game: Game): RememberedGame {
  const known = new Map<string, number>();
  return {
    evaluations: () => known.size,
    game: async (rows, signal) => {
      const keys = rows.map((row) => Array.from(row).join(""));
      const fresh = new Map(keys.flatMap((key, index) => (known.has(key) ? [] : [[key, rows[index]!] as const])));
      const values = fresh.size > 0 ? await game([...fresh.values()], signal) : [];
      [...fresh.keys()].forEach((key, index) => known.set(key, values[index]!));
      return keys.map((key) => known.get(key)!);
    },
  };
}
