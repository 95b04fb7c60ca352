/**
 * Calls predict and gradient in batches: stops before the next batch when aborted, reports progress, and refuses results that are not
 * finite numbers. It does not decide how large a batch can be on a device; that is the caller's option.
 */
import { LexiscopeError, throwIfAborted } from "../base/errors.js";
import type { Gradient, MethodOptions, Predict } from "./types.js";

export const DEFAULT_BATCH = 8;

/** Throws `runtime` when a number is NaN or infinite, so that it is never drawn as a score. `from`: those before it were looked at. */
export function requireFinite(values: ArrayLike<number>, what: string, from = 0): void {
  for (let index = from; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) {
      throw new LexiscopeError("runtime", `${what} is ${value} at position ${index}: the model overflowed there; try backend="wasm" or a float32 model`);
    }
  }
}

function requireCount(found: number, wanted: number, what: string): void {
  if (found !== wanted) throw new LexiscopeError("runtime", `${what} answered ${found} rows for a batch of ${wanted}`);
}

export function batchSize(options: MethodOptions): number {
  const size = options.batch ?? DEFAULT_BATCH;
  if (!Number.isInteger(size) || size < 1) throw new LexiscopeError("bad-input", `batch must be a positive integer, not ${size}`);
  return size;
}

/** Cuts `total` items into batches and hands [first, count] to `run`, one after the other. */
export async function inBatches(total: number, options: MethodOptions, run: (first: number, count: number) => Promise<void>): Promise<void> {
  const size = batchSize(options);
  for (let first = 0; first < total; first += size) {
    throwIfAborted(options.signal);
    const count = Math.min(size, total - first);
    await run(first, count);
    throwIfAborted(options.signal);
    options.onProgress?.(first + count, total);
  }
}

/** predict for `total` rows that are made only when their batch comes → [row]. `after` each batch but the last: the values so far */
export async function predictRows(predict: Predict, total: number, row: (index: number) => ArrayLike<number>, options: MethodOptions, after?: (values: readonly number[]) => void): Promise<number[]> {
  const values: number[] = [];
  await inBatches(total, options, async (first, count) => {
    const rows = Array.from({ length: count }, (_, index) => row(first + index));
    const found = await predict(rows, options.signal);
    requireCount(found.length, count, "predict");
    values.push(...found);
    requireFinite(values, "the score", first);
    if (values.length < total) after?.(values);
  });
  return values;
}

/** The score and gradient of one row. */
export async function gradientOfRow(gradient: Gradient, row: ArrayLike<number>, options: MethodOptions): Promise<{ value: number; gradient: ArrayLike<number> }> {
  throwIfAborted(options.signal);
  const { values, gradients } = await gradient([row], options.signal);
  throwIfAborted(options.signal);
  requireCount(values.length, 1, "gradient");
  requireCount(gradients.length, 1, "gradient");
  const found = gradients[0] as ArrayLike<number>;
  requireCount(found.length, row.length, "gradient (features)");
  requireFinite(values, "the score");
  requireFinite(found, "the gradient");
  options.onProgress?.(1, 1);
  return { value: values[0] as number, gradient: found };
}
