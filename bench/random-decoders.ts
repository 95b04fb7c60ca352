/**
 * Random language models as TorchScript writes them, opset 17: one like GPT-2 (LayerNormalization, one Gemm for queries, keys and values,
 * tanh-GELU) and one like Llama (RMS norm from primitives, rotary positions, grouped heads, SwiGLU). Heads by a computed Reshape with -1, one
 * Where for the mask of all layers, a head of its own transposed copy of the word table, as tied heads come out.
 */
import { BOOL, FLOAT, GraphWriter, int, ints, type Precision } from "./graph-writer.js";

export interface DecoderShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** heads of keys and values */
  readonly keyHeads: number;
  readonly inner: number;
  readonly vocabulary: number;
  readonly positions: number;
}

export const smallGpt2: DecoderShape = { layers: 6, width: 384, heads: 12, keyHeads: 12, inner: 1536, vocabulary: 50257, positions: 1024 };
export const smallLlama: DecoderShape = { layers: 6, width: 384, heads: 12, keyHeads: 4, inner: 1024, vocabulary: 32000, positions: 2048 };

const LOWEST = -3.4028234663852886e38;

/** What stands once a graph: the additive mask [batch, 1, query, key], and where texts begin and end. */
interface Frame {
  readonly mask: string;
  readonly batch: string;
  readonly length: string;
}

function frame(g: GraphWriter): Frame {
  const batch = g.extent("input_ids", 0).list;
  const { scalar, list: length } = g.extent("input_ids", 1);
  const positions = g.op("Range", [g.integer("range.from", 0), scalar, g.integer("range.step", 1)], "range");
  const [query, key] = [g.op("Unsqueeze", [positions, g.integers("query.axes", [0, 1, 3])], "query.positions"), g.op("Unsqueeze", [positions, g.integers("key.axes", [0, 1, 2])], "key.positions")];
  const real = g.op("Cast", [g.op("Unsqueeze", ["attention_mask", g.integers("mask.axes", [1, 2])], "mask.4d")], "mask.real", { to: int(BOOL) });
  const allowed = g.op("And", [g.op("LessOrEqual", [key, query], "mask.causal"), real], "mask.allowed");
  return { batch, length, mask: g.op("Where", [allowed, g.scalar("mask.zero", 0), g.scalar("mask.lowest", LOWEST)], "mask.additive") };
}

/** [batch, token, head · headSize] → [batch, head, token, headSize] */
function headsOf(g: GraphWriter, { batch, length }: Frame, value: string, headSize: number): string {
  const shape = g.op("Concat", [batch, length, g.integers(`${value}.rest`, [-1]), g.integers(`${value}.head_size`, [headSize])], `${value}.split_shape`, { axis: int(0) });
  return g.op("Transpose", [g.op("Reshape", [value, shape], `${value}.split`)], `${value}.heads`, { perm: ints(0, 2, 1, 3) });
}

/** softmax(QKᵀ/√d + mask)·V of heads → [batch, token, width] */
function attend(g: GraphWriter, { mask, batch, length }: Frame, name: string, query: string, key: string, value: string, headSize: number): string {
  const transposed = g.op("Transpose", [key], `${name}.key_transposed`, { perm: ints(0, 1, 3, 2) });
  const scaled = g.op("Mul", [g.op("MatMul", [query, transposed], `${name}.qk`), g.scalar(`${name}.scale`, 1 / Math.sqrt(headSize))], `${name}.scaled`);
  const pattern = g.op("Softmax", [g.op("Add", [scaled, mask], `${name}.masked`)], `${name}.pattern`, { axis: int(-1) });
  const context = g.op("Transpose", [g.op("MatMul", [pattern, value], `${name}.pv`)], `${name}.context`, { perm: ints(0, 2, 1, 3) });
  return g.op("Reshape", [context, g.op("Concat", [batch, length, g.integers(`${name}.rest`, [-1])], `${name}.join_shape`, { axis: int(0) })], `${name}.joined`);
}

