/**
 * Attention relevance: how much of the scores' rows came from each token, through all layers, where each pattern is weighed by its own gradient.
 * Pure numbers: patterns and gradients in, one score a token out. Not rollout, which knows no target.
 * Source: Chefer et al. 2021, arXiv:2103.15679, equations 5 and 6 (self-attention).
 */

/** [head, query, key], row-major */
export interface HeadMaps {
  readonly heads: number;
  readonly tokens: number;
  readonly data: ArrayLike<number>;
}

/** Mean over heads of the positive part of gradient · pattern. → [query][key] */
export function weighedPattern(pattern: HeadMaps, gradient: HeadMaps): number[][] {
  const { heads, tokens, data } = pattern;
  return Array.from({ length: tokens }, (_, query) =>
    Array.from({ length: tokens }, (_key, key) => {
      let sum = 0;
      for (let head = 0; head < heads; head++) {
        const at = (head * tokens + query) * tokens + key;
        sum += Math.max(0, data[at]! * gradient.data[at]!);
      }
      return sum / heads;
    }),
  );
}

/** Which rows speak for the scores: those of the last layer through which a gradient flows back; each as much as another. → weights, sum 1 */
export function speakingRows(gradient: HeadMaps, negligible = 1e-7): number[] {
  const { heads, tokens, data } = gradient;
  const sizes = Array.from({ length: tokens }, (_, query) => {
    let size = 0;
    for (let head = 0; head < heads; head++) for (let key = 0; key < tokens; key++) size += Math.abs(data[(head * tokens + query) * tokens + key]!);
    return size;
  });
  const largest = Math.max(...sizes);
  const speaking = sizes.map((size) => (largest > 0 ? Number(size > negligible * largest) : 1));
  const count = speaking.reduce((sum, each) => sum + each, 0);
  return speaking.map((each) => each / count);
}

/**
 * R ← R + Ā·R from R = 1, layer by layer; the answer is the mean of the speaking rows of R − 1: what attention brought to them. Never negative.
 * @param patterns [layer], @param gradients [layer], of the target by the patterns
 */
export function attentionRelevance(patterns: readonly HeadMaps[], gradients: readonly HeadMaps[]): number[] {
  const tokens = patterns[0]?.tokens ?? 0;
  let relevance = Array.from({ length: tokens }, (_, query) => Array.from({ length: tokens }, (_key, key) => Number(query === key)));
  patterns.forEach((pattern, layer) => {
    const weights = weighedPattern(pattern, gradients[layer]!);
    relevance = relevance.map((row, query) => row.map((own, key) => weights[query]!.reduce((sum, weight, from) => sum + weight * relevance[from]![key]!, own)));
  });
  const rows = speakingRows(gradients.at(-1)!);
  return Array.from({ length: tokens }, (_, key) => rows.reduce((sum, weight, query) => sum + weight * (relevance[query]![key]! - Number(query === key)), 0));
}
