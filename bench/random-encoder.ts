/**
 * A random BERT-like encoder as a plain inference export: what the bench measures when no hub can be reached. Post-norm, MatMul + Add,
 * heads by Reshape and Transpose, scores divided by √d, additive mask, Softmax, LayerNormalization, Erf-GELU; opset 17, weights inline.
 */
import { FLOAT, GraphWriter, int, ints, type Precision } from "./graph-writer.js";

export interface EncoderShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly inner: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly classes: number;
  /** "class": the first token through a pooler; "mean": the mean of all tokens */
  readonly pooling: "class" | "mean";
  /** "ids": any batch; "embeddings": one text, given as the float input `embeddings` [1, sequence, width] (what jax-js can differentiate) */
  readonly input: "ids" | "embeddings";
}

/** The shape of all-MiniLM-L6 and its kin: 86.7 MiB. */
export const miniLm: EncoderShape = { layers: 6, width: 384, heads: 12, inner: 1536, vocabulary: 30522, positions: 512, classes: 2, pooling: "class", input: "ids" };

export function randomEncoder(shape: EncoderShape, precision: Precision = "float32"): Uint8Array {
  const { width, heads } = shape;
  const g = new GraphWriter(precision);
  const fromIds = shape.input === "ids";

  const positionsUsed = (): string => {
    const length = g.op("Gather", [g.op("Shape", ["input_ids"], "ids.shape"), g.integers("index_one", [1])], "length", { axis: int(0) });
    return g.op("Slice", [g.weight("positions", [shape.positions, width], 0.5), g.integers("zero", [0]), length, g.integers("axis_zero", [0])], "positions.used");
  };

  const headSize = width / heads;
  const split = g.integers("split", fromIds ? [0, 0, heads, headSize] : [1, -1, heads, headSize]);
  const join = g.integers("join", fromIds ? [0, 0, width] : [1, -1, width]);
  const rootOfHeadSize = g.scalar("root_of_head_size", Math.sqrt(headSize));
  const one = g.scalar("one", 1);
  const half = g.scalar("half", 0.5);
  const rootTwo = g.scalar("root_two", Math.SQRT2);
  const axes = g.integers("mask_axes", [1, 2]);

  const floatMask = g.op("Cast", [g.op("Unsqueeze", ["attention_mask", axes], "mask.4d")], "mask.float", { to: int(FLOAT) });
  const mask = g.op("Mul", [g.op("Sub", [one, floatMask], "mask.inverse"), g.scalar("lowest", -3.4028234663852886e38)], "mask.additive");

  const embeddings = fromIds ? g.op("Add", [g.lookup("words", [shape.vocabulary, width], "input_ids"), positionsUsed()], "embeddings.sum") : "embeddings";
  let stream = g.layerNorm(embeddings, "embeddings.norm", width);

  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string): string => `layer.${layer}.${part}`;
    const headsOf = (part: string, ...perm: number[]): string =>
      g.op("Transpose", [g.op("Reshape", [g.linear(stream, name(part), width, width), split], name(`${part}.split`))], name(`${part}.heads`), { perm: ints(...perm) });
    const query = headsOf("query", 0, 2, 1, 3); // [batch, head, token, headSize]
    const key = headsOf("key", 0, 2, 3, 1); // [batch, head, headSize, token]
    const value = headsOf("value", 0, 2, 1, 3);
    const scores = g.op("Add", [g.op("Div", [g.op("MatMul", [query, key], name("qk")), rootOfHeadSize], name("scaled")), mask], name("masked"));
    const pattern = g.op("Softmax", [scores], name("pattern"), { axis: int(-1) });
    const context = g.op("Reshape", [g.op("Transpose", [g.op("MatMul", [pattern, value], name("pv"))], name("context"), { perm: ints(0, 2, 1, 3) }), join], name("joined"));
    stream = g.layerNorm(g.op("Add", [g.linear(context, name("output"), width, width), stream], name("residual.1")), name("norm.1"), width);
    const inner = g.linear(stream, name("inner"), width, shape.inner);
    const gelu = g.op("Mul", [g.op("Mul", [inner, g.op("Add", [g.op("Erf", [g.op("Div", [inner, rootTwo], name("gelu.scaled"))], name("gelu.erf")), one], name("gelu.one_plus"))], name("gelu.twice")), half], name("gelu"));
    stream = g.layerNorm(g.op("Add", [g.linear(gelu, name("outer"), shape.inner, width), stream], name("residual.2")), name("norm.2"), width);
  }

  const pooled =
    shape.pooling === "mean"
      ? g.op("ReduceMean", [stream], "pooled", { axes: ints(1), keepdims: int(0) })
      : g.op("Tanh", [
          g.op("Gemm", [g.op("Gather", [stream, g.integer("first", 0)], "class_token", { axis: int(1) }), g.weight("pooler.weight", [width, width], 1 / Math.sqrt(width)), g.weight("pooler.bias", [width], 0.02)], "pooler", { transB: int(1) }),
        ], "pooled");
  g.op("Gemm", [pooled, g.weight("classifier.weight", [shape.classes, width], 3 / Math.sqrt(width)), g.weight("classifier.bias", [shape.classes], 0.02)], "logits", { transB: int(1) });

  return g.finish("BERT-like", [
    fromIds ? { name: "input_ids", dtype: "int64", shape: ["batch", "sequence"] } : { name: "embeddings", dtype: "float32", shape: [1, "sequence", width] },
    { name: "attention_mask", dtype: "int64", shape: ["batch", "sequence"] },
  ], [{ name: "logits", dtype: "float32", shape: [fromIds ? "batch" : 1, shape.classes] }]);
}
