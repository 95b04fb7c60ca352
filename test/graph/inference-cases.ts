/**
 * One node each, for comparing what is inferred with what the runtime gives. Every operator of the table has a case, or a
 * reason why the runtime of the tests cannot run it.
 */
import type { AttributeLiterals } from "../../src/onnx/attributes.js";
import type { InferredOp } from "../../src/graph/inference.js";
import { type Tensor, float32, int64, sizeOf } from "../../src/tensor/tensor.js";

export interface Case {
  readonly op: InferredOp;
  /** null: left out */
  readonly inputs: readonly (Tensor | null)[];
  readonly attributes?: AttributeLiterals;
  readonly outputs?: number;
  readonly opset?: number;
  /** some axis depends on what the node computes, and cannot be known from shapes */
  readonly open?: true;
}

/** Numbers in (0, 1), all different. */
const f = (...shape: number[]): Tensor => float32(Float32Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 7 + 3) % 23) / 24 + 0.01), shape);
const i = (values: readonly number[], shape?: readonly number[]): Tensor => int64(values, shape ?? [values.length]);
const scalar = (value: number): Tensor => int64([value], []);
const i32 = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({ dtype: "int32", shape, data: Int32Array.from(values) });
const u8 = (...shape: number[]): Tensor => ({ dtype: "uint8", shape, data: Uint8Array.from({ length: sizeOf(shape) }, (_, index) => (index * 37) % 200) });
const i8 = (...shape: number[]): Tensor => ({ dtype: "int8", shape, data: Int8Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 37) % 200) - 100) });
const bool = (...shape: number[]): Tensor => ({ dtype: "bool", shape, data: Uint8Array.from({ length: sizeOf(shape) }, (_, index) => index % 2) });

const each = (ops: readonly InferredOp[], rest: Omit<Case, "op">): Case[] => ops.map((op) => ({ op, ...rest }));
const microsoft = (name: string): InferredOp => `com.microsoft.${name}` as InferredOp;

