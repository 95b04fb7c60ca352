/**
 * com.microsoft Attention and QAttention: one product with the packed weights, split into queries, keys and values. QAttention differs in
 * that product only, which is of integers.
 * Source: onnxruntime docs/ContribOperators.md; masks as its CPU kernel applies them.
 */
import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { attend, joinHeads, splitHeads } from "./heads.js";
import { type Lowering, refused, type Site, unwanted } from "./lowering.js";
import { allow, causal, maskCondition, positions, sum } from "./mask.js";

/** What the two operators have in different places. */
interface Packed {
  readonly mask: number;
  /** of an input that is added to the scores; null: there is none */
  readonly added: number | null;
  readonly unwanted: Readonly<Record<number, string>>;
  /** [batch, token, 3 · width], the bias left out */
  readonly product: (site: Site) => Value;
}

const packed = ({ mask: maskInput, added, unwanted: inputs, product }: Packed): Lowering => (site) => {
  const { b, graph, node, x, y } = site;
  const no = unwanted(site, inputs);
  if (no) return no;
  if (intAttribute(node, "do_rotary", 0) === 1) return refused("with rotary positions inside");
  const heads = intAttribute(node, "num_heads", 0);
  const columns = graph.shape(x(1))?.[1] ?? graph.shape(x(2))?.[0];
  const third = typeof columns === "number" ? columns / 3 : 0;
  const sizes = intsAttribute(node, "qkv_hidden_sizes", [third, third, third]);
  const [size, valueSize] = [(sizes[0] ?? 0) / heads, (sizes[2] ?? 0) / heads];
  if (![size, valueSize].every((each) => Number.isInteger(each) && each > 0)) return refused("the width of its heads is not known");
  const mask = x(maskInput) === "" ? null : maskCondition(b, x(maskInput), x(0), { value: x(0), axis: 1 });
  if (mask && "refused" in mask) return mask;
  const masked = floatAttribute(node, "mask_filter_value", -10000);
  const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(size);

  return () => {
    const projected = product(site);
    const dtype = b.dtype(projected);
    const whole = x(2) === "" ? projected : b.add(projected, x(2));
    const [q, k, v] = b.split(whole, sizes, 2) as [string, string, string];
    const [query, key, value] = [splitHeads(b, q, heads, size), splitHeads(b, k, heads, size), splitHeads(b, v, heads, valueSize)];
    if (y(1) !== "") b.concat([b.unsqueeze(key, [0]), b.unsqueeze(value, [0])], 0, y(1)); // [2, batch, head, token, size]
    const ahead = intAttribute(node, "unidirectional", 0) === 1 ? causal(b, positions(b, b.extent(x(0), 1), null), masked, dtype) : null;
    const bias = sum(b, [mask && allow(b, mask(), masked, dtype), ahead, added === null ? null : x(added) || null]);
    joinHeads(b, attend(b, { query, key, value, scale, bias }), heads * valueSize, y(0));
  };
};

export const packedAttention = packed({
  mask: 3, added: 5, unwanted: { 4: "with a past", 6: "with a past" },
  product: ({ b, x }) => b.matmul(x(0), x(1)), // the packed weight is used by name, its product is what is split
});

/** QAttention(x, weight, bias, scale of x, scale of the weight, mask, zero point of x, zero point of the weight, past) */
export const quantizedAttention = packed({
  mask: 5, added: null, unwanted: { 8: "with a past" },
  product: ({ b, x }) => {
    const integers = b.op("MatMulInteger", [x(0), x(1), x(6), x(7)]);
    return b.mul(b.cast(integers, b.dtype(x(3))), b.mul(x(3), x(4)));
  },
});
