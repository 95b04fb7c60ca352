/**
 * The residual stream after each block. It is what everything passes through: of all values between lookup and scores, those
 * that no path goes around (cuts). Inside a block the skip connection goes around everything, so a cut is where the skip joins,
 * or a norm right after it. Nothing here knows pre-norm from post-norm by name; it counts the cuts between two joins.
 */
import type { Graph } from "../graph/graph.js";
import { readsOf } from "../graph/subgraphs.js";
import type { Node } from "../onnx/types.js";
import type { Anatomy, AttentionPart, Missing } from "./types.js";
import { FUSED_ATTENTION, LINEAR, flow, flowInto, nodeName, through } from "./walk.js";

/** A node whose output no path goes around. */
interface Cut {
  readonly index: number; // in topological order
  readonly node: Node;
  readonly value: string;
  /** a skip path and a branch with a linear map in it meet here */
  readonly join: boolean;
}

const JOINS = new Set(["Add", "Sum", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);
/** A norm is one of these, or made of nodes among which is a square root. */
const NORM = /Norm|^Sqrt$|^Reciprocal$/;

/**
 * In any topological order, everything upstream of a cut stands before it and everything downstream after: a value is a cut
 * exactly when, right after its node, nothing else is still waiting to be read.
 */
export function findCuts(graph: Graph, from: string, to: string): Cut[] {
  const [down, up] = [flow(graph, [from]), flowInto(graph, to)];
  const onPath = (value: string): boolean => down.has(value) && up.has(value);
  const waiting = new Map<string, number>(); // value → readers on the path still to come
  const readers = (value: string): number => (value === to ? Infinity : graph.consumers(value).filter((node) => node.outputs.some(onPath)).length);
  waiting.set(from, readers(from));
  const cuts: Cut[] = [];
  let linear = false; // a linear map since the last cut
  graph.nodes.forEach((node, index) => {
    const produced = node.outputs.filter((output) => onPath(output) && output !== from);
    const inputs = new Set(readsOf(node).filter(onPath));
    if (produced.length === 0 || inputs.size === 0) return;
    for (const input of inputs) {
      const left = waiting.get(input)! - 1;
      if (left > 0) waiting.set(input, left);
      else waiting.delete(input);
    }
    for (const output of produced) waiting.set(output, readers(output));
    linear ||= LINEAR.has(node.opType) || FUSED_ATTENTION.has(node.opType);
    if (waiting.size !== produced.length) return;
    // SkipLayerNormalization hands on both its norm and, as the last output, the sum
    cuts.push({ index, node, value: produced.at(-1)!, join: JOINS.has(node.opType) && inputs.size > 1 && linear });
    linear = false;
  });
  return cuts;
}

/** The streams of a graph: of the text that is read, and of the one that is written. */
export function findResidual(graph: Graph, { embeddings, decoder, logits, attention }: Pick<Anatomy, "embeddings" | "decoder" | "logits" | "attention">, missing: Missing[]): Anatomy["residual"] {
  if (logits === null) return [];
  const partOf = new Map(attention.map((block) => [block.node, block.part]));
  const starts = (part: AttentionPart): number[] =>
    graph.nodes.flatMap((node, index) => ((node.opType === "Softmax" && partOf.get(nodeName(node)) === part) || (part === "self" && FUSED_ATTENTION.has(node.opType)) ? [index] : []));
  const crossing = starts("cross")[0] ?? Infinity; // where the encoder has ended
  return [
    ...(embeddings === null ? [] : streamOf(graph, embeddings.value, logits.value, starts("self"), crossing, "self", missing)),
    ...(decoder === null ? [] : streamOf(graph, decoder.value, logits.value, starts("decoder"), Infinity, "decoder", missing)),
  ];
}

/** @param starts where each block's attention stands @param limit where the stack has ended */
function streamOf(graph: Graph, from: string, to: string, starts: readonly number[], limit: number, part: "self" | "decoder", missing: Missing[]): Anatomy["residual"] {
  if (starts.length === 0) return [];
  const cuts = findCuts(graph, from, to);
  const residual: { layer: number; value: string; node: string; normalized: boolean; part: "self" | "decoder" }[] = [];
  let follow = 0; // cuts behind the last join of a block, a norm mostly
  starts.forEach((start, layer) => {
    const end = starts[layer + 1] ?? limit;
    const segment = cuts.filter((cut) => cut.index > start && cut.index < end);
    const joins = segment.filter((cut) => cut.join);
    const last = joins.at(-1);
    if (last === undefined) {
      missing.push({ what: "residual", node: nodeName(graph.nodes[start]!), reason: `no skip connection joins after attention ${layer}: some path goes around every value there` });
      return;
    }
    const chosen = end === limit ? afterLastJoin(segment, joins, follow) : segment.at(-1)!;
    follow = segment.length - 1 - segment.indexOf(last);
    const between = graph.nodes.slice(last.index, chosen.index + 1);
    const normalized = between.some((node) => NORM.test(node.opType)) && !(chosen === last && chosen.value === last.node.outputs[3]);
    const value = through(graph, chosen.value);
    residual.push({ layer, value, node: nodeName(graph.producer(value)!), normalized, part });
  });
  return residual;
}

/** After the last block comes the head: as many cuts follow its last join as follow the first one before the second (a norm, or none), or as in the block before. */
function afterLastJoin(segment: readonly Cut[], joins: readonly Cut[], before: number): Cut {
  const position = (cut: Cut): number => segment.indexOf(cut);
  const last = position(joins.at(-1)!);
  const follow = joins.length > 1 ? position(joins[1]!) - position(joins[0]!) - 1 : before;
  return segment[Math.min(last + follow, segment.length - 1)]!;
}
