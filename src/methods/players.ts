/**
 * A text as a game: who the players are (words or tokens), what the text becomes when some of them are absent, and how a player's
 * score goes back to its tokens. Special tokens, and mask tokens that the author typed, play no part: they are always there. Runs no model.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Token } from "../explanation/types.js";
import { wordsOfTokens } from "../text/words.js";

export interface Player {
  /** as the author wrote it */
  readonly text: string;
  readonly segment: number;
  /** where its tokens stand, in order */
  readonly tokens: readonly number[];
}

export interface PlayersOptions {
  readonly textPair?: string | undefined;
  /** bag: all places of a word are one player, as it is written; what has no letter and no digit is none, and always there */
  readonly unit?: "word" | "token" | "bag";
  /** id of the mask token; tokens that are it already are no players */
  readonly maskId?: number | null;
}

/** Throws `bad-input` when nothing in the text can be left out. */
export function playersOfTokens(tokens: readonly Token[], text: string, { textPair, unit = "word", maskId = null }: PlayersOptions = {}): Player[] {
  const plays = (token: number): boolean => !tokens[token]!.special && tokens[token]!.id !== maskId;
  const segmentOf = (token: number): number => tokens[token]!.segment ?? 0;
  const groups =
    unit === "token"
      ? tokens.map(({ segment, start, end }, token) => ({ text: (segment === 1 ? (textPair ?? "") : text).slice(start, end), tokens: [token] }))
      : wordsOfTokens(tokens.map((token, index) => ({ ...token, segment: segmentOf(index) })), text, textPair === undefined ? {} : { textPair });
  const single = groups
    .map((group) => ({ text: group.text, segment: segmentOf(group.tokens[0]!), tokens: group.tokens.filter(plays) }))
    .filter((player) => player.tokens.length > 0);
  const players = unit === "bag" ? bagged(single) : single;
  if (players.length === 0) throw new LexiscopeError("bad-input", "the text has no word that could be left out: write at least one beside the special tokens", { phase: "explain" });
  return players;
}

/** Players of the same text as one, in the order of their first places. */
function bagged(players: readonly Player[]): Player[] {
  const bags = new Map<string, Player>();
  for (const player of players) {
    if (!/[\p{L}\p{N}_]/u.test(player.text)) continue;
    const before = bags.get(player.text);
    bags.set(player.text, before ? { ...before, tokens: [...before.tokens, ...player.tokens] } : player);
  }
  return [...bags.values()];
}

/** How absent tokens are written: as another token, or ("delete") not at all. */
export type Absence = number | "delete";

export interface CoalitionText {
  readonly ids: number[];
  readonly typeIds: number[];
  /** where the token at `position` stands now; when it was deleted, the last one before it that is left, or the first */
  readonly position: number;
}

/** The text with the tokens of absent players replaced or deleted. `present`: [player] of 0 and 1 */
export function coalitionText(
  text: { readonly ids: readonly number[]; readonly typeIds: readonly number[]; readonly position: number }, players: readonly Player[], present: ArrayLike<number>, absence: Absence,
): CoalitionText {
  const absent = new Set(players.flatMap(({ tokens }, player) => (present[player] ? [] : tokens)));
  if (absence !== "delete") return { ids: text.ids.map((id, token) => (absent.has(token) ? absence : id)), typeIds: [...text.typeIds], position: text.position };
  const left = text.ids.flatMap((_, token) => (absent.has(token) ? [] : [token]));
  const position = Math.max(0, left.filter((token) => token <= text.position).length - 1);
  return { ids: left.map((token) => text.ids[token]!), typeIds: left.map((token) => text.typeIds[token] ?? 0), position };
}

/** A player's number divided equally over its tokens, so that sums stay; 0 for tokens that play no part. [player] → [token] */
export function sharedOut(values: readonly number[], players: readonly Player[], tokens: number): number[] {
  const shares = new Array<number>(tokens).fill(0);
  players.forEach((player, index) => {
    for (const token of player.tokens) shares[token] = values[index]! / player.tokens.length;
  });
  return shares;
}
