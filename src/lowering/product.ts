/**
 * com.microsoft FusedMatMul and FusedGemm. A weight is never transposed: that would be folded into a second copy of it.
 * Source: onnxruntime docs/ContribOperators.md.
 */
import { type AttributeLiterals, floatAttribute, intAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { type Lowering, refused } from "./lowering.js";

/** α · op(a) · op(b). With a stored operand it stays: it has a gradient rule, and nothing else is gained. */
export const fusedMatMul: Lowering = ({ b, graph, node, x, y }) => {
  const flags = ["A", "B"].map((side) => ({ swap: intAttribute(node, `trans${side}`, 0) === 1, batch: intAttribute(node, `transBatch${side}`, 0) === 1 }));
  const ranks = [graph.rank(x(0)), graph.rank(x(1))];
  const unbatched = flags.every(({ batch }) => !batch);
  if (unbatched && [0, 1].some((index) => graph.constant(x(index)) !== undefined || graph.initializer(x(index)) !== undefined)) return null;
  if (flags.some(({ swap, batch }, index) => (swap || batch) && ranks[index] === undefined)) return refused("the number of axes of an operand is not known");
  if (flags.some(({ batch }, index) => batch && graph.initializer(x(index)) !== undefined)) return refused("a stored operand whose batch axes are transposed");
  return () => {
    const operand = (index: number): Value => {
      const { swap, batch } = flags[index]!;
      const rank = ranks[index]!;
      if ((!swap && !batch) || rank < 2) return x(index);
      // transBatch: the first axis goes behind the other batch axes, as in [token, head, size] → [head, token, size]
      const order = batch ? [...Array.from({ length: rank - 2 }, (_, axis) => axis + 1), 0, rank - 1] : [...Array(rank).keys()];
      return b.transpose(x(index), swap ? [...order.slice(0, -2), order[rank - 1]!, order[rank - 2]!] : order);
    };
    const alpha = floatAttribute(node, "alpha", 1);
    const operands = [operand(0), operand(1)] as const;
    if (alpha === 1) b.matmul(...operands, y(0));
    else b.mul(b.matmul(...operands), b.number(alpha, b.dtype(x(0))), y(0));
  };
};

/** Activations with their attributes: name here, name as FusedGemm has it. */
const activations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Relu: {}, Tanh: {}, Sigmoid: {}, Softplus: {}, LeakyRelu: { alpha: "activation_alpha" }, Elu: { alpha: "activation_alpha" },
};

export const fusedGemm: Lowering = ({ b, node, x, y }) => {
  const activation = stringAttribute(node, "activation", "");
  const own = activations[activation];
  if (own === undefined) return refused(`with the activation "${activation}"`);
  return () => {
    const kept: AttributeLiterals = new Map([...node.attributes].filter(([name]) => !name.startsWith("activation")));
    const product = b.op("Gemm", [x(0), x(1), x(2)].filter((name) => name !== ""), kept);
    const attributes = Object.entries(own).flatMap(([name, from]) => (node.attributes.has(from) ? [[name, { float: floatAttribute(node, from, 0) }]] : []));
    b.op(activation, [product], Object.fromEntries(attributes) as Record<string, { float: number }>, y(0));
  };
};
