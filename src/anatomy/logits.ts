/**
 * Which graph output holds the scores: a float one that data of the lookups flows into, one row a text or one row a token.
 * Caches (four axes) and intermediate values that somebody exposed are not it.
 */
import type { Graph } from "../graph/graph.js";
import type { Anatomy, Missing } from "./types.js";
import { nodeName } from "./walk.js";

const FLOATS = new Set(["float32", "float16", "float64", "bfloat16"]);

export function findLogits(graph: Graph, active: ReadonlySet<string>, missing: Missing[]): Anatomy["logits"] {
  const outputs = graph.graphOutputs.map((output) => output.name);
  const likely = outputs.filter((name) => {
    if (graph.producer(name) === undefined) return false;
    const [dtype, rank] = [graph.dtype(name), graph.rank(name)];
    return active.has(name) && (dtype === undefined || FLOATS.has(dtype)) && (rank === undefined || rank === 2 || rank === 3);
  });
  const last = likely.filter((name) => graph.consumers(name).length === 0);
  const [value, ...others] = last.length > 0 ? last : likely;
  if (value === undefined) {
    const nearest = outputs.map((name) => graph.producer(name)).find((node) => node !== undefined);
    missing.push({ what: "logits", node: nearest === undefined ? "" : nodeName(nearest), reason: `no float output of two or three axes depends on a lookup (outputs: ${outputs.join(", ")})` });
    return null;
  }
  const at = nodeName(graph.producer(value)!);
  if (others.length > 0) missing.push({ what: "logits", node: at, reason: `${others.length + 1} outputs could be the scores; took "${value}", not "${others.join('", "')}"` });
  const rank = graph.rank(value) ?? null;
  if (rank === null) missing.push({ what: "logits", node: at, reason: "its number of axes is not known before a run; taken for one row a text" });
  return { value, rank, perToken: rank === 3 };
}
