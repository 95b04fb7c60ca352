/**
 * Rewrites fused operators into primitives, in place: same outputs, same weights, the file's own opset. Not an optimiser (it does the
 * opposite): fused kernels give no patterns and no gradients. What it cannot take apart stays, with the reason.
 */
import type { Graph } from "../graph/graph.js";
import type { Node } from "../onnx/types.js";
import { splitBatchedHeads } from "./batched-heads.js";
import { Builder } from "./builder.js";
import { replaceGuards } from "./guard.js";
import { loweringOf } from "./table.js";
import { turnTransposedLookups } from "./transposed-lookup.js";

export interface Lowered {
  /** names of the operators that were rewritten, one entry a node */
  readonly lowered: readonly string[];
  readonly refused: readonly { readonly node: string; readonly reason: string }[];
}

/**
 * Rewrites `graph`. Values keep their names and, up to rounding, their contents; where the runtime's kernel leaves rows of padding
 * undefined they are defined here. Nodes inside branches and loops are not touched.
 */
export function lower(graph: Graph): Lowered {
  const b = new Builder(graph);
  const lowered: string[] = [];
  const refused: { node: string; reason: string }[] = [];
  for (const node of [...graph.nodes]) {
    const name = operatorName(node);
    const plan = loweringOf(name)?.({
      b, graph, node,
      x: (index) => node.inputs[index] ?? "",
      y: (index) => node.outputs[index] ?? "",
      used: (index) => { const output = node.outputs[index] ?? ""; return output !== "" && (graph.isOutput(output) || graph.consumers(output).length > 0); },
    });
    if (!plan) continue;
    if (typeof plan === "object") {
      refused.push({ node: node.name || `${name} -> ${node.outputs[0] ?? "?"}`, reason: `${name}: ${plan.refused}` });
      continue;
    }
    graph.remove(node);
    plan();
    lowered.push(name);
  }
  return { lowered: [...lowered, ...replaceGuards(b), ...splitBatchedHeads(b), ...turnTransposedLookups(b)], refused };
}

function operatorName(node: Node): string {
  return node.domain === "" || node.domain === "ai.onnx" ? node.opType : `${node.domain}.${node.opType}`;
}
