/**
 * A map of tokens as a map of what a reader looks at: words instead of tokens, special tokens left out. Not a measure: the numbers stay what
 * they were, summed and averaged.
 */
import { shares, type Map2 } from "./rollout.js";

/**
 * What a word gives is the mean of its tokens' rows, what it gets the sum of their columns, so that rows go on summing to 1.
 * Source: Clark, Khandelwal, Levy, Manning 2019, "What Does BERT Look At?", arXiv:1906.04341, section 4.1.
 *
 * @param weights [query token][key token]
 * @param queries the rows of each word that is kept; a row in no group is left out
 * @param keys the same of the columns
 * @param renormalise divides each row by its sum, for rows that lost columns
 * @returns [query group][key group]
 */
export function arrangeAttention(weights: Map2, queries: readonly (readonly number[])[], keys = queries, renormalise = false): number[][] {
  const merged = queries.map((rows) => keys.map((columns) => rows.reduce((sum, row) => sum + columns.reduce((part, column) => part + weights[row]![column]!, 0), 0) / rows.length));
  return renormalise ? merged.map(shares) : merged;
}
