/**
 * The kernels in plain TypeScript on Float32Array: what runs beside the wasm backend and in Node, and what the WGSL is tested against. Written to
 * be read, not to be fast; sums are taken in float64 and rounded once.
 */
import { randomSign } from "../base/hash.js";
import { checkPattern, checkSizes } from "./check.js";
import type { Kernels, PatternRequest } from "./types.js";

/** At or below it a key counts as masked: float32's lowest number and −∞ are meant, −10000 is an ordinary score. */
const MASKED = -1e30;
/** Every masked score, so that rows of nothing else are uniform. */
const LOWEST = -3e38;

/** One score before softmax, capped and with the bias. */
function scoreAt(request: PatternRequest<Float32Array>, head: number, row: number, column: number): number {
  const { query, key, keyTransposed, keyHeads, heads, queries, keys, headSize, scale, softcap, bias } = request;
  const keyHead = Math.floor(head / (heads / keyHeads));
  const first = (head * queries + row) * headSize;
  const other = keyHead * keys * headSize + (keyTransposed ? column : column * headSize);
  const stride = keyTransposed ? keys : 1;
  let total = 0;
  for (let feature = 0; feature < headSize; feature++) total += (query[first + feature] as number) * (key[other + feature * stride] as number);
  total *= scale;
  if (softcap > 0) total = softcap * Math.tanh(total / softcap);
  const added = bias === null ? 0 : (bias.values[head * bias.strides[0] + row * bias.strides[1] + column * bias.strides[2]] as number);
  return added > MASKED ? total + added : LOWEST;
}

export class TwinKernels implements Kernels<Float32Array> {
  readonly name = "wasm";

  upload(values: Float32Array): Float32Array {
    return values.slice();
  }

  read(array: Float32Array, length: number, offset = 0): Promise<Float32Array> {
    return Promise.resolve(array.slice(offset, offset + length));
  }

  /** Nothing to free: memory is the collector's. */
  release(): void {
    return;
  }

  attentionPattern(request: PatternRequest<Float32Array>): Float32Array {
    checkPattern(request, (array) => array.length);
    const { queries, keys, causal, maskedRows, selected } = request;
    const pattern = new Float32Array(selected.length * queries * keys); // [selected, query, key]
    const scores = new Float64Array(keys);
    selected.forEach((head, slot) => {
      for (let row = 0; row < queries; row++) {
        // with fewer queries than keys, the queries are the last ones
        for (let column = 0; column < keys; column++) scores[column] = causal && column > row + keys - queries ? LOWEST : scoreAt(request, head, row, column);
        const largest = scores.reduce((most, score) => Math.max(most, score), LOWEST);
        if (maskedRows === "zero" && largest <= MASKED) continue;
        const powers = scores.map((score) => Math.exp(score - largest));
        const total = powers.reduce((sum, power) => sum + power, 0);
        pattern.set(powers.map((power) => power / total), (slot * queries + row) * keys);
      }
    });
    return pattern;
  }

  reduceMaps(maps: Float32Array, count: number, size: number, how: "mean" | "max"): Float32Array {
    checkSizes("reduceMaps", { count, size }, [[maps.length, count * size]]);
    return Float32Array.from({ length: size }, (_, element) => {
      let value = maps[element] as number;
      for (let map = 1; map < count; map++) {
        const other = maps[map * size + element] as number;
        value = how === "max" ? Math.max(value, other) : value + other;
      }
      return how === "max" ? value : value / count;
    });
  }

  rowReduce(a: Float32Array, b: Float32Array | null, rows: number, width: number, rowsOfB = rows): Float32Array {
    checkSizes("rowReduce", { rows, width, rowsOfB }, [[a.length, rows * width], ...(b ? [[b.length, rowsOfB * width] as const] : [])]);
    return Float32Array.from({ length: rows }, (_, row) => {
      let total = 0;
      for (let column = 0; column < width; column++) {
        const left = a[row * width + column] as number;
        total += left * (b ? (b[(row % rowsOfB) * width + column] as number) : left);
      }
      return b ? total : Math.sqrt(total); // float64 holds the squares of all float32
    });
  }

  pathPoints(input: Float32Array, baseline: Float32Array, alphas: readonly number[], size: number): Float32Array {
    checkSizes("pathPoints", { size }, [[input.length, size], [baseline.length, size]]);
    const points = new Float32Array(alphas.length * size); // [alphas, size]
    alphas.forEach((alpha, point) => {
      for (let element = 0; element < size; element++) points[point * size + element] = (alpha - 1) * ((input[element] as number) - (baseline[element] as number));
    });
    return points;
  }

  accumulate(accumulator: Float32Array | null, rows: Float32Array, weights: readonly number[], size: number): Float32Array {
    checkSizes("accumulate", { size }, [[rows.length, weights.length * size], ...(accumulator ? [[accumulator.length, size] as const] : [])]);
    const result = accumulator ?? new Float32Array(size);
    for (let element = 0; element < size; element++) {
      let total = 0;
      weights.forEach((weight, row) => (total += weight * (rows[row * size + element] as number)));
      result[element] = (result[element] as number) + total;
    }
    return result;
  }

  directions(seed: number, first: number, count: number, size: number, h: number): Float32Array {
    checkSizes("directions", { count, size }, []);
    return Float32Array.from({ length: count * size }, (_, index) => h * randomSign(seed, first + Math.floor(index / size), index % size));
  }
}
