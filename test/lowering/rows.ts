/**
 * Fused operators in the forms that files have, each as a graph of one node: what the runtime's own kernel makes of it is what the
 * primitives must make of it.
 */
import { dataTypeOf } from "../../src/onnx/dtypes.js";
import { type AttributeLiterals, node } from "../../src/onnx/attributes.js";
import { tensorProto } from "../../src/onnx/tensor-data.js";
import type { Dim, Model } from "../../src/onnx/types.js";
import { type Tensor, float32, int64, sizeOf } from "../../src/tensor/tensor.js";

/** Real tokens of each text: two shapes. */
export const lengthsOfCases: readonly (readonly number[])[] = [[6, 4], [3]];

/** An input: its axes, of which "batch" and "tokens" vary, or how it is made of the lengths. */
type Input = readonly Dim[] | { readonly dims: readonly Dim[]; readonly make: (lengths: readonly number[]) => Tensor };

export interface Row {
  readonly name: string;
  readonly op: string;
  readonly attributes?: AttributeLiterals;
  /** by the position of the input; "" is left out */
  readonly inputs: readonly (Input | Tensor | "")[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
  /** the kernel leaves rows of padding undefined: only rows of real tokens are compared */
  readonly paddingUndefined?: boolean;
}

const isTensor = (input: Row["inputs"][number]): input is Tensor => typeof input === "object" && "data" in input;
export const namesOf = (row: Row): string[] => row.inputs.map((input, index) => (input === "" ? "" : `x${index}`));

export function modelOf(row: Row): Model {
  const dot = row.op.lastIndexOf(".");
  const names = namesOf(row);
  const outputs = row.outputs ?? ["y"];
  const dims = (input: Input): readonly Dim[] => ("make" in input ? input.dims : input);
  return {
    irVersion: 8, producerName: "", opsets: new Map([["", row.opset ?? 14], ["com.microsoft", 1]]), functions: [], unknown: [],
    graph: {
      name: row.name, valueInfo: [], unknown: [],
      nodes: [node(row.op.slice(dot + 1), names, outputs, row.attributes ?? {}, row.op.slice(0, Math.max(dot, 0)), "it")],
      initializers: row.inputs.flatMap((input, index) => (isTensor(input) ? [tensorProto(names[index]!, input)] : [])),
      inputs: row.inputs.flatMap((input, index) => {
        if (input === "" || isTensor(input)) return [];
        const dtype = "make" in input ? input.make([2, 1]).dtype : "float32";
        return [{ name: names[index]!, type: { dtype, dataType: dataTypeOf(dtype), shape: [...dims(input)] }, unknown: [] }];
      }),
      outputs: outputs.filter((name) => name !== "").map((name) => ({ name, type: null, unknown: [] })),
    },
  };
}

export function feedsOf(row: Row, lengths: readonly number[], random: () => number): Record<string, Tensor> {
  const extents: Readonly<Record<string, number>> = { batch: lengths.length, tokens: Math.max(...lengths), past: 0 };
  return Object.fromEntries(row.inputs.flatMap((input, index): [string, Tensor][] => {
    if (input === "" || isTensor(input)) return [];
    if ("make" in input) return [[`x${index}`, input.make(lengths)]];
    return [[`x${index}`, noise(input.map((dim) => (typeof dim === "number" ? dim : extents[dim!]!)), random)]];
  }));
}

function noise(shape: readonly number[], random: () => number): Tensor {
  return float32(Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1), shape);
}

/** Fixed numbers of a stored tensor. */
const stored = (...shape: number[]): Tensor => float32(Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1.7 * i + shape.length) * 0.6), shape);
const int32 = (values: readonly number[], shape: readonly number[]): Tensor => ({ dtype: "int32", shape, data: Int32Array.from(values) });
const bool = (values: readonly boolean[], shape: readonly number[]): Tensor => ({ dtype: "bool", shape, data: Uint8Array.from(values, Number) });

const width = (lengths: readonly number[]): number => Math.max(...lengths);
const real = (lengths: readonly number[]): number[] => lengths.flatMap((length) => Array.from({ length: width(lengths) }, (_, t) => Number(t < length)));

