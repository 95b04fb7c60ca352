/**
 * How a heat map is read besides as it is: by words, without special tokens, as another measure than the pattern. What is said of it stands in
 * the line above. Loaded with the hand, or before the first picture where that needs it.
 */
import type { AttentionExplanation } from "../../explanation/types.js";
import { arrangeAttention } from "../../methods/attention/arrange.js";
import { wordsOfTokens } from "../../text/words.js";
import { readingWordsFor } from "./reading-words.js";
import type { Shown, ShownToken } from "./shown-token.js";

export interface Reading {
  readonly specialTokens: "show" | "hide" | "renormalise";
  readonly unit: "token" | "word";
}

/** The tokens of one side as they are read, each with the rows or columns that it is made of. */
function grouped({ input }: AttentionExplanation, side: readonly ShownToken[], { specialTokens, unit }: Reading): { token: ShownToken; members: number[] }[] {
  const groups = unit === "token"
    ? side.map((token) => [token])
    : wordsOfTokens(side.map((token) => ({ ...token, segment: token.segment ?? 0 })), input.text, input.textPair === undefined ? {} : { textPair: input.textPair }).map(({ tokens }) => tokens.map((index) => side[index]!));
  return groups.filter(([first]) => specialTokens === "show" || !first!.special).map((members) => ({
    token: { ...members[0]!, start: Math.min(...members.map(({ start }) => start)), end: Math.max(...members.map(({ end }) => end)) },
    members: members.map(({ at }) => at),
  }));
}

/** A word has the place of its first token and the characters of all. */
export function arranged({ explanation, sides }: Shown, reading: Reading): Shown {
  const [queries, keys] = sides.map((side) => grouped(explanation, side, reading)) as [ReturnType<typeof grouped>, ReturnType<typeof grouped>];
  const renormalise = reading.specialTokens === "renormalise";
  if (reading.unit === "token" && !renormalise) return { explanation, sides: [queries.map(({ token }) => token), keys.map(({ token }) => token)] };
  const { weights, causal } = explanation;
  const arrange = (map: readonly (readonly number[])[]) => arrangeAttention(map, queries.map(({ members }) => members), keys.map(({ members }) => members), renormalise);
  const even = weights.map((row, query) => row.map((_, key) => (causal ? (key > query ? 0 : 1 / (query + 1)) : 1 / row.length)));
  const placed = (groups: typeof queries) => groups.map(({ token }, at) => ({ ...token, at }));
  return { explanation: { ...explanation, weights: arrange(weights) }, sides: [placed(queries), placed(keys)], even: arrange(even) };
}

/** The line above, with gaps for the controls of layer and head. */
export function title(language: string, { measure = "pattern", options = {}, attention }: AttentionExplanation, { specialTokens, unit }: Reading, layer: unknown, head: unknown): readonly unknown[] {
  const words = readingWordsFor(language);
  const remarks = [
    options["reach"] === true && words.reach, options["norm"] === "value" && words.valueNorm, options["residual"] === false && words.noResidual,
    unit === "word" && words.byWords, specialTokens !== "show" && words.special[specialTokens],
  ].filter((remark) => remark !== false);
  return [...words.titles[measure](layer, head, attention), ...remarks.map((remark) => `${words.comma}${remark}`)];
}