/** What every decoder of the bench is fed and gives. */
const finish = (g: GraphWriter, name: string, vocabulary: number): Uint8Array =>
  g.finish(name, ["input_ids", "attention_mask", "position_ids"].map((input) => ({ name: input, dtype: "int64", shape: ["batch", "sequence"] })), [{ name: "logits", dtype: "float32", shape: ["batch", "sequence", vocabulary] }]);

export function gpt2Like({ layers, width, heads, inner, vocabulary, positions }: DecoderShape, precision: Precision = "float32"): Uint8Array {
  const g = new GraphWriter(precision);
  const headSize = width / heads;
  const once = frame(g);
  /** A Conv1D: rows of all texts one after another through a Gemm, and back; quantised, a product of integers and an Add. */
  const linear = (input: string, name: string, from: number, to: number): string => {
    const rows = g.op("Reshape", [input, g.integers(`${name}.rows`, [-1, from])], `${name}.flat`);
    const bias = g.weight(`${name}.bias`, [to], 0.02);
    const product = g.precision === "int8" ? g.op("Add", [g.product(rows, name, from, to), bias], `${name}.gemm`) : g.op("Gemm", [rows, g.weight(`${name}.weight`, [from, to], 1 / Math.sqrt(from)), bias], `${name}.gemm`);
    return g.op("Reshape", [product, g.op("Concat", [once.batch, once.length, g.integers(`${name}.to`, [to])], `${name}.shape`, { axis: int(0) })], `${name}.output`);
  };
  const gelu = (x: string, name: string): string => {
    const cube = g.op("Mul", [g.op("Pow", [x, g.scalar(`${name}.three`, 3)], `${name}.cube`), g.scalar(`${name}.share`, 0.044715)], `${name}.cubic`);
    const tanh = g.op("Tanh", [g.op("Mul", [g.op("Add", [x, cube], `${name}.sum`), g.scalar(`${name}.root`, Math.sqrt(2 / Math.PI))], `${name}.scaled`)], `${name}.tanh`);
    return g.op("Mul", [g.op("Mul", [x, g.scalar(`${name}.half`, 0.5)], `${name}.halved`), g.op("Add", [tanh, g.scalar(`${name}.one`, 1)], `${name}.one_plus`)], name);
  };

  let stream = g.op("Add", [g.lookup("words", [vocabulary, width], "input_ids"), g.lookup("positions", [positions, width], "position_ids")], "embeddings");
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string): string => `layer.${layer}.${part}`;
    const packed = linear(g.layerNorm(stream, name("norm.1"), width, 1e-5), name("qkv"), width, 3 * width);
    const parts = ["query", "key", "value"].map(name);
    g.node("Split", [packed, g.integers(name("split"), [width, width, width])], parts, { axis: int(2) });
    const [query, key, value] = parts.map((part) => headsOf(g, once, part, headSize)) as [string, string, string];
    stream = g.op("Add", [linear(attend(g, once, name("attention"), query, key, value, headSize), name("output"), width, width), stream], name("residual.1"));
    const wide = gelu(linear(g.layerNorm(stream, name("norm.2"), width, 1e-5), name("inner"), width, inner), name("gelu"));
    stream = g.op("Add", [stream, linear(wide, name("outer"), inner, width)], name("residual.2"));
  }
  g.op("Identity", [g.product(g.layerNorm(stream, "norm", width, 1e-5), "head", width, vocabulary)], "logits");
  return finish(g, "GPT-2-like", vocabulary);
}

