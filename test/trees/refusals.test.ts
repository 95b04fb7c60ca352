import { expect } from "@open-wc/testing";
import type { AttributeLiteral } from "../../src/onnx/attributes.js";
import { readTreeEnsemble } from "../../src/trees/read-tree-ensemble.js";
import { treeMargins } from "../../src/trees/evaluate.js";
import { treeShap } from "../../src/trees/tree-shap.js";
import { modelOf, regressor, type Columns } from "./fixtures.js";

/** Node 0 splits on feature 0, node 1 (its passed child) on feature 1; leaves 2, 3, 4. */
const sound: Columns = {
  nodes_treeids: [0, 0, 0, 0, 0], nodes_nodeids: [0, 1, 2, 3, 4], nodes_featureids: [0, 1, 0, 0, 0], nodes_modes: ["BRANCH_LEQ", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"],
  nodes_values: [0, 0, 0, 0, 0], nodes_truenodeids: [1, 3, 0, 0, 0], nodes_falsenodeids: [2, 4, 0, 0, 0], nodes_missing_value_tracks_true: [0, 0, 0, 0, 0], nodes_hitrates: [10, 6, 4, 5, 1],
  target_treeids: [0, 0, 0], target_nodeids: [2, 3, 4], target_ids: [0, 0, 0], target_weights: [1, 2, 3],
};
const read = (change: Partial<Columns> = {}, extra: Readonly<Record<string, AttributeLiteral>> = {}, features: number | null = null) =>
  readTreeEnsemble(modelOf("TreeEnsembleRegressor", regressor({ ...sound, ...change }, extra), { features }));
const refuses = (run: () => unknown, code: string, message: string): void => {
  expect(run).to.throw(message).with.property("code", code);
};

describe("malformed trees", () => {
  const cases: readonly [string, Partial<Columns>, string][] = [
    ["a child that is missing", { nodes_truenodeids: [1, 9, 0, 0, 0] }, "tree 0 is malformed: node 1 leads to node 9, which does not exist"],
    ["a cycle to the root", { nodes_truenodeids: [1, 0, 0, 0, 0] }, "two ways lead to node 0"],
    ["a node that is its own child", { nodes_truenodeids: [1, 1, 0, 0, 0] }, "two ways lead to node 1"],
    ["two parents", { nodes_falsenodeids: [2, 2, 0, 0, 0] }, "two ways lead to node 2"],
    ["one child twice", { nodes_truenodeids: [1, 4, 0, 0, 0] }, "two ways lead to node 4"],
    ["a node that nothing leads to", { nodes_modes: ["BRANCH_LEQ", "LEAF", "LEAF", "LEAF", "LEAF"] }, "nothing leads to node 3"],
    ["a cycle apart from the root", { nodes_modes: ["LEAF", "BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF"], nodes_truenodeids: [0, 3, 0, 1, 0], nodes_falsenodeids: [0, 2, 0, 4, 0] }, "nothing leads to node 1"],
    ["a first node that is not the root", { nodes_nodeids: [1, 0, 2, 3, 4], nodes_truenodeids: [3, 1, 0, 0, 0], nodes_falsenodeids: [4, 2, 0, 0, 0] }, "nothing leads to node 0"],
    ["an endless chain of equalities", { nodes_modes: ["BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF", "LEAF"], nodes_featureids: [0, 0, 0, 0, 0], nodes_truenodeids: [2, 2, 0, 0, 0], nodes_falsenodeids: [1, 0, 0, 0, 0] }, "two ways lead to node 0"],
    ["two nodes with one id", { nodes_nodeids: [0, 1, 2, 3, 3], target_nodeids: [2, 3, 3] }, "two nodes have one id"],
    ["a column that is too short", { nodes_values: [0, 0, 0, 0] }, 'attribute "nodes_values" has 4 entries, not 5'],
    ["modes that are too few", { nodes_modes: ["LEAF"] }, 'attribute "nodes_modes" has 1 entries, not 5'],
    ["covers that are too few", { nodes_hitrates: [1, 2] }, 'attribute "nodes_hitrates" has 2 entries, not 5'],
    ["weights that are too few", { target_weights: [1] }, 'attribute "target_weights" has 1 entries, not 3'],
    ["a mode that does not exist", { nodes_modes: ["BRANCH_MAYBE", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"] }, 'has mode "BRANCH_MAYBE"'],
    ["a weight of no node", { target_nodeids: [2, 3, 7] }, "a weight is for node 0/7"],
    ["a weight for no target", { target_ids: [0, 0, 1] }, "a weight for target 1 of 1"],
    ["two weights of one leaf for one target", { target_nodeids: [2, 2, 4] }, "leaf 2 has two weights for one target"],
    ["a feature below 0", { nodes_featureids: [-1, 1, 0, 0, 0] }, "tests feature -1"],
    ["no trees", { nodes_treeids: [], nodes_nodeids: [], nodes_featureids: [], nodes_modes: [], nodes_values: [], nodes_truenodeids: [], nodes_falsenodeids: [], nodes_missing_value_tracks_true: [], nodes_hitrates: [], target_treeids: [], target_nodeids: [], target_ids: [], target_weights: [] }, "it has no trees"],
  ];
  for (const [what, change, message] of cases) it(what, () => refuses(() => read(change), "bad-model", message));

  it("a feature beyond the input's", () => refuses(() => read({}, {}, 1), "bad-model", "a node tests feature 1 of 1"));
  it("base values that are too many", () => refuses(() => read({}, { base_values: { floats: [1, 2] } }), "bad-model", '"base_values" has 2 entries for 1 targets'));
  it("an unknown post_transform", () => refuses(() => read({}, { post_transform: "SQUARE" }), "bad-model", '"post_transform" is "SQUARE"'));
  it("a chain of 100,000 nodes is refused, not walked into the ground", () => {
    const size = 100_000;
    const ids = Array.from({ length: 2 * size + 1 }, (_, index) => index);
    const isLeaf = (id: number): boolean => id % 2 === 1 || id === 2 * size;
    const zeros = ids.map(() => 0);
    refuses(() => read({
      nodes_treeids: zeros, nodes_nodeids: ids, nodes_featureids: zeros, nodes_modes: ids.map((id) => (isLeaf(id) ? "LEAF" : "BRANCH_LEQ")), nodes_values: zeros, nodes_hitrates: zeros,
      nodes_truenodeids: ids.map((id) => (isLeaf(id) ? 0 : id + 1)), nodes_falsenodeids: ids.map((id) => (isLeaf(id) ? 0 : id + 2)), nodes_missing_value_tracks_true: zeros,
      target_treeids: [], target_nodeids: [], target_ids: [], target_weights: [],
    }), "unsupported", "deeper than 2048 levels");
  });
});

describe("what cannot be explained", () => {
  const row = [1, 1];
  it("minimum and maximum", () => {
    for (const aggregate_function of ["MIN", "MAX"]) {
      const ensemble = read({}, { aggregate_function });
      refuses(() => treeShap(ensemble, row, { background: [row] }), "unsupported", `aggregate_function ${aggregate_function}`);
      expect(treeMargins(ensemble, [row])).to.deep.equal([[1]]);
    }
  });
  it("path-dependent without covers: absent, all 1, all 0, or not adding up; with background rows all is well", () => {
    for (const [nodes_hitrates, reason] of [[[], "does not say how many"], [[1, 1, 1, 1, 1], "all 0 or 1"], [[0, 0, 0, 0, 0], "all 0 or 1"], [[10, 6, 7, 5, 1], "are not counts"], [[10, 10, 0, 0, 0], "are not counts"]] as const) {
      const ensemble = read({ nodes_hitrates: [...nodes_hitrates] });
      expect(ensemble.missingCover).to.include(reason);
      refuses(() => treeShap(ensemble, row), "unsupported", "give background rows");
      expect(treeShap(ensemble, row, { background: [[0, 0]] }).base).to.deep.equal([2]);
    }
  });
  it("rows of another length, targets that do not exist, empty backgrounds", () => {
    const ensemble = read({}, {}, 2);
    refuses(() => treeShap(ensemble, [1]), "bad-input", "the row has 1 features; the tree ensemble takes 2");
    refuses(() => treeShap(ensemble, [1, 2, 3]), "bad-input", "the row has 3 features");
    refuses(() => treeShap(ensemble, row, { background: [[1]] }), "bad-input", "background row 0 has 1 features");
    refuses(() => treeShap(ensemble, row, { background: [] }), "bad-input", "no background rows");
    refuses(() => treeShap(ensemble, row, { target: 1 }), "bad-input", "no target 1: the ensemble has 1");
    refuses(() => treeMargins(ensemble, [row, [1]]), "bad-input", "row 1 has 1 features");
    refuses(() => treeShap(read(), [1, 2, 3], { background: [row] }), "bad-input", "background row 0 has 2 features, the row 3");
  });
  it("no ensemble, several, two base values for two classes", () => {
    const model = modelOf("TreeEnsembleRegressor", regressor(sound));
    refuses(() => readTreeEnsemble({ ...model, graph: { ...model.graph, nodes: [], outputs: [] } }), "not-found", "no tree ensemble in the model");
    const [node] = model.graph.nodes;
    refuses(() => readTreeEnsemble({ ...model, graph: { ...model.graph, nodes: [node!, { ...node!, name: "second", outputs: ["others"] }] } }), "unsupported", "2 tree ensembles in one model");
    const { target_treeids, target_nodeids, target_ids, target_weights, ...nodes } = sound;
    const classifier = (base_values: number[]) => modelOf("TreeEnsembleClassifier", {
      ...regressor(nodes), class_treeids: target_treeids, class_nodeids: target_nodeids, class_ids: target_ids, class_weights: { floats: target_weights }, classlabels_strings: ["no", "yes"], base_values: { floats: base_values },
    }, { outputs: ["label", "scores"] });
    refuses(() => readTreeEnsemble(classifier([1, 2])), "unsupported", "two classes and two base values");
    expect(readTreeEnsemble(classifier([1])).marginClasses).to.deep.equal([1]);
  });
});
