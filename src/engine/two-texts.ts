/**
 * The two texts of an encoder–decoder as one row of tokens: the text that is read, then the text that is written so far, which begins
 * with the start token that config.json names. It is written as in training: the labels, moved one place to the right, without their end.
 */
import type { AttentionPart } from "../anatomy/types.js";
import { LexiscopeError } from "../base/errors.js";
import type { AttentionExplanation } from "../explanation/types.js";
import type { TextEncoding, TextToken, TextTokenizer } from "../text/tokenizer.js";
import { writtenFrom, type Row } from "./inputs.js";
import type { Config } from "./model-info.js";
import type { TextInput } from "./requests.js";

/** Throws `unsupported` where config.json does not say with which token the decoder begins. */
export function encodeTwoTexts(tokenizer: TextTokenizer, { text, textPair = "" }: TextInput, config: Config, maxTokens: number | null): TextEncoding {
  const start = numberIn(config, "decoder_start_token_id") ?? numberIn(config, "bos_token_id");
  if (start === null) throw new LexiscopeError("unsupported", "config.json does not say with which token the decoder begins: it needs decoder_start_token_id", { phase: "model" });
  const limit = maxTokens === null ? {} : { maxTokens };
  const read = tokenizer.encode(text, undefined, limit);
  const written = tokenizer.encode(textPair, undefined, limit);
  const special = (id: number): TextToken => ({ id, text: tokenizer.tokenText(id), start: 0, end: 0, special: true, segment: 1 });
  const forced = numberIn(config, "forced_bos_token_id");
  const lastWord = written.tokens.findLastIndex((token) => !token.special);
  const unfinished = written.tokens.slice(0, lastWord === -1 ? -1 : lastWord + 1); // without the end, which is not written yet
  const tokens = forced === null ? unfinished : [special(forced), ...unfinished.filter((token) => !token.special)];
  const second = [special(start), ...tokens].slice(0, maxTokens ?? undefined).map((token) => ({ ...token, segment: 1 }));
  const both = [...read.tokens, ...second];
  return {
    ids: both.map(({ id }) => id), tokens: both, typeIds: both.map(({ segment }) => segment),
    truncated: read.truncated || written.truncated || second.length <= tokens.length,
  };
}

/** Which of a row's tokens look at which. */
export function sidesOf(row: Row, attention: AttentionPart): Required<Pick<AttentionExplanation, "attention" | "queries" | "keys">> {
  const start = writtenFrom(row, true);
  const all = row.ids.map((_, token) => token);
  const [read, written] = [all.slice(0, start), all.slice(start)];
  return { attention, queries: attention === "self" ? read : written, keys: attention === "decoder" ? written : read };
}

/** A token id in config.json, or in the part of it that speaks of the decoder. */
function numberIn(config: Config, name: string): number | null {
  const own = config[name] ?? (config["decoder"] as Config | undefined)?.[name];
  return typeof own === "number" && Number.isInteger(own) ? own : null;
}
