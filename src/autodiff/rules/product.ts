/**
 * Rules of matrix products. A weight is used by name in both directions: dX = dY·Wᵀ is a Gemm with transB on the rows of dY, never a
 * Transpose of W (the runtime would fold it into a second copy). Between activations only the operands of the head width are transposed,
 * never a token × token matrix.
 */
import type { Dim } from "../../onnx/types.js";
import { timesTransposed } from "../dequantized-product.js";
import type { Emitter } from "../emitter.js";
import { reshapeLike, expandLike } from "../extents.js";
import type { Rule, Value } from "../rule.js";
import { sumTo } from "../unbroadcast.js";

/** What an unknown extent is taken for when two ways to write a product are compared: a long text. */
const usualTokens = 512;

const area = (rows: Dim | undefined, columns: Dim | undefined): number =>
  (typeof rows === "number" ? rows : usualTokens) * (typeof columns === "number" ? columns : usualTokens);

/** aᵀ·g, as written or as (gᵀ·a)ᵀ: whichever transposes less, and never a constant. a: [.., M, K], g: [.., M, N]. */
function transposedTimes(m: Emitter, a: Value, g: Value, rankA: number, rankG: number, columns: Dim | undefined): Value {
  const [rows, inner] = m.shape(a).slice(-2);
  const second = area(rows, columns) + area(inner, columns);
  if (!m.fixed(a) && area(rows, inner) <= second) return m.matmul(m.swap(a, rankA), g);
  return m.swap(m.matmul(m.swap(g, rankG), a), Math.max(rankA, rankG));
}

/** a·b with a of rank 1 or b of rank 1. */
const vectorProduct: Rule = ({ m, dy, x: [a, b] }) => {
  const rankA = m.rank(a), rankB = m.rank(b);
  if (rankA === 1 && rankB === 1) return [() => m.mul(dy, b), () => m.mul(dy, a)]; // dy: []
  if (rankA === 1) { // [K] · [.., K, N] → [.., N]
    return [
      () => m.reduceSum(m.squeeze(m.matmul(b, m.unsqueeze(dy, [rankB - 1])), [rankB - 1]), [...Array(rankB - 2).keys()], false),
      () => m.mul(m.unsqueeze(a, [1]), m.unsqueeze(dy, [rankB - 2])),
    ];
  }
  return [ // [.., M, K] · [K] → [.., M]
    () => m.mul(m.unsqueeze(dy, [rankA - 1]), b),
    () => m.reduceSum(m.squeeze(m.matmul(m.unsqueeze(dy, [rankA - 2]), a), [rankA - 2]), [...Array(rankA - 2).keys()], false),
  ];
};

/** y = a·b: da = dy·bᵀ, db = aᵀ·dy, summed over batch axes that were broadcast. */
const matmul: Rule = (site) => {
  const { m, dy, x: [a, b], y } = site;
  const rankA = m.rank(a), rankB = m.rank(b), rank = Math.max(rankA, rankB);
  if (rankA === 1 || rankB === 1) return vectorProduct(site);
  const batch = m.shape(y).slice(0, -2);
  const sum = (g: Value, to: Value, other: Value): Value =>
    sumTo(m, g, [...batch, ...m.shape(to).slice(-2)], to, [[...m.shape(other).slice(0, -2), 1, 1]]);
  const columns = m.shape(b).at(-1);
  return [
    () => {
      if (rankB === 2) {
        const rows = m.gemm(m.rows(dy, rank), b, { transB: 1 }); // [rows, K]
        return rankA === 2 ? rows : reshapeLike(m, rows, a);
      }
      if (m.fixed(b)) return sum(m.swap(m.matmul(b, m.swap(dy, rank)), rank), a, b);
      const product = m.matmul(dy, m.swap(b, rankB));
      const da = sum(product, a, b);
      // Σⱼ aᵢⱼ (dy·bᵀ)ᵢⱼ = Σⱼ dyᵢⱼ yᵢⱼ, over the head width instead of the tokens (Dao et al. 2022, arXiv:2205.14135, appendix B)
      if (da === product) m.noteRowProduct(a, da, () => m.reduceSum(m.mul(dy, y), [rank - 1], true));
      return da;
    },
    () => rankB === 2
      ? m.gemm(m.rows(a, rankA), m.rows(dy, rank), { transA: 1 }) // [K, N]
      : sum(transposedTimes(m, a, dy, rankA, rank, columns), b, a),
  ];
};

