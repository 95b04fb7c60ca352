/**
 * Finds a transformer inside a graph by its structure: what feeds what, not what anything is called. It knows no architecture;
 * the patterns are in the tables next door. It changes nothing and runs nothing, and what it cannot find it reports.
 */
import type { Graph } from "../graph/graph.js";
import { findAttention } from "./attention.js";
import { findLogits } from "./logits.js";
import { type Lookup, findEmbeddings, lookups } from "./lookup.js";
import { decoderIds, hiddenStates, withParts } from "./parts.js";
import { findResidual } from "./residual.js";
import type { Anatomy, Missing } from "./types.js";
import { flow } from "./walk.js";

/** Embeddings, attention, residual stream and logits of `graph`. Never throws on a well-formed graph: see `missing`. */
export function dissect(graph: Graph): Anatomy {
  const missing: Missing[] = [];
  const found = lookups(graph);
  const active = flow(graph, features(graph, found));
  const logits = findLogits(graph, active, missing);
  const width = logits === null ? null : graph.shape(logits.value)?.at(-1);
  const words = logits?.perToken && typeof width === "number" ? width : null;
  const blocks = findAttention(graph, active, missing);
  const written = decoderIds(graph, found, blocks);
  const embeddings = findEmbeddings(graph, found.filter(({ ids }) => ids === null || ids !== written), words, missing);
  const decoder = written === null ? null : findEmbeddings(graph, found.filter(({ ids }) => ids === written), words, missing);
  const attention = withParts(graph, blocks, decoder);
  const residual = findResidual(graph, { embeddings, decoder, logits, attention }, missing);
  const looksBack = attention.filter(({ part }) => part !== "cross" && (decoder === null || part === "decoder"));
  return { embeddings, decoder, attention, residual, logits, causal: looksBack.length > 0 && looksBack.every((block) => block.causal), missing };
}

/** Where what is read enters as features: lookups by an input, and hidden states beside them; failing these a fused embedding; failing that float inputs. */
function features(graph: Graph, found: readonly Lookup[]): string[] {
  const inputs = graph.graphInputs;
  const choices: (() => string[])[] = [
    () => {
      const looked = found.filter((lookup) => lookup.ids !== null).map((lookup) => lookup.value);
      return looked.length === 0 ? [] : [...looked, ...hiddenStates(graph)];
    },
    () => graph.nodes.filter((node) => /EmbedLayerNormalization$/.test(node.opType)).map((node) => node.outputs[0]!),
    () => inputs.filter(({ name, type }) => graph.initializer(name) === undefined && /^b?float/.test(type?.dtype ?? "")).map(({ name }) => name),
  ];
  for (const choice of choices) {
    const starts = choice();
    if (starts.length > 0) return starts;
  }
  return [];
}
