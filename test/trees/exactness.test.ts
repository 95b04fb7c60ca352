import { expect } from "@open-wc/testing";
import { Random } from "../../src/base/random.js";
import { exactShapley, shapleyInteractions } from "../../src/methods/shapley/exact.js";
import { readTreeEnsemble } from "../../src/trees/read-tree-ensemble.js";
import { treeMargins, treePredictions } from "../../src/trees/evaluate.js";
import { treeShap, treeShapInteractions } from "../../src/trees/tree-shap.js";
import { interventionalGame, pathDependentGame, sumOfTrees } from "./brute-force.js";
import { fixture, modelOf, randomColumns, randomRow, regressor } from "./fixtures.js";
import { near } from "./near.js";

const FEATURES = 4;
const TARGETS = 2;
const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

const seeded = (seed: number) => {
  const columns = randomColumns(seed, { features: FEATURES, targets: TARGETS });
  return { columns, ensemble: readTreeEnsemble(modelOf("TreeEnsembleRegressor", regressor(columns, { n_targets: TARGETS }))), random: new Random(seed, 1) };
};

describe("Tree SHAP against every coalition", () => {
  it("evaluates as the columns say", () => {
    for (const seed of seeds) {
      const { columns, ensemble, random } = seeded(seed);
      const row = randomRow(random, FEATURES);
      near(treeMargins(ensemble, [row])[0]!, [0, 1].map((target) => sumOfTrees(columns, target, (feature) => row[feature]!)), 1e-12, `seed ${seed}`);
    }
  });

  it("path-dependent values and interactions", async () => {
    for (const seed of seeds) {
      const { columns, ensemble, random } = seeded(seed);
      const row = randomRow(random, FEATURES);
      const found = treeShapInteractions(ensemble, row);
      for (let target = 0; target < TARGETS; target++) {
        const game = pathDependentGame(columns, row, target);
        const exact = await shapleyInteractions(game, FEATURES);
        near(found.scores[target]!, exact.scores, 1e-12, `seed ${seed}`);
        near(found.interactions[target]!, exact.interactions, 1e-12, `seed ${seed}`);
        near(found.base[target]!, (await exactShapley(game, FEATURES)).baselineValue, 1e-12, `seed ${seed}, base`);
      }
    }
  });

  it("interventional values and interactions", async () => {
    for (const seed of seeds) {
      const { columns, ensemble, random } = seeded(seed);
      const row = randomRow(random, FEATURES);
      const background = Array.from({ length: 3 }, () => randomRow(random, FEATURES));
      const found = treeShapInteractions(ensemble, row, { background });
      for (let target = 0; target < TARGETS; target++) {
        const game = interventionalGame(columns, row, background, target);
        const exact = await shapleyInteractions(game, FEATURES);
        near(found.scores[target]!, exact.scores, 1e-12, `seed ${seed}`);
        near(found.interactions[target]!, exact.interactions, 1e-12, `seed ${seed}`);
        near(found.base[target]!, (await exactShapley(game, FEATURES)).baselineValue, 1e-12, `seed ${seed}, base`);
      }
    }
  });

  it("averages", () => {
    const columns = randomColumns(3, { trees: 5 });
    const [sum, average] = ["SUM", "AVERAGE"].map((aggregate_function) => readTreeEnsemble(modelOf("TreeEnsembleRegressor", regressor(columns, { n_targets: TARGETS, aggregate_function, base_values: { floats: [0.5, -2] } }))));
    const [row, background] = [[1, 0, -1, 2], [[0, 0, 0, 0], [2, NaN, 1, -1]]];
    const [whole, part] = [treeShap(sum!, row, { background }), treeShap(average!, row, { background })];
    near(part.scores, whole.scores.map((scores) => scores.map((score) => score / 5)), 1e-12, "scores");
    near(part.base, whole.base.map((base, target) => (base - [0.5, -2][target]!) / 5 + [0.5, -2][target]!), 1e-12, "base");
    near(part.margin, treeMargins(average!, [row])[0]!, 0, "margin");
  });

  it("stays exact where a path has 40 features", () => {
    const depth = 40;
    const ids = Array.from({ length: 2 * depth + 1 }, (_, index) => index); // node 2k splits on feature k, 2k + 1 is a leaf
    const isLeaf = (id: number): boolean => id % 2 === 1 || id === 2 * depth;
    const cover = (id: number): number => (id % 2 === 1 ? 3 : 1 + 3 * (depth - id / 2));
    const ensemble = readTreeEnsemble(modelOf("TreeEnsembleRegressor", regressor({
      nodes_treeids: ids.map(() => 0), nodes_nodeids: ids, nodes_featureids: ids.map((id) => (isLeaf(id) ? 0 : id / 2)), nodes_modes: ids.map((id) => (isLeaf(id) ? "LEAF" : "BRANCH_LEQ")),
      nodes_values: ids.map(() => 0), nodes_truenodeids: ids.map((id) => (isLeaf(id) ? 0 : id + 1)), nodes_falsenodeids: ids.map((id) => (isLeaf(id) ? 0 : id + 2)), nodes_hitrates: ids.map(cover),
      target_treeids: ids.filter(isLeaf).map(() => 0), target_nodeids: ids.filter(isLeaf), target_ids: ids.filter(isLeaf).map(() => 0), target_weights: ids.filter(isLeaf).map((id) => id),
    })));
    const row = ids.slice(0, depth).map(() => 1);
    const { scores, base, margin } = treeShap(ensemble, row);
    expect(scores[0]!.reduce((sum, score) => sum + score, base[0]!)).to.be.closeTo(margin[0]!, 1e-11);
    expect(margin[0]).to.equal(80);
    // feature 0 decides whether anything after it counts: it gains most; nobody loses
    expect(Math.max(...scores[0]!)).to.equal(scores[0]![0]);
    expect(Math.min(...scores[0]!)).to.be.above(0);
  });
});

