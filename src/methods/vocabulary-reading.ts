/**
 * What a row of scores over a vocabulary says of one token: its place, its probability, and how undecided the row is. The numbers of a logit lens,
 * which asks them of every layer's state after the final norm and the unembedding. Runs no model.
 *
 * Source: nostalgebraist 2020 (logit lens); the rank counts from 0, the entropy is in nats.
 */
import { LexiscopeError } from "../base/errors.js";
import { softmax } from "./probabilities.js";

export interface VocabularyReading {
  /** how many tokens have a larger logit */
  readonly rank: number;
  readonly probability: number;
  /** of the whole row, in nats */
  readonly entropy: number;
}

/** logits: [token]. Throws `bad-input` for a token that the row does not have. */
export function vocabularyReading(logits: ArrayLike<number>, token: number): VocabularyReading {
  const logit = logits[token];
  if (logit === undefined) throw new LexiscopeError("bad-input", `token ${token} is outside of ${logits.length} logits`);
  const probabilities = softmax(logits);
  return {
    rank: Array.prototype.filter.call(logits, (other: number) => other > logit).length,
    probability: probabilities[token]!,
    entropy: probabilities.reduce((total, probability) => (probability === 0 ? total : total - probability * Math.log(probability)), 0),
  };
}
