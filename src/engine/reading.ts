/**
 * How each kind of model is read: which tokens it gets, which row of scores answers, what a target's name and the scores mean. The
 * elements follow from here what a model is. No run and no session.
 */
import { LexiscopeError } from "../base/errors.js";
import type { PredictionExplanation, Quality, Target } from "../explanation/types.js";
import { sigmoid, softmax } from "../methods/probabilities.js";
import { parseTarget, unscaled } from "../methods/target.js";
import type { Encoded, Facts } from "./answering.js";
import { writtenFrom } from "./inputs.js";
import { vocabularyLabel } from "./model-info.js";
import type { TargetName, TextInput } from "./requests.js";
import { encodeTwoTexts } from "./two-texts.js";

/** How many next tokens a language model's prediction lists. */
const LISTED = 10;

/** Throws `bad-input` for an empty text. */
export function encodeInput({ tokenizer, maxTokens, kind, config, instrumented }: Facts, input: TextInput): Encoded {
  const hasDecoder = instrumented.anatomy.decoder !== null;
  const limit = maxTokens === null ? {} : { maxTokens };
  const compares = instrumented.vector !== null; // the second text has a row of its own
  const encoding = hasDecoder ? encodeTwoTexts(tokenizer, input, config, maxTokens) : tokenizer.encode(input.text, compares ? undefined : input.textPair, limit);
  const row = { ids: encoding.ids, typeIds: encoding.typeIds };
  if (writtenFrom(row, hasDecoder) === 0) throw new LexiscopeError("bad-input", "the text is empty: there is no token to explain", { phase: "tokenizer" });
  const masked = kind === "masked-lm" && tokenizer.maskId !== null ? encoding.ids.indexOf(tokenizer.maskId) : -1;
  const encoded = { ...encoding, row, position: masked === -1 ? encoding.ids.length - 1 : masked };
  if (!compares || input.textPair === undefined) return encoded;
  const { ids, typeIds, truncated } = tokenizer.encode(input.textPair, undefined, limit);
  return { ...encoded, pair: { ids, typeIds }, truncated: encoding.truncated || truncated };
}

/** Throws where this kind of model has no scores for a text. */
export function checkScored({ kind, tokenizer, instrumented }: Facts, { ids, pair }: Encoded): void {
  if (instrumented.vector !== null) {
    if (!pair || pair.ids.length === 0) throw new LexiscopeError("bad-input", "this model has no head: its score is the cosine of two texts; give the second one as text-pair (textPair)", { phase: "request" });
  } else if (kind === "other" || kind === "encoder") {
    throw new LexiscopeError("unsupported", "this model classifies no text and continues none: it gives other things than one row of scores a text; attention and hidden states work", { phase: "model" });
  }
  if (kind === "masked-lm" && !ids.includes(tokenizer.maskId ?? -1)) {
    const mask = tokenizer.maskId === null ? "mask token" : tokenizer.tokenText(tokenizer.maskId);
    throw new LexiscopeError("bad-input", `the text has no ${mask}: write it where the model should fill in a word`, { phase: "request" });
  }
}

/** What a reader must know of the scores: of several masked places, the first is answered for. */
export function remarks({ kind, tokenizer }: Facts, { ids }: Encoded): Quality[] {
  const masks = kind === "masked-lm" ? ids.filter((id) => id === tokenizer.maskId).length : 0;
  return masks > 1 ? [{ name: "masks", value: masks }] : [];
}

/** What a target's name means here; a language model's names are tokens, with or without a space before them, or their ids. */
export function targetOf(facts: Facts, name: TargetName | undefined = "argmax", logits: Float32Array): Target {
  const { labels, tokenizer } = facts;
  if (labels.length > 0) return parseTarget(name, labels, logits);
  const scaled = unscaled(name);
  if (scaled) return { ...targetOf(facts, scaled.name, logits), scale: scaled.scale };
  const asId = (part: string): string => {
    if (part === "argmax" || /^\d+$/.test(part)) return part;
    const spellings = [part, ` ${part}`].map((spelling) => tokenizer.encode(spelling, undefined, { addSpecial: false }).ids);
    const single = spellings.flatMap((ids) => (ids.length === 1 && ids[0] !== tokenizer.unknownId ? ids : []));
    if (single.length === 0) throw new LexiscopeError("bad-input", `target "${part}" is ${spellings[0]!.length} tokens of this model's vocabulary, or none; name one token or its id`, { phase: "request" });
    return String(single.reduce((best, id) => (logits[id]! > logits[best]! ? id : best))); // "cat" and " cat" may both be tokens
  };
  const target = parseTarget(name.split(/(?<=\S)\s+[-−]\s+(?=\S)/).map(asId).join(" - "), [], logits);
  const named = ({ index }: { readonly index: number }) => ({ index, label: vocabularyLabel(tokenizer, index) });
  return { ...named(target), ...(target.contrast && { contrast: named(target.contrast) }) };
}

/** The scores as a prediction; of a vocabulary, the likeliest. A single score (a cosine, a regression) is no probability: there are none then. */
export function predictionOf({ labels, tokenizer, config }: Facts, logits: Float32Array): Pick<PredictionExplanation, "labels" | "logits" | "probabilities"> {
  if (labels.length === 1) return { labels, logits: Array.from(logits), probabilities: [] };
  const independent = config["problem_type"] === "multi_label_classification"; // labels do not exclude one another
  const probabilities = independent ? Array.from(logits, sigmoid) : softmax(logits);
  if (labels.length > 0) return { labels, logits: Array.from(logits), probabilities };
  const best = probabilities.map((_, index) => index).sort((a, b) => logits[b]! - logits[a]!).slice(0, LISTED);
  return { labels: best.map((id) => vocabularyLabel(tokenizer, id)), logits: best.map((id) => logits[id]!), probabilities: best.map((id) => probabilities[id]!) };
}
