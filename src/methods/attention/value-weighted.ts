/**
 * Attention weighted by what is attended to: a large weight on a token whose value vector is next to nothing moves nothing. The norm of
 * α·f(x), where f(x) is the value vector, taken through the output projection where that is known. Not normalised by the residual stream.
 * Source: Kobayashi, Kuribayashi, Yokoi, Inui 2020, "Attention is Not Only a Weight: Analyzing Transformers with Vector Norms",
 * arXiv:2004.10102, section 3.
 */
import type { Map2 } from "./rollout.js";

export interface Values {
  readonly data: ArrayLike<number>; // [valueHead, key, headSize]; heads ÷ valueHeads heads share one
  readonly valueHeads: number;
  readonly keys: number;
  readonly headSize: number;
}

/** The output projection, [head·headSize, width], without its bias: that is added once, whatever is attended to. */
export interface OutputProjection {
  readonly data: ArrayLike<number>;
  readonly width: number;
}

/** f(x) of every head and key: [head, key, width], or the value vectors themselves without a projection. */
function transformed(values: Values, heads: number, output: OutputProjection | null): { vectors: Float32Array; width: number } {
  const { data, valueHeads, keys, headSize } = values;
  const width = output?.width ?? headSize;
  const vectors = new Float32Array(heads * keys * width);
  for (let head = 0; head < heads; head++) {
    const first = Math.floor((head * valueHeads) / heads) * keys * headSize;
    for (let key = 0; key < keys; key++) {
      const into = (head * keys + key) * width;
      for (let feature = 0; feature < headSize; feature++) {
        const value = data[first + key * headSize + feature] as number;
        if (!output) vectors[into + feature] = value;
        else for (let column = 0, row = (head * headSize + feature) * width; column < width; column++) vectors[into + column] = (vectors[into + column] as number) + value * (output.data[row + column] as number);
      }
    }
  }
  return { vectors, width };
}

/** ‖f_h(x)‖ of every head and key, [head, key]: what a head's pattern is multiplied by. */
export function valueNorms(values: Values, heads: number, output: OutputProjection | null): Float32Array {
  const { vectors, width } = transformed(values, heads, output);
  return Float32Array.from({ length: heads * values.keys }, (_, at) => {
    let square = 0;
    for (let column = 0; column < width; column++) square += (vectors[at * width + column] as number) ** 2;
    return Math.sqrt(square);
  });
}

/** f_h(x)·f_g(x) for all pairs of heads of every key: [key, head, head]. Without a projection the heads' vectors stand side by side, so pairs of different heads are 0. */
function products(vectors: Float32Array, heads: number, keys: number, width: number, projected: boolean): Float64Array {
  const gram = new Float64Array(keys * heads * heads);
  for (let key = 0; key < keys; key++)
    for (let head = 0; head < heads; head++)
      for (let other = projected ? 0 : head; other <= head; other++) {
        let dot = 0;
        for (let column = 0; column < width; column++) dot += (vectors[(head * keys + key) * width + column] as number) * (vectors[(other * keys + key) * width + column] as number);
        gram[(key * heads + head) * heads + other] = gram[(key * heads + other) * heads + head] = dot;
      }
  return gram;
}

/**
 * @param patterns one map a head, [head][query][key]
 * @param head one head: ‖α_h·f_h(x)‖. "mean": the norm of the mean over heads of these vectors, which is the paper's norm of their sum divided
 *   by the number of heads. "max": the largest norm of a head
 * @param output null when it is not known: then f(x) is the value vector
 * @returns [query][key]; rows do not sum to 1
 */
export function valueWeighted(patterns: readonly Map2[], values: Values, head: number | "mean" | "max", output: OutputProjection | null): number[][] {
  const heads = patterns.length;
  const { keys } = values;
  const { vectors, width } = transformed(values, heads, output);
  const gram = products(vectors, heads, keys, width, output !== null);
  const size = (one: number, key: number) => Math.sqrt(gram[(key * heads + one) * heads + one] as number);
  const all = Array.from({ length: heads }, (_, index) => index);
  const measures: Readonly<Record<"mean" | "max", (weights: readonly number[], key: number) => number>> = {
    max: (weights, key) => Math.max(...all.map((one) => weights[one]! * size(one, key))),
    mean: (weights, key) => {
      let square = 0;
      for (const one of all) for (const other of all) square += weights[one]! * weights[other]! * (gram[(key * heads + one) * heads + other] as number);
      return Math.sqrt(Math.max(0, square)) / heads;
    },
  };
  return patterns[0]!.map((row, query) =>
    row.map((_, key) => (typeof head === "number" ? patterns[head]![query]![key]! * size(head, key) : measures[head](all.map((one) => patterns[one]![query]![key]!), key))),
  );
}
