/**
 * Finds the tree ensemble in an ONNX model and reads it, whichever of the three operators it is written with. It reads what converters
 * for scikit-learn, LightGBM and XGBoost write; it does not run the nodes around the ensemble, only names them.
 */
import { LexiscopeError } from "../base/errors.js";
import { Graph } from "../graph/graph.js";
import { intAttribute } from "../onnx/attributes.js";
import type { Model, Node } from "../onnx/types.js";
import { TreeAttributes } from "./attributes.js";
import { buildTree } from "./build-tree.js";
import { missingCover } from "./cover.js";
import { recordsByRoot } from "./read-by-root.js";
import { recordsByTree, type LabelledRecords } from "./read-by-tree.js";
import type { Aggregate, PostTransform, Tree, TreeEnsemble } from "./types.js";

interface Operator {
  readonly kind: TreeEnsemble["kind"];
  readonly records: (attributes: TreeAttributes) => LabelledRecords[];
  readonly aggregates: readonly Aggregate[];
  readonly transforms: readonly PostTransform[];
}

const transforms: readonly PostTransform[] = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

/** The last one writes its choices as numbers, in this order. */
const operators: Readonly<Record<string, Operator>> = {
  TreeEnsembleClassifier: { kind: "classifier", records: (attributes) => recordsByTree(attributes, "class"), aggregates: ["SUM"], transforms },
  TreeEnsembleRegressor: { kind: "regressor", records: (attributes) => recordsByTree(attributes, "target"), aggregates: ["AVERAGE", "SUM", "MIN", "MAX"], transforms },
  TreeEnsemble: { kind: "regressor", records: recordsByRoot, aggregates: ["AVERAGE", "SUM", "MIN", "MAX"], transforms: ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] },
};

/** Nodes that change neither the features nor the scores. */
const silent: ReadonlySet<string> = new Set(["Cast", "Identity", "ZipMap", "Constant"]);

/**
 * Reads the one tree ensemble of a model: `TreeEnsembleClassifier`, `TreeEnsembleRegressor` or `TreeEnsemble` of ai.onnx.ml.
 * @throws not-found when the model has none; unsupported when it has several, or two classes with base values that onnxruntime does not add as
 *   the specification says; bad-model when the trees are malformed (lengths, missing children, cycles, two parents)
 */
export function readTreeEnsemble(model: Model): TreeEnsemble {
  const graph = Graph.of(model);
  const found = graph.nodes.filter(({ domain, opType }) => domain === "ai.onnx.ml" && Object.hasOwn(operators, opType));
  const [node] = found;
  if (!node) throw new LexiscopeError("not-found", `no tree ensemble in the model: none of its ${graph.nodes.length} nodes is a ${Object.keys(operators).join(", ")}`, { phase: "model" });
  if (found.length > 1) throw new LexiscopeError("unsupported", `${found.length} tree ensembles in one model (${found.slice(0, 3).map(({ name }) => JSON.stringify(name)).join(", ")} …): explain each in a model of its own`, { phase: "model" });

  const operator = operators[node.opType] as Operator;
  const attributes = new TreeAttributes(node);
  const trees = operator.records(attributes).map(({ label, records }) => buildTree(label, records, node.name));
  if (trees.length === 0) attributes.fail("it has no trees");
  const classes = operator.kind === "classifier" ? classLabels(attributes) : null;
  const outputs = classes ? classes.length : intAttribute(node, "n_targets", 1);
  if (!(outputs >= 1)) attributes.fail(`attribute "n_targets" is ${outputs}`);
  for (const [index, tree] of trees.entries()) {
    const wrong = tree.targets.find((target) => !(target >= 0 && target < outputs));
    if (wrong !== undefined) attributes.fail(`tree ${index} has a weight for ${classes ? "class" : "target"} ${wrong} of ${outputs}`);
  }
  return {
    kind: operator.kind,
    node: node.name,
    ...featuresOf(graph, node, attributes, trees),
    preprocessing: before(graph, node),
    postprocessing: after(graph, node, operator.kind),
    classes,
    ...marginsOf(attributes, trees, outputs, classes !== null),
    weightsNonNegative: trees.every(({ leafWeight }) => leafWeight.every((weight) => weight >= 0)),
    aggregate: attributes.choice("aggregate_function", "SUM", operator.aggregates),
    postTransform: attributes.choice("post_transform", "NONE", operator.transforms),
    missingCover: missingCover(trees),
  };
}

