/**
 * Models that keep their texts as [token, batch] look words up by transposed ids. Whoever moves the embeddings wants [batch, token, width]:
 * table[idsᵀ] becomes (table[ids])ᵀ, the same numbers.
 */
import { intAttribute, intsAttribute } from "../onnx/attributes.js";
import type { Builder, Value } from "./builder.js";

/** One entry a lookup that was turned round. */
export function turnTransposedLookups(b: Builder): string[] {
  const done: string[] = [];
  for (const gather of [...b.graph.nodes]) {
    const [table = "", indices = ""] = gather.inputs;
    const turn = gather.opType === "Gather" && gather.domain === "" ? b.graph.producer(indices) : undefined;
    if (turn?.opType !== "Transpose" || b.graph.rank(indices) !== 2 || b.graph.rank(table) !== 2 || intAttribute(gather, "axis", 0) !== 0) continue;
    if (b.graph.initializer(table) === undefined || intsAttribute(turn, "perm", [1, 0]).join() !== "1,0") continue;
    b.graph.remove(gather);
    b.op("Transpose", [b.gather(table, turn.inputs[0] as Value)], { perm: { ints: [1, 0, 2] } }, gather.outputs[0]);
    done.push("Gather by transposed ids");
  }
  return done;
}
