/**
 * The node records of TreeEnsembleClassifier and TreeEnsembleRegressor: nodes are named by tree id and node id, weights point at leaves.
 * Source: ONNX ai.onnx.ml, versions 1 and 3.
 */
import type { NodeRecord } from "./build-tree.js";
import type { TreeAttributes } from "./attributes.js";
import type { NodeMode } from "./types.js";

export interface LabelledRecords {
  readonly label: string;
  readonly records: NodeRecord[];
}

const modes: ReadonlySet<string> = new Set<NodeMode>(["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "LEAF"]);

/** @param weights "class" or "target", the prefix of the weights' attributes */
export function recordsByTree(attributes: TreeAttributes, weights: "class" | "target"): LabelledRecords[] {
  const treeIds = attributes.numbers("nodes_treeids");
  const count = treeIds.length;
  const column = (name: string, fallback?: number): number[] => attributes.column(name, count, fallback);
  const [nodeIds, features, values, passed, failed] = [column("nodes_nodeids"), column("nodes_featureids"), column("nodes_values"), column("nodes_truenodeids"), column("nodes_falsenodeids")];
  const missing = column("nodes_missing_value_tracks_true", 0);
  const covers = attributes.has("nodes_hitrates") && attributes.numbers("nodes_hitrates").length > 0 ? column("nodes_hitrates") : null;
  const names = attributes.strings("nodes_modes");
  if (names.length !== count) attributes.fail(`attribute "nodes_modes" has ${names.length} entries, not ${count}`);

  const leafWeights = weightsByNode(attributes, weights);
  const trees = new Map<number, LabelledRecords>();
  treeIds.forEach((tree, index) => {
    const mode = names[index] as string;
    if (!modes.has(mode)) attributes.fail(`node ${nodeIds[index]} of tree ${tree} has mode "${mode}", which is none of ${[...modes].join(", ")}`);
    let entry = trees.get(tree);
    if (!entry) trees.set(tree, (entry = { label: `tree ${tree}`, records: [] }));
    const id = nodeIds[index] as number;
    const key = `${tree}/${id}`;
    entry.records.push({
      id, mode: mode as NodeMode, feature: features[index] as number, threshold: values[index] as number, missingPasses: missing[index] === 1,
      passed: passed[index] as number, failed: failed[index] as number, cover: covers ? (covers[index] as number) : null, weights: leafWeights.get(key) ?? [],
    });
    leafWeights.delete(key);
  });
  for (const key of leafWeights.keys()) attributes.fail(`a weight is for node ${key} (tree/node), which does not exist`);
  return [...trees.values()];
}

function weightsByNode(attributes: TreeAttributes, prefix: "class" | "target"): Map<string, { target: number; weight: number }[]> {
  const treeIds = attributes.numbers(`${prefix}_treeids`);
  const column = (name: string): number[] => attributes.column(`${prefix}_${name}`, treeIds.length);
  const [nodeIds, targets, weights] = [column("nodeids"), column("ids"), column("weights")];
  const byNode = new Map<string, { target: number; weight: number }[]>();
  treeIds.forEach((tree, index) => {
    const key = `${tree}/${nodeIds[index]}`;
    const entry = { target: targets[index] as number, weight: weights[index] as number };
    const list = byNode.get(key);
    if (list) list.push(entry);
    else byNode.set(key, [entry]);
  });
  return byNode;
}
