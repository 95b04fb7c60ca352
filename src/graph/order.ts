/**
 * Topological order in linear time, without recursion. Stable: nodes that are already in order stay where they are.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Node } from "../onnx/types.js";

/** How a node is called in messages: its name, or its operator and first output. */
export function nodeLabel(node: Node): string {
  return node.name || `${node.opType} → ${node.outputs[0] ?? ""}`;
}

/**
 * @param reads the values a node needs, those read inside its subgraphs included
 * @param producer the node that makes a value; undefined for inputs and initializers
 * @throws bad-model for a cycle, naming a node on it
 */
export function topologicalOrder(nodes: readonly Node[], reads: (node: Node) => readonly string[], producer: (value: string) => Node | undefined): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  for (const root of nodes) {
    if (state.has(root)) continue;
    state.set(root, "open");
    const stack = [{ node: root, needs: reads(root), next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next === top.needs.length) {
        state.set(top.node, "done");
        order.push(top.node);
        stack.pop();
        continue;
      }
      const needed = producer(top.needs[top.next++]!);
      if (!needed || state.get(needed) === "done") continue;
      if (state.get(needed) === "open") throw new LexiscopeError("bad-model", `the graph has a cycle through ${needed.opType} (node "${nodeLabel(needed)}")`, { phase: "model", node: nodeLabel(needed) });
      state.set(needed, "open");
      stack.push({ node: needed, needs: reads(needed), next: 0 });
    }
  }
  return order;
}
