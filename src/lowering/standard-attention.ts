/**
 * ai.onnx Attention (opset 23 and 24), on [batch, head, token, size] or [batch, token, head · size].
 * Source: ONNX operator specification; the runtime caps first and masks then.
 */
import { floatAttribute, intAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { attend, joinHeads, repeatHeads, splitHeads } from "./heads.js";
import { type Lowering, refused, unwanted } from "./lowering.js";
import { allow, causal, positions, sum } from "./mask.js";

export const standardAttention: Lowering = (site) => {
  const { b, graph, node, x, y, used } = site;
  const no = unwanted(site, { 6: "with lengths of keys that are not padding" });
  if (no) return no;
  if (used(3)) return refused("its product of queries and keys is read");
  const [query, key, value] = [graph.shape(x(0)), graph.shape(x(1)), graph.shape(x(2))];
  const flat = query?.length === 3;
  const heads = flat ? intAttribute(node, "q_num_heads", 0) : query?.[1];
  const groups = flat ? intAttribute(node, "kv_num_heads", 0) : key?.[1];
  const [last, lastValue] = [query?.at(-1), value?.at(-1)];
  if (typeof heads !== "number" || typeof groups !== "number" || heads === 0 || groups === 0) return refused("the number of its heads is not known");
  if (typeof last !== "number" || typeof lastValue !== "number") return refused("the width of its heads is not known");
  const [size, valueSize] = flat ? [last / heads, lastValue / groups] : [last, lastValue];

  return () => {
    const dtype = b.dtype(x(0));
    const split = (input: number, count: number, each: number): Value => (flat ? splitHeads(b, x(input), count, each) : x(input));
    const present = [split(1, groups, size), split(2, groups, valueSize)].map((now, index) => {
      const output = y(index + 1);
      if (x(index + 4) !== "") return b.concat([x(index + 4), now], 2, output || undefined);
      return output === "" ? now : b.op("Identity", [now], {}, output);
    });
    const parts = {
      query: split(0, heads, size),
      key: repeatHeads(b, present[0] as Value, groups, heads / groups, size),
      value: repeatHeads(b, present[1] as Value, groups, heads / groups, valueSize),
    };
    const masked = b.lowest(dtype);
    const mask = x(3) === "" ? null : b.dtype(x(3)) === "bool" ? allow(b, x(3), masked, dtype) : x(3);
    const past = x(4) === "" ? null : b.extent(x(4), 2);
    const ahead = intAttribute(node, "is_causal", 0) === 1 ? causal(b, positions(b, b.extent(x(0), flat ? 1 : 2), past), masked, dtype) : null;
    const scale = floatAttribute(node, "scale", 0) || 1 / Math.sqrt(size);
    const attending = { ...parts, scale, bias: sum(b, [mask, ahead]), softcap: floatAttribute(node, "softcap", 0) };
    if (flat) joinHeads(b, attend(b, attending), heads * valueSize, y(0));
    else attend(b, attending, y(0));
  };
};
