/**
 * The kernels in plain TypeScript on Float32Array: what runs beside the wasm backend and in Node, and what the WGSL is tested against. Written to
 * be read, not to be fast; sums are taken in float64 and rounded once.
 */
import { randomSign } from "../base/hash.js";
import { checkPattern, checkSizes } from "./check.js";
import type { Kernels, PatternRequest } from "./types.js";

/** Below it a key counts as masked: float32's lowest number and −∞ are meant, −10000 is an ordinary score. */
const MASKED = -1e30;

/** One score before softmax, with the bias. */
function scoreAt(request: PatternRequest<Float32Array>, head: number, row: number, column: number): number {
  const { query, key, keyTransposed, keyHeads, heads, queries, keys, headSize, scale, bias } = request;
  const keyHead = Math.floor(head / (heads / keyHeads));
  const first = (head * queries + row) * headSize;
  const other = keyHead * keys * headSize + (keyTransposed ? column : column * headSize);
  const stride = keyTransposed ? keys : 1;
  let total = 0;
  for (let feature = 0; feature < headSize; feature++) total += (query[first + feature] as number) * (key[other + feature * stride] as number);
  total *= scale;
  if (bias) total += bias.values[head * bias.strides[0] + row * bias.strides[1] + column * bias.strides[2]] as number;
  return total;
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
    const { queries, keys, causal, selected } = request;
    const pattern = new Float32Array(selected.length * queries * keys); // [selected, query, key]
    const scores = new Float64Array(keys);
    selected.forEach((head, slot) => {
      for (let row = 0; row < queries; row++) {
        const visible = causal ? Math.max(0, Math.min(keys, row + keys - queries + 1)) : keys;
        let largest = -Infinity;
        for (let column = 0; column < visible; column++) {
          scores[column] = scoreAt(request, head, row, column);
          largest = Math.max(largest, scores[column] as number);
        }
        if (!(largest > MASKED)) continue; // a fully masked row stays 0
        let total = 0;
        for (let column = 0; column < visible; column++) {
          const score = scores[column] as number;
          total += scores[column] = score > MASKED ? Math.exp(score - largest) : 0;
        }
        const output = (slot * queries + row) * keys;
        for (let column = 0; column < visible; column++) pattern[output + column] = (scores[column] as number) / total;
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
