/**
 * One row a form of an operator, for the gradient check of operators.test.ts. A row builds a tiny graph; every input made by `smooth`,
 * `positive` or `spaced` is differentiated by.
 */
import type { Graph } from "../../src/graph/graph.js";
import type { AttributeLiterals } from "../../src/onnx/attributes.js";
import { float32, int64, sizeOf, type Tensor } from "../../src/tensor/tensor.js";

export interface Input {
  /** differentiated by; fed but not differentiated by; stored in the file */
  readonly role: "primal" | "fed" | "stored";
  readonly shape: readonly number[];
  readonly make: (random: () => number) => Tensor;
}

export interface Row {
  readonly name: string;
  readonly opsets: readonly number[];
  readonly inputs: readonly Input[];
  /** false: only with the shapes in the file */
  readonly symbolic?: boolean;
  /** emits the form; returns the value to differentiate */
  readonly build: (emit: Emit, x: readonly string[], opset: number) => string;
}

export interface Emit {
  readonly graph: Graph;
  op(opType: string, inputs: readonly string[], attributes?: AttributeLiterals, domain?: string): string;
  ints(...values: number[]): string;
}

const primal = (draw: (random: () => number, index: number, size: number) => number) => (...shape: number[]): Input => ({
  role: "primal", shape,
  make: (random) => {
    const size = sizeOf(shape);
    const values = Array.from({ length: size }, (_, index) => draw(random, index, size));
    return float32(values, shape);
  },
});

