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
import { differentiate } from "../autodiff/index.js";
import { asLexiscopeError } from "../base/errors.js";
import { Graph } from "../graph/graph.js";
import { lower, type Lowered } from "../lowering/index.js";
import { encodeModel } from "../onnx/encode.js";
import { externalizeWeights } from "../onnx/externalize.js";
import type { Dim } from "../onnx/types.js";
import type { ModelFile } from "./model-files.js";
import type { BackendName } from "./types.js";

/** The name under which the runtime gets the original file. */
export const WEIGHTS = "lexi-weights";

/** Names of the inputs and outputs that were added. */
export const lexi = {
  delta: "lexi_delta", // [batch, token, width] float32, added to the embeddings
  select: "lexi_select", // [batch, 1, token] float32, one 1 a row: the token whose scores are wanted
  seed: "lexi_seed", // the shape of the scores: cotangent
  want: "lexi_want_gradient", // scalar bool
  gradient: "lexi_gradient", // [batch, token, width] float32
} as const;

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
  /** output with the scores, [batch, label] or, when `perToken`, [batch, 1, label]; null when the model has none */
  readonly scores: string | null;
  readonly perToken: boolean;
  /** scores a row has; null when the file does not say */
  readonly labels: number | null;
  /** output with the word embeddings, before `lexi_delta`; null when they were not found */
  readonly embeddings: string | null;
  readonly patterns: readonly PatternTap[]; // [layer]
  /** residual stream after a layer, [batch, token, width]; layers may be missing */
  readonly hidden: readonly { readonly layer: number; readonly value: string }[];
  /** "exact", or why there is none */
  readonly gradient: string;
}

/** A float32 graph output with the value, whatever its type is inside. */
function tap(graph: Graph, value: string): string {
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

/** Adds `lexi_delta` to the embeddings, for all who read them. Returns the moved embeddings. */
function moveEmbeddings(graph: Graph, value: string): string {
  const shape = graph.shape(value);
  graph.addInput(lexi.delta, "float32", shape ?? ["lexi_rows", "lexi_tokens", "lexi_width"]);
  const half = graph.dtype(value) === "float16";
  const delta = half ? graph.emit("Cast", [lexi.delta], { attributes: { to: { int: 10 } } })[0]! : lexi.delta;
  const moved = graph.emit("Add", [value, delta])[0]!;
  const adder = graph.producer(moved);
  graph.replaceUses(value, moved, (node) => node === adder);
  return moved;
}

/** Selects one token's row of [batch, token, label]: a product, which every backend and the differentiation know. */
function selectRow(graph: Graph, logits: string): string {
  const [batch, token] = graph.shape(logits) ?? [];
  graph.addInput(lexi.select, "float32", [batch ?? "lexi_rows", 1, token ?? "lexi_tokens"]);
  return graph.emit("MatMul", [lexi.select, logits])[0]!; // [batch, 1, label]
}

/** Our kernel computes softmax(QKᵀ·scale + bias) and nothing else. */
function kernelCan({ query, key, scale, extra, heads, headSize }: AttentionBlock): boolean {
  return query !== null && key !== null && scale !== null && extra.length === 0 && heads !== null && headSize !== null;
}

function patternTap(graph: Graph, block: AttentionBlock, backend: BackendName): PatternTap {
  if (backend === "webgpu" && kernelCan(block))
    return { from: "kernel", query: tap(graph, block.query!), key: tap(graph, block.key!), bias: block.bias === null ? null : tap(graph, block.bias), block };
  return { from: "probabilities", value: tap(graph, block.probabilities) };
}

/** Adds the backward graph, or says why not. */
function addGradient(graph: Graph, scores: string | null, moved: string | null, anatomy: Anatomy): string {
  if (scores === null) return "the model has no scores to take a gradient of";
  if (moved === null) return `the word embeddings were not found: ${anatomy.missing.find(({ what }) => what === "embeddings")?.reason ?? "their width is not known"}`;
  try {
    differentiate(graph, { of: scores, wrt: moved, seed: lexi.seed, gate: lexi.want, into: lexi.gradient });
    return "exact";
  } catch (error) {
    return asLexiscopeError(error, "no-gradient", "model").message;
  }
}

/** Operators that WebGPU hands to the processor at every layer, or cannot run; wasm is the better place for such a file. */
const WASM_ONLY: Readonly<Record<string, string>> = {
  MatMulInteger: "8-bit weights run on the processor",
  DynamicQuantizeLinear: "8-bit weights run on the processor",
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

/** @param file decoded from its bytes; its model is changed. @param withGradient false leaves the backward graph out */
export function instrument(file: ModelFile, backend: BackendName, withGradient = true): Instrumented {
  const graph = Graph.of(file.model);
  const inputs = graph.model.graph.inputs
    .filter(({ name }) => !graph.initializer(name))
    .map(({ name, type }) => ({ name, dtype: type?.dtype ?? "float32", shape: type?.shape ?? null }));
  const { refused } = lower(graph); // all of them, see above
  const anatomy = withReasons(dissect(graph), refused);
  const patterns = anatomy.attention.map((block) => patternTap(graph, block, backend));
  const hidden = anatomy.residual.map(({ layer, value }) => ({ layer, value: tap(graph, value) }));
  const lookup = anatomy.embeddings?.width ? anatomy.embeddings : null;
  const embeddings = lookup && tap(graph, lookup.value);
  const moved = lookup && moveEmbeddings(graph, lookup.value);
  const perToken = anatomy.logits?.perToken ?? false;
  const selected = anatomy.logits && (perToken ? selectRow(graph, anatomy.logits.value) : anatomy.logits.value);
  const scores = selected && tap(graph, selected);
  const columns = scores === null ? null : graph.shape(scores)?.at(-1);
  const gradient = withGradient ? addGradient(graph, scores, moved, anatomy) : "not asked for";
  const model = graph.toModel();
  externalizeWeights(model, file.bytes, WEIGHTS);
  return { graph: encodeModel(model), opset: graph.opset, anatomy, inputs, scores, perToken, labels: typeof columns === "number" ? columns : null, embeddings, patterns, hidden, gradient };
}
