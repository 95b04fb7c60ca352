/**
 * From what enters softmax back to the product of queries and keys, and what the nodes between do to the formula
 * softmax(cap(QKᵀ·scale) + bias): a table, one row an operator. What the formula cannot say ends up in `extra`, never in silence.
 */
import type { Graph } from "../graph/graph.js";
import type { Node } from "../onnx/types.js";
import type { Missing } from "./types.js";
import { nodeName, opName } from "./walk.js";

/** The nodes between the product and softmax, nearest to the product first; `input`: the index through which the product comes. */
export interface Route {
  readonly product: Node;
  readonly steps: readonly { readonly node: Node; readonly input: number }[];
}

/** What the steps amount to. */
export interface Formula {
  scale: number | null; // null: not a constant
  softcap: number; // 0: none
  biases: string[];
  /** conditions of Where on the scores: masks that are not added */
  conditions: string[];
  extra: string[];
}

type Row = (graph: Graph, node: Node, input: number, formula: Formula, missing: Missing[]) => void;

const plain = (formula: Formula): boolean => formula.biases.length === 0 && formula.extra.length === 0;

/** Nothing happens to the numbers (a reshape regroups batch and head). */
const pass: Row = () => {};

const beyond: Row = (_graph, node, _input, formula) => void formula.extra.push(opName(node));

/** product · c next to the product. Behind a mask c·(s + bias) is not c·s + bias: the number is part of the scale all the same, and the operator said beside it. */
const factor = (of: (constant: number) => number): Row => (graph, node, input, formula, missing) => {
  const behind = !plain(formula);
  if (behind) beyond(graph, node, input, formula, missing);
  if ((behind && formula.softcap > 0) || (node.opType === "Div" && input === 1)) return behind ? undefined : beyond(graph, node, input, formula, missing);
  const constant = graph.scalar(node.inputs[1 - input]!);
  if (constant === undefined) {
    formula.scale = null;
    missing.push({ what: "scale", node: nodeName(node), reason: `${opName(node)} by "${node.inputs[1 - input]!}", which is not a constant number` });
  } else if (formula.scale !== null) {
    formula.scale *= of(constant);
    formula.softcap *= of(constant); // f·c·tanh(s/c) = (f·c)·tanh(f·s/(f·c))
  }
};

/** tanh(s) = 1·tanh(s/1) */
const cap: Row = (graph, node, input, formula, missing) => {
  if (!plain(formula) || formula.softcap !== 0 || formula.scale === null) return beyond(graph, node, input, formula, missing);
  formula.softcap = 1;
};

const addition: Row = (graph, node, input, formula) => {
  const other = node.inputs[1 - input]!;
  if (graph.scalar(other) === 0) return;
  if (formula.biases.length > 0) formula.extra.push(opName(node));
  formula.biases.push(other);
};

const choice: Row = (_graph, node, _input, formula) => {
  formula.conditions.push(node.inputs[0]!);
  formula.extra.push(opName(node));
};

const ROWS: Readonly<Record<string, Row>> = {
  Identity: pass, Cast: pass, Dropout: pass, Reshape: pass, Squeeze: pass, Unsqueeze: pass, Expand: pass,
  Mul: factor((constant) => constant), // scores · c
  Div: factor((constant) => 1 / constant), // scores / c
  Add: addition, // scores + mask, in either order
  Where: choice, // Where(mask, scores, -big) and Where(mask, -big, scores)
  Tanh: cap, // soft cap: scores / c, Tanh, · c
  Sub: beyond, Neg: beyond, Max: beyond, Min: beyond, Clip: beyond,
  Concat: beyond, Slice: beyond, Pad: beyond, Transpose: beyond, // attention sinks: one more column
  QuantizeLinear: beyond, DequantizeLinear: beyond, // rounding of the scores
};

const DEEPEST = 24;

/** The shortest way from `value` up to a node that `isProduct`, over operators of the table; null when there is none. */
export function findRoute(graph: Graph, value: string, isProduct: (node: Node) => boolean): Route | null {
  const seen = new Set([value]);
  let front: { value: string; steps: Route["steps"] }[] = [{ value, steps: [] }];
  for (let depth = 0; depth < DEEPEST && front.length > 0; depth++) {
    const next: typeof front = [];
    for (const { value: at, steps } of front) {
      const node = graph.producer(at);
      if (node === undefined) continue;
      if (isProduct(node)) return { product: node, steps };
      if (!Object.hasOwn(ROWS, node.opType)) continue;
      node.inputs.forEach((name, input) => {
        if (name === "" || seen.has(name) || (node.opType === "Where" && input === 0)) return;
        seen.add(name);
        next.push({ value: name, steps: [{ node, input }, ...steps] });
      });
    }
    front = next;
  }
  return null;
}

/** The formula of a route; a product of several operators may bring a factor of its own (`alpha` of FusedMatMul). */
export function formulaOf(graph: Graph, route: Route, alpha: number, missing: Missing[]): Formula {
  const formula: Formula = { scale: alpha, softcap: 0, biases: [], conditions: [], extra: [] };
  for (const { node, input } of route.steps) ROWS[node.opType]!(graph, node, input, formula, missing);
  return formula;
}
