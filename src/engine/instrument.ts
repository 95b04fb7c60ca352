/**
 * Rewrites a stock model's graph for what can be asked of it: the embeddings may be moved (`lexi_delta`), intermediate values become
 * outputs ("taps"), one row of scores is selected, and the backward graph stands behind `If(lexi_want_gradient)`. The weights are
 * untouched: the small graph refers to the original bytes. Runs nothing.
 *
 * Fused operators are taken apart first, all of them: one session serves predictions, patterns and gradients, a fused kernel gives only
 * the first, and which of the others will be asked for is not known when the session is made. Measured on wasm, one thread: a prediction
 * takes 0–2 % longer (four layers of width 256, 128 tokens); on toys of width 32, where starting a node is what costs, 1–42 %.
 */
import type { Anatomy, AttentionBlock } from "../anatomy/types.js";
import { dissect } from "../anatomy/dissect.js";
import { differentiate, type Rule, type SoftmaxRescaling } from "../autodiff/index.js";
import { asLexiscopeError } from "../base/errors.js";
import { takeBranches } from "../graph/branches.js";
import { Graph } from "../graph/graph.js";
import { lower, type Lowered } from "../lowering/index.js";
import { encodeModel } from "../onnx/encode.js";
import { externalizeWeights } from "../onnx/externalize.js";
import type { Dim, Node } from "../onnx/types.js";
import { int64 } from "../tensor/tensor.js";
import { headFeatures } from "./head-features.js";
import type { ModelFile } from "./model-files.js";
import { selectToken } from "./selected-token.js";
import { addCosine, vectorsOf } from "./similarity.js";
import type { BackendName } from "./types.js";

/** The name under which the runtime gets the original file. */
export const WEIGHTS = "lexi-weights";

/** Names of the inputs and outputs that were added. */
export const lexi = {
  delta: "lexi_delta", // [batch, token, width] float32, added to the embeddings; of two texts: the tokens that are read, then those that are written
  select: "lexi_select", // [batch, 1, token] float32: 1 at the token whose scores are wanted, or the weights of a mean
  reference: "lexi_reference", // [batch, width, 1] float32 of length 1: the second text's vector, of a model without a head
  seed: "lexi_seed", // the shape of the scores: cotangent
  want: "lexi_want_gradient", // scalar bool
  gradient: "lexi_gradient", // [batch, token, width] float32
} as const;

/** Inputs that are the same in every run, so that what they decide is decided here: a merged decoder is never given a past. */
export const FIXED = { use_cache_branch: false } as const satisfies Readonly<Record<string, boolean>>;

/** How one attention map is had: from the graph, or from queries and keys by our kernel. Each names outputs. */
export type PatternTap =
  | { readonly from: "probabilities"; readonly value: string } // [batch, head, query, key]
  | { readonly from: "kernel"; readonly query: string; readonly key: string; readonly bias: string | null; readonly block: AttentionBlock };

export interface GraphInput {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly Dim[] | null;
}

export interface Instrumented {
  /** the rewritten graph, without the large weights */
  readonly graph: Uint8Array;
  readonly opset: number;
  readonly anatomy: Anatomy;
  /** the model's own inputs */
  readonly inputs: readonly GraphInput[];
  /** output with the scores, [batch, label] or, when `rowed`, [batch, 1, label]; null when the model has none */
  readonly scores: string | null;
  readonly rowed: boolean;
  /** what is selected among the tokens by `lexi_select`; null where there is no such input */
  readonly selects: "token" | "vector" | null;
  /** output with a text's vector, [batch, 1, width]; null where the score is no cosine */
  readonly vector: string | null;
  /** output with what goes into a classifier's last linear layer, [batch, width]; null where there is no such layer */
  readonly features: string | null;
  /** scores a row has; null when the file does not say */
  readonly labels: number | null;
  /** output with the word embeddings, before `lexi_delta`; null when they were not found */
  readonly embeddings: string | null;
  readonly patterns: readonly PatternTap[]; // as `anatomy.attention`
  /** residual stream after a layer, [batch, token, width]; layers may be missing */
  readonly hidden: readonly { readonly layer: number; readonly part: "self" | "decoder"; readonly value: string }[];
  /** "exact", or why there is none */
  readonly gradient: string;
}

