/**
 * An encoder and a decoder, the two files that hubs serve, as one graph: what the encoder gives is what the decoder reads, and one mask
 * serves both. Names are those of the hubs' exporters. Nothing of the weights is copied.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Attribute, Dim, GraphProto, Model, Node, ValueInfo } from "./types.js";

/** Before every name of the decoder, so that none meets one of the encoder. */
const PREFIX = "decoder/";

const states = ({ type }: ValueInfo): boolean => type?.dtype.startsWith("float") === true && type.shape?.length === 3;

/** Throws `unsupported` where the two do not fit together. */
export function joinEncoderDecoder(encoder: Model, decoder: Model): Model {
  const given = encoder.graph.outputs.find(states);
  const wanted = decoder.graph.inputs.find(({ name }) => name === "encoder_hidden_states") ?? decoder.graph.inputs.find(states);
  if (!given || !wanted) throw misfit(given ? "the decoder reads no encoder_hidden_states" : "the encoder gives no states of three axes");
  const [one, other] = [encoder, decoder].map(({ opsets }) => opsets.get(""));
  if (one !== other) throw misfit(`the encoder is of opset ${one ?? "?"}, the decoder of ${other ?? "?"}`);
  const names = new Map([[wanted.name, given.name], ["encoder_attention_mask", "attention_mask"], ["input_ids", "decoder_input_ids"]]);
  for (const { name } of decoder.graph.outputs) names.set(name, name);
  const dims = new Map((wanted.type?.shape ?? []).flatMap((dim, axis): [Dim, Dim][] => (typeof dim === "string" ? [[dim, given.type?.shape?.[axis] ?? null]] : [])));
  const rename = (name: string): string => (name === "" ? "" : (names.get(name) ?? `${PREFIX}${name}`));
  const second = renamed(decoder.graph, rename, (dim) => (typeof dim !== "string" ? dim : dims.has(dim) ? dims.get(dim)! : `${PREFIX}${dim}`));
  const first = encoder.graph;
  const fed = new Set([...first.inputs.map(({ name }) => name), given.name]);
  return {
    ...encoder,
    opsets: new Map([...encoder.opsets, ...decoder.opsets]),
    functions: [...encoder.functions, ...decoder.functions],
    graph: {
      ...first,
      nodes: [...first.nodes, ...second.nodes],
      initializers: [...first.initializers, ...second.initializers],
      inputs: [...first.inputs, ...second.inputs.filter(({ name }) => !fed.has(name))],
      outputs: second.outputs,
      valueInfo: [...first.valueInfo, ...second.valueInfo],
    },
  };
}

const misfit = (why: string) => new LexiscopeError("unsupported", `the encoder and the decoder do not fit together: ${why}`, { phase: "model" });

/** The graph with other names, inside branches and loops as well. */
function renamed(graph: GraphProto, rename: (name: string) => string, dim: (dim: Dim) => Dim): GraphProto {
  const info = (value: ValueInfo): ValueInfo => ({ ...value, name: rename(value.name), type: value.type && { ...value.type, shape: value.type.shape?.map(dim) ?? null } });
  const attribute = (value: Attribute): Attribute => (value.type === "graph" ? { ...value, value: renamed(value.value, rename, dim) } : value);
  const node = (each: Node): Node => ({
    ...each, name: each.name === "" ? "" : `${PREFIX}${each.name}`, inputs: each.inputs.map(rename), outputs: each.outputs.map(rename),
    attributes: new Map(Array.from(each.attributes, ([name, value]) => [name, attribute(value)])),
  });
  return {
    ...graph, nodes: graph.nodes.map(node), initializers: graph.initializers.map((tensor) => ({ ...tensor, name: rename(tensor.name) })),
    inputs: graph.inputs.map(info), outputs: graph.outputs.map(info), valueInfo: graph.valueInfo.map(info),
  };
}
