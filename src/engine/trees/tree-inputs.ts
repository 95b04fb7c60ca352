/**
 * What a tree ensemble reads: features by name, or the counts of words in a text. Turns a person's input into a row of numbers and into tokens
 * that stand for its features, so that every element draws a table's row as it draws a text. Evaluates nothing.
 */
import { LexiscopeError } from "../../base/errors.js";
import type { Token } from "../../explanation/types.js";
import { Graph } from "../../graph/graph.js";
import { stringAttribute } from "../../onnx/attributes.js";
import type { Model, Node } from "../../onnx/types.js";
import type { TreeEnsemble } from "../../trees/types.js";
import type { FeatureValue, TextInput } from "../requests.js";

export interface TreeInput {
  readonly row: number[]; // [feature], NaN for a missing value
  /** the row as a text: "age = 41, income = 3.5", or the text itself */
  readonly text: string;
  readonly tokens: Token[];
  /** the features that a token stands for, each with the share of the feature's score that is this token's */
  readonly shares: readonly (readonly { readonly feature: number; readonly share: number }[])[]; // [token]
}

export interface TreeReader {
  readonly read: (input: TextInput) => TreeInput;
  /** the row of a text without words: what an absent word is taken from; null for tables, where nothing is the natural absence */
  readonly nothing: readonly number[] | null;
}

/** How inputs of this ensemble are read. Throws `unsupported`, naming the nodes before the ensemble that nobody here can run. */
export function treeInputs(model: Model, ensemble: TreeEnsemble, config: Readonly<Record<string, unknown>>): TreeReader {
  const graph = Graph.of(model);
  const words = graph.nodes.find(({ opType, domain }) => opType === "TfIdfVectorizer" && domain === "");
  if (words) return bagOfWords(graph, ensemble, words);
  const columns = columnNames(graph, ensemble);
  if (columns === null && ensemble.preprocessing.length > 0) {
    throw new LexiscopeError("unsupported", `the features pass ${ensemble.preprocessing.join(", ")} before the trees: export the trees alone, and give the features as the trees see them`, { phase: "model" });
  }
  const given = config["feature_names"];
  const names = Array.isArray(given) && given.every((name) => typeof name === "string") ? (given) : columns;
  if (names !== null && ensemble.featuresDeclared && names.length !== ensemble.features) {
    throw new LexiscopeError("bad-model", `config.json names ${names.length} features, the trees take ${ensemble.features}`, { phase: "model" });
  }
  return { read: (input) => featureRow(ensemble, names, input), nothing: null };
}

/** Names of the columns where the file has one graph input a column, drawn together by a Concat; null where it has not. */
function columnNames(graph: Graph, { input }: TreeEnsemble): string[] | null {
  let at: Node | undefined = graph.producer(input);
  while (at?.opType === "Cast" || at?.opType === "Identity") at = graph.producer(at.inputs[0] ?? "");
  if (at?.opType !== "Concat" && at?.opType !== "FeatureVectorizer") return null;
  const names = at.inputs.map((value) => {
    let name = value;
    for (let node = graph.producer(name); node; node = graph.producer(name)) {
      if (node.opType !== "Cast" && node.opType !== "Identity") return null;
      name = node.inputs[0] ?? "";
    }
    return graph.shape(name)?.at(-1) === 1 ? name : null;
  });
  return names.every((name) => name !== null) ? names : null;
}

function numberOf(name: string, value: FeatureValue): number {
  if (value === null) return NaN;
  if (typeof value === "boolean") return Number(value);
  const number = typeof value === "number" ? value : value.trim() === "" ? NaN : Number(value);
  if (Number.isNaN(number)) throw new LexiscopeError("bad-input", `feature ${JSON.stringify(name)} is ${JSON.stringify(value)}: the trees take numbers; write null where it is missing`, { phase: "request" });
  return number;
}

