/**
 * Tells the two texts of an encoder–decoder apart, and with them who looks at whom. No name is asked: where queries depend on one text
 * and keys on another alone, the first text is being written and the second is read.
 */
import type { Graph } from "../graph/graph.js";
import type { Lookup } from "./lookup.js";
import type { Anatomy, AttentionBlock, AttentionPart } from "./types.js";
import { flow } from "./walk.js";

/** Float inputs of three axes: what another graph has read already, [batch, token, width]. */
export function hiddenStates(graph: Graph): string[] {
  return graph.graphInputs
    .filter(({ name, type }) => graph.initializer(name) === undefined && /^b?float/.test(type?.dtype ?? "") && type?.shape?.length === 3)
    .map(({ name }) => name);
}

/** The graph input with the ids of the text that is written; null when no attention crosses from one text to another. */
export function decoderIds(graph: Graph, found: readonly Lookup[], blocks: readonly AttentionBlock[]): string | null {
  const texts = new Map<string, string[]>(hiddenStates(graph).map((name) => [name, [name]]));
  for (const { ids, value } of found) if (ids !== null) texts.set(ids, [...(texts.get(ids) ?? []), value]);
  if (texts.size < 2) return null;
  const reach = new Map([...texts].map(([name, values]) => [name, flow(graph, values)]));
  for (const { query, key } of blocks) {
    if (query === null || key === null) continue;
    const asking = found.find(({ ids }) => ids !== null && reach.get(ids)!.has(query) && !reach.get(ids)!.has(key));
    if (asking && [...reach.values()].some((values) => values.has(key))) return asking.ids;
  }
  return null;
}

/** The blocks with their parts, layers counted within each. */
export function withParts(graph: Graph, blocks: readonly AttentionBlock[], decoder: Anatomy["decoder"]): AttentionBlock[] {
  if (decoder === null) return [...blocks];
  const written = flow(graph, [decoder.value]);
  const counts: Record<AttentionPart, number> = { self: 0, decoder: 0, cross: 0 };
  return blocks.map((block) => {
    const [asks, answers] = [block.query, block.key].map((value) => value !== null && written.has(value));
    const part = !asks ? "self" : answers ? "decoder" : "cross";
    return { ...block, part, layer: counts[part]++ };
  });
}