// inputs that follow from the lengths
const rawMask: Input = { dims: ["batch", "tokens"], make: (lengths) => int32(real(lengths), [lengths.length, width(lengths)]) };
const mask3: Input = { dims: ["batch", "tokens", "tokens"], make: (lengths) => int32(lengths.flatMap((length) => Array.from({ length: width(lengths) ** 2 }, (_, i) => Number(i % width(lengths) < length))), [lengths.length, width(lengths), width(lengths)]) };
const lengthMask: Input = { dims: ["batch"], make: (lengths) => int32(lengths, [lengths.length]) };
const lastIndex: Input = { dims: ["batch"], make: (lengths) => int32(lengths.map((length) => length - 1), [lengths.length]) };
const total: Input = { dims: [], make: (lengths) => int32([width(lengths)], []) };
const boolMask: Input = { dims: ["batch", 1, "tokens", "tokens"], make: (lengths) => bool(lengths.flatMap((length) => Array.from({ length: width(lengths) ** 2 }, (_, i) => i % width(lengths) < length)), [lengths.length, 1, width(lengths), width(lengths)]) };
const ids = (rows: number): Input => ({ dims: ["batch", "tokens"], make: (lengths) => int32(real(lengths).map((kept, i) => (kept * (i * 5 + 1)) % rows), [lengths.length, width(lengths)]) });
const positionIds: Input = { dims: ["batch", "tokens"], make: (lengths) => int64(lengths.flatMap((_, text) => Array.from({ length: width(lengths) }, (_unused, t) => t + text)), [lengths.length, width(lengths)]) };

const x: Input = ["batch", "tokens", 8];
const x4 = (heads: number): Input => ["batch", heads, "tokens", 4];
const scores: Input = ["batch", 2, "tokens", "tokens"];
const ms = "com.microsoft";

/** Integers, as a quantised file stores them, and what goes with them. */
const uint8 = (...shape: number[]): Tensor => ({ dtype: "uint8", shape, data: Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (i * 37 + 11) % 256) });
const integers: Input = { dims: ["batch", "tokens", 8], make: (lengths) => uint8(lengths.length, width(lengths), 8) };
const number = (value: number): Tensor => float32([value], []);
const zeroPoint: Tensor = { dtype: "uint8", shape: [], data: Uint8Array.of(127) };
const scales = (count: number): Tensor[] => new Array<Tensor>(count).fill(number(0.01));
const zeroPoints = (count: number): Tensor[] => new Array<Tensor>(count).fill(zeroPoint);

const attention = (name: string, rest: Row["inputs"], attributes: AttributeLiterals = {}, more: Partial<Row> = {}): Row =>
  ({ name: `Attention, ${name}`, op: `${ms}.Attention`, attributes: { num_heads: 2, ...(attributes as object) }, inputs: [x, stored(8, 24), stored(24), ...rest], ...more });
const multiHead = (name: string, rest: Row["inputs"], attributes: AttributeLiterals = {}, more: Partial<Row> = {}): Row =>
  ({ name: `MultiHeadAttention, ${name}`, op: `${ms}.MultiHeadAttention`, attributes: { num_heads: 2, ...(attributes as object) }, inputs: [x, x, x, ...rest], ...more });
const grouped = (name: string, rest: Row["inputs"], attributes: AttributeLiterals = {}, more: Partial<Row> = {}): Row =>
  ({ name: `GroupQueryAttention, ${name}`, op: `${ms}.GroupQueryAttention`, attributes: { num_heads: 4, kv_num_heads: 2, ...(attributes as object) },
    inputs: [["batch", "tokens", 64], ["batch", "tokens", 32], ["batch", "tokens", 32], "", "", lastIndex, total, ...rest], paddingUndefined: true, outputs: ["y", "k", "v"], ...more });
const standard = (name: string, inputs: Row["inputs"], attributes: AttributeLiterals = {}, more: Partial<Row> = {}): Row =>
  ({ name: `ai.onnx Attention, ${name}`, op: "Attention", attributes, inputs, opset: 23, ...more });

