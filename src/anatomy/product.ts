/**
 * The product of queries and keys, as the operators write it: which input is Q, which K, which way K lies, and what number the
 * operator multiplies by itself. One row an operator.
 */
import type { Graph } from "../graph/graph.js";
import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";

export interface Product {
  readonly query: string;
  readonly key: string;
  readonly keyTransposed: boolean;
  readonly alpha: number;
}

type Row = (node: Node) => Product | null;

export const PRODUCTS: Readonly<Record<string, Row>> = {
  // MatMul(Q [b,h,q,d], Kᵀ [b,h,d,k])
  MatMul: (node) => ({ query: node.inputs[0]!, key: node.inputs[1]!, keyTransposed: true, alpha: 1 }),
  // com.microsoft.FusedMatMul: alpha · Q · (transB ? Kᵀ : K)
  FusedMatMul: (node) =>
    ["transA", "transBatchA", "transBatchB"].some((name) => intAttribute(node, name, 0) !== 0)
      ? null
      : { query: node.inputs[0]!, key: node.inputs[1]!, keyTransposed: intAttribute(node, "transB", 0) === 0, alpha: floatAttribute(node, "alpha", 1) },
  // Einsum "bhqd,bhkd->bhqk" or "bhqd,bhdk->bhqk", whatever the letters
  Einsum: (node) => {
    const parts = /^(\w)(\w)(\w)(\w),(\w{4})->(\w{4})$/.exec(stringAttribute(node, "equation", "").replaceAll(" ", ""));
    if (parts === null) return null;
    const [, b, h, q, d, right, out] = parts as unknown as [string, string, string, string, string, string, string];
    const k = out[3]!;
    if (out.slice(0, 3) !== b + h + q || (right !== b + h + k + d && right !== b + h + d + k)) return null;
    return { query: node.inputs[0]!, key: node.inputs[1]!, keyTransposed: right === b + h + d + k, alpha: 1 };
  },
};

/**
 * Q and K with batch and head as two axes where the product is batched over one: Q = Reshape([b,h,q,d] → [b·h,q,d]), Kᵀ = Reshape([b,h,d,k])
 * or Transpose(0,2,1) of Reshape([b,h,k,d]), either of them times a number, which becomes part of `alpha`. A product of four axes stays as it is.
 */
export function fourAxes(graph: Graph, product: Product): Product | null {
  if (graph.rank(product.query) !== 3) return product;
  const query = regrouped(graph, product.query);
  const key = regrouped(graph, product.key);
  if (query === null || key === null || query.turned) return null;
  return { query: query.value, key: key.value, keyTransposed: key.turned !== product.keyTransposed, alpha: product.alpha * query.factor * key.factor };
}

/** Values with batch and head as two axes; as they stand where they are no Reshape of such. */
export function withFourAxes(graph: Graph, value: string): string {
  const node = graph.rank(value) === 3 ? graph.producer(value) : undefined;
  return node?.opType === "Reshape" && graph.rank(node.inputs[0]!) === 4 ? node.inputs[0]! : value;
}

interface Regrouped { readonly value: string; readonly factor: number; readonly turned: boolean }

/** Up over factors and a Transpose of the last two axes to the Reshape from four axes; `turned`: whether there was such a Transpose. */
function regrouped(graph: Graph, value: string, factor = 1, turned = false): Regrouped | null {
  const node = graph.producer(value);
  const [first, second] = node?.inputs ?? [];
  if (node === undefined || first === undefined) return null;
  if (node.opType === "Reshape") return graph.rank(first) === 4 ? { value: first, factor, turned } : null;
  if (node.opType === "Transpose" && intsAttribute(node, "perm", []).join() === "0,2,1") return regrouped(graph, first, factor, !turned);
  if (second === undefined || (node.opType !== "Mul" && node.opType !== "Div")) return null;
  const [right, left] = [graph.scalar(second), graph.scalar(first)];
  if (right !== undefined) return regrouped(graph, first, node.opType === "Mul" ? factor * right : factor / right, turned);
  return node.opType === "Mul" && left !== undefined ? regrouped(graph, second, factor * left, turned) : null;
}