/** standard normal */
const smooth = primal((random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
/** between 0.5 and 2 */
const positive = primal((random) => 0.5 + 1.5 * random());
/** no two closer than 0.8, none nearer to 0 than 0.4, in no order: for operators with kinks */
const spaced = primal((_, index, size) => 0.8 * (((index * 7 + 3) % size) - Math.floor(size / 2)) + 0.4);

/** halfway between whole numbers */
const halves = primal((_, index, size) => index - Math.floor(size / 2) + 0.5);

const stored = (tensor: Tensor): Input => ({ role: "stored", shape: tensor.shape, make: () => tensor });
const fed = (tensor: Tensor): Input => ({ role: "fed", shape: tensor.shape, make: () => tensor });
const weight = (...shape: number[]): Input => ({ ...smooth(...shape), role: "stored" });
const bools = (values: readonly number[], shape: readonly number[]): Input => fed({ dtype: "bool", shape, data: Uint8Array.from(values) });

const all = [11, 13, 17, 18, 20];

/** A row of one node. */
function one(op: string, inputs: readonly Input[], attributes: AttributeLiterals = {}, opsets: readonly number[] = all, label = ""): Row {
  const [domain, opType] = op.startsWith("com.microsoft.") ? ["com.microsoft", op.slice(14)] : ["", op];
  const written = Object.entries(attributes).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(" ");
  return {
    name: `${op} ${inputs.map((input) => `[${input.shape.join()}]`).join(" ")} ${written}${label}`.trim(), opsets, inputs,
    build: (emit, x) => emit.op(opType, x, attributes, domain),
  };
}

/** A row whose axes are an attribute before opset `since`, an input from it on. */
function withAxes(op: string, input: Input, axes: readonly number[], since: number, attributes: AttributeLiterals = {}, opsets: readonly number[] = all): Row {
  return {
    name: `${op} [${input.shape.join()}] axes=[${axes.join()}] ${JSON.stringify(attributes)}`, opsets, inputs: [input],
    build: (emit, [x = ""], opset) => opset >= since ? emit.op(op, [x, emit.ints(...axes)], attributes) : emit.op(op, [x], { ...attributes, axes: [...axes] }),
  };
}

const binary = ["Add", "Sub", "Mul", "Div"].flatMap((op) => [
  one(op, [smooth(2, 3), positive(2, 3)]),
  one(op, [smooth(2, 3, 4), positive(4)]),
  one(op, [smooth(3, 1), positive(2, 1, 4)]),
  one(op, [smooth(1, 1, 3), positive(1)], {}, [11, 17]),
  one(op, [smooth(), positive(2, 2)], {}, [13]),
]);

const reductions = (["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSumSquare", "ReduceL2", "ReduceLogSumExp"] as const).flatMap((op) => {
  const since = op === "ReduceSum" ? 13 : 18;
  const input = op === "ReduceMax" || op === "ReduceMin" ? spaced(2, 3, 4) : smooth(2, 3, 4);
  return [
    withAxes(op, input, [1], since, { keepdims: 1 }),
    withAxes(op, input, [-1, 0], since, { keepdims: 0 }),
    withAxes(op, input, [0, 1, 2], since, { keepdims: 0 }, [11, 18]),
    one(op, [input], { keepdims: 0 }, [13, 18]),
  ];
});

const unary = ([["Neg", smooth], ["Abs", spaced], ["Sqrt", positive], ["Reciprocal", positive], ["Exp", smooth], ["Log", positive], ["Sin", smooth], ["Cos", smooth],
  ["Erf", smooth], ["Tanh", smooth], ["Sigmoid", smooth], ["Softplus", smooth], ["Relu", spaced], ["LeakyRelu", spaced], ["Elu", spaced], ["Identity", smooth]] as const)
  .map(([op, input]) => one(op, [input(2, 5)], {}, [11, 17]));

const products = [
  one("MatMul", [smooth(3, 4), smooth(4, 5)]),
  one("MatMul", [smooth(2, 3, 4), smooth(4, 5)]),
  one("MatMul", [smooth(2, 3, 4), weight(4, 5)]),
  one("MatMul", [smooth(2, 2, 3, 4), smooth(2, 2, 4, 5)]),
  one("MatMul", [smooth(2, 1, 3, 4), smooth(1, 3, 4, 5)]),
  one("MatMul", [smooth(3, 4), smooth(2, 4, 5)]),
  one("MatMul", [smooth(2, 1, 3, 4), smooth(3, 4, 5)]),
  one("MatMul", [smooth(2, 3, 4), weight(2, 4, 5)]),
  one("MatMul", [weight(2, 3, 4), smooth(2, 4, 5)]),
  one("MatMul", [weight(3, 4), smooth(4, 5)], {}, [13]),
  one("MatMul", [weight(3, 4), smooth(2, 4, 5)], {}, [13]),
  one("MatMul", [smooth(2, 9, 9), smooth(2, 9, 2)], {}, [17], " wide left"),
  one("MatMul", [smooth(4), smooth(4)]),
  one("MatMul", [smooth(4), smooth(4, 5)]),
  one("MatMul", [smooth(4), smooth(2, 4, 5)]),
  one("MatMul", [smooth(3, 4), smooth(4)]),
  one("MatMul", [smooth(2, 3, 4), smooth(4)]),
  ...[0, 1].flatMap((transA) => [0, 1].map((transB) => one("Gemm", [transA ? smooth(4, 3) : smooth(3, 4), transB ? smooth(5, 4) : smooth(4, 5), smooth(5)],
    { transA, transB, alpha: { float: 0.7 }, beta: { float: -1.3 } }, [11, 17]))),
  one("Gemm", [smooth(3, 4), smooth(4, 5)]),
  one("Gemm", [smooth(3, 4), smooth(4, 5), smooth(3, 1)], {}, [13]),
  one("Gemm", [smooth(3, 4), smooth(4, 5), smooth(1)], {}, [13]),
  one("Gemm", [smooth(3, 4), smooth(4, 5), smooth()], {}, [13]),
  one("Einsum", [smooth(2, 3, 4), smooth(2, 4, 5)], { equation: "bij,bjk->bik" }, [13, 17]),
  one("Einsum", [smooth(3, 4), smooth(5, 4)], { equation: "ij, kj -> ki" }, [13]),
  one("Einsum", [smooth(2, 3, 4, 2), smooth(2, 5, 4, 2)], { equation: "bihd,bjhd->bhij" }, [13]),
  one("Einsum", [smooth(3, 4), smooth(3)], { equation: "ij,i->i" }, [13]),
  one("Einsum", [smooth(3, 4)], { equation: "ij->ji" }, [13]),
  one("Einsum", [smooth(3, 4)], { equation: "ij->j" }, [13]),
  one("Einsum", [smooth(3, 4), smooth(4, 2)], { equation: "ij,jk" }, [13]),
  one("com.microsoft.FusedMatMul", [smooth(2, 3, 4), smooth(2, 4, 5)], { alpha: { float: 0.5 } }, [17]),
  one("com.microsoft.FusedMatMul", [smooth(2, 4, 3), smooth(2, 5, 4)], { transA: 1, transB: 1, alpha: { float: 2 } }, [17]),
  one("com.microsoft.FusedMatMul", [smooth(2, 3, 4), weight(5, 4)], { transB: 1 }, [17]),
  one("com.microsoft.FusedMatMul", [smooth(2, 3, 4), smooth(2, 5, 4)], { transB: 1 }, [17]),
];

const packed: Input = { role: "stored", shape: [3, 2, 8], make: (random) => ({ dtype: "uint8", shape: [3, 2, 8], data: Uint8Array.from({ length: 48 }, () => Math.floor(256 * random())) }) };
const fourBit = [
  one("com.microsoft.MatMulNBits", [smooth(2, 4, 32), packed, { ...positive(6), role: "stored" }], { K: 32, N: 3, bits: 4, block_size: 16 }, [14, 17]),
];

const activations = [
  one("Gelu", [smooth(2, 5)], {}, [20]),
  one("Gelu", [smooth(2, 5)], { approximate: "tanh" }, [20]),
  one("com.microsoft.Gelu", [smooth(2, 5)], {}, [13, 17]),
  one("com.microsoft.BiasGelu", [smooth(2, 5), smooth(5)], {}, [17]),
  one("com.microsoft.FastGelu", [smooth(2, 5)], {}, [17]),
  one("com.microsoft.FastGelu", [smooth(2, 5), smooth(5)], {}, [17]),
  one("com.microsoft.QuickGelu", [smooth(2, 5)], { alpha: { float: 1.5 } }, [17]),
  one("Selu", [spaced(2, 5)], {}, [13]),
  one("Celu", [spaced(2, 5)], { alpha: { float: 1.5 } }, [13]),
  one("ThresholdedRelu", [spaced(2, 5)], { alpha: { float: 0.8 } }, [13]),
  one("PRelu", [spaced(2, 5), weight(5)], {}, [13]),
  one("HardSigmoid", [halves(2, 5)], { alpha: { float: 0.31 } }, [13]),
  one("HardSwish", [halves(2, 5)], {}, [14]),
  one("Mish", [smooth(2, 5)], {}, [18]),
  one("Softsign", [spaced(2, 5)], {}, [13]),
  one("ReduceL1", [spaced(2, 3, 4)], { axes: [1] }, [13]),
  one("BatchNormalization", [smooth(2, 3, 4), weight(3), weight(3), weight(3), { ...positive(3), role: "stored" }], {}, [15]),
  { ...one("TopK", [spaced(3, 5)], {}, [13]), build: (emit, [a = ""]) => emit.graph.emit("TopK", [a, emit.ints(2)], { attributes: { axis: 1 }, outputs: 2 })[0] as string } satisfies Row,
  one("ScatterElements", [smooth(3, 4), stored(int64([0, 3, 1, 2, 2, 0], [3, 2])), smooth(3, 2)], { axis: 1 }, [13, 17]),
  one("ScatterElements", [smooth(3, 4), stored(int64([0, 0, 2, 1], [1, 4])), smooth(1, 4)], { reduction: "add" }, [17], " adding"),
  one("ScatterND", [smooth(3, 4), stored(int64([2, 0], [2, 1])), smooth(2, 4)], {}, [13, 17]),
  one("ScatterND", [smooth(3, 4), stored(int64([1, 1, 1, 1], [2, 2])), smooth(2)], { reduction: "add" }, [17], " adding"),
  one("Swish", [smooth(2, 5)], { alpha: { float: 1.5 } }, [24]),
  one("Clip", [spaced(3, 4), stored(float32([-1], [])), stored(float32([2.2], []))]),
  one("Clip", [spaced(3, 4), stored(float32([-1], []))], {}, [13]),
  one("Sum", [smooth(2, 3), smooth(3), smooth(2, 1)], {}, [13, 17]),
  one("Mean", [smooth(2, 3), smooth(3), smooth(2, 1)], {}, [13, 17]),
  one("Conv", [smooth(2, 4, 6), weight(3, 4, 3)], { pads: [1, 1], kernel_shape: [3] }, [11, 17]),
  one("Conv", [smooth(2, 4, 6), weight(4, 2, 2), weight(4)], { group: 2, dilations: [2], pads: [0, 1] }, [17]),
  one("Conv", [smooth(1, 2, 4, 5), weight(3, 2, 2, 3)], { auto_pad: "VALID" }, [17]),
  one("Conv", [smooth(2, 4, 8), weight(3, 4, 3)], { strides: [2], pads: [1, 1] }, [11, 17], " strided, one element read by none"),
  one("Conv", [smooth(2, 4, 9), weight(4, 2, 2)], { strides: [3], dilations: [2], group: 2, pads: [0, 2] }, [17], " strided and dilated"),
  one("Conv", [smooth(1, 2, 5, 6), weight(3, 2, 2, 3)], { strides: [2, 1], pads: [1, 0, 0, 2] }, [17], " strided, two axes"),
  one("Conv", [smooth(1, 2, 6), weight(3, 2, 4)], { auto_pad: "SAME_LOWER" }, [17], " padded by itself"),
  one("AveragePool", [smooth(2, 3, 7)], { kernel_shape: [2], strides: [2] }, [11, 17]),
  one("AveragePool", [smooth(2, 3, 6)], { kernel_shape: [3], pads: [1, 1] }, [17], " padded"),
  one("AveragePool", [smooth(1, 2, 4, 6)], { kernel_shape: [2, 3], strides: [1, 2], pads: [1, 1, 0, 1], count_include_pad: 1 }, [17], " padding counts"),
  one("MaxPool", [spaced(2, 3, 7)], { kernel_shape: [2], strides: [2] }, [13, 17]),
  one("MaxPool", [spaced(1, 2, 4, 5)], { kernel_shape: [3, 2], pads: [1, 0, 1, 0] }, [17], " overlapping"),
  one("GlobalAveragePool", [smooth(2, 3, 5)], {}, [11, 17]),
  one("GlobalMaxPool", [spaced(2, 3, 2, 2)], {}, [11, 17]),
  one("Max", [spaced(3, 4), stored(float32([0], []))], {}, [13]),
  { ...one("Max", [spaced(5, 2), spaced(2, 5), spaced(1, 2)], {}, [13]), build: (emit, [a = "", b = "", c = ""]) => emit.op("Max", [a, emit.op("Transpose", [b], { perm: [1, 0] }), c]) } satisfies Row,
  one("Min", [spaced(3, 4), stored(float32([0.1, -0.1, 0.9, 2], [4]))], {}, [11, 13]),
  one("Pow", [smooth(2, 3), stored(float32([2], []))]),
  one("Pow", [smooth(2, 3), stored(float32([3], []))]),
  one("Pow", [positive(2, 3), stored(float32([0.5], []))], {}, [13]),
  one("Pow", [positive(2, 3), stored(float32([-1.7], []))], {}, [13]),
  one("Pow", [smooth(2, 3), stored(int64([2], []))], {}, [13]),
  one("Pow", [positive(2, 3), smooth(3)], {}, [13]),
  one("Where", [bools([1, 0, 0, 1, 1, 0], [2, 3]), smooth(2, 3), smooth(3)]),
  one("Where", [bools([1, 0, 0], [3]), smooth(2, 3), smooth()], {}, [13]),
  one("Where", [bools([1, 0], [2, 1]), smooth(1, 3), smooth(2, 3)], {}, [13]),
  one("Cast", [smooth(2, 3)], { to: 1 }, [11, 17]),
  { ...one("Dropout", [smooth(2, 3)]), build: (emit, [x = ""]) => emit.op("Tanh", [emit.op("Dropout", [x])]) } satisfies Row, // the runtime drops it
];

const normalizations = [
  ...[-1, 0, 1].map((axis) => one("Softmax", [smooth(2, 3, 4)], { axis })),
  one("Softmax", [smooth(2, 3, 4)]),
  ...[-1, 1].map((axis) => one("LogSoftmax", [smooth(2, 3, 4)], { axis }, [11, 13])),
  one("LayerNormalization", [smooth(2, 3, 8), smooth(8), smooth(8)], { epsilon: { float: 1e-5 } }, [17, 20]),
  one("LayerNormalization", [smooth(2, 3, 8), smooth(8)], { axis: 2, epsilon: { float: 0.1 } }, [17]),
  one("LayerNormalization", [smooth(2, 3, 4), smooth(3, 4), smooth(3, 4)], { axis: 1 }, [17]),
  one("SimplifiedLayerNormalization", [smooth(2, 3, 8), smooth(8)], { epsilon: { float: 1e-5 } }, [17]),
  one("RMSNormalization", [smooth(2, 3, 8), smooth(8)], { epsilon: { float: 1e-5 } }, [23]),
  one("com.microsoft.SkipLayerNormalization", [smooth(2, 3, 8), smooth(2, 3, 8), smooth(8), smooth(8), smooth(8)], { epsilon: { float: 1e-5 } }, [17]),
  one("com.microsoft.SkipSimplifiedLayerNormalization", [smooth(2, 3, 8), smooth(2, 3, 8), smooth(8)], { epsilon: { float: 1e-5 } }, [17]),
  {
    name: "com.microsoft.SkipLayerNormalization, its sum used too", opsets: [17], inputs: [smooth(2, 3, 8), smooth(2, 3, 8), smooth(8), smooth(8)],
    build: ({ graph }, x) => {
      const [norm = "", , , sum = ""] = graph.emit("SkipLayerNormalization", x, { domain: "com.microsoft", outputs: [graph.fresh("n"), "", "", graph.fresh("s")], attributes: { epsilon: { float: 1e-5 } } });
      return graph.emit("Mul", [norm, sum])[0] as string;
    },
  } satisfies Row,
];

const lower = { upper: 0 }, upper = { upper: 1 };
const layouts = [
  one("Reshape", [smooth(2, 3, 4), stored(int64([4, -1]))]),
  one("Reshape", [smooth(2, 3, 4), stored(int64([0, 0, 2, 2]))], {}, [13]),
  one("Reshape", [smooth(2, 3, 4), fed(int64([6, 4]))], {}, [13]),
  one("Flatten", [smooth(2, 3, 4)], { axis: 2 }, [11, 13]),
  one("Transpose", [smooth(2, 3, 4)], { perm: [2, 0, 1] }, [11, 13]),
  one("Transpose", [smooth(2, 3, 4)], {}, [13]),
  { ...one("Transpose", [smooth(2, 3, 4)], {}, [13], " twice"), build: (emit, [x = ""]) => emit.op("Transpose", [emit.op("Transpose", [x], { perm: [1, 2, 0] })], { perm: [1, 0, 2] }) } satisfies Row,
  withAxes("Squeeze", smooth(2, 1, 3, 1), [1, -1], 13),
  { ...one("Squeeze", [smooth(2, 1, 3)], {}, [11, 13]), symbolic: false } satisfies Row, // its rank is not known then
  withAxes("Unsqueeze", smooth(2, 3), [0, 3], 13),
  withAxes("Unsqueeze", smooth(2, 3), [-1], 13),
  one("Expand", [smooth(3, 1), stored(int64([2, 3, 4]))]),
  one("Expand", [smooth(2, 1, 3), stored(int64([1, 4, 1]))], {}, [13]),
  one("Expand", [smooth(2, 1, 3), fed(int64([2, 4, 3]))], {}, [13]),
  one("Tile", [smooth(2, 3), stored(int64([2, 3]))], {}, [11, 13]),
  one("Concat", [smooth(2, 3), smooth(2, 1), smooth(2, 4)], { axis: -1 }),
  one("Concat", [smooth(1, 3), weight(2, 3), smooth(2, 3)], { axis: 0 }, [13]),
  ...([[[1], [3], [0], [1]], [[-2], [9223372036854775807], [1], [1]], [[1, 0], [4, 2], [0, -1], [1, 1]], [[0], [100], [0], [2]], [[1], [5], [0], [3]],
    [[-1], [-9223372036854775807], [0], [-1]], [[4], [0], [0], [-2]], [[100], [-100], [0], [-2]], [[5], [9], [0], [1]]] as const)
    .flatMap(([starts, ends, axes, steps]) => [
      one("Slice", [smooth(5, 4), stored(int64(starts)), stored(int64(ends)), stored(int64(axes)), stored(int64(steps))], {}, [11, 13], ` ${starts.join()}:${ends.join()}:${steps.join()}@${axes.join()}`),
      one("Slice", [smooth(5, 4), fed(int64(starts)), fed(int64(ends)), stored(int64(axes)), stored(int64(steps))], {}, [13], ` ${starts.join()}:${ends.join()}:${steps.join()}@${axes.join()} in the run`),
    ]).filter(({ name }) => !name.includes(" 5:9")),
  one("Slice", [smooth(5, 4), stored(int64([1, 1])), stored(int64([3, 4]))], {}, [13], " without axes"),
  {
    name: "Split in three, one part unused", opsets: all, inputs: [smooth(2, 6)],
    build: ({ graph }, [x = ""], opset) => {
      const [a = "", , c = ""] = graph.emit("Split", opset >= 13 ? [x, graph.emitConstant(int64([1, 2, 3]))] : [x], { outputs: 3, attributes: opset >= 13 ? { axis: 1 } : { axis: 1, split: [1, 2, 3] } });
      return graph.emit("Mul", [a, c])[0] as string;
    },
  } satisfies Row,
  one("Pad", [smooth(2, 3), stored(int64([1, 0, 0, 2]))]),
  one("Pad", [smooth(2, 3), stored(int64([1, -1, 0, 2]))], {}, [13]),
  one("Pad", [smooth(2, 3), fed(int64([1, 0, 0, 2]))], {}, [13]),
  one("Pad", [smooth(2, 3), stored(int64([1, 2])), stored(float32([0.5], [])), stored(int64([-1]))], {}, [18]),
  ...[lower, upper].map((attributes) => one("Trilu", [smooth(2, 3, 3)], attributes, [14, 17])),
  one("Trilu", [smooth(3, 4), stored(int64([1], []))], lower, [14]),
  ...[0, 1].flatMap((exclusive) => [0, 1].map((reverse) => one("CumSum", [smooth(3, 4), stored(int64([1], []))], { exclusive, reverse }, [11, 14]))),
];

const lookups = [
  ...[0, -1, 2].map((index) => one("Gather", [smooth(2, 3, 4), stored(int64([index], []))], { axis: 1 }, [11, 13], ` index ${index}`)),
  one("Gather", [smooth(2, 3, 4), stored(int64([1]))], { axis: 1 }, [13]),
  one("Gather", [smooth(2, 3, 4), stored(int64([1], [1, 1]))], { axis: 2 }, [13]),
  one("Gather", [smooth(4, 3), stored(int64([2, 0, 2, -1]))], { axis: 0 }, [11, 13]),
  one("Gather", [smooth(4, 3), fed(int64([2, 0, 2, -1, 1, 1], [2, 3]))], {}, [13, 17]),
  one("Gather", [smooth(2, 4, 3), fed(int64([2, 0, 2, -1], [2, 2]))], { axis: 1 }, [13]),
  one("Gather", [smooth(2, 4, 3), fed(int64([2, 0], [2]))], { axis: -1 }, [13]),
  one("Gather", [smooth(2, 4, 3), fed(int64([2], []))], { axis: 1 }, [13]),
  one("GatherElements", [smooth(3, 4), fed(int64([0, 0, 1, -1, 1, 2], [3, 2]))], { axis: 1 }, [13, 16, 18]),
  one("GatherND", [smooth(3, 4), fed(int64([0, 0, 1, 3, 0, 0], [3, 2]))], {}, [14, 16, 18]),
  one("GatherND", [smooth(3, 4), fed(int64([2, 0, 2], [3, 1]))], {}, [16]),
];

const sequences: Row[] = [
  {
    name: "x used three times accumulates", opsets: [13], inputs: [smooth(2, 3)],
    build: (emit, [x = ""]) => emit.op("Add", [emit.op("Mul", [x, x]), emit.op("Tanh", [x])]),
  },
  {
    name: "integer edges stop: x + Cast(Cast(x to int64) to float)", opsets: [13], inputs: [halves(2, 3)],
    build: (emit, [x = ""]) => emit.op("Add", [x, emit.op("Cast", [emit.op("Cast", [x], { to: 7 })], { to: 1 })]),
  },
  {
    name: "scaled by a function of its own shape", opsets: [13], inputs: [smooth(2, 4)],
    build: (emit, [x = ""]) => emit.op("Div", [x, emit.op("Sqrt", [emit.op("Cast", [emit.op("Gather", [emit.op("Shape", [x]), emit.ints(1)])], { to: 1 })])]),
  },
];

/** A layer normalisation and a GELU spelled out, as exporters do. */
const spelled: Row[] = [
  {
    name: "LayerNormalization in nine nodes", opsets: [11, 14, 18], inputs: [smooth(2, 3, 8), weight(8), weight(8)],
    build: (emit, [x = "", gamma = "", beta = ""], opset) => {
      const mean = (value: string): string => opset >= 18 ? emit.op("ReduceMean", [value, emit.ints(-1)]) : emit.op("ReduceMean", [value], { axes: [-1] });
      const centred = emit.op("Sub", [x, mean(x)]);
      const variance = mean(emit.op("Pow", [centred, emit.graph.emitConstant(float32([2], []))]));
      const root = emit.op("Sqrt", [emit.op("Add", [variance, emit.graph.emitConstant(float32([1e-5], []))])]);
      return emit.op("Add", [emit.op("Mul", [emit.op("Div", [centred, root]), gamma]), beta]);
    },
  },
  ...["Div", "Reciprocal", "x/"].map((form): Row => ({
    name: `RMSNormalization spelled out with ${form}`, opsets: [13, 18], inputs: [smooth(2, 3, 8), weight(8)],
    build: (emit, [x = "", gamma = ""], opset) => {
      const scalar = (value: number): string => emit.graph.emitConstant(float32([value], []));
      const square = emit.op("Pow", [x, scalar(2)]);
      const mean = opset >= 18 ? emit.op("ReduceMean", [square, emit.ints(-1)]) : emit.op("ReduceMean", [square], { axes: [-1] });
      const root = emit.op("Sqrt", [emit.op("Add", [mean, scalar(1e-6)])]);
      if (form === "x/") return emit.op("Mul", [emit.op("Div", [x, root]), gamma]);
      const inverse = form === "Div" ? emit.op("Div", [scalar(1), root]) : emit.op("Reciprocal", [root]);
      return emit.op("Mul", [gamma, emit.op("Cast", [emit.op("Mul", [x, inverse])], { to: 1 })]);
    },
  })),
  {
    name: "GELU by Erf in five nodes", opsets: [11, 17], inputs: [smooth(2, 5)],
    build: (emit, [x = ""]) => {
      const scalar = (value: number): string => emit.graph.emitConstant(float32([value], []));
      const cdf = emit.op("Add", [emit.op("Erf", [emit.op("Div", [x, scalar(Math.SQRT2)])]), scalar(1)]);
      return emit.op("Mul", [emit.op("Mul", [x, cdf]), scalar(0.5)]);
    },
  },
  {
    name: "GELU by Tanh in eight nodes", opsets: [11, 17], inputs: [smooth(2, 5)],
    build: (emit, [x = ""]) => {
      const scalar = (value: number): string => emit.graph.emitConstant(float32([value], []));
      const inner = emit.op("Add", [x, emit.op("Mul", [scalar(0.044715), emit.op("Pow", [x, scalar(3)])])]);
      const plus = emit.op("Add", [emit.op("Tanh", [emit.op("Mul", [scalar(Math.sqrt(2 / Math.PI)), inner])]), scalar(1)]);
      return emit.op("Mul", [emit.op("Mul", [x, scalar(0.5)]), plus]);
    },
  },
];

export const rows: readonly Row[] = [
  ...binary, ...unary, ...activations, ...products, ...fourBit, ...normalizations, ...reductions, ...layouts, ...lookups, ...sequences, ...spelled,
];
