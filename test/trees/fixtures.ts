/** The tree ensembles of `test/oracle/trees.py` with the answers of onnxruntime and of the shap package; and small random trees. */
import { Random } from "../../src/base/random.js";
import { decodeModel } from "../../src/onnx/decode.js";
import { node as makeNode, type AttributeLiteral } from "../../src/onnx/attributes.js";
import type { Model } from "../../src/onnx/types.js";

export const names = [
  "sklearn-forest-wine", "sklearn-forest-diabetes", "sklearn-tree-cancer", "sklearn-boosting-cancer", "sklearn-histogram-cancer",
  "lightgbm-cancer", "lightgbm-wine", "lightgbm-categories", "xgboost-cancer", "xgboost-wine", "xgboost-diabetes", "sklearn-tree-double",
] as const;

export interface Answers {
  readonly rows: number[][]; // [row][feature], NaN where missing
  readonly background: number[][];
  readonly labels: (string | number)[] | null;
  readonly scores: number[][]; // onnxruntime's, [row][class or target]
  readonly path: number[][][]; // shap's, [row][target][feature]
  readonly pathBase: number[];
  readonly pairs?: number[][][][]; // [row][target][feature][feature]
  readonly interventional?: number[][][];
  readonly interventionalBase?: number[];
}

/** JSON has no NaN: the oracle writes null. */
const withMissing = (rows: readonly (readonly (number | null)[])[]): number[][] => rows.map((row) => row.map((value) => value ?? NaN));

export async function fixture(name: string): Promise<{ model: Model; answers: Answers }> {
  const at = (ending: string): URL => new URL(`../fixtures/trees/${name}.${ending}`, import.meta.url);
  const [file, json] = await Promise.all([fetch(at("onnx")), fetch(at("json"))]);
  const answers = (await json.json()) as Answers;
  return { model: decodeModel(new Uint8Array(await file.arrayBuffer())), answers: { ...answers, rows: withMissing(answers.rows), background: withMissing(answers.background ?? []) } };
}

interface OneNode {
  readonly features?: number | null;
  readonly outputs?: readonly string[];
  readonly dtype?: "float32" | "float64";
}

/** A model of one node, fed by `x` [row, features]. */
export function modelOf(opType: string, attributes: Readonly<Record<string, AttributeLiteral>>, { features = null, outputs = ["scores"], dtype = "float32" }: OneNode = {}): Model {
  const info = (name: string, known: boolean) => ({ name, type: known ? { dtype, dataType: dtype === "float32" ? 1 : 11, shape: [null, features] } : null, unknown: [] });
  return {
    irVersion: 8, producerName: "", opsets: new Map([["", 17], ["ai.onnx.ml", 3]]), functions: [], unknown: [],
    graph: {
      name: "trees", initializers: [], valueInfo: [], unknown: [], inputs: [info("x", true)], outputs: outputs.map((name) => info(name, false)),
      nodes: [makeNode(opType, ["x"], outputs, attributes, "ai.onnx.ml", "ensemble")],
    },
  };
}

export interface Columns {
  nodes_treeids: number[];
  nodes_nodeids: number[];
  nodes_featureids: number[];
  nodes_modes: string[];
  nodes_values: number[];
  nodes_truenodeids: number[];
  nodes_falsenodeids: number[];
  nodes_missing_value_tracks_true: number[];
  nodes_hitrates: number[];
  target_treeids: number[];
  target_nodeids: number[];
  target_ids: number[];
  target_weights: number[];
}

const modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

/** Random trees with all branch modes, missing values, repeated features on a path, covers (some 0 for a child), several targets. */
export function randomColumns(seed: number, { trees = 3, features = 4, depth = 4, targets = 2 } = {}): Columns {
  const random = new Random(seed);
  const columns: Columns = {
    nodes_treeids: [], nodes_nodeids: [], nodes_featureids: [], nodes_modes: [], nodes_values: [], nodes_truenodeids: [], nodes_falsenodeids: [],
    nodes_missing_value_tracks_true: [], nodes_hitrates: [], target_treeids: [], target_nodeids: [], target_ids: [], target_weights: [],
  };
  for (let tree = 0; tree < trees; tree++) {
    let next = 0;
    const grow = (level: number, cover: number): number => {
      const id = next++;
      const at = columns.nodes_treeids.push(tree) - 1;
      const leaf = level === depth || cover === 0 || (level > 0 && random.uniform() < 0.2);
      columns.nodes_nodeids.push(id);
      columns.nodes_featureids.push(leaf ? 0 : random.integer(features));
      columns.nodes_modes.push(leaf ? "LEAF" : modes[random.integer(modes.length)]!);
      columns.nodes_values.push(leaf ? 0 : random.integer(3) - 1);
      columns.nodes_missing_value_tracks_true.push(leaf ? 0 : random.integer(2));
      columns.nodes_hitrates.push(cover);
      columns.nodes_truenodeids.push(0);
      columns.nodes_falsenodeids.push(0);
      if (leaf) {
        for (let target = 0; target < targets; target++) {
          if (random.uniform() < 0.2) continue;
          columns.target_treeids.push(tree);
          columns.target_nodeids.push(id);
          columns.target_ids.push(target);
          columns.target_weights.push(Math.fround(random.normal()));
        }
      } else {
        const share = random.uniform() < 0.1 ? 0 : Math.floor(random.uniform() * cover); // 0: a way that no training row took
        columns.nodes_truenodeids[at] = grow(level + 1, share);
        columns.nodes_falsenodeids[at] = grow(level + 1, cover - share);
      }
      return id;
    };
    grow(0, 1000);
  }
  return columns;
}

/** A row of small integers, some missing. */
export function randomRow(random: Random, features: number): number[] {
  return Array.from({ length: features }, () => (random.uniform() < 0.15 ? NaN : random.integer(4) - 1.5 + 0.5 * random.integer(2)));
}

/** As attributes of a TreeEnsembleRegressor. */
export function regressor(columns: Partial<Columns>, extra: Readonly<Record<string, AttributeLiteral>> = {}): Record<string, AttributeLiteral> {
  const floats = new Set(["nodes_values", "nodes_hitrates", "target_weights"]);
  return { ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, floats.has(name) ? { floats: values as number[] } : (values as number[])])), ...extra };
}