/** A float32 graph output with the value, whatever its type is inside. */
export function tap(graph: Graph, value: string): string {
  const declared = graph.model.graph.outputs.some((output) => output.name === value);
  const half = graph.dtype(value) === "float16";
  const constant = graph.producer(value) === undefined;
  if (declared && !half) return value;
  let output = value;
  if (half) [output] = graph.emit("Cast", [value], { attributes: { to: { int: 1 } } }) as [string];
  else if (constant) [output] = graph.emit("Identity", [value]) as [string];
  graph.addOutput(output, "float32", graph.shape(value) ?? undefined);
  return output;
}

/** What is added to the embeddings, and where to. */
interface Moved {
  /** output with the embeddings as they were */
  readonly embeddings: string;
  /** the value to differentiate by */
  readonly wrt: string;
}

/** Adds `delta` to the embeddings, for all who read them but `keep`. Returns the moved embeddings. */
function move(graph: Graph, value: string, delta: string, keep?: Node): string {
  const half = graph.dtype(value) === "float16";
  const added = half ? graph.emit("Cast", [delta], { attributes: { to: { int: 10 } } })[0]! : delta;
  const moved = graph.emit("Add", [value, added])[0]!;
  const adder = graph.producer(moved);
  graph.replaceUses(value, moved, (node) => node === adder || node === keep);
  return moved;
}

function moveEmbeddings(graph: Graph, value: string): Moved {
  const embeddings = tap(graph, value);
  graph.addInput(lexi.delta, "float32", graph.shape(value) ?? ["lexi_rows", "lexi_tokens", "lexi_width"]);
  return { embeddings, wrt: move(graph, value, lexi.delta) };
}

/** Two lookups moved by one delta, so that one backward pass gives the gradient of both: read + delta[:, :n], written + delta[:, n:]. */
function moveBoth(graph: Graph, read: string, written: string, width: number): Moved {
  graph.addInput(lexi.delta, "float32", [graph.shape(read)?.[0] ?? "lexi_rows", "lexi_tokens", width]);
  const [zero, one, end] = [0, 1, Number.MAX_SAFE_INTEGER].map((value) => graph.emitConstant(int64([value]))) as [string, string, string];
  const shape = graph.emit("Shape", [read])[0]!;
  const length = graph.emit("Gather", [shape, one], { attributes: { axis: { int: 0 } } })[0]!; // [1]
  move(graph, read, graph.emit("Slice", [lexi.delta, zero, length, one])[0]!, graph.producer(shape)); // the length is that of the embeddings as they were
  move(graph, written, graph.emit("Slice", [lexi.delta, length, end, one])[0]!);
  const both = graph.emit("Concat", [read, written], { attributes: { axis: { int: 1 } } })[0]!; // [batch, token, width]
  return { embeddings: tap(graph, both), wrt: lexi.delta };
}

/** Moves what the anatomy found, or says why nothing can be moved. */
function movable(graph: Graph, { embeddings, decoder, missing }: Anatomy): Moved | string {
  if (!embeddings?.width) return `the word embeddings were not found: ${missing.find(({ what }) => what === "embeddings")?.reason ?? "their width is not known"}`;
  if (decoder === null) return moveEmbeddings(graph, embeddings.value);
  if (decoder.width !== embeddings.width) return `the two texts have embeddings of different widths, ${embeddings.width} and ${decoder.width ?? "unknown"}`;
  return moveBoth(graph, embeddings.value, decoder.value, embeddings.width);
}