describe("what the runtime compares", () => {
  const stump = (threshold: number, dtype: "float32" | "float64") => readTreeEnsemble(modelOf("TreeEnsembleRegressor", regressor({
    nodes_treeids: [0, 0, 0], nodes_nodeids: [0, 1, 2], nodes_featureids: [0, 0, 0], nodes_modes: ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_values: [threshold, 0, 0],
    nodes_truenodeids: [1, 0, 0], nodes_falsenodeids: [2, 0, 0], target_treeids: [0, 0], target_nodeids: [1, 2], target_ids: [0, 0], target_weights: [-1, 1],
  }), { dtype }));

  it("features rounded to float32 where the node takes float32, and not where it takes float64", () => {
    const threshold = Math.fround(0.7); // below 0.7
    expect(treeMargins(stump(threshold, "float32"), [[0.7]])).to.deep.equal([[-1]]);
    expect(treeMargins(stump(threshold, "float64"), [[0.7]])).to.deep.equal([[1]]);
  });

  it("the operator TreeEnsemble of version 5, sets and single leaves included", async () => {
    const { model, answers } = await fixture("operator-five");
    const ensemble = readTreeEnsemble(model);
    expect(ensemble).to.include({ aggregate: "AVERAGE", targets: 2 });
    expect(ensemble.trees).to.have.length(3);
    near(treePredictions(ensemble, answers.rows).map(({ scores }) => scores), answers.scores, 1e-6, "scores");
  });

  it("the operator TreeEnsemble: interventional values against every coalition", async () => {
    const { model, answers } = await fixture("operator-five");
    const ensemble = readTreeEnsemble(model);
    const [row, ...background] = answers.rows.slice(2, 8) as [number[], ...number[][]];
    const found = treeShapInteractions(ensemble, row, { background });
    for (let target = 0; target < 2; target++) {
      const exact = await shapleyInteractions(async (coalitions) => coalitions.map((present) => {
        const hybrids = background.map((other) => row.map((value, feature) => (present[feature] ? value : other[feature]!)));
        return treeMargins(ensemble, hybrids).reduce((sum, margins) => sum + margins[target]!, 0) / background.length;
      }), 3);
      near(found.scores[target]!, exact.scores, 1e-12, "scores");
      near(found.interactions[target]!, exact.interactions, 1e-12, "pairs");
    }
    expect(() => treeShap(ensemble, row)).to.throw("no path-dependent tree shap").with.property("code", "unsupported");
  });
});