/** y = α op(a)·op(b) + β c */
const gemm: Rule = ({ m, node, dy, x: [a, b, c], y }) => {
  const alpha = m.float(node, "alpha", 1), beta = m.float(node, "beta", 1);
  const transA = m.int(node, "transA", 0), transB = m.int(node, "transB", 0);
  return [
    () => transA ? m.gemm(b, dy, { alpha, transA: transB, transB: 1 }) : m.gemm(dy, b, { alpha, transB: 1 - transB }),
    () => transB ? m.gemm(dy, a, { alpha, transA: 1, transB: transA }) : m.gemm(a, dy, { alpha, transA: 1 - transA }),
    () => sumTo(m, m.scale(dy, beta), m.shape(y), c, [[m.shape(y)[0] ?? null, m.shape(y)[1] ?? null]]),
  ];
};

/** com.microsoft.FusedMatMul: y = α op(a)·op(b), op transposes the last two axes. */
const fusedMatmul: Rule = ({ m, node, dy, x: [a, b], y }) => {
  const alpha = m.float(node, "alpha", 1);
  const transA = m.int(node, "transA", 0) === 1, transB = m.int(node, "transB", 0) === 1;
  const rankA = m.rank(a), rankB = m.rank(b), rank = Math.max(rankA, rankB);
  const batch = m.shape(y).slice(0, -2);
  const sum = (g: Value, to: Value, other: Value): Value =>
    sumTo(m, m.scale(g, alpha), [...batch, ...m.shape(to).slice(-2)], to, [[...m.shape(other).slice(0, -2), 1, 1]]);
  return [
    () => {
      if (!transA && rankB === 2) return reshapeLike(m, m.gemm(m.rows(dy, rank), b, { alpha, transB: transB ? 0 : 1 }), a);
      const forward = m.matmul(dy, transB ? b : m.swap(b, rankB)); // cotangent of op(a)
      return sum(transA ? m.swap(forward, rank) : forward, a, b);
    },
    () => {
      const forward = m.matmul(transA ? a : m.swap(a, rankA), dy); // cotangent of op(b)
      return sum(transB ? m.swap(forward, rank) : forward, b, a);
    },
  ];
};

/** x ≈ dequantised x, times an integer weight (composites.ts; com.microsoft.DynamicQuantizeMatMul has the same inputs): the gradient of the product with the dequantised weight, straight through the rounding of x. */
const dynamicLinear: Rule = ({ m, dy, x: [a, weight, scale, zeroPoint], y }) => [() => reshapeLike(m, timesTransposed(m, m.rows(dy, m.rank(y)), { weight, scale, zeroPoint }), a)];

/** com.microsoft.MatMulNBits: W [K, N] is what the operator itself makes of the identity, so that the packed weight is held once, at any opset. */
const matmulNBits: Rule = ({ m, node, dy, x: [a], y }) => [() => {
  const size = m.int(node, "K", 0);
  const identity = m.remember(`identity ${size}`, () => {
    const positions = m.cast(m.integersConstant([...Array(size).keys()]), m.dtype(a));
    return m.indicator(m.equal(m.unsqueeze(positions, [1]), positions), a); // [K, K]
  });
  const weight = m.op(node.opType, [identity, ...node.inputs.slice(1, 5)], node.attributes, node.domain); // without the bias
  return reshapeLike(m, m.gemm(m.rows(dy, m.rank(y)), weight, { transB: 1 }), a);
}];

/** Each operand's cotangent is an Einsum too, of dy with the other operands; an axis that only this operand has is copied along. */
const einsum: Rule = ({ m, node, dy }) => {
  const { operands, result } = einsumTerms(m.string(node, "equation", ""));
  return operands.map((term, index) => () => {
    const others = operands.filter((_, at) => at !== index);
    const inputs = [dy, ...node.inputs.filter((_, at) => at !== index)];
    const present = [...term].filter((label) => result.includes(label) || others.some((other) => other.includes(label)));
    const g = m.op("Einsum", inputs, { equation: `${[result, ...others].join(",")}->${present.join("")}` });
    const missing = [...term].flatMap((label, axis) => (present.includes(label) ? [] : [axis]));
    return missing.length === 0 ? g : expandLike(m, m.unsqueeze(g, missing), node.inputs[index] as Value);
  });
};

/** The terms of an Einsum equation; an implicit result has the labels that occur once, in alphabetical order. */
export function einsumTerms(equation: string): { operands: string[]; result: string } {
  const [left = "", right] = equation.replace(/\s/g, "").split("->");
  const operands = left.split(",");
  const labels = operands.join("");
  return { operands, result: right ?? [...labels].filter((label) => labels.split(label).length === 2).sort().join("") };
}

export const product = { MatMul: matmul, Gemm: gemm, Einsum: einsum, "com.microsoft.FusedMatMul": fusedMatmul, "com.microsoft.MatMulNBits": matmulNBits, "com.microsoft.DynamicQuantizeMatMul": dynamicLinear, "lexiscope.DynamicLinear": dynamicLinear } satisfies Record<string, Rule>;