export const cases: readonly Case[] = [
  ...each(["Abs", "Acos", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Celu", "Cos", "Cosh", "Elu", "Erf", "Exp", "Floor", "HardSigmoid", "HardSwish", "Hardmax", "Identity", "LeakyRelu", "Log", "LogSoftmax", "Neg", "Reciprocal", "Relu", "Round",
    "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign", "Sqrt", "Tan", "Tanh", "ThresholdedRelu", "Acosh", "LpNormalization"], { inputs: [f(2, 3, 5)] }),
  { op: "Mish", inputs: [f(2, 3)], opset: 18 }, { op: "Swish", inputs: [f(2, 3)], opset: 24 }, { op: "Gelu", inputs: [f(2, 3)], opset: 20 },
  { op: "BitwiseNot", inputs: [i32([1, 2])], opset: 18 },
  { op: "Clip", inputs: [f(2, 3), float32([0.2], []), float32([0.5], [])] }, { op: "Clip", inputs: [f(2, 3)], attributes: { max: { float: 0.5 } }, opset: 6 },
  { op: "CumSum", inputs: [f(2, 3), scalar(1)] }, { op: "PRelu", inputs: [f(2, 3), f(3)] }, { op: "Trilu", inputs: [f(3, 4)] },
  { op: "Cast", inputs: [f(2, 3)], attributes: { to: 7 } }, { op: "Cast", inputs: [i([3, 0, -1])], attributes: { to: 1 } }, { op: "Cast", inputs: [i([3, 0, -1])], attributes: { to: 9 } }, { op: "Cast", inputs: [float32([1.7, -1.7])], attributes: { to: 6 } },
  { op: "CastLike", inputs: [f(2), i([1])], opset: 17 }, { op: "IsNaN", inputs: [f(2, 3)] }, { op: "IsInf", inputs: [f(2, 3)] }, { op: "Not", inputs: [bool(4)] },
  ...each(["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Mean", "Sum"], { inputs: [f(2, 1, 5), f(3, 1)] }),
  ...each(["Add", "Sub", "Mul", "Div", "Max", "Min"], { inputs: [i([7, -7, 9, 4]), i([2])] }),
  { op: "Mod", inputs: [i([7, -7, 9]), i([4])] }, { op: "BitShift", inputs: [u8(3), u8(1)], attributes: { direction: "LEFT" } }, ...each(["BitwiseAnd", "BitwiseOr", "BitwiseXor"], { inputs: [i32([5, 6]), i32([3])], opset: 18 }),
  ...each(["And", "Or", "Xor"], { inputs: [bool(2, 1), bool(3)] }),
  ...each(["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"], { inputs: [i([1, 2, 3], [3, 1]), i([2, 3])] }),
  { op: "Where", inputs: [bool(2, 1), f(3), f(1, 1)] },
  { op: "Einsum", inputs: [f(2, 3, 4), f(2, 4, 5)], attributes: { equation: "bij,bjk->bik" } }, { op: "Einsum", inputs: [f(2, 3), f(3, 4)], attributes: { equation: "ij, jk" } }, { op: "Einsum", inputs: [f(2, 3, 4), f(4, 5)], attributes: { equation: "...j,jk->...k" } }, { op: "Einsum", inputs: [f(3, 3)], attributes: { equation: "ii->i" } },
  { op: "Gemm", inputs: [f(2, 3), f(3, 4), f(4)] }, { op: "Gemm", inputs: [f(3, 2), f(4, 3)], attributes: { transA: 1, transB: 1 } },
  { op: "MatMul", inputs: [f(2, 1, 3, 4), f(5, 4, 2)] }, { op: "MatMul", inputs: [f(4), f(4, 2)] }, { op: "MatMul", inputs: [f(3, 4), f(4)] }, { op: "MatMul", inputs: [f(4), f(4)] },
  { op: "MatMulInteger", inputs: [u8(2, 3), u8(3, 4)] }, { op: "QLinearMatMul", inputs: [u8(2, 3), float32([0.1], []), { ...u8(1), shape: [] }, u8(3, 4), float32([0.1], []), { ...u8(1), shape: [] }, float32([0.1], []), { ...u8(1), shape: [] }] },
  { op: "Conv", inputs: [f(1, 2, 7, 6), f(3, 2, 3, 3)], attributes: { pads: [1, 0, 1, 0], strides: [2, 1], dilations: [1, 2] } }, { op: "Conv", inputs: [f(1, 2, 7), f(3, 2, 3)], attributes: { auto_pad: "SAME_UPPER", strides: [2] } }, { op: "Conv", inputs: [f(1, 2, 7), f(3, 2, 3)], attributes: { pads: [1, 1] } }, { op: "ConvInteger", inputs: [u8(1, 2, 5, 5), u8(3, 2, 3, 3)] },
  { op: "AveragePool", inputs: [f(1, 2, 7)], attributes: { kernel_shape: [3], strides: [2], ceil_mode: 1 } }, { op: "MaxPool", inputs: [f(1, 2, 7, 6)], attributes: { kernel_shape: [2, 3], pads: [1, 0, 1, 0] }, outputs: 2 },
  ...each(["GlobalAveragePool", "GlobalMaxPool"], { inputs: [f(2, 3, 5)] }),
  { op: "BatchNormalization", inputs: [f(1, 2, 3), f(2), f(2), f(2), f(2)] }, { op: "InstanceNormalization", inputs: [f(1, 2, 3), f(2), f(2)] }, { op: "GroupNormalization", inputs: [f(1, 4, 3), f(4), f(4)], attributes: { num_groups: 2 }, opset: 21 },
  { op: "LayerNormalization", inputs: [f(2, 3, 4), f(4)], outputs: 3 }, { op: "LayerNormalization", inputs: [f(2, 3, 4), f(3, 4)], attributes: { axis: 1 } }, { op: "SimplifiedLayerNormalization", inputs: [f(2, 3, 4), f(4)] }, { op: "RMSNormalization", inputs: [f(2, 3, 4), f(4)], opset: 23 },
  ...each(["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"], { inputs: [f(2, 3, 5)], attributes: { axes: [-1, 0] } }),
  ...each(["ReduceMax", "ReduceMean", "ReduceProd"], { inputs: [f(2, 3, 5), i([1])], attributes: { keepdims: 0 }, opset: 18 }),
  { op: "ReduceSum", inputs: [f(2, 3), i([0])] }, { op: "ReduceSum", inputs: [f(2, 3)], attributes: { keepdims: 0 } }, { op: "ReduceSum", inputs: [f(2, 3)], attributes: { noop_with_empty_axes: 1 } }, { op: "ReduceProd", inputs: [i([2, 3, 4])], attributes: { keepdims: 0 } },
  { op: "ArgMax", inputs: [f(2, 3)], attributes: { axis: 1, keepdims: 0 } }, { op: "ArgMin", inputs: [f(2, 3)] }, { op: "TopK", inputs: [f(2, 5), i([3])], outputs: 2 }, { op: "TopK", inputs: [f(4, 5), i([2])], attributes: { axis: 0 }, outputs: 2 },
  { op: "Concat", inputs: [f(2, 3), f(2, 1)], attributes: { axis: -1 } }, { op: "Concat", inputs: [i([1, 2]), i([3])], attributes: { axis: 0 } },
  { op: "Expand", inputs: [f(3, 1), i([2, 1, 4])] }, { op: "Expand", inputs: [f(2, 3), i([1])] }, { op: "Flatten", inputs: [f(2, 3, 4)] }, { op: "Flatten", inputs: [f(2, 3, 4)], attributes: { axis: -1 } }, { op: "Flatten", inputs: [f(2, 3)], attributes: { axis: 0 } },
  { op: "Pad", inputs: [f(2, 3), i([0, 1, 2, 1])] }, { op: "Pad", inputs: [f(2, 3), i([0, -1, 0, 0])] }, { op: "Pad", inputs: [f(2, 3), i([1, 2]), null, i([-1])], opset: 18 }, { op: "Pad", inputs: [f(2, 3)], attributes: { pads: [0, 1, 0, 1] }, opset: 10 },
  { op: "Reshape", inputs: [f(2, 3, 4), i([0, -1, 2])] }, { op: "Reshape", inputs: [f(2, 3, 4), i([24])] }, { op: "Reshape", inputs: [f(0, 3), i([3, 0])], attributes: { allowzero: 1 } },
  { op: "Slice", inputs: [f(5, 6), i([1, -1]), i([4, -100]), i([0, 1]), i([2, -2])] }, { op: "Slice", inputs: [f(5, 6), i([0]), i([2 ** 53])] }, { op: "Slice", inputs: [f(5, 6), i([-2]), i([100]), i([-1])] }, { op: "Slice", inputs: [f(5, 6)], attributes: { starts: [1], ends: [3], axes: [1] }, opset: 9 }, { op: "Slice", inputs: [i([4, 5, 6, 7]), i([3]), i([-9]), i([0]), i([-2])] }, { op: "Slice", inputs: [f(5), i([4]), i([2])] },
  { op: "Split", inputs: [f(6, 4)], outputs: 3 }, { op: "Split", inputs: [f(2, 5), i([2, 3])], attributes: { axis: 1 }, outputs: 2 }, { op: "Split", inputs: [f(2, 5)], attributes: { axis: 1, split: [4, 1] }, outputs: 2, opset: 11 }, { op: "Split", inputs: [f(7)], attributes: { num_outputs: 3 }, outputs: 3, opset: 18 },
  { op: "Squeeze", inputs: [f(1, 3, 1), i([0])] }, { op: "Squeeze", inputs: [f(1, 3, 1)], open: true }, { op: "Squeeze", inputs: [f(1, 3, 1)], attributes: { axes: [-1] }, opset: 11 }, { op: "Unsqueeze", inputs: [f(2, 3), i([0, -1])] }, { op: "Unsqueeze", inputs: [f(2, 3)], attributes: { axes: [1] }, opset: 11 },
  { op: "Tile", inputs: [f(2, 3), i([2, 1])] }, { op: "Transpose", inputs: [f(2, 3, 4)] }, { op: "Transpose", inputs: [f(2, 3, 4)], attributes: { perm: [1, 2, 0] } },
  { op: "Gather", inputs: [f(4, 5), i([1, -1, 0], [3, 1])] }, { op: "Gather", inputs: [f(2, 3, 4), scalar(2)], attributes: { axis: -1 } }, { op: "Gather", inputs: [i([5, 6, 7], [3]), i([2, 0], [1, 2])] },
  { op: "GatherElements", inputs: [f(3, 3), i([0, 1], [1, 2])], attributes: { axis: 1 } }, { op: "GatherND", inputs: [f(2, 3, 4), i([0, 1, 1, 2], [2, 2])] }, { op: "GatherND", inputs: [f(2, 3, 4), i([1, 0], [2, 1])], attributes: { batch_dims: 1 } },
  { op: "OneHot", inputs: [i([0, 2], [2, 1]), scalar(3), f(2)], attributes: { axis: 1 } }, { op: "ScatterElements", inputs: [f(3, 2), i([1, 0], [1, 2]), f(1, 2)] }, { op: "ScatterND", inputs: [f(4), i([1, 3], [2, 1]), f(2)] }, { op: "Scatter", inputs: [f(3, 2), i([1, 0], [1, 2]), f(1, 2)], opset: 10 },
  { op: "Compress", inputs: [f(3, 2), bool(3)], attributes: { axis: 0 }, open: true }, { op: "Compress", inputs: [f(3, 2), bool(6)], open: true }, { op: "NonZero", inputs: [f(2, 3)], open: true },
  { op: "Constant", inputs: [], attributes: { value: float32([1, 2], [2, 1]) } }, { op: "Constant", inputs: [], attributes: { value_ints: [1, -2] } }, { op: "Constant", inputs: [], attributes: { value_float: { float: 0.1 } } }, { op: "Constant", inputs: [], attributes: { value_int: 3 } }, { op: "Constant", inputs: [], attributes: { value_floats: { floats: [1, 2, 3] } } },
  { op: "ConstantOfShape", inputs: [i([2, 3])], attributes: { value: i([7]) } }, { op: "ConstantOfShape", inputs: [i([4])] }, { op: "EyeLike", inputs: [f(3, 4)], attributes: { dtype: 7 } }, { op: "EyeLike", inputs: [f(2, 2)] },
  { op: "Range", inputs: [scalar(2), scalar(11), scalar(3)] }, { op: "Range", inputs: [scalar(5), scalar(0), scalar(-2)] }, { op: "Range", inputs: [float32([0], []), float32([1], []), float32([0.3], [])] },
  { op: "Shape", inputs: [f(2, 3, 4)] }, { op: "Shape", inputs: [f(2, 3, 4)], attributes: { start: -2 } }, { op: "Shape", inputs: [f(2, 3, 4)], attributes: { start: 1, end: -1 } }, { op: "Size", inputs: [f(2, 3)] },
  { op: "DequantizeLinear", inputs: [u8(2, 3), float32([0.5], [])] }, { op: "DequantizeLinear", inputs: [i8(2, 3), f(3), i8(3)], attributes: { axis: 1 } }, { op: "DynamicQuantizeLinear", inputs: [f(2, 3)], outputs: 3 }, { op: "QuantizeLinear", inputs: [f(2, 3), float32([0.5], []), { ...i8(1), shape: [] }] }, { op: "QuantizeLinear", inputs: [f(2, 3), float32([0.5], [])] },
  { op: "Attention", inputs: [f(1, 2, 3, 4), f(1, 1, 5, 4), f(1, 1, 5, 6)], opset: 23 }, { op: "Attention", inputs: [f(1, 3, 8), f(1, 5, 4), f(1, 5, 6)], attributes: { q_num_heads: 4, kv_num_heads: 2 }, opset: 23 }, { op: "Attention", inputs: [f(1, 2, 3, 4), f(1, 2, 5, 4), f(1, 2, 5, 6), null, f(1, 2, 2, 4), f(1, 2, 2, 6)], outputs: 3, opset: 23 },
  { op: "RotaryEmbedding", inputs: [f(1, 2, 3, 4), f(1, 3, 2), f(1, 3, 2)], opset: 23 },
  ...each(["BiasGelu"].map(microsoft), { inputs: [f(2, 3), f(3)] }), ...each(["FastGelu", "Gelu", "QuickGelu"].map(microsoft), { inputs: [f(2, 3)] }),
  { op: microsoft("RotaryEmbedding"), inputs: [f(1, 2, 3, 4), i([0], [1]), f(8, 2), f(8, 2)] },
  { op: microsoft("SkipLayerNormalization"), inputs: [f(2, 3, 4), f(2, 3, 4), f(4), f(4), f(4)], outputs: 4 }, { op: microsoft("SkipSimplifiedLayerNormalization"), inputs: [f(2, 3, 4), f(2, 3, 4), f(4)], outputs: 4 },
  { op: microsoft("EmbedLayerNormalization"), inputs: [i32([1, 2, 0, 1], [2, 2]), i32([0, 1, 0, 1], [2, 2]), f(5, 4), f(6, 4), f(2, 4), f(4), f(4), i32([1, 1, 1, 0], [2, 2])], outputs: 2 },
  { op: microsoft("QEmbedLayerNormalization"), inputs: [i32([1, 2, 0, 1], [2, 2]), i32([0, 1, 0, 1], [2, 2]), u8(5, 4), u8(6, 4), u8(2, 4), u8(4), u8(4), i32([1, 1, 1, 0], [2, 2]), ...new Array<Tensor>(5).fill(float32([0.1], [])), ...new Array<Tensor>(5).fill({ ...u8(1), shape: [] })], outputs: 2 },
  { op: microsoft("Attention"), inputs: [f(1, 3, 8), f(8, 24), f(24), null, f(2, 1, 2, 5, 4)], attributes: { num_heads: 2, unidirectional: 1 }, outputs: 2 }, { op: microsoft("MultiHeadAttention"), inputs: [f(1, 3, 8), f(1, 5, 8), f(1, 5, 8), null, null, null, f(1, 2, 6, 4), f(1, 2, 6, 4)], attributes: { num_heads: 2 }, outputs: 3 },
  { op: microsoft("Attention"), inputs: [f(1, 3, 8), f(8, 24), f(24)], attributes: { num_heads: 2 } }, { op: microsoft("Attention"), inputs: [f(1, 3, 8), f(8, 24), f(24)], attributes: { num_heads: 2, unidirectional: 1 }, outputs: 2 },
  { op: microsoft("MultiHeadAttention"), inputs: [f(1, 3, 8), f(1, 5, 8), f(1, 5, 8)], attributes: { num_heads: 2 } }, { op: microsoft("MultiHeadAttention"), inputs: [f(1, 3, 8), f(1, 5, 8), f(1, 5, 8)], attributes: { num_heads: 2 }, outputs: 3 }, { op: microsoft("MultiHeadAttention"), inputs: [f(1, 3, 8), f(1, 2, 5, 4), f(1, 2, 5, 4)], attributes: { num_heads: 2 } },
  { op: microsoft("GroupQueryAttention"), inputs: [f(1, 3, 64), f(1, 3, 32), f(1, 3, 32), null, null, i32([2]), i32([3], [])], attributes: { num_heads: 4, kv_num_heads: 2 }, outputs: 3, open: true },
  { op: microsoft("FusedMatMul"), inputs: [f(2, 4, 3), f(2, 5, 4)], attributes: { transA: 1, transB: 1 } }, { op: microsoft("FusedGemm"), inputs: [f(2, 3), f(3, 4), f(4)], attributes: { activation: "Relu" } },
  { op: microsoft("MatMulIntegerToFloat"), inputs: [u8(2, 3), u8(3, 4), float32([0.1], []), float32([0.1], [])] }, { op: microsoft("DynamicQuantizeMatMul"), inputs: [f(2, 3), u8(3, 4), float32([0.1], [])] },
  { op: microsoft("MatMulNBits"), inputs: [f(2, 32), u8(6, 1, 16), f(6)], attributes: { K: 32, N: 6, bits: 4, block_size: 32 } },
  { op: microsoft("DequantizeLinear"), inputs: [u8(2, 3), float32([0.5], []), { ...u8(1), shape: [] }] }, { op: microsoft("QuantizeLinear"), inputs: [f(2, 3), float32([0.5], []), { ...u8(1), shape: [] }] },
  { op: microsoft("QAttention"), inputs: [u8(1, 3, 8), u8(8, 24), f(24), float32([0.1], []), float32([0.1], []), null, { ...u8(1), shape: [] }, { ...u8(1), shape: [] }], attributes: { num_heads: 2 } },
];

/** Rows that the runtime of these tests cannot run. */
export const notRun: Partial<Record<InferredOp, string>> = {
  Dropout: "no kernel in onnxruntime-web 1.30",
  "com.microsoft.GemmFastGelu": "no wasm kernel in onnxruntime-web 1.30",
  "com.microsoft.BiasSoftmax": "no kernel in onnxruntime-web 1.30",
  "com.microsoft.GatherBlockQuantized": "no wasm kernel in this build of onnxruntime-web 1.30",
};
