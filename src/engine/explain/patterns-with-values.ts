/**
 * Attention patterns together with the value vectors that they weigh, layer by layer, from one pass of a session of its own (the stock one does
 * not give values). What is made of them is the caller's.
 */
import type { AttentionBlock, Anatomy } from "../../anatomy/types.js";
import { outputProjection } from "../../anatomy/output-projection.js";
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import type { OutputProjection, Values } from "../../methods/attention/value-weighted.js";
import type { Answering, Encoded } from "../answering.js";
import { headMaps, headsOf, namesOf, type LayerMap } from "../attention-maps.js";
import { patternTap, tap } from "../instrument.js";
import { needed, withSideSession } from "../side-session.js";

export interface LayerValues {
  readonly heads: number;
  readonly values: Values;
  /** null when it is not known */
  readonly output: OutputProjection | null;
  /** patterns of the given heads, [selected, query, key] */
  readonly patterns: (selected: readonly number[]) => Promise<LayerMap>;
}

export function valuesOf(block: AttentionBlock, { missing }: Anatomy): string {
  return needed(block.value, `values of layer ${block.layer} were`, missing.find(({ what }) => what === "value")?.reason ?? "no product of the pattern with values follows");
}

/**
 * @param blocks of the anatomy, in the order in which they are read
 * @param use gets the layers one by one; each is read when its turn comes
 */
export function withValues<T>({ facts }: Answering, encoded: Encoded, blocks: readonly number[], use: (layers: readonly (() => Promise<LayerValues>)[]) => Promise<T>, signal?: AbortSignal): Promise<T> {
  return withSideSession(facts, (graph, anatomy) => {
    const parts = blocks.map((index) => {
      const block = anatomy.attention[index]!;
      return { pattern: patternTap(graph, block, facts.backend), value: tap(graph, valuesOf(block, anatomy)), output: outputProjection(graph, block) };
    });
    return { parts, outputs: parts.flatMap(({ pattern, value }) => [...namesOf(pattern), value]), patterns: parts.map(({ pattern }) => pattern) };
  }, (runner, { outputs: names, parts }) => runner.taps(encoded.row, names, (outputs) => use(parts.map(({ pattern, value, output }) => async () => {
    throwIfAborted(signal);
    const { array, shape } = outputs.get(value)!; // [1, head, key, headSize]
    if (shape.length !== 4) throw new LexiscopeError("unsupported", `the values have ${shape.length} axes, not [batch, head, key, headSize]`, { phase: "model" });
    const [, valueHeads, keys, headSize] = shape as [number, number, number, number];
    const data = (await runner.kernels.read(array, valueHeads * keys * headSize)).slice();
    const heads = headsOf(pattern, outputs);
    const usable = output?.data.length === heads * headSize * output!.width;
    return { heads, values: { data, valueHeads, keys, headSize }, output: usable ? output : null, patterns: (selected) => headMaps(runner, pattern, outputs, selected) };
  })), signal), signal);
}
