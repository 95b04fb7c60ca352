/**
 * A random BERT-like encoder as a plain inference export: what the bench measures when no hub can be reached. Post-norm, MatMul + Add,
 * heads by Reshape and Transpose, scores divided by √d, additive mask, Softmax, LayerNormalization, Erf-GELU; opset 17, weights inline.
 * Not a useful model, and not an exporter.
 */
import type { Attribute, Model, Node, TensorProto, ValueInfo } from "../src/onnx/types.js";
import { encodeModel } from "../src/onnx/encode.js";
import { Random } from "../src/base/random.js";

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

export const miniLm: EncoderShape = { layers: 6, width: 384, heads: 12, inner: 1536, vocabulary: 30522, positions: 512, classes: 2, pooling: "class", input: "ids" };

const FLOAT = 1;
const INT64 = 7;

export function randomEncoder(shape: EncoderShape, seed = 1): Uint8Array {
  const { width } = shape;
  const random = new Random(seed);
  const nodes: Node[] = [];
  const initializers: TensorProto[] = [];

  const tensor = (name: string, dtype: "float32" | "int64", dims: number[], raw: Uint8Array): string => {
    initializers.push({ name, dtype, dataType: dtype === "float32" ? FLOAT : INT64, shape: dims, raw, strings: null, external: null, unknown: [] });
    return name;
  };
  const weight = (name: string, dims: number[], deviation: number, mean = 0): string => {
    const values = new Float32Array(dims.reduce((product, extent) => product * extent, 1));
    // uniform with the wanted deviation: fast, and as good as normal for timing
    for (let index = 0; index < values.length; index++) values[index] = mean + (random.uniform() - 0.5) * deviation * Math.sqrt(12);
    return tensor(name, "float32", dims, new Uint8Array(values.buffer));
  };
  const scalar = (name: string, value: number): string => tensor(name, "float32", [], new Uint8Array(Float32Array.of(value).buffer));
  const integers = (name: string, values: number[]): string => tensor(name, "int64", [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  const op = (opType: string, inputs: string[], output: string, attributes: Record<string, Attribute> = {}): string => {
    nodes.push({ opType, domain: "", name: `node_${output}`, inputs, outputs: [output], attributes: new Map(Object.entries(attributes)), unknown: [] });
    return output;
  };
  const int = (value: number): Attribute => ({ type: "int", value: BigInt(value) });
  const ints = (...values: number[]): Attribute => ({ type: "ints", value: values.map(BigInt) });
  const linear = (input: string, name: string, from: number, to: number): string =>
    op("Add", [weight(`${name}.bias`, [to], 0.02), op("MatMul", [input, weight(`${name}.weight`, [from, to], 1 / Math.sqrt(from))], `${name}.product`)], `${name}.output`);
  const norm = (input: string, name: string): string =>
    op("LayerNormalization", [input, weight(`${name}.gain`, [width], 0.1, 1), weight(`${name}.bias`, [width], 0.1)], `${name}.output`, { axis: int(-1), epsilon: { type: "float", value: 1e-12 } });

  const positionsUsed = (): string => {
    const length = op("Gather", [op("Shape", ["input_ids"], "ids.shape"), integers("index_one", [1])], "length", { axis: int(0) });
    return op("Slice", [weight("positions", [shape.positions, width], 0.5), integers("zero", [0]), length, integers("axis_zero", [0])], "positions.used");
  };

  const { heads } = shape;
  const headSize = width / heads;
  const fromIds = shape.input === "ids";
  const split = integers("split", fromIds ? [0, 0, heads, headSize] : [1, -1, heads, headSize]);
  const join = integers("join", fromIds ? [0, 0, width] : [1, -1, width]);
  const rootOfHeadSize = scalar("root_of_head_size", Math.sqrt(headSize));
  const one = scalar("one", 1);
  const half = scalar("half", 0.5);
  const rootTwo = scalar("root_two", Math.SQRT2);
  const axes = integers("mask_axes", [1, 2]);

  const floatMask = op("Cast", [op("Unsqueeze", ["attention_mask", axes], "mask.4d")], "mask.float", { to: int(FLOAT) });
  const mask = op("Mul", [op("Sub", [one, floatMask], "mask.inverse"), scalar("lowest", -3.4028234663852886e38)], "mask.additive");

  const embeddings = fromIds ? op("Add", [op("Gather", [weight("words", [shape.vocabulary, width], 0.5), "input_ids"], "words.looked_up", { axis: int(0) }), positionsUsed()], "embeddings.sum") : "embeddings";
  let stream = norm(embeddings, "embeddings.norm");

  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string): string => `layer.${layer}.${part}`;
    const headsOf = (part: string, ...perm: number[]): string =>
      op("Transpose", [op("Reshape", [linear(stream, name(part), width, width), split], name(`${part}.split`))], name(`${part}.heads`), { perm: ints(...perm) });
    const query = headsOf("query", 0, 2, 1, 3); // [batch, head, token, headSize]
    const key = headsOf("key", 0, 2, 3, 1); // [batch, head, headSize, token]
    const value = headsOf("value", 0, 2, 1, 3);
    const scores = op("Add", [op("Div", [op("MatMul", [query, key], name("qk")), rootOfHeadSize], name("scaled")), mask], name("masked"));
    const pattern = op("Softmax", [scores], name("pattern"), { axis: int(-1) });
    const context = op("Reshape", [op("Transpose", [op("MatMul", [pattern, value], name("pv"))], name("context"), { perm: ints(0, 2, 1, 3) }), join], name("joined"));
    stream = norm(op("Add", [linear(context, name("output"), width, width), stream], name("residual.1")), name("norm.1"));
    const inner = linear(stream, name("inner"), width, shape.inner);
    const gelu = op("Mul", [op("Mul", [inner, op("Add", [op("Erf", [op("Div", [inner, rootTwo], name("gelu.scaled"))], name("gelu.erf")), one], name("gelu.one_plus"))], name("gelu.twice")), half], name("gelu"));
    stream = norm(op("Add", [linear(gelu, name("outer"), shape.inner, width), stream], name("residual.2")), name("norm.2"));
  }

  const pooled =
    shape.pooling === "mean"
      ? op("ReduceMean", [stream], "pooled", { axes: ints(1), keepdims: int(0) })
      : op("Tanh", [
          op("Gemm", [op("Gather", [stream, tensor("first", "int64", [], new Uint8Array(BigInt64Array.of(0n).buffer))], "class_token", { axis: int(1) }), weight("pooler.weight", [width, width], 1 / Math.sqrt(width)), weight("pooler.bias", [width], 0.02)], "pooler", { transB: int(1) }),
        ], "pooled");
  op("Gemm", [pooled, weight("classifier.weight", [shape.classes, width], 3 / Math.sqrt(width)), weight("classifier.bias", [shape.classes], 0.02)], "logits", { transB: int(1) });

  const info = (name: string, dtype: "float32" | "int64", dims: (string | number)[]): ValueInfo => ({ name, type: { dtype, dataType: dtype === "float32" ? FLOAT : INT64, shape: dims }, unknown: [] });
  const model: Model = {
    irVersion: 8,
    producerName: "lexiscope bench",
    opsets: new Map([["", 17]]),
    graph: {
      name: "random encoder",
      nodes,
      initializers,
      inputs: [fromIds ? info("input_ids", "int64", ["batch", "sequence"]) : info("embeddings", "float32", [1, "sequence", width]), info("attention_mask", "int64", ["batch", "sequence"])],
      outputs: [info("logits", "float32", [fromIds ? "batch" : 1, shape.classes])],
      valueInfo: [],
      unknown: [],
    },
    functions: [],
    unknown: [],
  };
  return encodeModel(model);
}