/** Features by name where the file or config.json names them; else as many as the trees take, in the order in which they are written. */
function featureRow({ features: count, featuresDeclared }: TreeEnsemble, names: readonly string[] | null, { features }: TextInput): TreeInput {
  if (!features) throw new LexiscopeError("bad-input", `this model reads a table's row, not a text: give its ${names ? `features ${names.slice(0, 8).join(", ")}${names.length > 8 ? " …" : ""}` : `${count} features`} as features='{"name": value, …}'`, { phase: "request" });
  const own = (name: string): boolean => Object.hasOwn(features, name);
  if (names) {
    const unknown = Object.keys(features).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new LexiscopeError("bad-input", `no feature ${JSON.stringify(unknown)}; there are ${names.slice(0, 30).join(", ")}${names.length > 30 ? " …" : ""}`, { phase: "request" });
    const absent = names.find((name) => !own(name));
    if (absent !== undefined) throw new LexiscopeError("bad-input", `feature ${JSON.stringify(absent)} is not given; write null where it is missing`, { phase: "request" });
  }
  const order = names ?? Object.keys(features);
  const wrong = featuresDeclared ? order.length !== count : order.length < count;
  if (wrong) throw new LexiscopeError("bad-input", `${order.length} features are given; the trees take ${featuresDeclared ? "" : "at least "}${count}, in the order of the training table`, { phase: "request" });
  const row = order.map((name) => numberOf(name, features[name]!));
  let text = "";
  const tokens = order.map((name, id): Token => {
    const start = text.length + (id > 0 ? 2 : 0);
    const said = `${name} = ${Number.isNaN(row[id]!) ? "?" : String(features[name])}`;
    text += (id > 0 ? ", " : "") + said;
    return { id, text: name, start, end: start + said.length, special: false };
  });
  return { row, text, tokens, shares: order.map((_, feature) => [{ feature, share: 1 }]) };
}

/** The words of a text, as CountVectorizer's export cuts and counts them. A word that stands there twice shares its score. */
function bagOfWords(graph: Graph, ensemble: TreeEnsemble, vectorizer: Node): TreeReader {
  const refuse = (what: string): never => {
    throw new LexiscopeError("unsupported", `the text passes ${what} before the trees: only counts of single words can be read (scikit-learn's CountVectorizer)`, { phase: "model", node: vectorizer.name });
  };
  const known = new Set(["Reshape", "Flatten", "StringNormalizer", "Tokenizer", "TfIdfVectorizer", "Squeeze", "Unsqueeze", "Cast", "Identity"]);
  const other = ensemble.preprocessing.find((opType) => !known.has(opType));
  if (other !== undefined) refuse(other);
  if (stringAttribute(vectorizer, "mode", "TF") !== "TF" || listOf(vectorizer, "weights").some((weight) => weight !== 1)) refuse("a weighting of its words (TF-IDF)");
  const words = listOf(vectorizer, "pool_strings").map(String);
  const places = listOf(vectorizer, "ngram_indexes").map(Number);
  if (listOf(vectorizer, "ngram_counts").length !== 1 || words.length === 0 || places.length !== words.length) refuse("pairs of words");
  const featureOf = new Map(words.map((word, index) => [word, places[index]!]));
  const tokenizer = graph.nodes.find(({ opType }) => opType === "Tokenizer");
  const lower = graph.nodes.some((node) => node.opType === "StringNormalizer" && stringAttribute(node, "case_change_action", "NONE") === "LOWER");
  let pattern: RegExp;
  try {
    pattern = new RegExp(stringAttribute(tokenizer ?? vectorizer, "tokenexp", "[a-zA-Z0-9_]+"), "gu");
  } catch {
    return refuse("a pattern that this language has no words for");
  }
  const read = ({ text }: TextInput): TreeInput => {
    const row = new Array<number>(ensemble.features).fill(0);
    const found = [...text.matchAll(pattern)].filter(([word]) => word !== "").map((match) => ({ start: match.index, end: match.index + match[0].length, feature: featureOf.get(lower ? match[0].toLowerCase() : match[0]) }));
    if (text.trim() === "") throw new LexiscopeError("bad-input", "the text is empty: there is no word to explain", { phase: "tokenizer" });
    for (const { feature } of found) if (feature !== undefined) row[feature]! += 1;
    const tokens = found.map(({ start, end, feature }): Token => ({ id: feature ?? -1, text: text.slice(start, end), start, end, special: false }));
    const shares = found.map(({ feature }) => (feature === undefined ? [] : [{ feature, share: 1 / row[feature]! }]));
    return { row, text, tokens, shares };
  };
  return { read, nothing: new Array<number>(ensemble.features).fill(0) };
}

function listOf(node: Node, name: string): readonly (string | number | bigint)[] {
  const attribute = node.attributes.get(name);
  if (attribute?.type === "strings") return attribute.value.map((bytes) => (typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes)));
  return attribute?.type === "ints" || attribute?.type === "floats" ? [...attribute.value] : [];
}
