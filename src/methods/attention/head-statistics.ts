/**
 * What one attention head does, in a few numbers: how spread it is, how far it looks, and which places it favours. Not an explanation of a
 * prediction: they sort heads, so that a reader finds those worth looking at.
 * Sources: entropy and the shares on special, previous and next tokens as Clark et al. 2019 ("What does BERT look at?"), mean distance as Vig
 * and Belinkov 2019 ("Analyzing the structure of attention in a transformer language model").
 */
import type { HeadStatistics } from "../../explanation/attention-heads.js";

/**
 * @param weights one head's pattern, [query, key] row-major, not negative
 * @param special which tokens the tokenizer added; its length is the number of tokens
 * @returns means over the queries whose row holds any weight, each row divided by its sum; zeros when there is none
 */
export function headStatistics(weights: ArrayLike<number>, special: readonly boolean[]): HeadStatistics {
  const tokens = special.length;
  let [rows, entropy, distance, onSpecial, self, previous, next, first] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let query = 0; query < tokens; query++) {
    const start = query * tokens;
    // one by one, for speed: with many heads this loop is as long as the model's own run
    let total = 0;
    let logs = 0;
    let far = 0;
    let marked = 0;
    for (let key = 0; key < tokens; key++) {
      const weight = weights[start + key]!;
      if (weight <= 0) continue;
      total += weight;
      logs += weight * Math.log(weight);
      far += weight * (query < key ? key - query : query - key);
      if (special[key]) marked += weight;
    }
    if (!(total > 0)) continue;
    rows++;
    entropy += Math.max(0, Math.log(total) - logs / total);
    distance += far / total;
    onSpecial += marked / total;
    self += weights[start + query]! / total;
    if (query > 0) previous += weights[start + query - 1]! / total;
    if (query < tokens - 1) next += weights[start + query + 1]! / total;
    first += weights[start]! / total;
  }
  const mean = (sum: number) => (rows ? sum / rows : 0);
  return { entropy: mean(entropy), distance: mean(distance), special: mean(onSpecial), self: mean(self), previous: mean(previous), next: mean(next), first: mean(first) };
}
