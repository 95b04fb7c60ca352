/**
 * A plain encoder's score: the cosine between a text's vector and that of a second text. The vector is the model's own where it gives one
 * a text, else the mean (or the first) of its states; the second text's vector comes in as an input, so that every method and the backward
 * graph see one score a text. Adds nodes; runs nothing.
 */
import type { Anatomy } from "../anatomy/types.js";
import type { Graph } from "../graph/graph.js";

/** Where a text's vector comes from. */
export interface Vectors {
  readonly value: string; // [batch, token, width] when `perToken`, else [batch, width]
  readonly perToken: boolean;
}

/**
 * The vectors of a model without a head: its scores are as wide as its embeddings. A Tanh on the way to one vector a text is the pooler of
 * BERT's second training task, no summary of the text: its states are taken then, where they are an output as well.
 */
export function vectorsOf(graph: Graph, { logits, embeddings }: Anatomy): Vectors | null {
  const width = embeddings?.width ?? null;
  const isWide = (value: string, rank: number) => graph.rank(value) === rank && graph.shape(value)?.at(-1) === width;
  if (logits === null || width === null || !(isWide(logits.value, 3) || isWide(logits.value, 2))) return null;
  const states = graph.graphOutputs.find(({ name }) => isWide(name, 3));
  if (!logits.perToken && states && graph.producer(logits.value)?.opType === "Tanh") return { value: states.name, perToken: true };
  return { value: logits.value, perToken: logits.perToken };
}

/** cosine = v·r ÷ |v|, r of length 1. `pooled` [batch, 1, width], `reference` [batch, width, 1] → [batch, 1, 1] */
export function addCosine(graph: Graph, pooled: string, reference: string): string {
  const turned = graph.emit("Transpose", [pooled], { attributes: { perm: { ints: [0, 2, 1] } } })[0]!; // [batch, width, 1]
  const square = graph.emit("MatMul", [pooled, turned])[0]!; // [batch, 1, 1]
  const product = graph.emit("MatMul", [pooled, reference])[0]!; // [batch, 1, 1]
  return graph.emit("Div", [product, graph.emit("Sqrt", [square])[0]!])[0]!;
}

/** The vector with length 1; a vector of zeros stays. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
