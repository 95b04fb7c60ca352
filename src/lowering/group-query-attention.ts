/**
 * com.microsoft GroupQueryAttention: causal, several query heads a key head, rotary positions and a local window inside.
 * A past that is given is joined in front, as is right for an empty one and for texts of equal length (the operator reads each text's
 * own length, which no primitive does): what this library feeds is empty.
 * Source: onnxruntime docs/ContribOperators.md and its CPU kernel.
 */
import { floatAttribute, intAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { attend, joinHeads, repeatHeads, splitHeads } from "./heads.js";
import { type Lowering, refused, unwanted } from "./lowering.js";
import { allow, causal, positions, sum } from "./mask.js";
import { angles, rotate } from "./rotary.js";

export const groupQueryAttention: Lowering = (site) => {
  const { b, graph, node, x, y, used } = site;
  const no = unwanted(site, { 11: "with an attention sink", 12: "with a scale of quantised keys", 13: "with a scale of quantised values" });
  if (no) return no;
  if (intAttribute(node, "smooth_softmax", 0) === 1) return refused("with a smooth softmax");
  if (["k_quant_type", "v_quant_type"].some((name) => stringAttribute(node, name, "NONE") !== "NONE")) return refused("with quantised keys");
  if (used(3)) return refused("its scores are read");
  const [heads, groups] = [intAttribute(node, "num_heads", 0), intAttribute(node, "kv_num_heads", 0)];
  const width = graph.shape(x(0))?.at(-1);
  const packed = x(1) === "";
  const size = typeof width === "number" ? width / (packed ? heads + 2 * groups : heads) : 0;
  if (!Number.isInteger(size) || size === 0 || heads % groups !== 0) return refused("the width of its heads is not known");
  const rotary = intAttribute(node, "do_rotary", 0) === 1;
  const half = graph.shape(x(7))?.[1];
  if (rotary && typeof half !== "number") return refused("the width of its rotary tables is not known");
  const window = intAttribute(node, "local_window_size", -1);

  return () => {
    const dtype = b.dtype(x(0));
    const [q, k, v] = (packed ? b.split(x(0), [heads * size, groups * size, groups * size], 2) : [x(0), x(1), x(2)]) as [Value, Value, Value];
    const tokens = b.extent(x(0), 1);
    const past = x(3) === "" ? null : b.extent(x(3), 2);
    const at = positions(b, tokens, past);
    const turn = (value: Value): Value => {
      if (!rotary) return value;
      const own = b.range(tokens);
      const where = x(9) !== "" ? x(9) : past === null ? own : b.remember(`${own} after ${past}`, () => b.add(own, past));
      return rotate(b, value, { cos: angles(b, x(7), where, 1), sin: angles(b, x(8), where, 1), rotated: 2 * (half as number), size, interleaved: intAttribute(node, "rotary_interleaved", 0) === 1 });
    };
    const query = turn(splitHeads(b, q, heads, size));
    const present = [turn(splitHeads(b, k, groups, size)), splitHeads(b, v, groups, size)].map((now, index) => {
      const output = y(index + 1);
      if (past !== null) return b.concat([x(index + 3), now], 2, output || undefined);
      return output === "" ? now : b.op("Identity", [now], {}, output);
    });
    const [key, value] = present.map((whole) => repeatHeads(b, whole, groups, heads / groups, size)) as [Value, Value];
    // lengths minus one; padding stands behind the text
    const lengths = b.remember(`lengths ${x(5)}`, () => b.add(b.unsqueeze(b.cast(b.reshape(x(5), [-1]), "int64"), [1, 2, 3]), b.int(1))); // [batch, 1, 1, 1]
    const inside = b.remember(`${at.key} inside ${lengths}`, () => b.less(at.key, lengths));
    const masked = b.lowest(dtype);
    const bias = sum(b, [allow(b, inside, masked, dtype), causal(b, at, masked, dtype, Math.max(window, 0)), x(10) || null]);
    const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(size);
    joinHeads(b, attend(b, { query, key, value, scale, bias, softcap: floatAttribute(node, "softcap", 0) }), heads * size, y(0));
  };
};
