/**
 * Fused operators and what they are made of: one row an operator, exact ONNX names. Operators that have a gradient rule and hide
 * nothing that is looked at (Gelu, BiasGelu, LayerNormalization, RMSNormalization, MatMulNBits …) have no row: they stay.
 */
import { embedLayerNormalization, quantizedEmbedLayerNormalization } from "./embedding.js";
import { groupQueryAttention } from "./group-query-attention.js";
import { type Lowering, refused } from "./lowering.js";
import { multiHeadAttention } from "./multi-head-attention.js";
import { packedAttention, quantizedAttention } from "./packed-attention.js";
import { fusedGemm, fusedMatMul } from "./product.js";
import { rotaryEmbedding, standardRotaryEmbedding } from "./rotary.js";
import { skipLayerNormalization, skipSimplifiedLayerNormalization } from "./skip-normalization.js";
import { standardAttention } from "./standard-attention.js";

/** An operator that cannot be taken apart, and why. */
export interface NotLowered { readonly notLowered: string }

const not = (reason: string): NotLowered => ({ notLowered: reason });
const unpadded = not("works on texts packed without padding");
const decoding = not("is for generating one token at a time");
const sparse = not("reads a sparse pattern that primitives would fill");

export const lowerings = {
  "Attention": standardAttention,
  "RotaryEmbedding": standardRotaryEmbedding,
  "com.microsoft.Attention": packedAttention,
  "com.microsoft.MultiHeadAttention": multiHeadAttention,
  "com.microsoft.GroupQueryAttention": groupQueryAttention,
  "com.microsoft.RotaryEmbedding": rotaryEmbedding,
  "com.microsoft.EmbedLayerNormalization": embedLayerNormalization,
  "com.microsoft.SkipLayerNormalization": skipLayerNormalization,
  "com.microsoft.SkipSimplifiedLayerNormalization": skipSimplifiedLayerNormalization,
  "com.microsoft.FusedMatMul": fusedMatMul,
  "com.microsoft.FusedGemm": fusedGemm,
  "com.microsoft.QAttention": quantizedAttention,
  "com.microsoft.QEmbedLayerNormalization": quantizedEmbedLayerNormalization,
  "com.microsoft.PackedAttention": unpadded,
  "com.microsoft.PackedMultiHeadAttention": unpadded,
  "com.microsoft.DecoderAttention": decoding,
  "com.microsoft.DecoderMaskedMultiHeadAttention": decoding,
  "com.microsoft.DecoderMaskedSelfAttention": decoding,
  "com.microsoft.LongformerAttention": sparse,
  "com.microsoft.SparseAttention": sparse,
} satisfies Record<string, Lowering | NotLowered>;

/** What to do with a node of this name; undefined: nothing. */
export function loweringOf(name: string): Lowering | undefined {
  if (!Object.hasOwn(lowerings, name)) return undefined;
  const row: Lowering | NotLowered = lowerings[name as keyof typeof lowerings];
  return typeof row === "function" ? row : () => refused(row.notLowered);
}
