/**
 * An ensemble of decision trees as this library explains it: flat arrays, checked when read, with the numbers of the file. It knows nothing
 * of ONNX attributes (the readers do) and is not meant to be written by hand.
 */

/** The test of a node: a feature against a threshold, or a feature's membership in a set. */
export type BranchMode = "BRANCH_LEQ" | "BRANCH_LT" | "BRANCH_GTE" | "BRANCH_GT" | "BRANCH_EQ" | "BRANCH_NEQ" | "BRANCH_MEMBER";
export type NodeMode = BranchMode | "LEAF";
export type PostTransform = "NONE" | "LOGISTIC" | "SOFTMAX" | "SOFTMAX_ZERO" | "PROBIT";
export type Aggregate = "SUM" | "AVERAGE" | "MIN" | "MAX";

/** Nodes in preorder, the root is 0. */
export interface Tree {
  readonly mode: readonly NodeMode[]; // [node]
  readonly feature: Int32Array; // [node]
  readonly threshold: Float64Array; // [node]
  /** the sets of BRANCH_MEMBER nodes */
  readonly members: ReadonlyMap<number, ReadonlySet<number>>;
  /** 1: a missing value (NaN) goes the way of a passed test, whatever the test says of NaN */
  readonly missingPasses: Uint8Array; // [node]
  readonly passed: Int32Array; // [node], child when the test passes; 0 in leaves
  readonly failed: Int32Array; // [node]
  /** how many (or how much weight of) training rows came through; null where the file does not say */
  readonly cover: Float64Array | null; // [node]
  /** the targets that this tree adds to, ascending */
  readonly targets: Int32Array; // [slot]
  /** leaf n adds leafWeight[i] to targets[leafSlot[i]] for leafStart[n] ≤ i < leafStart[n + 1] */
  readonly leafStart: Int32Array; // [node + 1]
  readonly leafSlot: Int32Array; // [entry]
  readonly leafWeight: Float64Array; // [entry]
}

export interface TreeEnsemble {
  readonly kind: "classifier" | "regressor";
  /** name of the ONNX node, "" where it has none */
  readonly node: string;
  readonly trees: readonly Tree[];
  /** length of a row; where the file does not say, the least that the trees need (longer rows are fine) */
  readonly features: number;
  readonly featuresDeclared: boolean;
  /** the value with the features, and its precision: float32 features are rounded before they are compared, as in the runtime */
  readonly input: string;
  readonly inputPrecision: "float32" | "float64";
  /** op types between the graph's inputs and `input`: where there are any, the features are not what a caller feeds the model */
  readonly preprocessing: readonly string[];
  /** op types that work on the ensemble's scores afterwards */
  readonly postprocessing: readonly string[];
  /** raw margins a row: targets of a regressor, classes of a classifier, 1 for a binary classifier that weighs one class */
  readonly targets: number;
  /** class labels; null for a regressor */
  readonly classes: readonly (string | number)[] | null;
  /** for each margin the index of its class; empty for a regressor */
  readonly marginClasses: readonly number[]; // [target]
  /** a binary classifier may weigh one class only: "first" where the file writes those weights under class 0 (as most do; the margin is still
   * that of the second class), "second" under class 1; null otherwise */
  readonly oneClass: "first" | "second" | null;
  /** no leaf weight is negative: the runtime then takes the margin of a one-class classifier for a probability */
  readonly weightsNonNegative: boolean;
  readonly baseValues: Float64Array; // [target], 0 where the file has none
  readonly hasBaseValues: boolean;
  readonly aggregate: Aggregate;
  readonly postTransform: PostTransform;
  /** why the file's covers cannot serve path-dependent Tree SHAP; null when they can */
  readonly missingCover: string | null;
}
