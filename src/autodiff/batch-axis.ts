/**
 * In which axis of each value the rows of a batch stand, for rules that compare one row with another. Followed through the operators that move axes;
 * where it cannot be told it is not guessed. An axis in which heads or tokens follow within a row counts: its first half is the first half of the batch.
 */
import type { Graph } from "../graph/graph.js";
import { intAttribute, intsAttribute, stringAttribute } from "../onnx/attributes.js";
import type { Node } from "../onnx/types.js";
import { operatorName } from "./operators.js";
import { einsumTerms } from "./rules/product.js";
import type { Value } from "./value.js";

interface Step {
  readonly graph: Graph;
  readonly node: Node;
  /** position of the input that is followed */
  readonly input: number;
  /** where the batch stands in it */
  readonly axis: number;
  /** of that input, and of the output */
  readonly rank: number;
  readonly outRank: number;
}

/** The axis in the output; null: the batch is not in one axis any more, or nobody knows. */
type Move = (step: Step) => number | null;

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const axesOf = ({ graph, node }: Step, input = 1): number[] | null => {
  if (node.attributes.has("axes")) return intsAttribute(node, "axes", []);
  const constant = node.inputs[input] ? graph.constant(node.inputs[input]) : undefined;
  return constant ? Array.from(constant.data as ArrayLike<number | bigint>, Number) : null;
};

/** Aligned at the last axis. */
const aligned: Move = ({ axis, rank, outRank }) => axis + outRank - rank;
/** Not along the batch itself. */
const beside = (name: string, fallback: number): Move => (step) => (fromFront(intAttribute(step.node, name, fallback), step.rank) === step.axis ? null : step.axis);
const product: Move = (step) => (step.axis < step.rank - 2 ? aligned(step) : step.axis === 0 && step.rank === 2 && step.input === 0 && step.outRank === 2 ? 0 : null);

/** Row-major order keeps the outermost axis outermost; axes of extent 1 before it do not count. */
const reshaped: Move = ({ graph, node, axis }) => {
  const before = graph.shape(node.inputs[0] as Value)?.slice(0, axis) ?? [];
  const after = graph.shape(node.outputs[0] as Value);
  if (!after || before.length < axis || before.some((extent) => extent !== 1)) return null;
  const first = after.findIndex((extent) => extent !== 1);
  return first === -1 ? null : first;
};

const reduced: Move = (step) => {
  const axes = axesOf(step)?.map((axis) => fromFront(axis, step.rank));
  if (!axes || axes.length === 0 || axes.includes(step.axis)) return null;
  return intAttribute(step.node, "keepdims", 1) ? step.axis : step.axis - axes.filter((axis) => axis < step.axis).length;
};

const moves: Readonly<Record<string, Move>> = {
  Transpose: ({ node, axis, rank }) => (node.attributes.has("perm") ? Array.from(intsAttribute(node, "perm", []), Number).indexOf(axis) : rank - 1 - axis),
  Reshape: reshaped, Flatten: reshaped,
  Unsqueeze: (step) => {
    const axes = axesOf(step)?.map((axis) => fromFront(axis, step.outRank)).sort((a, b) => a - b);
    return axes ? axes.reduce((at, axis) => (axis <= at ? at + 1 : at), step.axis) : null;
  },
  Squeeze: (step) => {
    const axes = axesOf(step)?.map((axis) => fromFront(axis, step.rank));
    return axes && !axes.includes(step.axis) ? step.axis - axes.filter((axis) => axis < step.axis).length : null;
  },
  Gather: (step) => {
    const along = fromFront(intAttribute(step.node, "axis", 0), step.rank);
    return along === step.axis ? null : along < step.axis ? step.axis + step.outRank - step.rank : step.axis;
  },
  Slice: (step) => {
    const axes = axesOf(step, 3)?.map((axis) => fromFront(axis, step.rank));
    return axes && !axes.includes(step.axis) ? step.axis : null;
  },
  Split: beside("axis", 0), Concat: beside("axis", 0), CumSum: () => null, Trilu: aligned,
  MatMul: product, "com.microsoft.MatMulNBits": aligned, "lexiscope.DynamicLinear": aligned, "com.microsoft.FusedMatMul": product,
  Gemm: ({ node, axis, input }) => (axis === 0 && input === 0 && !intAttribute(node, "transA", 0) ? 0 : null),
  Einsum: ({ node, axis, input }) => {
    const { operands, result } = einsumTerms(stringAttribute(node, "equation", ""));
    const at = result.indexOf(operands[input]?.[axis] ?? " ");
    return at === -1 ? null : at;
  },
  ReduceSum: reduced, ReduceMean: reduced, ReduceMax: reduced, ReduceMin: reduced, ReduceSumSquare: reduced, ReduceL2: reduced, ReduceLogSumExp: reduced,
};

/** The axis of the batch in each value that the nodes make of `wrt`, whose first axis it is; null where it is not known. */
export function batchAxes(graph: Graph, nodes: readonly Node[], wrt: Value): ReadonlyMap<Value, number | null> {
  const axes = new Map<Value, number | null>([[wrt, 0]]);
  for (const node of nodes) {
    const move = moves[operatorName(node)] ?? aligned;
    const outRank = graph.rank(node.outputs[0] as Value);
    const found = new Set(node.inputs.flatMap((value, input) => {
      const axis = axes.get(value);
      if (axis === undefined) return [];
      const rank = graph.rank(value);
      return [axis === null || rank === undefined || outRank === undefined ? null : move({ graph, node, input, axis, rank, outRank })];
    }));
    const [axis = null] = found;
    for (const output of node.outputs) if (output) axes.set(output, found.size === 1 && axis !== null && axis >= 0 ? axis : null);
  }
  return axes;
}
