/**
 * Attention maps of one text: read from the graph where it gives them, computed from queries and keys by our kernel on the device
 * otherwise. Only the map that is looked at is read back.
 */
import type { Output } from "./backend.js";
import type { Row } from "./inputs.js";
import type { PatternTap } from "./instrument.js";
import type { Runner } from "./runner.js";

export type HeadChoice = number | "mean" | "max";

/** What is read of one layer: one head, all reduced to one map, or several one after another. */
export interface LayerMap {
  readonly queries: number;
  readonly keys: number;
  readonly data: Float32Array; // [query, key], once or for each head
}

/** The outputs that a layer's pattern is made from. */
export const namesOf = (tap: PatternTap): string[] => (tap.from === "probabilities" ? [tap.value] : [tap.query, tap.key, ...(tap.bias === null ? [] : [tap.bias])]);

/** Strides, in elements, by which a mask of any rank broadcasts over [head, query, key]. */
export function biasStrides(shape: readonly number[]): [number, number, number] {
  const full = [...Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape].slice(-3);
  let size = 1;
  const strides = full.map(() => 0);
  for (let axis = 2; axis >= 0; axis--) {
    strides[axis] = full[axis] === 1 ? 0 : size;
    size *= full[axis]!;
  }
  return strides as [number, number, number];
}

/** [head, query, key] of the chosen heads, as a new array. */
function pattern<B>(runner: Runner<B>, tap: Extract<PatternTap, { from: "kernel" }>, outputs: ReadonlyMap<string, Output<B>>, selected: readonly number[]): { maps: B; queries: number; keys: number } {
  const { block } = tap;
  const query = outputs.get(tap.query)!; // [1, head, query, headSize]
  const key = outputs.get(tap.key)!; // [1, keyHead, key, headSize] or transposed
  const bias = tap.bias === null ? null : outputs.get(tap.bias)!;
  const [, heads, queries, headSize] = query.shape as [number, number, number, number];
  const keyHeads = key.shape[1]!;
  const keys = key.shape[block.keyTransposed ? 3 : 2]!;
  const maps = runner.kernels.attentionPattern({
    query: query.array, key: key.array, keyTransposed: block.keyTransposed, heads, keyHeads, queries, keys, headSize,
    scale: block.scale!, bias: bias && { values: bias.array, strides: biasStrides(bias.shape) }, causal: block.causal,
    softcap: block.softcap, maskedRows: block.guarded ? "zero" : "uniform", selected,
  });
  return { maps, queries, keys };
}

async function layerMap<B>(runner: Runner<B>, tap: PatternTap, outputs: ReadonlyMap<string, Output<B>>, head: HeadChoice): Promise<LayerMap> {
  const { kernels } = runner;
  if (tap.from === "probabilities") {
    const { array, shape } = outputs.get(tap.value)!; // [1, head, query, key]
    const [, heads, queries, keys] = shape as [number, number, number, number];
    const size = queries * keys;
    if (typeof head === "number") return { queries, keys, data: (await kernels.read(array, size, head * size)).slice() };
    const reduced = kernels.reduceMaps(array, heads, size, head);
    const data = await kernels.read(reduced, size);
    kernels.release(reduced);
    return { queries, keys, data };
  }
  const heads = outputs.get(tap.query)!.shape[1]!;
  const selected = typeof head === "number" ? [head] : Array.from({ length: heads }, (_, index) => index);
  const { maps, queries, keys } = pattern(runner, tap, outputs, selected);
  const reduced = typeof head === "number" ? maps : kernels.reduceMaps(maps, heads, queries * keys, head);
  const data = await kernels.read(reduced, queries * keys);
  for (const array of new Set([maps, reduced])) kernels.release(array);
  return { queries, keys, data };
}

/** How many heads a layer has. */
export const headsOf = (tap: PatternTap, outputs: ReadonlyMap<string, Output<unknown>>): number => outputs.get(tap.from === "probabilities" ? tap.value : tap.query)!.shape[1]!;

/** Several heads of one layer, each a map of its own: data [selected, query, key]. */
export async function headMaps<B>(runner: Runner<B>, tap: PatternTap, outputs: ReadonlyMap<string, Output<B>>, selected: readonly number[]): Promise<LayerMap> {
  const { kernels } = runner;
  if (tap.from === "kernel") {
    const { maps, queries, keys } = pattern(runner, tap, outputs, selected);
    const data = await kernels.read(maps, selected.length * queries * keys);
    kernels.release(maps);
    return { queries, keys, data };
  }
  const { array, shape } = outputs.get(tap.value)!; // [1, head, query, key]
  const [, , queries, keys] = shape as [number, number, number, number];
  const size = queries * keys;
  if (selected.length > 0 && selected.every((head, at) => head === selected[0]! + at)) return { queries, keys, data: await kernels.read(array, selected.length * size, selected[0]! * size) };
  const data = new Float32Array(selected.length * size);
  for (const [at, head] of selected.entries()) data.set(await kernels.read(array, size, head * size), at * size);
  return { queries, keys, data };
}

/** Maps of the given layers, one each, from one forward pass: weights[layer][query][key]. */
export function attentionMaps<B>(runner: Runner<B>, row: Row, layers: readonly number[], head: HeadChoice, signal?: AbortSignal): Promise<number[][][]> {
  const taps = layers.map((layer) => runner.model.patterns[layer]!);
  return runner.taps(row, taps.flatMap(namesOf), async (outputs) => {
    const maps: number[][][] = [];
    for (const tap of taps) {
      const { queries, keys, data } = await layerMap(runner, tap, outputs, head);
      maps.push(Array.from({ length: queries }, (_, query) => Array.from(data.subarray(query * keys, (query + 1) * keys))));
    }
    return maps;
  }, signal);
}

/** Several layers' maps as one, by mean or maximum of each weight. */
export function combineMaps(maps: readonly (readonly (readonly number[])[])[], how: "mean" | "max"): number[][] {
  const [first, ...rest] = maps;
  if (rest.length === 0) return first!.map((row) => [...row]);
  return first!.map((row, query) =>
    row.map((weight, key) => {
      const weights = [weight, ...rest.map((map) => map[query]![key]!)];
      return how === "max" ? Math.max(...weights) : weights.reduce((sum, each) => sum + each, 0) / weights.length;
    }),
  );
}

/** How far a row's sum is from 1, at worst. */
export function rowSumError(weights: readonly (readonly number[])[]): number {
  return Math.max(...weights.map((row) => Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1)));
}
