/**
 * Which lookup is the word lookup. A transformer may look up words, positions and token types, all by Gather from a constant
 * table; this tells them apart by what feeds them and what else that input is used for. Not the gradient's concern what comes
 * after (scaling, positions, norm): the value named here is the row of the table as it stands.
 */
import type { Graph } from "../graph/graph.js";
import { intAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import type { Anatomy, Missing } from "./types.js";
import { isConstant, nodeName, opName, through } from "./walk.js";

export interface Lookup {
  readonly node: Node;
  /** [batch, token, width], dequantised */
  readonly value: string;
  readonly table: string; // [row, width]
  /** the graph input that the indices are, or null when they are computed */
  readonly ids: string | null;
  readonly rows: number | null;
  readonly width: number | null;
}

/** Operators that hand integer ids on unchanged, whatever they do to the shape. */
const SAME_IDS = new Set(["Identity", "Cast", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Slice"]);

const extent = (dim: unknown): number | null => (typeof dim === "number" ? dim : null);

/**
 * All lookups in a constant table: Gather(table, ids), Gather(Cast(table), ids), Gather(DequantizeLinear(table), ids),
 * DequantizeLinear(Gather(table, ids)), Cast(Gather(float16 table, ids)), com.microsoft.GatherBlockQuantized(table, ids, scales).
 */
export function lookups(graph: Graph): Lookup[] {
  const inputs = new Set(graph.graphInputs.map((input) => input.name).filter((name) => graph.initializer(name) === undefined));
  return graph.nodes.flatMap((node): Lookup[] => {
    const blocks = node.opType === "GatherBlockQuantized";
    if ((node.opType !== "Gather" && !blocks) || node.inputs.length < 2 || !isConstant(graph, node.inputs[0]!) || isConstant(graph, node.inputs[1]!)) return [];
    const [table, indices] = node.inputs as [string, string];
    const shape = graph.shape(table);
    if (intAttribute(node, blocks ? "gather_axis" : "axis", 0) !== 0 || shape?.length !== 2) return [];
    const value = dequantised(graph, node.outputs[0]!);
    const dtype = graph.dtype(value);
    if (dtype !== undefined && dtype !== "float32" && dtype !== "float16" && dtype !== "float64" && dtype !== "bfloat16") return [];
    const source = sameIds(graph, indices);
    return [{ node, value, table: through(graph, table), ids: inputs.has(source) ? source : null, rows: extent(shape[0]), width: extent(blocks ? graph.shape(value)?.at(-1) : shape[1]) }];
  });
}

function sameIds(graph: Graph, value: string): string {
  for (let node = graph.producer(value); node !== undefined && SAME_IDS.has(node.opType); node = graph.producer(value)) value = node.inputs[0]!;
  return value;
}

/** Past what makes floats of the rows: DequantizeLinear of int8, and Cast of float16 when that is all the rows are used for. */
function dequantised(graph: Graph, value: string): string {
  const readers = graph.consumers(value);
  const [only] = readers;
  const widens = only?.opType === "Cast" && graph.dtype(value) === "float16";
  return readers.length === 1 && (only!.opType === "DequantizeLinear" || widens) ? only!.outputs[0]! : value;
}

/** One ground to prefer a lookup; larger is better. They are asked in order, each only where the ones before do not decide. */
type Ground = (graph: Graph, lookup: Lookup, logitsWidth: number | null) => number;

const GROUNDS: readonly Ground[] = [
  // sines and cosines of positions only turn queries and keys; their tables may be longer than a vocabulary
  (graph, lookup) => Number(!onlyMultiplies(graph, lookup.value)),
  // a language model answers one score a word: as many as the table has rows
  (_graph, lookup, logitsWidth) => Number(lookup.rows !== null && lookup.rows === logitsWidth),
  // more words than positions, more positions than types
  (_graph, lookup) => lookup.rows ?? 0,
  // batch and length are mostly taken from the words
  (graph, lookup) => Number(graph.consumers(lookup.ids!).some((node) => node.opType === "Shape")),
  // the last resort, and the only place where a name counts
  (_graph, lookup) => (/type|segment|position|mask/i.test(lookup.ids!) ? 0 : 1),
];

/** Every use is as a factor of another value that is not stored (a scale would be). */
function onlyMultiplies(graph: Graph, value: string): boolean {
  const readers = graph.consumers(value);
  return readers.length > 0 && readers.every((node) => {
    if (node.opType === "Unsqueeze" || node.opType === "Cast") return onlyMultiplies(graph, node.outputs[0]!);
    return node.opType === "Mul" && node.inputs.every((input) => input === value || !isConstant(graph, input));
  });
}

export function findEmbeddings(graph: Graph, found: readonly Lookup[], logitsWidth: number | null, missing: Missing[]): Anatomy["embeddings"] {
  let best = found.filter((lookup) => lookup.ids !== null);
  for (const ground of GROUNDS) {
    const marks = best.map((lookup) => ground(graph, lookup, logitsWidth));
    const top = Math.max(...marks);
    best = best.filter((_, i) => marks[i] === top);
  }
  const word = best[0];
  if (word === undefined) {
    const fused = graph.nodes.find((node) => node.opType === "EmbedLayerNormalization" || node.opType === "QEmbedLayerNormalization");
    const nearest = fused ?? found[0]?.node ?? graph.nodes.find((node) => node.opType === "Gather");
    const reason = fused !== undefined ? `the lookup is inside ${opName(fused)}: it has to be taken apart first` : found.length > 0 ? "the indices of every lookup are computed, none is a graph input" : "no Gather from a constant two-dimensional table";
    missing.push({ what: "embeddings", node: nearest === undefined ? "" : nodeName(nearest), reason });
    return null;
  }
  const others = best.slice(1).map((lookup) => lookup.ids).filter((ids) => ids !== word.ids);
  if (others.length > 0) missing.push({ what: "embeddings", node: nodeName(word.node), reason: `${others.length + 1} lookups look alike; took the one by "${word.ids}", not by "${others.join('", "')}"` });
  return { value: word.value, table: word.table, ids: word.ids!, width: word.width, vocabulary: word.rows };
}
