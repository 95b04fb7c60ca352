/**
 * An empty model with given inputs, and seeded random numbers, for tests that build their graphs themselves.
 */
import { dataTypeOf } from "../../src/onnx/dtypes.js";
import type { Dim, Model } from "../../src/onnx/types.js";
import type { DType } from "../../src/tensor/tensor.js";

export function emptyModel(opset: number, inputs: readonly { name: string; dtype: DType; shape: readonly Dim[] }[]): Model {
  const infos = inputs.map(({ name, dtype, shape }) => ({ name, type: { dtype, dataType: dataTypeOf(dtype), shape: [...shape] }, unknown: [] }));
  return {
    irVersion: 8, producerName: "", opsets: new Map([["", opset], ["com.microsoft", 1]]), functions: [], unknown: [],
    graph: { name: "test", nodes: [], initializers: [], inputs: infos, outputs: [], valueInfo: [], unknown: [] },
  };
}

/** Uniform in [0, 1), the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
