/**
 * Output types of the fused attention and embedding operators, standard and com.microsoft.
 * Source: onnxruntime docs/ContribOperators.md; ONNX Attention-23.
 */
import type { Dim } from "../onnx/types.js";
import type { DType } from "../tensor/tensor.js";
import { type Shape, addDims, multiplyDims } from "./dims.js";
import { type Rule, value } from "./shape-rules.js";
import type { NodeView } from "./view.js";

/** Length of the stored keys: 0 where there are none. */
const pastLength = (view: NodeView, input: number, axis: number): Dim => (view.has(input) ? (view.shape(input)?.[axis] ?? null) : 0);

/** com.microsoft Attention and QAttention: packed weights [width, 3 · hidden]; outputs the context and the packed past. */
export const packedAttention = (pastInput: number): Rule => (view) => {
  const [data, weight] = [view.shape(0), view.shape(1)];
  const dtype = view.dtype(0) === "int8" || view.dtype(0) === "uint8" ? view.dtype(3) : view.dtype(0);
  const packed = weight?.[1] ?? view.shape(2)?.[0];
  const width = view.ints("qkv_hidden_sizes")?.[2] ?? (typeof packed === "number" ? packed / 3 : null);
  const head = typeof width === "number" ? width / view.int("num_heads", 1) : null;
  const past = addDims(pastLength(view, pastInput, 3), data?.[1] ?? null);
  return [value(dtype, [data?.[0] ?? null, data?.[1] ?? null, width]), value(dtype, [2, data?.[0] ?? null, view.int("num_heads", 1), past, head])];
};

export const multiHeadAttention: Rule = (view) => {
  const [query, key, given] = [view.shape(0), view.shape(1), view.shape(2)];
  const heads = view.int("num_heads", 1);
  const dtype = view.dtype();
  const perHead = (dim: Dim | undefined): Dim => (typeof dim === "number" ? dim / heads : null);
  const isPacked = query?.length === 5; // [batch, token, head, 3, size]
  const width: Dim = isPacked ? multiplyDims(heads, query[4]!) : given?.length === 4 ? multiplyDims(heads, given[3]!) : (given?.[2] ?? query?.[2] ?? null);
  const own: Dim = isPacked ? query[1]! : key?.length === 4 ? key[2]! : (key?.[1] ?? null);
  const keys = addDims(pastLength(view, 6, 2), own);
  const batch = query?.[0] ?? null;
  const size = perHead(width);
  return [value(dtype, [batch, query?.[1] ?? null, width]), value(dtype, [batch, heads, keys, size]), value(dtype, [batch, heads, keys, size]), value(dtype, [batch, heads, query?.[1] ?? null, keys])];
};

export const groupQueryAttention: Rule = (view) => {
  const query = view.shape();
  const [heads, groups] = [view.int("num_heads", 1), view.int("kv_num_heads", 1)];
  const whole = query?.[2] ?? null;
  const width = view.has(1) ? whole : typeof whole === "number" ? (whole / (heads + 2 * groups)) * heads : null;
  const present = value(view.dtype(), [query?.[0] ?? null, groups, null, typeof width === "number" ? width / heads : null]);
  return [value(view.dtype(), [query?.[0] ?? null, query?.[1] ?? null, width]), present, present];
};

/** ai.onnx Attention (opset 23): 3-D [batch, token, width] or 4-D [batch, head, token, size]. */
export const attention: Rule = (view) => {
  const [query, key, given] = [view.shape(0), view.shape(1), view.shape(2)];
  const dtype = view.dtype();
  if (!query) return [value(dtype, undefined)];
  const [heads, groups] = query.length === 4 ? [query[1]!, key?.[1] ?? null] : [view.int("q_num_heads", 1), view.int("kv_num_heads", 1)];
  const keys = addDims(pastLength(view, 4, 2), key?.[key.length - 2] ?? null);
  const last = (shape: Shape | undefined): Dim => {
    const dim = shape?.[shape.length - 1] ?? null;
    return shape?.length === 3 ? (typeof dim === "number" && typeof groups === "number" ? dim / groups : null) : dim;
  };
  const context = query.length === 4 ? [...query.slice(0, 3), last(given)] : [query[0]!, query[1]!, multiplyDims(heads, last(given))];
  const queries = query[query.length - 2]!;
  return [value(dtype, context), value(dtype, [query[0]!, groups, keys, last(key)]), value(dtype, [query[0]!, groups, keys, last(given)]), value(dtype, [query[0]!, heads, queries, keys])];
};

export const embedLayerNormalization = (table: number): Rule => (view) => {
  const ids = view.shape();
  const width = view.shape(table)?.[1] ?? null;
  const shape = [ids?.[0] ?? null, ids?.[1] ?? null, width];
  const dtype = isQuantised(view.dtype(table)) ? "float32" : view.dtype(table);
  return [value(dtype, shape), value("int32", [ids?.[0] ?? null]), value(dtype, shape)];
};

const isQuantised = (dtype: DType | undefined): boolean => dtype === "int8" || dtype === "uint8";
