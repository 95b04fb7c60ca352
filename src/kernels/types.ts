/**
 * What our kernels do, on any device. `Kernels<B>` has two implementations that the same tests run: `TwinKernels` (plain TypeScript on
 * Float32Array, used beside the wasm backend and in Node) and `GpuKernels` (WGSL on GPUBuffer, used beside the WebGPU backend; binds
 * onnxruntime's own output buffers without a copy). `B` is the device's array of float32; shapes are given beside it.
 */

export interface PatternRequest<B> {
  readonly query: B; // [head, query, headSize]; one text
  readonly key: B; // [keyHead, key, headSize], or [keyHead, headSize, key] when keyTransposed
  readonly keyTransposed: boolean;
  readonly heads: number;
  /** heads ÷ keyHeads queries share one key head (grouped heads) */
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly headSize: number;
  readonly scale: number;
  /** additive, with the strides (in elements) by which it broadcasts over [head, query, key]; null for none */
  readonly bias: { readonly values: B; readonly strides: readonly [number, number, number] } | null;
  readonly causal: boolean;
  /** c of c·tanh(score / c), between scale and bias; 0 for none */
  readonly softcap: number;
  /** what a row without any allowed key is: all weights equal, as a softmax of finite masks makes it, or 0, as behind a guard against NaN */
  readonly maskedRows: "uniform" | "zero";
  /** the heads wanted; the others are never materialised */
  readonly selected: readonly number[];
}

export interface Kernels<B> {
  readonly name: "webgpu" | "wasm";
  upload(values: Float32Array): B;
  /** the first `length` values from `offset` */
  read(array: B, length: number, offset?: number): Promise<Float32Array>;
  release(array: B): void;

  /** softmax(cap(QKᵀ·scale) + bias) for the selected heads → [selected, query, key] */
  attentionPattern(request: PatternRequest<B>): B;
  /** mean or max over the first axis: [count, size] → [size] */
  reduceMaps(maps: B, count: number, size: number, how: "mean" | "max"): B;
  /** per row of a and b, [rows, width]: Euclidean norm of a (b null) or dot product of a and b → [rows]. b may have fewer rows: row r reads b's row r mod rowsOfB */
  rowReduce(a: B, b: B | null, rows: number, width: number, rowsOfB?: number): B;
  /** α_i·(x − x') + x' − x, that is the point on the path minus x, for each α → [alphas, size]; what is added to the embeddings */
  pathPoints(input: B, baseline: B, alphas: readonly number[], size: number): B;
  /** accumulator += Σ_i weights[i]·rows[i], rows [weights.length, size]; returns the accumulator (a new one of zeros when null) */
  accumulate(accumulator: B | null, rows: B, weights: readonly number[], size: number): B;
  /** Rademacher directions scaled by h: ±h from a counter-based hash of (seed, first + direction, element); the same bits on every device → [count, size] */
  directions(seed: number, first: number, count: number, size: number, h: number): B;
}
