/**
 * Rotary position embedding: pairs of features turned by an angle that grows with the position. Pairs are halves apart, or neighbours
 * (`interleaved`); features beyond the rotated ones pass. The com.microsoft operator, the standard one, and GroupQueryAttention use it.
 * Source: Su et al. 2021, arXiv 2104.09864; ONNX RotaryEmbedding-23; onnxruntime docs/ContribOperators.md.
 */
import { floatAttribute, intAttribute } from "../onnx/attributes.js";
import type { Builder, Value } from "./builder.js";
import { type Lowering, refused } from "./lowering.js";

interface Rotation {
  readonly cos: Value; // broadcastable to [.., rotated / 2]
  readonly sin: Value;
  readonly rotated: number;
  /** of a head */
  readonly size: number;
  readonly interleaved: boolean;
}

/** x [.., .., .., size], four axes. */
export function rotate(b: Builder, x: Value, { cos, sin, rotated, size, interleaved }: Rotation, output?: Value): Value {
  const [turned, rest] = rotated === size ? [x, null] : (b.split(x, [rotated, size - rotated], 3) as [Value, Value]);
  const half = rotated / 2;
  const last = interleaved ? 4 : 3;
  const pairs = interleaved ? b.reshape(turned, [0, 0, 0, half, 2]) : turned;
  const [a, c] = b.split(pairs, interleaved ? [1, 1] : [half, half], last) as [Value, Value];
  const angle = (table: Value): Value => (interleaved ? b.remember(`column ${table}`, () => b.unsqueeze(table, [4])) : table);
  const parts = [b.sub(b.mul(a, angle(cos)), b.mul(c, angle(sin))), b.add(b.mul(c, angle(cos)), b.mul(a, angle(sin)))];
  const whole = rest === null ? output : undefined;
  const joined = interleaved ? b.reshape(b.concat(parts, 4), [0, 0, 0, rotated], whole) : b.concat(parts, 3, whole);
  return rest === null ? joined : b.concat([joined, rest], 3, output);
}

/** Rows of a table [position, half] for each token, with an axis of one for the heads. `positions`: [batch, token] or [token]. */
export function angles(b: Builder, table: Value, positions: Value, headAxis: number): Value {
  return b.remember(`${table} at ${positions} ${headAxis}`, () => {
    const rows = b.gather(table, positions);
    const whole = b.graph.rank(positions) === 1 ? b.unsqueeze(rows, [0]) : rows; // [batch or 1, token, half]
    return b.unsqueeze(whole, [headAxis]);
  });
}

/** How the input lies and how wide its heads are: [batch, head, token, size], or [batch, token, head · size]. */
function layout(shape: readonly unknown[] | undefined, heads: number, half: unknown, partial: number): { size: number; heads: number; rank: number } | string {
  const last = shape?.at(-1);
  if (shape?.length !== 3 && shape?.length !== 4) return "the number of axes of its input is not known";
  if (typeof half !== "number" || typeof last !== "number") return "the width of its heads is not known";
  const size = shape.length === 4 ? last : heads > 0 ? last / heads : partial > 0 ? NaN : 2 * half;
  return Number.isInteger(size) ? { size, heads: shape.length === 4 ? 0 : last / size, rank: shape.length } : "the number of its heads is not known";
}

/** com.microsoft RotaryEmbedding(x, positions, cos, sin) */
export const rotaryEmbedding: Lowering = ({ b, graph, node, x, y }) => {
  const partial = intAttribute(node, "rotary_embedding_dim", 0);
  const half = graph.shape(x(2))?.[1];
  const form = layout(graph.shape(x(0)), intAttribute(node, "num_heads", 0), half, partial);
  if (typeof form === "string") return refused(form);
  if (intAttribute(node, "is_packed_batching", 0) === 1) return refused("with texts packed without padding");
  if (floatAttribute(node, "scale", 1) !== 1) return refused("with a scale");
  const rank = graph.rank(x(1));
  if (rank !== 1 && rank !== 2) return refused("the number of axes of its positions is not known");
  return () => {
    const tokens = b.extent(x(0), form.rank === 4 ? 2 : 1);
    // one number is where the text begins
    const at = rank === 2 ? x(1) : b.remember(`${x(1)} + ${tokens}`, () => b.add(b.range(tokens), x(1)));
    turnWhole(b, x(0), form, (axis) => ({ cos: angles(b, x(2), at, axis), sin: angles(b, x(3), at, axis) }), (half as number) * 2, intAttribute(node, "interleaved", 0) === 1, y(0));
  };
};

/** ai.onnx RotaryEmbedding(x, cos, sin, positions?) */
export const standardRotaryEmbedding: Lowering = ({ b, graph, node, x, y }) => {
  const partial = intAttribute(node, "rotary_embedding_dim", 0);
  const cosines = graph.shape(x(1));
  const form = layout(graph.shape(x(0)), intAttribute(node, "num_heads", 0), cosines?.at(-1), partial);
  if (typeof form === "string") return refused(form);
  const given = x(3) !== "";
  if (cosines?.length !== (given ? 2 : 3)) return refused("its cosines have another number of axes than its positions say");
  return () => {
    const table = (value: Value, axis: number): Value => (given ? angles(b, value, x(3), axis) : b.remember(`${value} ${axis}`, () => b.unsqueeze(value, [axis])));
    turnWhole(b, x(0), form, (axis) => ({ cos: table(x(1), axis), sin: table(x(2), axis) }), (cosines.at(-1) as number) * 2, intAttribute(node, "interleaved", 0) === 1, y(0));
  };
};

function turnWhole(b: Builder, x: Value, form: { size: number; heads: number; rank: number }, at: (headAxis: number) => { cos: Value; sin: Value }, rotated: number, interleaved: boolean, output: Value): void {
  if (form.rank === 4) rotate(b, x, { ...at(1), rotated, size: form.size, interleaved }, output);
  else b.reshape(rotate(b, b.reshape(x, [0, 0, form.heads, form.size]), { ...at(2), rotated, size: form.size, interleaved }), [0, 0, form.heads * form.size], output);
}
