/**
 * com.microsoft SkipLayerNormalization and SkipSimplifiedLayerNormalization as a sum and a norm: the sum is the residual stream, and
 * in the fused form nobody sees it. Source: onnxruntime docs/ContribOperators.md.
 */
import { floatAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { type Lowering, refused } from "./lowering.js";

/** @param bias position of the optional bias among the inputs */
const skip = (norm: string, biasInput: number): Lowering => ({ b, node, x, y, used }) => {
  if (used(1) || used(2)) return refused("its mean or deviation is read");
  return () => {
    const biased = x(biasInput) === "" ? x(0) : b.add(x(0), x(biasInput));
    const sum: Value = b.add(biased, x(1), y(3) || undefined);
    const parameters = [x(2), ...(biasInput === 4 ? [x(3)] : [])].filter((name) => name !== "");
    b.op(norm, [sum, ...parameters], { axis: -1, epsilon: { float: floatAttribute(node, "epsilon", 1e-12) } }, y(0));
  };
};

export const skipLayerNormalization = skip("LayerNormalization", 4); // x, skip, gamma, beta, bias
export const skipSimplifiedLayerNormalization = skip("SimplifiedLayerNormalization", 3); // x, skip, gamma, bias
