/**
 * Element type and shape of every output, by operator: one row an operator, ONNX name (with domain where it is not ai.onnx).
 * The rules themselves are in shape-rules.ts and attention-rules.ts; an operator without a row is not known, and no error.
 */
import { dtypeOf } from "../onnx/dtypes.js";
import { packedAttention, multiHeadAttention, groupQueryAttention, attention, embedLayerNormalization } from "./attention-rules.js";
import { broadcastDims } from "./dims.js";
import {
  type Rule, value, axisOf, same, sameShape, broadcast, compare, firstShape, reduce, argReduce, matMulShape, swapLast, matMul, gemm, normalization, skipNormalization, gatherShape, reshape, transpose, flatten, squeeze, unsqueeze, slice, split, concat, gatherND, pad, range, constantOfShape, expand, tile, einsum, shapeOf, topK, oneHot, constant, convolution, pool, globalPool, gatherBlockQuantized, cast, scaleType, quantizedType,
} from "./shape-rules.js";

const standard = {
  // elementwise, one input
  Abs: same, Acos: same, Acosh: same, Asin: same, Asinh: same, Atan: same, Atanh: same, Ceil: same, Celu: same, Cos: same, Cosh: same, Elu: same, Erf: same, Exp: same, Floor: same, Gelu: same, HardSigmoid: same,
  HardSwish: same, Hardmax: same, Identity: same, LeakyRelu: same, Log: same, LogSoftmax: same, Mish: same, Neg: same, Reciprocal: same, Relu: same, Round: same, Selu: same, Shrink: same, Sigmoid: same, Sign: same,
  Sin: same, Sinh: same, Softmax: same, Softplus: same, Softsign: same, Sqrt: same, Swish: same, Tan: same, Tanh: same, ThresholdedRelu: same,
  // elementwise, the first input's shape
  BitwiseNot: same, Clip: same, CumSum: same, Dropout: (view) => [value(view.dtype(), view.shape()), value("bool", view.shape())], PRelu: same, Trilu: same,
  Cast: firstShape(cast), CastLike: firstShape((view) => view.dtype(1)), IsNaN: sameShape("bool"), IsInf: sameShape("bool"), Not: sameShape("bool"),
  // elementwise, broadcasting
  Add: broadcast, BitShift: broadcast, BitwiseAnd: broadcast, BitwiseOr: broadcast, BitwiseXor: broadcast, Div: broadcast, Max: broadcast, Mean: broadcast, Min: broadcast, Mod: broadcast, Mul: broadcast, Pow: broadcast, Sub: broadcast, Sum: broadcast,
  And: compare, Equal: compare, Greater: compare, GreaterOrEqual: compare, Less: compare, LessOrEqual: compare, Or: compare, Xor: compare,
  Where: (view) => [value(view.dtype(1) ?? view.dtype(2), broadcastDims(view.shape(0), view.shape(1), view.shape(2)))],
  // products
  Einsum: einsum, Gemm: gemm, MatMul: matMul((view) => view.dtype() ?? view.dtype(1)), MatMulInteger: matMul(() => "int32"), QLinearMatMul: (view) => [value(view.dtype(7), matMulShape(view.shape(0), view.shape(3)))],
  // windows
  Conv: convolution((view) => view.dtype()), ConvInteger: convolution(() => "int32"), AveragePool: pool, MaxPool: pool, GlobalAveragePool: globalPool, GlobalMaxPool: globalPool,
  // normalisations
  BatchNormalization: same, GroupNormalization: same, InstanceNormalization: same, LayerNormalization: normalization, LpNormalization: same, RMSNormalization: same, SimplifiedLayerNormalization: normalization,
  // reductions
  ArgMax: argReduce, ArgMin: argReduce, ReduceL1: reduce, ReduceL2: reduce, ReduceLogSum: reduce, ReduceLogSumExp: reduce, ReduceMax: reduce, ReduceMean: reduce, ReduceMin: reduce, ReduceProd: reduce, ReduceSum: reduce, ReduceSumSquare: reduce, TopK: topK,
  // layout
  Concat: concat, Expand: expand, Flatten: flatten, Pad: pad, Reshape: reshape, Slice: slice, Split: split, Squeeze: squeeze, Tile: tile, Transpose: transpose, Unsqueeze: unsqueeze,
  // look-ups
  Gather: (view) => [value(view.dtype(), gatherShape(view.shape(0), view.shape(1), view.int("axis", 0)))],
  GatherElements: (view) => [value(view.dtype(), view.shape(1))], GatherND: gatherND, OneHot: oneHot, ScatterElements: same, ScatterND: same, Scatter: same,
  Compress: (view) => [value(view.dtype(), view.node.attributes.has("axis") ? view.shape()?.map((dim, axis, shape) => (axis === axisOf(view.int("axis", 0), shape.length) ? null : dim)) : [null])],
  NonZero: (view) => [value("int64", [view.shape()?.length ?? null, null])],
  // shapes and constants
  Constant: constant, ConstantOfShape: constantOfShape, EyeLike: (view) => [value(view.int("dtype", 0) > 0 ? dtypeOf(view.int("dtype", 0)) : view.dtype(), view.shape())], Range: range, Shape: shapeOf, Size: () => [value("int64", [])],
  // quantised
  DequantizeLinear: firstShape(scaleType(1)), DynamicQuantizeLinear: (view) => [value("uint8", view.shape()), value("float32", []), value("uint8", [])], QuantizeLinear: firstShape(quantizedType),
  // attention
  Attention: attention, RotaryEmbedding: same,
} satisfies Record<string, Rule>;