/** Moves the residual stream after a layer in the place of the embeddings. */
function movableAt(graph: Graph, { residual, missing }: Anatomy, layer: number): Moved | string {
  const found = residual.find((each) => each.part === "self" && each.layer === layer);
  if (found) return moveEmbeddings(graph, found.value);
  const known = residual.filter(({ part }) => part === "self").map((each) => each.layer);
  return known.length > 0 ? `no layer ${layer}; there are ${known.join(", ")}` : `no residual stream found in this model: ${missing.find(({ what }) => what === "residual")?.reason ?? "nothing like it in the graph"}`;
}

/** The input by which one token, or a mean of them, is selected of [batch, token, …]. */
function addSelection(graph: Graph, of: string): void {
  const [batch, token] = graph.shape(of) ?? [];
  graph.addInput(lexi.select, "float32", [batch ?? "lexi_rows", 1, token ?? "lexi_tokens"]);
}

/** Where the scores come from. */
type Scored = Pick<Instrumented, "scores" | "rowed" | "selects" | "vector" | "features">;

/** A row of scores a text: the file's own, that of one token, or the cosine with another text. */
function scored(graph: Graph, anatomy: Anatomy): Scored {
  const vectors = vectorsOf(graph, anatomy);
  if (vectors) {
    if (vectors.perToken) addSelection(graph, vectors.value);
    const found = vectors.perToken ? graph.emit("MatMul", [lexi.select, vectors.value])[0]! : graph.emit("Reshape", [vectors.value, graph.emitConstant(int64([0, 1, anatomy.embeddings!.width!]))])[0]!;
    const vector = tap(graph, found);
    graph.addInput(lexi.reference, "float32", [graph.shape(vector)?.[0] ?? "lexi_rows", anatomy.embeddings!.width!, 1]);
    return { scores: tap(graph, addCosine(graph, vector, lexi.reference)), rowed: true, selects: vectors.perToken ? "vector" : null, vector, features: null };
  }
  const { logits } = anatomy;
  if (!logits) return { scores: null, rowed: false, selects: null, vector: null, features: null };
  if (!logits.perToken) {
    const features = headFeatures(graph, logits.value);
    return { scores: tap(graph, logits.value), rowed: false, selects: null, vector: null, features: features === null ? null : tap(graph, features) };
  }
  addSelection(graph, logits.value);
  return { scores: tap(graph, selectToken(graph, logits.value, lexi.select)), rowed: true, selects: "token", vector: null, features: null };
}

/** Our kernel computes softmax(cap(QKᵀ·scale) + bias) and nothing else. */
function kernelCan({ query, key, scale, extra, heads, headSize }: AttentionBlock): boolean {
  return query !== null && key !== null && scale !== null && extra.length === 0 && heads !== null && headSize !== null;
}

export function patternTap(graph: Graph, block: AttentionBlock, backend: BackendName): PatternTap {
  if (backend === "webgpu" && kernelCan(block))
    return { from: "kernel", query: tap(graph, block.query!), key: tap(graph, block.key!), bias: block.bias === null ? null : tap(graph, block.bias), block };
  return { from: "probabilities", value: tap(graph, block.probabilities) };
}

/**
 * A second graph of the same file, for methods that need another backward pass than the gradient by the embeddings: by the residual stream after a
 * layer (`at`), with the gradient of each attention pattern ("attention"), by the rules of relevance ("relevance"), or by those of DeepLift, on batches
 * of an input and its baseline (`rescale`).
 */
export type Variant = { readonly at: number } | { readonly rescale: SoftmaxRescaling } | "attention" | "relevance";

/** The rules that stand in for the gradient's on the way from `of` back to `wrt`, or why they cannot. */
export type RulesOf = (graph: Graph, of: string, wrt: string) => Readonly<Record<string, Rule>> | string;

export const attentionGradient = (block: number): string => `lexi_attention_gradient_${block}`;

