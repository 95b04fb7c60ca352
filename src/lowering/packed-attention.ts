/**
 * com.microsoft Attention: one product with the packed weights, split into queries, keys and values.
 * Source: onnxruntime docs/ContribOperators.md; masks as its CPU kernel applies them.
 */
import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.js";
import { attend, joinHeads, splitHeads } from "./heads.js";
import { type Lowering, refused, unwanted } from "./lowering.js";
import { allow, causal, maskCondition, positions, sum } from "./mask.js";

export const packedAttention: Lowering = (site) => {
  const { b, graph, node, x, y } = site;
  const no = unwanted(site, { 4: "with a past", 6: "with a past" });
  if (no) return no;
  if (intAttribute(node, "do_rotary", 0) === 1) return refused("with rotary positions inside");
  const heads = intAttribute(node, "num_heads", 0);
  const columns = graph.shape(x(1))?.[1] ?? graph.shape(x(2))?.[0];
  const third = typeof columns === "number" ? columns / 3 : 0;
  const sizes = intsAttribute(node, "qkv_hidden_sizes", [third, third, third]);
  const [size, valueSize] = [(sizes[0] ?? 0) / heads, (sizes[2] ?? 0) / heads];
  if (![size, valueSize].every((each) => Number.isInteger(each) && each > 0)) return refused("the width of its heads is not known");
  const mask = x(3) === "" ? null : maskCondition(b, x(3), x(0), { value: x(0), axis: 1 });
  if (mask && "refused" in mask) return mask;
  const masked = floatAttribute(node, "mask_filter_value", -10000);
  const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(size);

  return () => {
    const dtype = b.dtype(x(0));
    const product = b.matmul(x(0), x(1)); // [batch, token, 3 · width]; the packed weight is used by name, its product is what is split
    const packed = x(2) === "" ? product : b.add(product, x(2));
    const [q, k, v] = b.split(packed, sizes, 2) as [string, string, string];
    const [query, key, value] = [splitHeads(b, q, heads, size), splitHeads(b, k, heads, size), splitHeads(b, v, heads, valueSize)];
    if (y(1) !== "") b.concat([b.unsqueeze(key, [0]), b.unsqueeze(value, [0])], 0, y(1)); // [2, batch, head, token, size]
    const ahead = intAttribute(node, "unidirectional", 0) === 1 ? causal(b, positions(b, b.extent(x(0), 1), null), masked, dtype) : null;
    const bias = sum(b, [mask && allow(b, mask(), masked, dtype), ahead, x(5) || null]);
    joinHeads(b, attend(b, { query, key, value, scale, bias }), heads * valueSize, y(0));
  };
};
