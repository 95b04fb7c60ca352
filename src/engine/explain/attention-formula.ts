/**
 * One head taken apart: queries, keys, values and mask read from the graph, the pattern computed from them by the kernel of the backend, WGSL
 * where that is WebGPU. In a session of its own, see `side-session.ts`.
 */
import type { AttentionBlock } from "../../anatomy/types.js";
import { LexiscopeError } from "../../base/errors.js";
import type { AttentionFormulaExplanation } from "../../explanation/types.js";
import type { Graph } from "../../graph/graph.js";
import { float32 } from "../../tensor/tensor.js";
import type { Answering } from "../answering.js";
import { attentionChoice } from "../attention-choice.js";
import { biasStrides, headMaps, namesOf, rowSumError } from "../attention-maps.js";
import { tap, type PatternTap } from "../instrument.js";
import type { AttentionFormulaRequest } from "../requests.js";
import { needed, withSideSession } from "../side-session.js";
import type { RunOptions } from "../types.js";

/** JSON has no infinity. */
const LOWEST = -3e38;

/** Several biases, a choice of a large negative number, a scale behind the mask: all that comes of it can be said as something that is added. */
const ADDITIONS: ReadonlySet<string> = new Set(["Add", "Where", "Max", "Mul", "Div", "Reshape"]);

const saidByAddition = ({ extra }: AttentionBlock): boolean => extra.every((operator) => ADDITIONS.has(operator));

/** scores - QKᵀ·scale, [batch, head, query, key]: what several additions and choices come to. */
function allThatIsAdded(graph: Graph, { query, key, keyTransposed, scores }: AttentionBlock, scale: number): string | null {
  if (query === null || key === null) return null;
  const single = (value: string): string => (graph.dtype(value) === "float16" ? graph.emit("Cast", [value], { attributes: { to: { int: 1 } } })[0]! : value);
  const turned = keyTransposed ? single(key) : graph.emit("Transpose", [single(key)], { attributes: { perm: { ints: [0, 1, 3, 2] } } })[0]!;
  const product = graph.emit("MatMul", [single(query), turned])[0]!;
  const scaled = graph.emit("Mul", [product, graph.emitConstant(float32([scale], []))])[0]!;
  const regrouped = graph.emit("Reshape", [single(scores), graph.emit("Shape", [product])[0]!])[0]!; // a batch and its heads may be one axis there
  return graph.emit("Sub", [regrouped, scaled])[0]!;
}

/** Throws `unsupported` where the graph computes attention by another formula, or hides a part of it. */
export async function explainAttentionFormula(model: Answering, request: AttentionFormulaRequest, { signal }: RunOptions): Promise<AttentionFormulaExplanation> {
  const { blocks, heads, layer, head, causal } = attentionChoice(model.facts.instrumented, request);
  if (typeof layer !== "number" || typeof head !== "number") throw new LexiscopeError("bad-input", "the formula is that of one layer and one head: name both by a number from 0", { phase: "request" });
  if (model.facts.instrumented.anatomy.decoder) throw new LexiscopeError("unsupported", "the formula is shown of models with one text, not of encoder–decoders", { phase: "model" });
  const encoded = model.encode(request);
  return withSideSession(model.facts, (graph, anatomy) => {
    const block = anatomy.attention[blocks[layer]!]!;
    const between = [...(saidByAddition(block) ? [] : block.extra), ...(block.softcap === 0 ? [] : ["a soft cap"])];
    if (between.length > 0) throw new LexiscopeError("unsupported", `layer ${layer} is not softmax(QKᵀ·scale + mask): between product and softmax stands ${between.join(", ")}`, { phase: "model" });
    const part = (what: "query" | "key" | "value") => tap(graph, needed(block[what], `${what} of layer ${layer} was`, anatomy.missing.find((one) => one.what === what)?.reason ?? "nothing like it in the graph"));
    const scale = needed(block.scale, `scale of layer ${layer} was`, "it is no constant");
    const bias = block.extra.length > 0 ? allThatIsAdded(graph, block, scale) : block.bias;
    const names = { query: part("query"), key: part("key"), value: part("value"), mask: bias === null ? null : tap(graph, bias) };
    const pattern: PatternTap = { from: "kernel", query: names.query, key: names.key, bias: names.mask, block };
    return { ...names, block, pattern, scale, outputs: [...namesOf(pattern), names.value] };
  }, (runner, { query, key, value, mask, block, pattern, scale, outputs: names }) => runner.taps(encoded.row, names, async (outputs) => {
    const { kernels } = runner;
    const [q, k, v] = [outputs.get(query)!, outputs.get(key)!, outputs.get(value)!];
    const [, all, tokens] = q.shape as [number, number, number, number];
    const read = async ({ array, shape }: typeof q, transposed: boolean): Promise<number[][]> => {
      const [, owners, rows, columns] = shape as [number, number, number, number];
      const data = await kernels.read(array, rows * columns, Math.floor((head * owners) / all) * rows * columns);
      const [count, size] = transposed ? [columns, rows] : [rows, columns];
      return Array.from({ length: count }, (_, token) => Array.from({ length: size }, (__, feature) => data[transposed ? feature * columns + token : token * columns + feature]!));
    };
    const added = mask === null ? null : outputs.get(mask)!;
    const strides = added && biasStrides(added.shape);
    const numbers = added && (await kernels.read(added.array, added.shape.reduce((product, extent) => product * extent, 1)));
    const positions = Array.from({ length: tokens }, (_, token) => token);
    const { data } = await headMaps(runner, pattern, outputs, [head]);
    const weights = positions.map((row) => Array.from(data.subarray(row * tokens, (row + 1) * tokens)));
    const hides = (row: number, column: number) => block.causal && column > row;
    return {
      ...model.base(request, encoded, [{ name: "row-sum-error", value: rowSumError(weights) }]), kind: "attention-formula" as const, layers: blocks.length, heads, layer, head, causal, scale,
      query: await read(q, false), key: await read(k, block.keyTransposed), value: await read(v, false),
      mask: numbers === null && !block.causal ? null : positions.map((row) => positions.map((column) => Math.max(LOWEST, hides(row, column) ? LOWEST : numbers === null ? 0 : numbers[head * strides![0] + row * strides![1] + column * strides![2]]!))),
      weights,
    };
  }, signal), signal);
}