/** Adds the backward graph, or says why not. */
function addGradient(graph: Graph, scores: string | null, moved: Moved | string, anatomy: Anatomy, variant: Variant | null, rulesOf: RulesOf | null): string {
  if (scores === null) return "the model has no scores to take a gradient of";
  if (typeof moved === "string") return moved;
  try {
    const also = variant === "attention" ? anatomy.attention.map(({ probabilities }, block) => ({ value: probabilities, into: attentionGradient(block) })) : [];
    const rules = rulesOf?.(graph, scores, moved.wrt) ?? {};
    if (typeof rules === "string") return rules;
    differentiate(graph, { of: scores, wrt: moved.wrt, seed: lexi.seed, gate: lexi.want, into: lexi.gradient, also, rules });
    return "exact";
  } catch (error) {
    return asLexiscopeError(error, "no-gradient", "model").message;
  }
}

/** Operators that WebGPU hands to the processor at every layer, or cannot run; wasm is the better place for such a file. */
const WASM_ONLY: Readonly<Record<string, string>> = {
  MatMulInteger: "8-bit weights run on the processor",
  DynamicQuantizeLinear: "8-bit weights run on the processor",
  QuantizeLinear: "8-bit weights run on the processor",
  QLinearMatMul: "8-bit weights run on the processor",
  DynamicQuantizeMatMul: "8-bit weights run on the processor",
};

/** Why this file is better off on wasm, or "". */
export function reasonAgainstGpu({ model }: ModelFile, halfPrecision: boolean): string {
  const found = model.graph.nodes.find(({ opType }) => opType in WASM_ONLY);
  if (found) return WASM_ONLY[found.opType]!;
  if (!halfPrecision && model.graph.initializers.some(({ dtype }) => dtype === "float16")) return "16-bit weights need a device with shader-f16";
  return "";
}

/** What is missing because a fused operator could not be taken apart, with the reason for that. */
function withReasons(anatomy: Anatomy, refused: Lowered["refused"]): Anatomy {
  const reasons = new Map(refused.map(({ node, reason }) => [node, reason]));
  return { ...anatomy, missing: anatomy.missing.map((entry) => ({ ...entry, reason: reasons.get(entry.node) ?? entry.reason })) };
}

/** @param file decoded from its bytes; its model is changed. @param withGradient false leaves the backward graph out. @param variant another backward graph than the usual one, by the rules of `rulesOf` */
export function instrument(file: ModelFile, backend: BackendName, withGradient = true, variant: Variant | null = null, rulesOf: RulesOf | null = null): Instrumented {
  const graph = Graph.of(takeBranches(file.model, FIXED));
  const inputs = graph.model.graph.inputs
    .filter(({ name }) => !graph.initializer(name))
    .map(({ name, type }) => ({ name, dtype: type?.dtype ?? "float32", shape: type?.shape ?? null }));
  const { refused } = lower(graph); // all of them, see above
  const anatomy = withReasons(dissect(graph), refused);
  const patterns = anatomy.attention.map((block) => patternTap(graph, block, variant === "attention" ? "wasm" : backend));
  const hidden = anatomy.residual.map(({ layer, part, value }) => ({ layer, part, value: tap(graph, value) }));
  const moved = variant !== null && typeof variant === "object" && "at" in variant ? movableAt(graph, anatomy, variant.at) : movable(graph, anatomy);
  const embeddings = typeof moved === "string" ? null : moved.embeddings;
  const found = scored(graph, anatomy);
  const columns = found.scores === null ? null : graph.shape(found.scores)?.at(-1);
  const gradient = withGradient ? addGradient(graph, found.scores, moved, anatomy, variant, rulesOf) : "not asked for";
  const model = graph.toModel();
  externalizeWeights(model, file.bytes, WEIGHTS);
  return { graph: encodeModel(model), opset: graph.opset, anatomy, inputs, ...found, labels: typeof columns === "number" ? columns : null, embeddings, patterns, hidden, gradient };
}
