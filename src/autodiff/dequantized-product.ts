/**
 * rows · Wᵀ with a weight of 8-bit integers: W is dequantised for the product and dropped again. The largest weights, of a vocabulary say, would
 * then stand beside the file in float32, four times its size: they are taken a stripe of columns at a time, in a Loop.
 */
import { dataTypeOf } from "../onnx/dtypes.js";
import { node as makeNode } from "../onnx/attributes.js";
import type { Node, ValueInfo } from "../onnx/types.js";
import { float32, int64 } from "../tensor/tensor.js";
import type { DType } from "../tensor/tensor.js";
import type { Emitter } from "./emitter.js";
import type { Value } from "./value.js";

/** Weights of more elements are taken in stripes; elements of one stripe. 4 MiB in float32. */
const STRIPED_FROM = 2 ** 21;
const STRIPE = 2 ** 20;

export interface EightBits {
  readonly weight: Value; // [K, N]
  readonly scale: Value; // of all, or [N]
  readonly zeroPoint: Value; // as scale; "" is 0
}

/** rows [R, N] → [R, K] */
export function timesTransposed(m: Emitter, rows: Value, { weight, scale, zeroPoint }: EightBits): Value {
  const perColumn = m.rank(scale) === 1 && m.shape(scale)[0] !== 1 && m.graph.opset >= 13;
  const attributes = perColumn ? { axis: 1 } : {};
  const [inner, columns] = m.shape(weight);
  const given = (values: readonly Value[]): Value[] => values.filter((value) => value !== "");
  if (typeof inner !== "number" || typeof columns !== "number" || inner * columns <= STRIPED_FROM) {
    return m.gemm(rows, m.op("DequantizeLinear", given([weight, scale, zeroPoint]), attributes), { transB: 1 });
  }
  const width = Math.ceil(STRIPE / inner);
  const { graph } = m;
  const constant = (values: readonly number[], shape: readonly number[]): Value => graph.emitConstant(int64(values, shape));
  const [zero, one, wide] = [constant([0], [1]), constant([1], [1]), constant([width], [1])];
  const name = (base: string): string => graph.fresh(base);
  const nodes: Node[] = [];
  const put = (opType: string, inputs: readonly Value[], more: Parameters<typeof makeNode>[3] = {}): Value => {
    const output = name(opType.toLowerCase());
    nodes.push(makeNode(opType, inputs, [output], more, "", output));
    return output;
  };
  const [turn, going, sum] = [name("turn"), name("going"), name("sum")];
  const from = put("Mul", [put("Reshape", [turn, one]), wide]);
  const to = put("Add", [from, wide]);
  const striped = (value: Value, axis: Value): Value => put("Slice", [value, from, to, axis]); // the last stripe ends where the weight does
  const ofColumns = (value: Value): Value => (perColumn && value !== "" ? striped(value, zero) : value);
  const stripe = put("DequantizeLinear", given([striped(weight, one), ofColumns(scale), ofColumns(zeroPoint)]), attributes); // [K, width]
  const more = put("Add", [sum, put("Gemm", [striped(rows, one), stripe], { transB: { int: 1 } })]);
  const info = (value: string, dtype: DType, shape: number[] | null): ValueInfo => ({ name: value, type: { dtype, dataType: dataTypeOf(dtype), shape }, unknown: [] });
  const body = {
    name: "lexi_stripes", nodes, initializers: [], valueInfo: [], unknown: [],
    inputs: [info(turn, "int64", []), info(going, "bool", []), info(sum, "float32", null)],
    outputs: [info(put("Identity", [going]), "bool", []), info(more, "float32", null)],
  };
  const turns = constant([Math.ceil(columns / width)], []);
  const nothing = graph.emitConstant(float32(new Array<number>(inner).fill(0), [1, inner]));
  return m.op("Loop", [turns, graph.emitConstant({ dtype: "bool", shape: [], data: Uint8Array.of(1) }), nothing], { body });
}
