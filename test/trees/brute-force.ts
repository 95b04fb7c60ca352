/**
 * The two games of Tree SHAP straight from their definitions, one walk a coalition, written against the columns of the file and not against the
 * library's trees: what a row's margin becomes when only the features of a coalition are known.
 */
import type { Game } from "../../src/methods/shapley/game.js";
import type { Columns } from "./fixtures.js";

const compare: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  BRANCH_LEQ: (value, threshold) => value <= threshold,
  BRANCH_LT: (value, threshold) => value < threshold,
  BRANCH_GTE: (value, threshold) => value >= threshold,
  BRANCH_GT: (value, threshold) => value > threshold,
  BRANCH_EQ: (value, threshold) => value === threshold,
  BRANCH_NEQ: (value, threshold) => value !== threshold,
};

/** Value of one target below a node, given the way of a row at a split; null: both ways, by cover. */
function below(columns: Columns, node: number, target: number, valueOf: (feature: number) => number | null): number {
  const tree = columns.nodes_treeids[node]!;
  const id = columns.nodes_nodeids[node]!;
  if (columns.nodes_modes[node] === "LEAF") {
    return columns.target_weights.reduce((sum, weight, at) => (columns.target_treeids[at] === tree && columns.target_nodeids[at] === id && columns.target_ids[at] === target ? sum + weight : sum), 0);
  }
  const find = (child: number): number => columns.nodes_treeids.findIndex((other, at) => other === tree && columns.nodes_nodeids[at] === child);
  const [passed, failed] = [find(columns.nodes_truenodeids[node]!), find(columns.nodes_falsenodeids[node]!)];
  const value = valueOf(columns.nodes_featureids[node]!);
  if (value === null) {
    const [left, right] = [columns.nodes_hitrates[passed]!, columns.nodes_hitrates[failed]!];
    return (left * below(columns, passed, target, valueOf) + right * below(columns, failed, target, valueOf)) / (left + right);
  }
  const passes = (Number.isNaN(value) && columns.nodes_missing_value_tracks_true[node] === 1) || compare[columns.nodes_modes[node]!]!(value, columns.nodes_values[node]!);
  return below(columns, passes ? passed : failed, target, valueOf);
}

export function sumOfTrees(columns: Columns, target: number, valueOf: (feature: number) => number | null): number {
  return columns.nodes_nodeids.reduce((sum, id, node) => (id === 0 ? sum + below(columns, node, target, valueOf) : sum), 0);
}

/** Absent features go both ways, in the shares of the covers. */
export const pathDependentGame = (columns: Columns, row: readonly number[], target: number): Game => async (coalitions) =>
  coalitions.map((present) => sumOfTrees(columns, target, (feature) => (present[feature] ? row[feature]! : null)));

/** Absent features take each background row's values. */
export const interventionalGame = (columns: Columns, row: readonly number[], background: readonly (readonly number[])[], target: number): Game => async (coalitions) =>
  coalitions.map((present) => background.reduce((sum, other) => sum + sumOfTrees(columns, target, (feature) => (present[feature] ? row : other)[feature]!), 0) / background.length);
