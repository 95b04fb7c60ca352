/**
 * com.microsoft MultiHeadAttention with queries, keys and values [batch, token, width] as three inputs.
 * Source: onnxruntime docs/ContribOperators.md; masks as its CPU kernel applies them.
 */
import { floatAttribute, intAttribute } from "../onnx/attributes.js";
import { attend, joinHeads, splitHeads } from "./heads.js";
import { type Lowering, refused, unwanted } from "./lowering.js";
import { allow, causal, maskCondition, positions, sum } from "./mask.js";

export const multiHeadAttention: Lowering = (site) => {
  const { b, graph, node, x, y, used } = site;
  const no = unwanted(site, { 6: "with a past", 7: "with a past", 8: "with a past", 9: "with beams" });
  if (no) return no;
  const [query, key, value] = [graph.shape(x(0)), graph.shape(x(1)), graph.shape(x(2))];
  if (query?.length === 5) return refused("queries, keys and values packed in one input");
  if (x(2) === "" || key?.length === 5) return refused("keys and values packed in one input");
  if (key?.length === 4 || value?.length === 4) return refused("keys and values that are split into heads already");
  if (query?.length !== 3 || key?.length !== 3 || value?.length !== 3) return refused("the number of axes of its inputs is not known");
  if (used(3)) return refused("its scores are read");
  const heads = intAttribute(node, "num_heads", 0);
  const [width, valueWidth] = [query[2], value[2]];
  if (typeof width !== "number" || typeof valueWidth !== "number") return refused("the width of its heads is not known");
  const [size, valueSize] = [width / heads, valueWidth / heads];
  const mask = x(4) === "" ? null : maskCondition(b, x(4), x(0), { value: x(1), axis: 1 });
  if (mask && "refused" in mask) return mask;
  const masked = floatAttribute(node, "mask_filter_value", -10000);
  const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(size);

  return () => {
    const dtype = b.dtype(x(0));
    const biases = x(3) === "" ? [] : b.split(x(3), [width, width, valueWidth], 0);
    const [q, k, v] = [0, 1, 2].map((index) => (biases[index] ? b.add(x(index), biases[index]) : x(index))) as [string, string, string];
    const parts = { query: splitHeads(b, q, heads, size), key: splitHeads(b, k, heads, size), value: splitHeads(b, v, heads, valueSize) };
    if (y(1) !== "") b.op("Identity", [parts.key], {}, y(1));
    if (y(2) !== "") b.op("Identity", [parts.value], {}, y(2));
    const ahead = intAttribute(node, "unidirectional", 0) === 1 ? causal(b, positions(b, b.extent(x(0), 1), null), masked, dtype) : null;
    const bias = sum(b, [mask && allow(b, mask(), masked, dtype), ahead, x(5) || null]);
    joinHeads(b, attend(b, { ...parts, scale, bias }), valueWidth, y(0));
  };
};