export const rows: readonly Row[] = [
  attention("no mask", []),
  attention("raw mask", [rawMask]),
  attention("raw mask, opset 11", [rawMask], {}, { opset: 11 }),
  attention("raw mask, opset 18", [rawMask], {}, { opset: 18 }),
  attention("mask of three axes", [mask3]),
  attention("lengths", [lengthMask], { mask_filter_value: { float: -3.4028234663852886e38 } }),
  attention("unidirectional", [rawMask], { unidirectional: 1 }),
  attention("scale, bias on the scores", ["", "", scores], { scale: { float: 0.3 } }),
  attention("raw mask and bias on the scores", [rawMask, "", scores]),
  attention("values of another width", [], { qkv_hidden_sizes: [8, 8, 4] }, { inputs: [x, stored(8, 20), stored(20)] }),
  attention("present", [rawMask], {}, { outputs: ["y", "present"] }),
  multiHead("plain", []),
  multiHead("bias", [stored(24)]),
  multiHead("padding", ["", rawMask]),
  multiHead("lengths", ["", lengthMask]),
  multiHead("bias on the scores, scale", ["", "", scores], { scale: { float: 0.4 } }),
  multiHead("padding and bias on the scores", [stored(24), rawMask, scores]),
  multiHead("unidirectional", ["", rawMask], { unidirectional: 1 }),
  multiHead("values of another width", [], {}, { inputs: [x, x, ["batch", "tokens", 4]] }),
  multiHead("present", [], {}, { outputs: ["y", "k", "v"] }),
  grouped("plain", []),
  grouped("scale", [], { scale: { float: 0.1 } }),
  grouped("empty past", [], {}, { inputs: [["batch", "tokens", 64], ["batch", "tokens", 32], ["batch", "tokens", 32], ["batch", 2, "past", 16], ["batch", 2, "past", 16], lastIndex, total] }),
  grouped("packed", [], {}, { inputs: [["batch", "tokens", 128], "", "", "", "", lastIndex, total] }),
  grouped("rotary", [stored(16, 8), stored(16, 8)], { do_rotary: 1 }),
  grouped("interleaved rotary", [stored(16, 8), stored(16, 8)], { do_rotary: 1, rotary_interleaved: 1 }),
  grouped("local window", [], { local_window_size: 2 }),
  grouped("soft cap", [], { softcap: { float: 1.5 } }),
  grouped("bias on the scores", ["", "", "", ["batch", 4, "tokens", "tokens"]]),
  standard("four axes", [x4(2), x4(2), x4(2)]),
  standard("scale, grouped heads", [x4(4), x4(2), x4(2)], { scale: { float: 0.3 } }),
  standard("boolean mask", [x4(2), x4(2), x4(2), boolMask]),
  standard("added mask", [x4(2), x4(2), x4(2), scores]),
  standard("causal", [x4(2), x4(2), x4(2)], { is_causal: 1 }),
  standard("causal, grouped, added mask", [x4(4), x4(2), x4(2), ["tokens", "tokens"]], { is_causal: 1 }),
  standard("soft cap and added mask", [x4(2), x4(2), x4(2), scores], { softcap: { float: 0.7 } }),
  standard("soft cap and boolean mask", [x4(2), x4(2), x4(2), boolMask], { softcap: { float: 0.7 } }),
  standard("three axes", [x, x, x], { q_num_heads: 2, kv_num_heads: 2 }),
  standard("three axes, grouped, causal", [x, ["batch", "tokens", 4], ["batch", "tokens", 4]], { q_num_heads: 4, kv_num_heads: 2, is_causal: 1 }),
  standard("present", [x4(2), x4(2), x4(2), "", ["batch", 2, "past", 4], ["batch", 2, "past", 4]], {}, { outputs: ["y", "k", "v"] }),
  { name: "RotaryEmbedding, three axes", op: `${ms}.RotaryEmbedding`, inputs: [x, positionIds, stored(16, 2), stored(16, 2)] },
  { name: "RotaryEmbedding, four axes", op: `${ms}.RotaryEmbedding`, inputs: [x4(2), positionIds, stored(16, 2), stored(16, 2)] },
  { name: "RotaryEmbedding, interleaved", op: `${ms}.RotaryEmbedding`, attributes: { interleaved: 1 }, inputs: [x4(2), positionIds, stored(16, 2), stored(16, 2)] },
  { name: "RotaryEmbedding, partial", op: `${ms}.RotaryEmbedding`, attributes: { num_heads: 2, rotary_embedding_dim: 2 }, inputs: [x4(2), positionIds, stored(16, 1), stored(16, 1)] },
  { name: "RotaryEmbedding, from an offset", op: `${ms}.RotaryEmbedding`, inputs: [x, { dims: [1], make: () => int64([3]) }, stored(16, 2), stored(16, 2)] },
  { name: "ai.onnx RotaryEmbedding, positions", op: "RotaryEmbedding", opset: 23, inputs: [x4(2), stored(16, 2), stored(16, 2), positionIds] },
  { name: "ai.onnx RotaryEmbedding, cosines a text", op: "RotaryEmbedding", opset: 23, inputs: [x4(2), ["batch", "tokens", 2], ["batch", "tokens", 2]] },
  { name: "ai.onnx RotaryEmbedding, three axes, interleaved, partial", op: "RotaryEmbedding", opset: 23, attributes: { num_heads: 2, interleaved: 1, rotary_embedding_dim: 2 }, inputs: [x, stored(16, 1), stored(16, 1), positionIds] },
  { name: "QAttention", op: `${ms}.QAttention`, attributes: { num_heads: 2 }, inputs: [integers, uint8(8, 24), stored(24), number(0.02), number(0.01), rawMask, zeroPoint, zeroPoint] },
  { name: "QAttention, one direction, no mask", op: `${ms}.QAttention`, attributes: { num_heads: 2, unidirectional: 1 }, inputs: [integers, uint8(8, 24), stored(24), number(0.02), number(0.01), "", zeroPoint, zeroPoint] },
  { name: "QEmbedLayerNormalization", op: `${ms}.QEmbedLayerNormalization`, outputs: ["y", "lengths"], inputs: [ids(9), ids(2), uint8(9, 8), uint8(7, 8), uint8(2, 8), uint8(8), uint8(8), rawMask, ...scales(5), ...zeroPoints(5)] },
  { name: "EmbedLayerNormalization", op: `${ms}.EmbedLayerNormalization`, outputs: ["y", "lengths", "sum"], inputs: [ids(9), ids(2), stored(9, 8), stored(7, 8), stored(2, 8), stored(8), stored(8), rawMask] },
  { name: "EmbedLayerNormalization, no types, no mask", op: `${ms}.EmbedLayerNormalization`, attributes: { epsilon: { float: 0.01 } }, outputs: ["y", ""], inputs: [ids(9), "", stored(9, 8), stored(7, 8), "", stored(8), stored(8)] },
  { name: "SkipLayerNormalization", op: `${ms}.SkipLayerNormalization`, attributes: { epsilon: { float: 1e-5 } }, inputs: [x, x, stored(8), stored(8)] },
  { name: "SkipLayerNormalization, bias, sum", op: `${ms}.SkipLayerNormalization`, outputs: ["y", "", "", "sum"], inputs: [x, x, stored(8), stored(8), stored(8)] },
  { name: "SkipSimplifiedLayerNormalization, bias, sum", op: `${ms}.SkipSimplifiedLayerNormalization`, outputs: ["y", "", "", "sum"], attributes: { epsilon: { float: 1e-6 } }, inputs: [x, x, stored(8), stored(8)] },
  { name: "FusedMatMul, Kᵀ and a factor", op: `${ms}.FusedMatMul`, attributes: { transB: 1, alpha: { float: 0.5 } }, inputs: [x4(2), x4(2)] },
  { name: "FusedMatMul, Qᵀ", op: `${ms}.FusedMatMul`, attributes: { transA: 1 }, inputs: [x4(2), x4(2)] },
  { name: "FusedMatMul, batch axes", op: `${ms}.FusedMatMul`, attributes: { transBatchA: 1, transBatchB: 1, transB: 1 }, inputs: [["batch", "tokens", 2, 4], ["batch", "tokens", 2, 4]] },
  { name: "FusedGemm, LeakyRelu", op: `${ms}.FusedGemm`, attributes: { transB: 1, activation: "LeakyRelu", activation_alpha: { float: 0.1 } }, inputs: [["tokens", 8], stored(5, 8), stored(5)] },
  { name: "FusedGemm, Tanh", op: `${ms}.FusedGemm`, attributes: { activation: "Tanh", alpha: { float: 0.5 } }, inputs: [["tokens", 8], stored(8, 5)] },
];
