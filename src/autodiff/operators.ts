/**
 * Every operator that has been met in transformer files, with what reverse mode makes of it: a rule, an edge at which the walk stops, or
 * an honest refusal. The list is typed: an operator without a row does not compile. Names are ONNX's, prefixed by the domain where it is
 * not the standard one.
 */
import type { Graph } from "../graph/graph.js";
import { intAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import type { Rule, Value } from "./rule.js";
import { activation } from "./rules/activation.js";
import { averagePoolRefusal, convolutionRefusal, maxPoolRefusal, windows } from "./rules/windows.js";
import { elementwise } from "./rules/elementwise.js";
import { indexing } from "./rules/indexing.js";
import { layout } from "./rules/layout.js";
import { normalization } from "./rules/normalization.js";
import { einsumTerms, product } from "./rules/product.js";
import { reduction } from "./rules/reduction.js";
import { scatterRefusal } from "./scatter-opset.js";

/** The walk stops here: the outputs do not change with the inputs, or only in jumps. */
export interface NotDifferentiable { readonly stops: string }
/** A gradient exists, and there is no rule for it: `reason` says what is missing. */
export interface Unsupported { readonly unsupported: string }
export type Row = Rule | NotDifferentiable | Unsupported;

const stops = (reason: string): NotDifferentiable => ({ stops: reason });
const unsupported = (reason: string): Unsupported => ({ unsupported: reason });

/** All gradient rules, keyed by the exact operator name. */
export const rules = { ...elementwise, ...activation, ...product, ...windows, ...normalization, ...reduction, ...layout, ...indexing } satisfies Record<string, Rule>;

const logical = stops("the result is boolean");
const integer = stops("the result is a whole number");
const shape = stops("depends on shapes only");
const jumps = stops("piecewise constant: the gradient is zero almost everywhere");
const random = unsupported("random numbers");
const controlFlow = unsupported("control flow is not differentiated");
const fusedAttention = unsupported("fused attention must be lowered to primitives first");
const recurrent = unsupported("recurrent operators are not differentiated");
const quantized = unsupported("integer arithmetic: differentiate the dequantised product instead");
const unpadded = unsupported("works on texts packed without padding");
const generation = unsupported("generates a whole text inside one operator: give the model that it holds");
const training = unsupported("belongs to a graph for training: export the model for inference");
const trigonometric = unsupported("no rule written");

export const otherOperators = [
  "And", "Or", "Xor", "Not", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "IsNaN", "IsInf",
  "Shape", "Size", "Constant", "ConstantOfShape", "Range", "EyeLike", "OneHot", "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial",
  "ArgMax", "ArgMin", "NonZero", "Compress", "Unique", "Hardmax", "Sign", "Floor", "Ceil", "Round", "Mod", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseNot", "BitwiseXor",
  "If", "Loop", "Scan", "LSTM", "GRU", "RNN",
  "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Shrink",
  "ReduceProd", "ReduceLogSum", "ConvTranspose",
  "InstanceNormalization", "GroupNormalization", "LpNormalization", "MeanVarianceNormalization",
  "Scatter", "DepthToSpace", "SpaceToDepth", "ReverseSequence", "Resize", "Upsample", "GridSample", "Det",
  "Attention", "RotaryEmbedding", "CastLike", "Optional", "SequenceAt", "SequenceConstruct", "SplitToSequence", "ConcatFromSequence", "StringNormalizer",
  "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul", "ConvInteger", "QLinearConv",
  "com.microsoft.Attention", "com.microsoft.MultiHeadAttention", "com.microsoft.GroupQueryAttention", "com.microsoft.PackedAttention", "com.microsoft.DecoderMaskedMultiHeadAttention",
  "com.microsoft.QAttention", "com.microsoft.EmbedLayerNormalization", "com.microsoft.QEmbedLayerNormalization", "com.microsoft.RotaryEmbedding",
  "com.microsoft.FusedGemm", "com.microsoft.GatherBlockQuantized", "com.microsoft.MatMulIntegerToFloat",
  "com.microsoft.MoE", "com.microsoft.QMoE", "com.microsoft.BiasSoftmax", "com.microsoft.QuantizeLinear", "com.microsoft.DequantizeLinear", "com.microsoft.GemmFastGelu",
  "com.microsoft.RemovePadding", "com.microsoft.RestorePadding", "com.microsoft.BeamSearch", "com.microsoft.GreedySearch", "com.microsoft.Sampling",
  "SoftmaxCrossEntropyLoss", "com.microsoft.YieldOp", "com.microsoft.ConcatTraining", "com.microsoft.SoftmaxCrossEntropyLossInternal", "com.microsoft.InPlaceAccumulatorV2",
  "com.microsoft.GeluGrad", "com.microsoft.LayerNormalizationGrad", "com.microsoft.SoftmaxGrad_13", "com.microsoft.ReluGrad", "com.microsoft.SliceGrad", "com.microsoft.BiasFastGeluGrad_dX",
  "com.microsoft.BroadcastGradientArgs", "com.microsoft.SoftmaxCrossEntropyLossGrad", "com.microsoft.SoftmaxCrossEntropyLossInternalGrad",
] as const;

export type OperatorName = keyof typeof rules | (typeof otherOperators)[number];

export const operators: Readonly<Record<OperatorName, Row>> = {
  ...rules,
  And: logical, Or: logical, Xor: logical, Not: logical, Equal: logical, Less: logical, LessOrEqual: logical, Greater: logical, GreaterOrEqual: logical, IsNaN: logical, IsInf: logical,
  Shape: shape, Size: shape, Constant: shape, ConstantOfShape: shape, Range: shape, EyeLike: shape, OneHot: integer,
  RandomNormal: random, RandomUniform: random, RandomNormalLike: shape, RandomUniformLike: shape, Bernoulli: random, Multinomial: random,
  ArgMax: integer, ArgMin: integer, NonZero: integer, Compress: unsupported("no rule written"), Unique: unsupported("no rule written"),
  Hardmax: jumps, Sign: jumps, Floor: jumps, Ceil: jumps, Round: jumps, Mod: unsupported("no rule written"),
  BitShift: integer, BitwiseAnd: integer, BitwiseOr: integer, BitwiseNot: integer, BitwiseXor: integer,
  If: controlFlow, Loop: controlFlow, Scan: controlFlow, LSTM: recurrent, GRU: recurrent, RNN: recurrent,
  Tan: trigonometric, Asin: trigonometric, Acos: trigonometric, Atan: trigonometric, Sinh: trigonometric, Cosh: trigonometric, Asinh: trigonometric, Acosh: trigonometric, Atanh: trigonometric,
  Shrink: unsupported("no rule written"),
  ReduceProd: unsupported("no rule written"), ReduceLogSum: unsupported("no rule written"),
  ConvTranspose: unsupported("no rule for transposed convolutions"),
  InstanceNormalization: unsupported("no rule written"), GroupNormalization: unsupported("no rule written"),
  LpNormalization: unsupported("no rule written"), MeanVarianceNormalization: unsupported("no rule written"),
  Scatter: unsupported("no rule written"),
  DepthToSpace: unsupported("no rule written"), SpaceToDepth: unsupported("no rule written"), ReverseSequence: unsupported("no rule written"),
  Resize: unsupported("no rule written"), Upsample: unsupported("no rule written"), GridSample: unsupported("no rule written"), Det: unsupported("no rule written"),
  Attention: fusedAttention, RotaryEmbedding: unsupported("fused rotary embedding must be lowered to primitives first"), CastLike: unsupported("no rule written"),
  Optional: controlFlow, SequenceAt: controlFlow, SequenceConstruct: controlFlow, SplitToSequence: controlFlow, ConcatFromSequence: controlFlow, StringNormalizer: integer,
  QuantizeLinear: quantized, DequantizeLinear: quantized, DynamicQuantizeLinear: quantized, MatMulInteger: quantized, QLinearMatMul: quantized, ConvInteger: quantized, QLinearConv: quantized,
  "com.microsoft.Attention": fusedAttention, "com.microsoft.MultiHeadAttention": fusedAttention, "com.microsoft.GroupQueryAttention": fusedAttention,
  "com.microsoft.PackedAttention": fusedAttention, "com.microsoft.DecoderMaskedMultiHeadAttention": fusedAttention,
  "com.microsoft.QAttention": quantized, "com.microsoft.EmbedLayerNormalization": integer, "com.microsoft.QEmbedLayerNormalization": integer,
  "com.microsoft.RotaryEmbedding": unsupported("fused rotary embedding must be lowered to primitives first"),
  "com.microsoft.FusedGemm": unsupported("fused product must be lowered to Gemm and its activation first"),
  "com.microsoft.GatherBlockQuantized": integer, "com.microsoft.MatMulIntegerToFloat": quantized,
  "com.microsoft.MoE": unsupported("no rule written"), "com.microsoft.QMoE": quantized, "com.microsoft.BiasSoftmax": unsupported("no rule written"),
  "com.microsoft.QuantizeLinear": quantized, "com.microsoft.DequantizeLinear": quantized, "com.microsoft.GemmFastGelu": unsupported("onnxruntime on the web has no such operator"),
  "com.microsoft.RemovePadding": unpadded, "com.microsoft.RestorePadding": unpadded, "com.microsoft.BeamSearch": generation, "com.microsoft.GreedySearch": generation, "com.microsoft.Sampling": generation,
  SoftmaxCrossEntropyLoss: training, "com.microsoft.YieldOp": training, "com.microsoft.ConcatTraining": training, "com.microsoft.SoftmaxCrossEntropyLossInternal": training, "com.microsoft.InPlaceAccumulatorV2": training,
  "com.microsoft.GeluGrad": training, "com.microsoft.LayerNormalizationGrad": training, "com.microsoft.SoftmaxGrad_13": training, "com.microsoft.ReluGrad": training, "com.microsoft.SliceGrad": training,
  "com.microsoft.BiasFastGeluGrad_dX": training, "com.microsoft.BroadcastGradientArgs": training, "com.microsoft.SoftmaxCrossEntropyLossGrad": training, "com.microsoft.SoftmaxCrossEntropyLossInternalGrad": training,
};

/** The inputs that can receive a cotangent; all, where an operator has no entry. */
export const differentiableInputs: Readonly<Partial<Record<OperatorName, readonly number[]>>> = {
  Reshape: [0], Squeeze: [0], Unsqueeze: [0], Expand: [0], Tile: [0], Slice: [0], Split: [0], Pad: [0], Trilu: [0], CumSum: [0],
  Gather: [0], GatherElements: [0], GatherND: [0], Where: [1, 2], Clip: [0], Dropout: [0],
  "com.microsoft.MatMulNBits": [0], "com.microsoft.DynamicQuantizeMatMul": [0], Conv: [0], "lexiscope.DynamicLinear": [0],
  TopK: [0], ScatterElements: [0, 2], ScatterND: [0, 2], PRelu: [0], BatchNormalization: [0],
  ReduceSum: [0], ReduceMean: [0], ReduceMax: [0], ReduceMin: [0], ReduceSumSquare: [0], ReduceL1: [0], ReduceL2: [0], ReduceLogSumExp: [0],
};

/** The outputs through which a rule takes cotangents; only the first, where an operator has no entry. */
export const differentiableOutputs: Readonly<Partial<Record<OperatorName, (output: number) => boolean>>> = {
  Split: () => true,
  "com.microsoft.SkipLayerNormalization": (output) => output === 0 || output === 3,
  "com.microsoft.SkipSimplifiedLayerNormalization": (output) => output === 0 || output === 3,
};

/** Elementwise operators whose operands are stretched against each other. */
export const broadcasting: ReadonlySet<string> = new Set<OperatorName>(["Add", "Sub", "Mul", "Div", "Pow", "Sum", "Mean", "Max", "Min", "Where", "com.microsoft.BiasGelu", "com.microsoft.FastGelu"]);

/** Forms of an operator that its rule does not cover. Asked before anything runs; null: covered. */
export const refusals: Readonly<Partial<Record<OperatorName, (node: Node, graph: Graph) => string | null>>> = {
  Pad: (node) => {
    const mode = node.attributes.get("mode");
    return mode?.type === "string" && mode.value !== "constant" ? `mode "${mode.value}"` : null;
  },
  Slice: (node, graph) => constantOrAbsent(graph, node.inputs[3], "axes") ?? constantOrAbsent(graph, node.inputs[4], "steps"),
  ReduceSum: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceMean: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceMax: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceMin: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceL1: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceL2: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceSumSquare: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  ReduceLogSumExp: (node, graph) => constantOrAbsent(graph, node.inputs[1], "axes"),
  Dropout: (node, graph) => (node.inputs[2] && graph.constant(node.inputs[2])?.data[0] !== 0 ? "training mode" : null),
  Gather: (node, graph) => (graph.rank(node.inputs[1] ?? "") === undefined ? "the rank of its indices is not known" : null),
  Conv: convolutionRefusal,
  AveragePool: averagePoolRefusal,
  MaxPool: (node, graph) => maxPoolRefusal(node) ?? scatterRefusal(graph),
  ScatterElements: scatterReduction,
  ScatterND: scatterReduction,
  BatchNormalization: (node) => (intAttribute(node, "training_mode", 0) === 1 ? "training mode" : null),
  GatherElements: (_, graph) => scatterRefusal(graph),
  GatherND: (node, graph) => (intAttribute(node, "batch_dims", 0) === 0 ? scatterRefusal(graph) : "with batch_dims"),
  "com.microsoft.FusedMatMul": (node) => (intAttribute(node, "transBatchA", 0) || intAttribute(node, "transBatchB", 0) ? "its batch axes are transposed" : null),
  Einsum: (node) => {
    const equation = node.attributes.get("equation");
    if (equation?.type !== "string") return "no equation";
    const { operands, result } = einsumTerms(equation.value);
    return [...operands, result].some((term) => term.includes(".") || new Set(term).size < term.length) ? `equation "${equation.value}" has an ellipsis or repeats a label` : null;
  },
};

function constantOrAbsent(graph: Graph, input: Value | undefined, what: string): string | null {
  return input && !graph.constant(input) ? `its ${what} are computed in the run` : null;
}

function scatterReduction(node: Node): string | null {
  const reduction = stringAttribute(node, "reduction", "none");
  return reduction === "none" || reduction === "add" ? null : `reduction "${reduction}"`;
}

/** The name under which a node stands in the tables. */
export function operatorName(node: Node): string {
  return node.domain === "" || node.domain === "ai.onnx" ? node.opType : `${node.domain}.${node.opType}`;
}