export function llamaLike({ layers, width, heads, keyHeads, inner, vocabulary }: DecoderShape, precision: Precision = "float32"): Uint8Array {
  const g = new GraphWriter(precision);
  const headSize = width / heads;
  const once = frame(g);
  const group = heads / keyHeads;

  const rmsNorm = (x: string, name: string): string => {
    const mean = g.op("ReduceMean", [g.op("Pow", [x, g.scalar(`${name}.two`, 2)], `${name}.square`)], `${name}.mean`, { axes: ints(-1), keepdims: int(1) });
    const root = g.op("Sqrt", [g.op("Add", [mean, g.scalar(`${name}.epsilon`, 1e-6)], `${name}.shifted`)], `${name}.root`);
    const hat = g.op("Mul", [x, g.op("Div", [g.scalar(`${name}.one`, 1), root], `${name}.inverse`)], `${name}.hat`);
    return g.op("Mul", [g.weight(`${name}.gain`, [width], 0.1, 1), hat], `${name}.output`);
  };

  const frequencies = g.tensor("frequencies", "float32", [1, headSize / 2, 1], Float32Array.from({ length: headSize / 2 }, (_, index) => 10000 ** ((-2 * index) / headSize)));
  const places = g.op("Cast", [g.op("Unsqueeze", ["position_ids", g.integers("places.axes", [1])], "places.3d")], "places", { to: int(FLOAT) });
  const angles = g.op("Transpose", [g.op("MatMul", [frequencies, places], "angles.product")], "angles.half", { perm: ints(0, 2, 1) });
  const whole = g.op("Concat", [angles, angles], "angles", { axis: int(-1) });
  const [cosine, sine] = ["Cos", "Sin"].map((op) => g.op("Unsqueeze", [g.op(op, [whole], op.toLowerCase()), g.integers(`${op}.axes`, [1])], `${op}.4d`)) as [string, string];
  const rotated = (x: string): string => {
    const [axis, zero, middle, end] = [[3], [0], [headSize / 2], [Number.MAX_SAFE_INTEGER]].map((values, index) => g.integers(`${x}.slice_${index}`, values)) as [string, string, string, string];
    const [first, second] = [g.op("Slice", [x, zero, middle, axis], `${x}.first`), g.op("Slice", [x, middle, end, axis], `${x}.second`)];
    const turned = g.op("Concat", [g.op("Neg", [second], `${x}.negative`), first], `${x}.turned`, { axis: int(-1) });
    return g.op("Add", [g.op("Mul", [x, cosine], `${x}.cosine`), g.op("Mul", [turned, sine], `${x}.sine`)], `${x}.rotated`);
  };
  /** Each key head for a group of query heads: [batch, keyHead, token, headSize] → [batch, head, token, headSize] */
  const repeated = (x: string): string => {
    const extents = (middle: number[]) => [once.batch, g.integers(`${x}.heads_${middle.length}`, middle), once.length, g.integers(`${x}.size_${middle.length}`, [headSize])];
    const expanded = g.op("Expand", [g.op("Unsqueeze", [x, g.integers(`${x}.group`, [2])], `${x}.grouped`), g.op("Concat", extents([keyHeads, group]), `${x}.expanded_shape`, { axis: int(0) })], `${x}.expanded`);
    return g.op("Reshape", [expanded, g.op("Concat", extents([heads]), `${x}.repeated_shape`, { axis: int(0) })], `${x}.repeated`);
  };

  let stream = g.lookup("words", [vocabulary, width], "input_ids");
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string): string => `layer.${layer}.${part}`;
    const normed = rmsNorm(stream, name("norm.1"));
    const project = (part: string, count: number): string => headsOf(g, once, g.product(normed, name(part), width, count * headSize), headSize);
    const query = rotated(project("query", heads));
    const key = repeated(rotated(project("key", keyHeads)));
    const value = repeated(project("value", keyHeads));
    const context = attend(g, once, name("attention"), query, key, value, headSize);
    stream = g.op("Add", [stream, g.product(context, name("output"), width, width)], name("residual.1"));
    const before = rmsNorm(stream, name("norm.2"));
    const gate = g.product(before, name("gate"), width, inner);
    const silu = g.op("Mul", [gate, g.op("Sigmoid", [gate], name("sigmoid"))], name("silu"));
    const wide = g.op("Mul", [silu, g.product(before, name("up"), width, inner)], name("wide"));
    stream = g.op("Add", [stream, g.product(wide, name("down"), inner, width)], name("residual.2"));
  }
  g.op("Identity", [g.product(rmsNorm(stream, "norm"), "head", width, vocabulary)], "logits");
  return finish(g, "Llama-like", vocabulary);
}
