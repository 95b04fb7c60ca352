/**
 * A model whose weights mean nothing any more, part by part from the top: within each weight the numbers change places at random. So their
 * distribution, type and shape stay, also of 8-bit and 16-bit weights, and only what was learned is gone. For the parameter randomisation check: an
 * explanation that stays the same does not explain the model.
 * Source: Adebayo et al. 2018, arXiv:1810.03292, cascading randomisation (which draws new weights where this permutes the old).
 */
import type { Anatomy } from "../anatomy/types.js";
import { Random } from "../base/random.js";
import { bitsOf } from "../onnx/dtypes.js";
import type { GraphProto, Model, TensorProto } from "../onnx/types.js";
import type { ModelFile } from "./model-files.js";

/** Tensors of fewer elements are scalars, shapes and scales of the whole: they stay. */
const SMALLEST = 8;
const WEIGHTS = new Set(["float32", "float16", "float64", "bfloat16", "int8", "uint8", "int4", "uint4"]);

export interface WeightStage {
  /** "head", "layer 3", … "embeddings" */
  readonly name: string;
  /** the weights that its nodes read and no stage above does */
  readonly weights: readonly string[];
}

/** The main graph's tensors by the name under which nodes read them. */
function tensorsOf({ initializers, nodes }: GraphProto): Map<string, TensorProto> {
  const constants = nodes.flatMap(({ opType, outputs, attributes }) => {
    const value = opType === "Constant" ? attributes.get("value") : undefined;
    return value?.type === "tensor" ? [[outputs[0] ?? "", value.value] as const] : [];
  });
  return new Map([...constants, ...initializers.map((tensor) => [tensor.name, tensor] as const)]);
}

const isWeight = ({ dtype, shape }: TensorProto): boolean => WEIGHTS.has(dtype) && shape.reduce((product, extent) => product * extent, 1) >= SMALLEST;

/** Every weight, once, from the scores down: what comes after the last layer, each layer, what comes before the first. */
export function weightStages({ graph }: Model, { residual, embeddings }: Anatomy): WeightStage[] {
  const tensors = tensorsOf(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const marks = [...(embeddings ? [{ name: "embeddings", value: embeddings.value }] : []), ...residual.map(({ layer, value, part }) => ({ name: `${part === "self" ? "" : `${part} `}layer ${layer}`, value }))].filter(({ value }) => producers.has(value));
  const stageOf = new Map<unknown, number>();
  const walk = (from: readonly string[], stage: number): void => {
    const open = [...from];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      const node = producers.get(value);
      if (!node || stageOf.has(node)) continue;
      stageOf.set(node, stage);
      open.push(...node.inputs);
    }
  };
  marks.forEach(({ value }, stage) => walk([value], stage));
  walk(graph.outputs.map(({ name }) => name), marks.length);
  const weights = new Map<string, number>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const tensor = tensors.get(input);
      if (tensor && isWeight(tensor)) weights.set(input, Math.max(weights.get(input) ?? 0, stageOf.get(node) ?? marks.length));
    }
  }
  return [...marks.map(({ name }) => name), "head"]
    .map((name, stage) => ({ name, weights: [...weights].filter(([, at]) => at === stage).map(([weight]) => weight) }))
    .filter(({ weights: found }) => found.length > 0)
    .reverse();
}

function bytesOf({ raw, external }: TensorProto, file: ModelFile): Uint8Array | null {
  if (!external) return raw;
  const data = file.external.find(({ path }) => path === external.location)?.data;
  return data?.subarray(external.offset, external.offset + external.length) ?? null;
}

/** The tensor's elements in another order (packed 4-bit elements in pairs). */
function permuted(bytes: Uint8Array, dataType: number, random: Random): Uint8Array {
  const width = Math.max(1, bitsOf(dataType) / 8);
  const out = new Uint8Array(bytes.length);
  random.permutation(bytes.length / width).forEach((from, to) => out.set(bytes.subarray(from * width, (from + 1) * width), to * width));
  return out;
}

/** The model read anew from its bytes, which stay as they are, with these weights permuted. The same seed gives the same weights. */
export function withPermutedWeights(file: ModelFile, weights: readonly string[], seed: number): ModelFile {
  const model = file.decode();
  const tensors = tensorsOf(model.graph);
  const order = [...tensors.keys()];
  for (const name of weights) {
    const tensor = tensors.get(name);
    const bytes = tensor && bytesOf(tensor, file);
    if (!bytes) continue;
    tensor.raw = permuted(bytes, tensor.dataType, new Random(seed, order.indexOf(name)));
    tensor.external = null;
  }
  return { ...file, model };
}
