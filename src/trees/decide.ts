/**
 * The test of a node for one row, as ONNX defines it: `feature OP threshold`, and the way of a missing value. Tree SHAP and the evaluator
 * share it, so that they cannot disagree. Source: ONNX ai.onnx.ml, TreeEnsemble.
 */
import { LexiscopeError } from "../base/errors.js";
import type { NodeMode, Tree, TreeEnsemble } from "./types.js";

/** A comparison with NaN is false, but for NEQ. */
const tests: Readonly<Record<NodeMode, (value: number, threshold: number, members: ReadonlySet<number> | undefined) => boolean>> = {
  BRANCH_LEQ: (value, threshold) => value <= threshold,
  BRANCH_LT: (value, threshold) => value < threshold,
  BRANCH_GTE: (value, threshold) => value >= threshold,
  BRANCH_GT: (value, threshold) => value > threshold,
  BRANCH_EQ: (value, threshold) => value === threshold,
  BRANCH_NEQ: (value, threshold) => value !== threshold,
  BRANCH_MEMBER: (value, _, members) => members?.has(value) ?? false,
  LEAF: () => false,
};

/** The child that a row goes to. */
export function childOf(tree: Tree, node: number, row: Float64Array): number {
  const value = row[tree.feature[node] as number] as number;
  const passes = (Number.isNaN(value) && tree.missingPasses[node] === 1) || tests[tree.mode[node] as NodeMode](value, tree.threshold[node] as number, tree.members.get(node));
  return (passes ? tree.passed[node] : tree.failed[node]) as number;
}

export const isLeaf = (tree: Tree, node: number): boolean => tree.mode[node] === "LEAF";

/** The leaf that a row comes to. */
export function leafOf(tree: Tree, row: Float64Array): number {
  let node = 0;
  while (!isLeaf(tree, node)) node = childOf(tree, node, row);
  return node;
}

/**
 * A row as the runtime sees it: rounded to float32 where the node takes float32. NaN is a missing value.
 * @throws bad-input for a row of another length
 */
export function prepareRow(ensemble: TreeEnsemble, row: ArrayLike<number>, what = "the row"): Float64Array {
  const { features, featuresDeclared } = ensemble;
  if (featuresDeclared ? row.length !== features : row.length < features) {
    throw new LexiscopeError("bad-input", `${what} has ${row.length} features; the tree ensemble takes ${featuresDeclared ? "" : "at least "}${features}`);
  }
  return Float64Array.from(row, ensemble.inputPrecision === "float32" ? Math.fround : Number);
}
