/**
 * Attention of many heads at once: one small map and a few numbers a head. Not the heat map's kind, which is one map of ordinary arrays: a
 * model of 12 × 12 heads has millions of weights, so they stand in one flat array, which in memory is a Float32Array and in a file (see
 * `plain.ts`) an ordinary one.
 */
import { array, boolean, count, fail, type Fields, integer, number, numbers, object, oneOf } from "./check.js";
import type { ExplanationBase } from "./common.js";
import { HEAD_MEASURES, type HeadMeasure } from "./measures.js";

/**
 * What one head does, in seven numbers, each a mean over the query tokens with the same say (rows are divided by their sums first; rows
 * without any weight are left out). Shares are from 0 to 1.
 */
export interface HeadStatistics {
  /** −Σ w ln w: 0 looks at one token, ln n at n tokens alike. Nats */
  readonly entropy: number;
  /** Σ w·|query − key|. Tokens */
  readonly distance: number;
  /** on tokens that the tokenizer added */
  readonly special: number;
  /** on the token itself, the one before, the one after, the first; queries that have no such token give 0 */
  readonly self: number;
  readonly previous: number;
  readonly next: number;
  readonly first: number;
}

export const HEAD_STATISTICS = ["entropy", "distance", "special", "self", "previous", "next", "first"] as const satisfies readonly (keyof HeadStatistics)[];

export interface HeadMap extends HeadStatistics {
  /** from 0 */
  readonly layer: number;
  readonly head: number;
}

export interface AttentionHeadsExplanation extends ExplanationBase {
  readonly kind: "attention-heads";
  /** how many there are in the model; heads: of the layer that has most */
  readonly layers: number;
  readonly heads: number;
  readonly causal: boolean;
  /** what the weights are; absent means "pattern" */
  readonly measure?: HeadMeasure;
  /** how that measure was taken */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** those asked for, layer by layer */
  readonly maps: readonly HeadMap[];
  /** rows and columns of each map: the number of tokens, or less, where each weight is the largest of a block of the whole map */
  readonly side: number;
  /** [map, query, key], row-major; for causal models zeros above the diagonal */
  readonly weights: Float32Array | readonly number[];
}

const statistics = Object.fromEntries(HEAD_STATISTICS.map((name) => [name, number(0)]));

/** Checks the fields of this kind; `tokens` is how many tokens there are. */
export function attentionHeads(fields: Fields, tokens: number): void {
  object({ layers: count, heads: count, causal: boolean, "measure?": oneOf(...HEAD_MEASURES), "options?": object({}), side: integer(0, tokens) })(fields, "");
  const map = object({ layer: integer(0, (fields.layers as number) - 1), head: integer(0, (fields.heads as number) - 1), ...statistics });
  array(map)(fields.maps, "maps");
  const length = (fields.maps as unknown[]).length * (fields.side as number) ** 2;
  const { weights } = fields;
  if (!(weights instanceof Float32Array)) numbers(length, "side × side a map", 0)(weights, "weights");
  else if (weights.length !== length) fail("weights", `an array of ${length} (side × side a map)`, Array.from(weights));
  else weights.forEach((weight, index) => (weight >= 0 && weight < Infinity) || number(0)(weight, `weights[${index}]`));
}

/** The map at `position` among `maps`, [query, key] row-major; a view where the weights are a Float32Array. */
export function weightsOfMap({ weights, side }: AttentionHeadsExplanation, position: number): Float32Array {
  const [from, to] = [position * side ** 2, (position + 1) * side ** 2];
  return weights instanceof Float32Array ? weights.subarray(from, to) : Float32Array.from(weights.slice(from, to));
}
