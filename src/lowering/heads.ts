/**
 * Heads: taken apart, repeated, joined, and the attention of given queries, keys and values. What all attention operators have in
 * common; what they differ in (masks, packing, rotary) is with each of them.
 */
import type { Builder, Value } from "./builder.js";

/** [batch, token, head · size] → [batch, head, token, size] */
export function splitHeads(b: Builder, x: Value, heads: number, size: number): Value {
  return b.transpose(b.reshape(x, [0, 0, heads, size]), [0, 2, 1, 3]);
}

/** [batch, head, token, size] → [batch, token, head · size] */
export function joinHeads(b: Builder, x: Value, width: number, output: Value): Value {
  return b.reshape(b.transpose(x, [0, 2, 1, 3]), [0, 0, width], output);
}

/** Each head `times` times in a row: [batch, group, token, size] → [batch, group · times, token, size] */
export function repeatHeads(b: Builder, x: Value, groups: number, times: number, size: number): Value {
  if (times === 1) return x;
  const copies = b.op("Expand", [b.unsqueeze(x, [2]), b.ints(1, 1, times, 1, 1)]); // [batch, group, times, token, size]
  return b.reshape(copies, [0, groups * times, -1, size]);
}

export interface Attending {
  readonly query: Value; // [batch, head, query, size]
  readonly key: Value; // [batch, head, key, size]
  readonly value: Value; // [batch, head, key, value size]
  readonly scale: number;
  /** added to the scores, broadcastable to [batch, head, query, key] */
  readonly bias: Value | null;
  /** 0: none */
  readonly softcap?: number;
}

/** softmax(cap(QKᵀ · scale) + bias) · V, [batch, head, query, value size] */
export function attend(b: Builder, { query, key, value, scale, bias, softcap = 0 }: Attending, output?: Value): Value {
  const dtype = b.dtype(query);
  const product = b.matmul(query, b.transpose(key, [0, 1, 3, 2]));
  const scores = scale === 1 ? product : b.mul(product, b.number(scale, dtype)); // next to the product, where it is part of the pattern's formula
  const capped = softcap === 0 ? scores : b.mul(b.op("Tanh", [b.op("Div", [scores, b.number(softcap, dtype)])]), b.number(softcap, dtype));
  const entering = bias === null ? capped : b.add(capped, bias);
  return b.matmul(b.op("Softmax", [entering], { axis: { int: -1 } }), value, output);
}
