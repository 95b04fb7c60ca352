/**
 * A tree ensemble as a model of the engine: predictions and exact Tree SHAP of a table's row or of a bag of words, in plain TypeScript. It needs
 * neither onnxruntime nor a tokenizer, and has no attention, no hidden states and no gradient: those are refused by name.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { EXPLANATION_VERSION, type AttributionExplanation, type ExplanationBase, type PredictionExplanation, type Quality, type Target } from "../../explanation/types.js";
import { completenessGap } from "../../methods/integrated-gradients.js";
import { resolveMethod } from "../../methods/table.js";
import { parseTarget } from "../../methods/target.js";
import { treeMargins, treePredictions } from "../../trees/evaluate.js";
import { readTreeEnsemble } from "../../trees/read-tree-ensemble.js";
import { treeShap } from "../../trees/tree-shap.js";
import type { TreeEnsemble } from "../../trees/types.js";
import type { ModelLocation } from "../locations.js";
import type { ModelFiles } from "../model-files.js";
import type { AttributionRequest, ExplanationOf, Requests, TextInput } from "../requests.js";
import type { ModelDescription, RunOptions } from "../types.js";
import { LIBRARY } from "../version.js";
import { treeInputs, type TreeInput, type TreeReader } from "./tree-inputs.js";

const refusal = (what: string): LexiscopeError => new LexiscopeError("unsupported", `a tree ensemble has no ${what}; it gives predictions and method="tree-shap"`, { phase: "request" });

export class TreeModel {
  readonly #reader: TreeReader;
  readonly ensemble: TreeEnsemble;
  readonly labels: readonly string[];

  /** Throws `bad-model`, `unsupported`. */
  constructor(readonly location: ModelLocation, readonly files: ModelFiles, readonly inWorker: boolean, readonly threadReason: string) {
    this.ensemble = readTreeEnsemble(files.model);
    this.#reader = treeInputs(files.model, this.ensemble, files.config);
    this.labels = labelsOf(this.ensemble, files.config);
  }

  describe(): ModelDescription {
    const { location, files, ensemble, labels } = this;
    return {
      reference: location.reference, name: location.name, kind: "trees", labels, hash: files.hash, bytes: files.bytes.byteLength, opset: files.model.opsets.get("") ?? 0,
      backend: "wasm", backendReason: this.threadReason, inWorker: this.inWorker, layers: 0, heads: 0, width: ensemble.features, maxTokens: null, attention: false,
      gradient: "trees have no gradient; method=\"tree-shap\" is exact",
      anatomy: { embeddings: null, decoder: null, attention: [], residual: [], logits: null, causal: false, missing: [{ what: "attention", node: this.ensemble.node, reason: "a tree ensemble has none" }] },
    };
  }

  tokenize(input: TextInput): Promise<TreeInput["tokens"]> {
    return Promise.resolve(this.#reader.read(input).tokens);
  }
  attention(): Promise<never> {
    return Promise.reject(refusal("attention"));
  }
  hiddenStates(): Promise<never> {
    return Promise.reject(refusal("hidden states"));
  }
  gradient(): Promise<never> {
    return Promise.reject(refusal("gradient"));
  }

  predict(input: TextInput): Promise<PredictionExplanation> {
    const read = this.#reader.read(input);
    return Promise.resolve({ ...this.#base(input, read, []), kind: "prediction", ...this.#prediction(read) });
  }

  async attribute(request: AttributionRequest, { signal }: RunOptions = {}): Promise<AttributionExplanation> {
    await Promise.resolve();
    throwIfAborted(signal);
    const { entry, preset, options } = resolveMethod(request.method, request.preset ?? "", request.options ?? {}, request.samples);
    if (entry.name !== "tree-shap") throw new LexiscopeError("bad-input", `method "${entry.name}" explains texts; a tree ensemble is explained exactly by method="tree-shap"`, { phase: "request" });
    const read = this.#reader.read(request);
    const prediction = this.#prediction(read);
    const target = parseTarget(request.target ?? "argmax", this.labels, prediction.logits);
    const { nothing } = this.#reader;
    const background = request.background?.map((features) => this.#reader.read({ text: "", features }).row) ?? (nothing && [nothing]);
    const shap = treeShap(this.ensemble, read.row, background ? { background } : {});
    const signs = this.#signs(target);
    const weigh = (values: readonly number[]) => signs.reduce((sum, { margin, sign }) => sum + sign * values[margin]!, 0);
    const features = read.row.map((_, feature) => weigh(shap.scores.map((scores) => scores[feature]!)));
    const scores = read.shares.map((parts) => parts.reduce((sum, { feature, share }) => sum + share * features[feature]!, 0));
    const [value, baselineValue] = [weigh(shap.margin), weigh(shap.base)];
    const quality: Quality[] = [{ name: "completeness-gap", value: completenessGap(scores, value, baselineValue) }, ...(request.background ? [{ name: "background", value: request.background.length } as const] : [])];
    return {
      ...this.#base(request, read, quality), kind: "attribution", target, scores, value, baselineValue, prediction,
      method: { name: entry.name, preset, options: { ...options, algorithm: background ? "interventional" : "path-dependent" }, seed: 0 },
    };
  }

  async explain<Kind extends keyof Requests>(request: { readonly kind: Kind } & Requests[Kind], options: RunOptions = {}): Promise<ExplanationOf<Kind>> {
    if (request.kind === "attribution") return (await this.attribute(request as AttributionRequest, options)) as ExplanationOf<Kind>;
    if (request.kind === "prediction") return (await this.predict(request)) as ExplanationOf<Kind>;
    throw refusal(`explanation of kind "${request.kind}"`);
  }

  corpusVectors(): Promise<Uint8Array> {
    return Promise.reject(refusal("vectors of a corpus"));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** The margins that make a target's score, with their signs: a one-margin classifier's first class is the negative of its second. */
  #signs({ index, contrast }: Target): { margin: number; sign: number }[] {
    const { targets, classes, marginClasses } = this.ensemble;
    const of = (label: number, sign: number) => (classes && targets === 1 && classes.length === 2 ? { margin: 0, sign: label === 1 ? sign : -sign } : { margin: classes ? marginClasses.indexOf(label) : label, sign });
    if (contrast && classes && targets === 1) return [of(index, 1)]; // the margin is already one class against the other
    return [of(index, 1), ...(contrast ? [of(contrast.index, -1)] : [])];
  }

  #prediction({ row }: TreeInput): Pick<PredictionExplanation, "labels" | "logits" | "probabilities"> {
    const { ensemble, labels } = this;
    const margins = treeMargins(ensemble, [row])[0]!;
    if (!ensemble.classes) return { labels, logits: margins, probabilities: [] };
    const logits = ensemble.targets === 1 && labels.length === 2 ? [0, margins[0]!] : margins;
    const scores = treePredictions(ensemble, [row])[0]!.scores;
    const sum = scores.reduce((total, score) => total + score, 0);
    return { labels, logits, probabilities: sum > 0 && scores.every((score) => score >= 0 && score <= 1) ? scores : [] };
  }

  #base({ features }: TextInput, { text, tokens }: TreeInput, quality: readonly Quality[]): ExplanationBase {
    const { location, files, labels } = this;
    return {
      version: EXPLANATION_VERSION, input: { text, ...(features && { features }) }, tokens, quality,
      model: { reference: location.reference, name: location.name, labels },
      provenance: { modelHash: files.hash, library: LIBRARY, backend: "" },
    };
  }
}

/** Labels: config.json's id2label, else the file's classes; a regressor's targets are numbered. */
function labelsOf({ classes, targets }: TreeEnsemble, config: Readonly<Record<string, unknown>>): string[] {
  const named = typeof config["id2label"] === "object" && config["id2label"] !== null ? (config["id2label"] as Record<string, unknown>) : {};
  const own = classes ? classes.map(String) : Array.from({ length: targets }, (_, index) => (targets === 1 ? "value" : `value ${index}`));
  return own.map((label, index) => (typeof named[index] === "string" ? named[index] : label));
}
