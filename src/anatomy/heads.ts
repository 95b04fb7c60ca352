/**
 * How many heads, and how wide. Recent exports split heads by Reshape to [batch, token, -1, headSize]: the count is nowhere a
 * constant and follows from the width. Shapes first, the split second; null when neither tells.
 */
import type { Graph } from "../graph/graph.js";
import type { Product } from "./product.js";

const numeric = (dim: unknown): number | null => (typeof dim === "number" && dim > 0 ? dim : null);

/** @param product with four axes; null where the file multiplies with batch and head as one axis: `written` is what it does, and the pattern tells */
export function headsOf(graph: Graph, product: Product | null, written: Product | null, pattern: string, active: ReadonlySet<string>): { heads: number | null; headSize: number | null } {
  const query = product === null ? undefined : graph.shape(product.query); // [batch, head, query, headSize]
  const key = product === null ? undefined : graph.shape(product.key);
  const weights = graph.shape(pattern); // [batch, head, query, key]
  const operands = product ?? written;
  const split = operands === null ? null : headSplit(graph, operands.query, active);
  const headSize = numeric(query?.[3]) ?? numeric(key?.[product?.keyTransposed ? 2 : 3]) ?? split?.headSize ?? null;
  const heads = numeric(query?.[1]) ?? (weights?.length === 4 ? numeric(weights[1]) : null) ?? numeric(key?.[1]) ?? split?.heads ?? null;
  if (heads !== null) return { heads, headSize: headSize ?? quotient(split?.width, heads) };
  return { heads: quotient(split?.width, headSize), headSize };
}

const quotient = (width: number | null | undefined, part: number | null): number | null => (width && part && width % part === 0 ? width / part : null);

/** Reshape [batch, token, width] → [batch, token, head, headSize], upstream of the queries. */
function headSplit(graph: Graph, query: string, active: ReadonlySet<string>): { width: number | null; heads: number | null; headSize: number | null } | null {
  const queue = [query];
  for (let i = 0; i < queue.length && i < 64; i++) {
    const node = graph.producer(queue[i]!);
    if (node === undefined) continue;
    const [before, after] = [graph.shape(node.inputs[0] ?? ""), graph.shape(node.outputs[0]!)];
    if (node.opType === "Reshape" && before?.length === 3 && after?.length === 4) return { width: numeric(before[2]), heads: numeric(after[2]), headSize: numeric(after[3]) };
    for (const input of node.inputs) if (active.has(input) && !queue.includes(input)) queue.push(input);
  }
  return null;
}
