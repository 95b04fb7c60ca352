/**
 * What was found of a transformer inside a graph, by structure and not by names. Every field names ONNX values of the graph.
 * What is not found is in `missing`, with the nearest node and the reason; nothing is guessed.
 */

export interface Anatomy {
  /** output of the word-embedding lookup, [batch, token, width]: gradients are taken with respect to it */
  readonly embeddings: WordLookup | null;
  /** the lookup of the text that is being written, in an encoder–decoder; null in every other model */
  readonly decoder: WordLookup | null;
  /** in the order of the forward pass */
  readonly attention: readonly AttentionBlock[];
  /** residual stream after block `layer`, [batch, token, width]; the last may be after a final norm (`normalized`). Blocks may be missing */
  readonly residual: readonly { readonly layer: number; readonly value: string; readonly node: string; readonly normalized: boolean; readonly part: "self" | "decoder" }[];
  /** the graph output with the scores, and whether they are one row a text or one a token */
  readonly logits: { readonly value: string; readonly rank: number | null; readonly perToken: boolean } | null;
  readonly causal: boolean;
  readonly missing: readonly Missing[];
}

export interface WordLookup {
  readonly value: string;
  readonly table: string;
  /** the graph input with the ids */
  readonly ids: string;
  readonly width: number | null;
  readonly vocabulary: number | null;
}

/**
 * Who looks at whom. "self": a text at itself, also in models that only continue (those are `causal`); "decoder": in an encoder–decoder,
 * the text that is written at itself; "cross": the text that is written at the one that is read.
 */
export type AttentionPart = "self" | "decoder" | "cross";

export interface Missing {
  readonly what: "embeddings" | "attention" | "query" | "key" | "value" | "scale" | "mask" | "heads" | "residual" | "logits";
  readonly node: string; // name (or op type and output) of the nearest node
  readonly reason: string;
}

export interface AttentionBlock {
  readonly part: AttentionPart;
  readonly layer: number; // 0-based, among those of its part
  /** softmax output (after a NaN guard where there is one), [batch, head, query, key] */
  readonly probabilities: string;
  /** scores that enter softmax, after scale and mask */
  readonly scores: string;
  /** 4-D, [batch, head, query, headSize]; null when not found */
  readonly query: string | null;
  /** 4-D, [batch, head, key, headSize]; when `keyTransposed`, [batch, head, headSize, key] */
  readonly key: string | null;
  readonly keyTransposed: boolean;
  readonly value: string | null;
  /** the product QKᵀ is multiplied by this (1 when the graph scales Q and K before the product, or not at all) */
  readonly scale: number | null;
  /** c of c·tanh(score / c), between scale and bias; 0 when scores are not capped */
  readonly softcap: number;
  /** additive mask or bias, broadcastable to [batch, head, query, key]; null when there is none or it is not additive */
  readonly bias: string | null;
  /** rows without any allowed key are set to 0 after softmax; where nothing does, they are what softmax makes of the masks */
  readonly guarded: boolean;
  /** other things between product and softmax that softmax(cap(QKᵀ·scale) + bias) does not say, e.g. "Where", "Sub" */
  readonly extra: readonly string[];
  readonly heads: number | null;
  readonly headSize: number | null;
  readonly causal: boolean;
  readonly node: string; // name of the Softmax node
}
