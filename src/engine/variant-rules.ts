/** The tables of rules that some variants walk back by in place of the gradient's. Loaded with the first of them: most pages ask for none. */
import { bilinear, gradientPath, relevanceRules, rescaleRules } from "../autodiff/index.js";
import type { Graph } from "../graph/graph.js";
import type { RulesOf, Variant } from "./instrument.js";

/** Why relevance cannot be carried through this graph, or "". */
function againstRelevance(graph: Graph, of: string, wrt: string): string {
  const { nodes } = gradientPath(graph, of, wrt);
  const reached = new Set([wrt, ...nodes.flatMap(({ opType, outputs }) => (opType === "Softmax" ? [] : outputs))]);
  const shared = nodes.find(({ opType, inputs }) => (bilinear.has(opType) || opType === "MatMul") && inputs.length === 2 && inputs.every((input) => reached.has(input)) && !inputs.some((input) => graph.producer(input)?.opType === "Softmax"));
  return shared && bilinear.has(shared.opType) ? `no rule of relevance for a product of two values (node "${shared.name || shared.outputs[0]!}")` : "";
}

/** null: the gradient's own rules. */
export function rulesOf(variant: Variant): RulesOf | null {
  if (variant === "relevance") return (graph, of, wrt) => againstRelevance(graph, of, wrt) || relevanceRules;
  return typeof variant === "object" && "rescale" in variant ? (graph, of, wrt) => rescaleRules(graph, of, wrt, variant.rescale) : null;
}
