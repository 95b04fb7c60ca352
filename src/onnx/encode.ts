/**
 * Model → bytes of a `.onnx` file, and the same in small: only what is to be appended. Large tensors are copied once.
 * Source: onnx.proto3, IR version 13 (field numbers).
 */
import { emptyGraph } from "./decode.js";
import type { Attribute, AttributeValue, Dim, GraphProto, Model, Node, TensorProto, ValueInfo } from "./types.js";
import { WireWriter, concatBytes } from "./wire.js";

const writer = (): WireWriter => new WireWriter();

function verbatim(out: WireWriter, unknown: readonly Uint8Array[] = []): WireWriter {
  for (const field of unknown) out.verbatim(field);
  return out;
}

/** Writes a model. A decoded model, unchanged, means the same after it. */
export function encodeModel(model: Model): Uint8Array {
  const out = writer();
  if (model.irVersion !== 0) out.int(1, model.irVersion);
  if (model.producerName !== "") out.string(2, model.producerName);
  for (const [domain, version] of model.opsets) out.message(8, writer().string(1, domain).int(2, version));
  out.message(7, writeGraph(model.graph));
  for (const { bytes } of model.functions) out.bytes(25, bytes);
  return verbatim(out, model.unknown).finish();
}

/**
 * The bytes of `file` followed by a trailer that makes the named values graph outputs: protobuf merges the two.
 * @param names values of the main graph that are not outputs yet
 */
export function appendOutputs(file: Uint8Array, names: readonly string[]): Uint8Array {
  const outputs = names.map((name) => ({ name, type: null, unknown: [] }));
  return concatBytes([file, encodeTrailer({ ...emptyGraph(), outputs })]);
}

/** Bytes that, appended to a model, add what `graph` has; give it no name, or the file's own. */
export function encodeTrailer(graph: GraphProto): Uint8Array {
  return writer().message(7, writeGraph(graph)).finish();
}

function writeGraph(graph: GraphProto): WireWriter {
  const out = writer();
  for (const node of graph.nodes) out.message(1, writeNode(node));
  if (graph.name !== "") out.string(2, graph.name);
  for (const tensor of graph.initializers) out.message(5, writeTensor(tensor));
  for (const value of graph.inputs) out.message(11, writeValueInfo(value));
  for (const value of graph.outputs) out.message(12, writeValueInfo(value));
  for (const value of graph.valueInfo) out.message(13, writeValueInfo(value));
  return verbatim(out, graph.unknown);
}

function writeNode(node: Node): WireWriter {
  const out = writer();
  for (const name of node.inputs) out.string(1, name);
  for (const name of node.outputs) out.string(2, name);
  if (node.name !== "") out.string(3, node.name);
  out.string(4, node.opType);
  for (const [name, attribute] of node.attributes) out.message(5, writeAttribute(name, attribute));
  if (node.domain !== "") out.string(7, node.domain);
  return verbatim(out, node.unknown);
}

type Writers = { readonly [T in Exclude<AttributeValue["type"], "other">]: (out: WireWriter, value: Extract<AttributeValue, { type: T }>["value"]) => void };

/** AttributeProto.AttributeType numbers. */
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

const attributeWriters: Writers = {
  float: (out, value) => out.float(2, value),
  int: (out, value) => out.int(3, value),
  string: (out, value) => out.string(4, value),
  tensor: (out, value) => out.message(5, writeTensor(value)),
  graph: (out, value) => out.message(6, writeGraph(value)),
  floats: (out, value) => value.forEach((each) => out.float(7, each)),
  ints: (out, value) => value.forEach((each) => out.int(8, each)),
  strings: (out, value) => value.forEach((each) => out.string(9, each)),
};

function writeAttribute(name: string, attribute: Attribute): WireWriter {
  if (attribute.type === "other") return writer().verbatim(attribute.value);
  const out = writer().string(1, name);
  const write = attributeWriters[attribute.type] as (out: WireWriter, value: AttributeValue["value"]) => void;
  write(out, attribute.value);
  return verbatim(out.int(20, attributeTypes[attribute.type]), attribute.unknown);
}

function writeTensor(tensor: TensorProto): WireWriter {
  const out = writer();
  for (const extent of tensor.shape) out.int(1, extent);
  out.int(2, tensor.dataType);
  for (const text of tensor.strings ?? []) out.bytes(6, text);
  if (tensor.name !== "") out.string(8, tensor.name);
  if (tensor.raw) out.bytes(9, tensor.raw);
  if (tensor.external) {
    const { location, offset, length } = tensor.external;
    for (const [key, value] of Object.entries({ location, offset, length })) out.message(13, writer().string(1, key).string(2, String(value)));
    out.int(14, 1);
  }
  return verbatim(out, tensor.unknown);
}

function writeValueInfo(value: ValueInfo): WireWriter {
  const out = writer().string(1, value.name);
  if (value.type) {
    const { dataType, shape, denotations } = value.type;
    const tensor = writer().int(1, dataType);
    if (shape) {
      const dims = writer();
      shape.forEach((dim, axis) => dims.message(1, writeDim(dim, denotations?.[axis] ?? null)));
      tensor.message(2, dims);
    }
    out.message(2, writer().message(1, tensor));
  }
  return verbatim(out, value.unknown);
}

function writeDim(dim: Dim, denotation: string | null): WireWriter {
  const out = writer();
  if (typeof dim === "number") out.int(1, dim);
  else if (dim !== null) out.string(2, dim);
  if (denotation !== null) out.string(3, denotation);
  return out;
}
