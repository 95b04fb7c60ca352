/** What an attribution shows one by one: tokens, or words with the sums of their tokens. */
import type { AttributionExplanation } from "../../explanation/types.js";
import type { PlacedToken } from "../../state/scope.js";
import { wordsOfTokens } from "../../text/words.js";
import { piece, placedTokens, surface } from "./tokens.js";

export interface ScoredUnit {
  /** as the author wrote it; a special token's own name */
  readonly text: string;
  /** the same for a list: with a hyphen where it continues a word */
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly segment: number;
  readonly special: boolean;
  readonly score: number;
  /** standard error, where it is known: see `errorOf` */
  readonly error?: number;
  readonly tokens: readonly PlacedToken[];
}

export function scoredUnits(explanation: AttributionExplanation, unit: "token" | "word"): ScoredUnit[] {
  const { input, scores } = explanation;
  const tokens = placedTokens(explanation);
  const groups =
    unit === "token"
      ? tokens.map(({ index }) => [index])
      : wordsOfTokens(tokens.map((token) => ({ ...token, segment: token.segment ?? 0 })), input.text, input.textPair === undefined ? {} : { textPair: input.textPair }).map((word) => word.tokens);
  return groups.map((indices) => {
    const members = indices.map((index) => tokens[index]!);
    const first = members[0]!;
    const start = Math.min(...members.map((token) => token.start));
    const end = Math.max(...members.map((token) => token.end));
    const error = errorOf(explanation, indices);
    const whole = { ...first, start, end };
    return {
      label: piece(explanation, members.length === 1 ? first : whole),
      text: members.length === 1 ? surface(explanation, first) : surface(explanation, whole),
      start, end, segment: first.segment ?? 0, special: first.special, score: indices.reduce((sum, index) => sum + scores[index]!, 0), tokens: members,
      ...(error !== undefined && { error }),
    };
  });
}

/**
 * The standard error of a sum of tokens. Where whole words were left out, a word's error was divided over its tokens, so their sum is the word's own.
 * Elsewhere none is known for more than one token: every method that samples takes all tokens from the same samples (one permutation, one noise, one
 * set of coalitions), so their errors are correlated, and neither a sum nor a sum of squares would be true.
 */
function errorOf({ errors, method }: AttributionExplanation, indices: readonly number[]): number | undefined {
  if (!errors || (indices.length > 1 && method.options["players"] !== "word")) return undefined;
  return indices.reduce((sum, index) => sum + errors[index]!, 0);
}

/** The largest magnitude, never 0. */
export function largestScore(units: readonly Pick<ScoredUnit, "score">[]): number {
  return units.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0) || 1;
}