const microsoft = {
  BiasGelu: same, FastGelu: same, Gelu: same, QuickGelu: same, BiasSoftmax: same, RotaryEmbedding: same,
  SkipLayerNormalization: skipNormalization, SkipSimplifiedLayerNormalization: skipNormalization, EmbedLayerNormalization: embedLayerNormalization(2), QEmbedLayerNormalization: embedLayerNormalization(2),
  Attention: packedAttention(4), QAttention: packedAttention(8), MultiHeadAttention: multiHeadAttention, GroupQueryAttention: groupQueryAttention,
  FusedMatMul: (view) => [value(view.dtype(), matMulShape(swapLast(view.shape(0), view.int("transA", 0) === 1), swapLast(view.shape(1), view.int("transB", 0) === 1)))],
  FusedGemm: gemm, GemmFastGelu: matMul((view) => view.dtype()), MatMulIntegerToFloat: matMul((view) => view.dtype(2)), DynamicQuantizeMatMul: matMul((view) => view.dtype(2)),
  MatMulNBits: (view) => [value(view.dtype(), view.shape() && [...view.shape()!.slice(0, -1), view.int("N", 0)])],
  DequantizeLinear: firstShape(scaleType(1)), QuantizeLinear: firstShape(quantizedType), GatherBlockQuantized: gatherBlockQuantized,
} satisfies Record<string, Rule>;

/** Operators that have a rule. */
export type InferredOp = keyof typeof standard | `com.microsoft.${keyof typeof microsoft}`;

const prefixed = Object.fromEntries(Object.entries(microsoft).map(([name, rule]) => [`com.microsoft.${name}`, rule])) as Record<`com.microsoft.${keyof typeof microsoft}`, Rule>;

/** By exact ONNX name; other domains are prefixed ("com.microsoft.Gelu"). */
export const inferenceRules: Readonly<Record<InferredOp, Rule>> = { ...standard, ...prefixed };

/** The rule of a node; undefined for operators without one. */
export function inferenceRule(opType: string, domain: string): Rule | undefined {
  const name = domain === "" ? opType : `${domain}.${opType}`;
  return Object.hasOwn(inferenceRules, name) ? inferenceRules[name as InferredOp] : undefined;
}
