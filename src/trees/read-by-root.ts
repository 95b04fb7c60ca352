/**
 * The node records of the operator TreeEnsemble: roots, and children given by place among the branch nodes or among the leaves. Branch nodes
 * may have hit rates here, leaves never have, so there are no covers. Source: ONNX ai.onnx.ml, version 5.
 */
import type { NodeRecord } from "./build-tree.js";
import type { TreeAttributes } from "./attributes.js";
import type { LabelledRecords } from "./read-by-tree.js";
import type { BranchMode } from "./types.js";

const modes: readonly BranchMode[] = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"];

export function recordsByRoot(attributes: TreeAttributes): LabelledRecords[] {
  const features = attributes.numbers("nodes_featureids");
  const count = features.length;
  const column = (name: string, fallback?: number): number[] => attributes.column(name, count, fallback);
  const [modeNumbers, splits, missing] = [column("nodes_modes"), column("nodes_splits"), column("nodes_missing_value_tracks_true", 0)];
  const children = { passed: column("nodes_truenodeids"), failed: column("nodes_falsenodeids") };
  const atLeaf = { passed: column("nodes_trueleafs"), failed: column("nodes_falseleafs") };
  const targets = attributes.numbers("leaf_targetids");
  const weights = attributes.column("leaf_weights", targets.length);
  const sets = memberSets(attributes.numbers("membership_values"), modeNumbers.filter((mode) => modes[mode] === "BRANCH_MEMBER").length, attributes);
  let nextSet = 0;
  const setOf = modeNumbers.map((mode) => (modes[mode] === "BRANCH_MEMBER" ? sets[nextSet++] : undefined));
  const taken = new Uint8Array(count); // a branch node belongs to one tree

  return attributes.numbers("tree_roots").map((root, tree) => {
    const records: NodeRecord[] = [];
    const leafRecord = (leaf: number): number => {
      if (!(leaf in targets)) attributes.fail(`tree ${tree} leads to leaf ${leaf} of ${targets.length}`);
      const id = -1 - records.length; // no place of a branch node; a leaf that two branches share becomes two
      records.push({
        id, mode: "LEAF", feature: 0, threshold: 0, missingPasses: false, passed: 0, failed: 0, cover: null,
        weights: [{ target: targets[leaf] as number, weight: weights[leaf] as number }],
      });
      return id;
    };
    const stack = [root];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const mode = modes[modeNumbers[at] ?? -1];
      if (!(at in features) || !mode) return attributes.fail(`tree ${tree} leads to node ${at} of ${count}${at in features ? ` with mode ${modeNumbers[at]}` : ""}`);
      if (taken[at]) return attributes.fail(`two ways lead to node ${at} (tree ${tree}), or it is its own descendant`);
      taken[at] = 1;
      const place = records.length;
      const members = setOf[at];
      const record = { id: at, mode, feature: features[at] as number, threshold: splits[at] as number, missingPasses: missing[at] === 1, cover: null, weights: [], ...(members && { members }) };
      records.push({ ...record, passed: 0, failed: 0 });
      const child = (side: "passed" | "failed"): number => {
        const to = children[side][at] as number;
        if (atLeaf[side][at]) return leafRecord(to);
        stack.push(to);
        return to;
      };
      records[place] = { ...record, passed: child("passed"), failed: child("failed") };
    }
    return { label: `tree ${tree}`, records };
  });
}

/** The sets of all membership nodes, in order; NaN ends a set. */
function memberSets(values: readonly number[], count: number, attributes: TreeAttributes): ReadonlySet<number>[] {
  const sets: Set<number>[] = [];
  let open = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) {
      sets.push(open);
      open = new Set();
    } else open.add(value);
  }
  if (open.size > 0) sets.push(open);
  if (sets.length !== count) attributes.fail(`attribute "membership_values" has ${sets.length} sets for ${count} nodes of mode BRANCH_MEMBER`);
  return sets;
}
