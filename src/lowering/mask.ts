/**
 * Masks as an addition to the scores: what the attention operators take as integers, lengths and flags. Each is made once, however
 * many layers read it. Booleans meet as additions because the operators' own kernels add: two masks make twice the value.
 */
import { refused } from "./lowering.js";
import type { Builder, Value } from "./builder.js";
import type { DType } from "../tensor/tensor.js";

/** 0 where the condition holds, else `masked`. */
export function allow(b: Builder, allowed: Value, masked: number, dtype: DType): Value {
  return b.remember(`allow ${allowed} ${masked} ${dtype}`, () => b.where(allowed, b.number(0, dtype), b.number(masked, dtype)));
}

/** The sum of what is there. */
export function sum(b: Builder, parts: readonly (Value | null)[]): Value | null {
  const there = parts.filter((part): part is Value => part !== null);
  if (there.length === 0) return null;
  return there.reduce((a, c) => b.remember(`${a} + ${c}`, () => b.add(a, c)));
}

/** An integer mask of the com.microsoft operators as a condition on [batch, head, query, key], or why it is not understood. */
export function maskCondition(b: Builder, mask: Value, input: Value, key: { value: Value; axis: number }): (() => Value) | { readonly refused: string } {
  const shape = b.graph.shape(mask);
  const zero = (): Value => b.remember(`zero like ${mask}`, () => b.cast(b.int(0), b.graph.dtype(mask) ?? "int32"));
  if (shape?.length === 2) return () => b.remember(`mask ${mask}`, () => b.unsqueeze(b.op("Greater", [mask, zero()]), [1, 2])); // [batch, 1, 1, key]
  if (shape?.length === 3) return () => b.remember(`mask ${mask}`, () => b.unsqueeze(b.op("Greater", [mask, zero()]), [1])); // [batch, 1, query, key]
  const batch = b.graph.shape(input)?.[0] ?? null;
  if (shape?.length !== 1) return refused(`a mask of ${shape?.length ?? "an unknown number of"} axes`);
  if (shape[0] === null || shape[0] !== batch) return refused("its mask of one axis may hold more than one length a text");
  // right padding: as many tokens as the length says
  return () => b.remember(`lengths ${mask} ${key.value}`, () => {
    const lengths = b.unsqueeze(b.cast(mask, "int64"), [1, 2, 3]); // [batch, 1, 1, 1]
    return b.less(b.range(b.extent(key.value, key.axis)), lengths); // [batch, 1, 1, key]
  });
}

/** Positions of the queries [query, 1] and keys [key] among the keys; queries come after what is past. */
export function positions(b: Builder, queries: Value, past: Value | null): { query: Value; key: Value } {
  const keys = past === null ? queries : b.remember(`${past} + ${queries}`, () => b.add(past, queries));
  const own = b.range(queries);
  const query = past === null ? own : b.remember(`${own} after ${past}`, () => b.add(own, past));
  return { query: b.remember(`column ${query}`, () => b.unsqueeze(query, [1])), key: b.range(keys) };
}

/** A query reads keys up to its own position, and of these the last `window`. [query, key] */
export function causal(b: Builder, at: { query: Value; key: Value }, masked: number, dtype: DType, window = 0): Value {
  const ahead = b.remember(`${at.query} < ${at.key}`, () => b.less(at.query, at.key));
  const zero = b.number(0, dtype);
  const added = b.remember(`causal ${ahead} ${masked} ${dtype}`, () => b.where(ahead, b.number(masked, dtype), zero));
  if (window === 0) return added;
  return b.remember(`window ${window} of ${added}`, () => {
    const first = b.sub(at.query, b.int(window - 1)); // the first key inside
    return b.where(b.less(at.key, first), b.number(masked, dtype), added);
  });
}