function classLabels(attributes: TreeAttributes): readonly (string | number)[] {
  const [strings, integers] = [attributes.strings("classlabels_strings"), attributes.numbers("classlabels_int64s")];
  if (strings.length > 0 === integers.length > 0) attributes.fail(`it has ${strings.length} labels in "classlabels_strings" and ${integers.length} in "classlabels_int64s"; one of them must have some`);
  return strings.length > 0 ? strings : integers;
}

/** Which margins there are, and their base values. Two classes are special in the runtime. */
function marginsOf(attributes: TreeAttributes, trees: readonly Tree[], outputs: number, classifier: boolean): Pick<TreeEnsemble, "trees" | "targets" | "marginClasses" | "oneClass" | "baseValues" | "hasBaseValues"> {
  const given = attributes.numbers("base_values");
  const hasBaseValues = given.length > 0;
  const weighted = new Set(trees.flatMap(({ targets }) => [...targets]));
  const [only] = weighted;
  if (classifier && outputs === 2) {
    if (given.length === 2) {
      throw new LexiscopeError("unsupported", `${attributes.node.opType} ${JSON.stringify(attributes.node.name)} has two classes and two base values: onnxruntime does not add them class by class, so its answers cannot be explained; convert with one base value, or none`, { phase: "model", node: attributes.node.name });
    }
    if (given.length > 2) attributes.fail(`attribute "base_values" has ${given.length} entries for 2 classes`);
    if (weighted.size === 1) {
      // the runtime adds a single base value to class 0 alone
      const baseValues = Float64Array.of(only === 0 ? (given[0] ?? 0) : 0);
      return { trees: trees.map((tree) => ({ ...tree, targets: tree.targets.map(() => 0) })), targets: 1, marginClasses: [1], oneClass: only === 0 ? "first" : "second", baseValues, hasBaseValues };
    }
    return { trees, targets: 2, marginClasses: [0, 1], oneClass: null, baseValues: Float64Array.of(given[0] ?? 0, 0), hasBaseValues: false };
  }
  if (hasBaseValues && given.length !== outputs) attributes.fail(`attribute "base_values" has ${given.length} entries for ${outputs} ${classifier ? "classes" : "targets"}`);
  const indices = Array.from({ length: outputs }, (_, index) => index);
  return { trees, targets: outputs, marginClasses: classifier ? indices : [], oneClass: null, baseValues: Float64Array.from(indices, (index) => given[index] ?? 0), hasBaseValues };
}

function featuresOf(graph: Graph, node: Node, attributes: TreeAttributes, trees: readonly Tree[]): Pick<TreeEnsemble, "features" | "featuresDeclared" | "input" | "inputPrecision"> {
  const input = node.inputs[0] ?? attributes.fail("it has no input");
  const last = graph.shape(input)?.at(-1);
  const splits = trees.flatMap((tree) => tree.mode.flatMap((mode, place) => (mode === "LEAF" ? [] : [tree.feature[place] as number])));
  const least = splits.reduce((most, feature) => Math.max(most, feature + 1), 0);
  const featuresDeclared = typeof last === "number";
  const features = featuresDeclared ? last : least;
  const wrong = splits.find((feature) => !(feature >= 0 && feature < features));
  if (wrong !== undefined) attributes.fail(`a node tests feature ${wrong} of ${features}`);
  return { features, featuresDeclared, input, inputPrecision: graph.dtype(input) === "float64" ? "float64" : "float32" };
}

/** Op types on the way from the graph's inputs. */
function before(graph: Graph, node: Node): string[] {
  return opTypes(node, (at) => at.inputs.flatMap((value) => graph.producer(value) ?? []));
}

/** Op types that read the scores; the labels of a classifier are its first output. */
function after(graph: Graph, node: Node, kind: TreeEnsemble["kind"]): string[] {
  const scores = node.outputs[kind === "classifier" ? 1 : 0] ?? "";
  return opTypes(node, (at) => (at === node ? [scores] : at.outputs).flatMap((value) => graph.consumers(value)));
}

function opTypes(start: Node, next: (node: Node) => readonly Node[]): string[] {
  const seen = new Set<Node>([start]);
  for (const node of seen) for (const other of next(node)) seen.add(other);
  return [...new Set([...seen].filter((node) => node !== start).map(({ opType }) => opType))].filter((opType) => !silent.has(opType));
}
