/**
 * Bytes of a `.onnx` file → Model. Nothing is copied: weights are views into the file. Nothing is interpreted and nothing is
 * lost: what this library does not know stays in `unknown`. Repeated fields may stand in any order, and singular messages that
 * occur twice are merged, as protobuf says (this is what makes trailers work).
 * Source: onnx.proto3, IR version 13 (field numbers); protobuf.dev/programming-guides/encoding.
 */
import { LexiscopeError } from "../base/errors.js";
import { dtypeOf } from "./dtypes.js";
import { readTensor } from "./decode-tensor.js";
import type { Attribute, FunctionProto, GraphProto, Model, Node, UnknownField, ValueInfo } from "./types.js";
import { Wire, WireReader, WireWriter, decodeUtf8 } from "./wire.js";

type Fields<T> = Readonly<Record<number, (target: T, reader: WireReader) => void>>;

/** Reads every field by its row; fields without a row go to `unknown`. */
function readFields<T>(reader: WireReader, target: T, fields: Fields<T>, unknown: UnknownField[]): T {
  while (reader.next()) {
    const read = fields[reader.field];
    if (read) read(target, reader);
    else unknown.push(reader.verbatim());
  }
  return target;
}

/**
 * Reads a model. `bytes` must stay as they are for as long as the model is used.
 * @throws LexiscopeError "bad-model" with `detail.offset`, for anything that is not a well-formed model
 */
export function decodeModel(bytes: Uint8Array): Model {
  const scratch: ModelScratch = { irVersion: 0, producerName: "", opsets: new Map(), graph: null, functions: [], unknown: [] };
  const reader = new WireReader(bytes, "ModelProto");
  readFields(reader, scratch, modelFields, scratch.unknown);
  const { graph, ...rest } = scratch;
  if (!graph) throw new LexiscopeError("bad-model", `not an onnx model: no graph in ${bytes.length} bytes; is this another kind of file?`, { phase: "model", offset: bytes.length });
  return { ...rest, graph };
}

type ModelScratch = Omit<Model, "graph"> & { graph: GraphProto | null };

const modelFields: Fields<ModelScratch> = {
  1: (model, reader) => (model.irVersion = reader.integer()),
  2: (model, reader) => (model.producerName = reader.string()),
  7: (model, reader) => (model.graph = readGraph(reader.child("GraphProto"), model.graph ?? emptyGraph())),
  8: (model, reader) => {
    const opset = readFields(reader.child("OperatorSetIdProto"), { domain: "", version: 0 }, opsetFields, []);
    model.opsets.set(opset.domain === "ai.onnx" ? "" : opset.domain, opset.version);
  },
  25: (model, reader) => model.functions.push(readFunction(reader)),
};

const opsetFields: Fields<{ domain: string; version: number }> = {
  1: (opset, reader) => (opset.domain = reader.string()),
  2: (opset, reader) => (opset.version = reader.integer()),
};

function readFunction(reader: WireReader): FunctionProto {
  reader.spend(1);
  return { bytes: reader.blob() };
}

export function emptyGraph(name = ""): GraphProto {
  return { name, nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [], unknown: [] };
}

function readGraph(reader: WireReader, graph: GraphProto): GraphProto {
  return readFields(reader, graph, graphFields, graph.unknown);
}

const graphFields: Fields<GraphProto> = {
  1: (graph, reader) => graph.nodes.push(readNode(reader.child("NodeProto"))),
  2: (graph, reader) => (graph.name = reader.string()),
  5: (graph, reader) => graph.initializers.push(readTensor([reader.child("TensorProto")])),
  11: (graph, reader) => graph.inputs.push(readValueInfo(reader.child("ValueInfoProto"))),
  12: (graph, reader) => graph.outputs.push(readValueInfo(reader.child("ValueInfoProto"))),
  13: (graph, reader) => graph.valueInfo.push(readValueInfo(reader.child("ValueInfoProto"))),
};

function readNode(reader: WireReader): Node {
  const node: Node = { opType: "", domain: "", name: "", inputs: [], outputs: [], attributes: new Map(), unknown: [] };
  return readFields(reader, node, nodeFields, node.unknown);
}

const nodeFields: Fields<Node> = {
  1: (node, reader) => node.inputs.push(reader.string()),
  2: (node, reader) => node.outputs.push(reader.string()),
  3: (node, reader) => (node.name = reader.string()),
  4: (node, reader) => (node.opType = reader.string()),
  5: (node, reader) => {
    const { name, attribute } = readAttribute(reader);
    node.attributes.set(name, attribute);
  },
  7: (node, reader) => {
    const domain = reader.string();
    node.domain = domain === "ai.onnx" ? "" : domain;
  },
};

/** AttributeProto as it is being read; every kind of value is a field of its own. */
interface AttributeScratch {
  name: string;
  type: number;
  float: number | null;
  int: bigint | null;
  string: Uint8Array | null;
  tensor: WireReader[];
  graph: GraphProto | null;
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
}

const attributeFields: Fields<AttributeScratch> = {
  1: (attribute, reader) => (attribute.name = reader.string()),
  2: (attribute, reader) => (attribute.float = reader.float()),
  3: (attribute, reader) => {
    reader.expect(Wire.varint);
    attribute.int = reader.int64();
  },
  4: (attribute, reader) => (attribute.string = reader.blob()),
  5: (attribute, reader) => attribute.tensor.push(reader.child("TensorProto")),
  6: (attribute, reader) => (attribute.graph = readGraph(reader.child("GraphProto"), attribute.graph ?? emptyGraph())),
  7: (attribute, reader) => reader.floats(attribute.floats),
  8: (attribute, reader) => reader.int64s(attribute.ints),
  9: (attribute, reader) => {
    reader.spend(1);
    attribute.strings.push(reader.blob());
  },
  20: (attribute, reader) => (attribute.type = reader.integer()),
};

/** AttributeProto.AttributeType → how the value is taken; undefined where it is not what the type says. */
const attributeKinds: Readonly<Record<number, (attribute: AttributeScratch) => Attribute | undefined>> = {
  1: ({ float }) => ({ type: "float", value: float ?? 0 }),
  2: ({ int }) => ({ type: "int", value: int ?? 0n }),
  3: ({ string }) => {
    const value = decodeUtf8(string ?? new Uint8Array());
    return value === undefined ? undefined : { type: "string", value };
  },
  4: ({ tensor }) => (tensor.length > 0 ? { type: "tensor", value: readTensor(tensor) } : undefined),
  5: ({ graph }) => (graph ? { type: "graph", value: graph } : undefined),
  6: ({ floats }) => ({ type: "floats", value: floats }),
  7: ({ ints }) => ({ type: "ints", value: ints }),
  8: ({ strings }) => {
    const values = strings.map(decodeUtf8);
    return values.every((value) => value !== undefined) ? { type: "strings", value: values } : undefined;
  },
};

/** Attributes of files from before `type` was required (IR version 1 and 2). */
function inferAttributeType(attribute: AttributeScratch): number {
  const present = [attribute.float !== null, attribute.int !== null, attribute.string !== null, attribute.tensor.length > 0, attribute.graph !== null,
    attribute.floats.length > 0, attribute.ints.length > 0, attribute.strings.length > 0];
  return present.indexOf(true) + 1;
}

function readAttribute(reader: WireReader): { name: string; attribute: Attribute } {
  const child = reader.child("AttributeProto");
  const start = child.position;
  const scratch: AttributeScratch = { name: "", type: 0, float: null, int: null, string: null, tensor: [], graph: null, floats: [], ints: [], strings: [] };
  const unknown: UnknownField[] = [];
  readFields(child, scratch, attributeFields, unknown);
  const kind = attributeKinds[scratch.type || inferAttributeType(scratch)];
  const attribute = kind?.(scratch) ?? { type: "other", value: child.bytes.subarray(start, child.end) };
  return { name: scratch.name, attribute: unknown.length > 0 && attribute.type !== "other" ? { ...attribute, unknown } : attribute };
}

/** TypeProto as it is being read: the parts of a tensor type, and whether it is something else. */
interface TypeScratch {
  verbatim: Uint8Array[];
  tensor: boolean;
  other: boolean;
  dataType: number;
  shape: { dims: NonNullable<NonNullable<ValueInfo["type"]>["shape"]>; denotations: (string | null)[] } | null;
  typeUnknown: UnknownField[];
  tensorUnknown: UnknownField[];
}

const valueInfoFields: Fields<{ info: ValueInfo; type: TypeScratch }> = {
  1: ({ info }, reader) => (info.name = reader.string()),
  2: ({ type }, reader) => {
    const child = reader.child("TypeProto");
    type.verbatim.push(child.bytes.subarray(child.position, child.end));
    readFields(child, type, typeFields, type.typeUnknown);
  },
};

const otherType = (type: TypeScratch, reader: WireReader): void => {
  type.other = true;
  reader.verbatim();
};

const typeFields: Fields<TypeScratch> = {
  1: (type, reader) => {
    type.tensor = true;
    readFields(reader.child("TypeProto.Tensor"), type, tensorTypeFields, type.tensorUnknown);
  },
  4: otherType, // sequence
  5: otherType, // map
  7: otherType, // opaque
  8: otherType, // sparse tensor
  9: otherType, // optional
};

const tensorTypeFields: Fields<TypeScratch> = {
  1: (type, reader) => (type.dataType = reader.integer()),
  2: (type, reader) => {
    const shape = (type.shape ??= { dims: [], denotations: [] });
    readFields(reader.child("TensorShapeProto"), shape, shapeFields, []);
  },
};

const shapeFields: Fields<NonNullable<TypeScratch["shape"]>> = {
  1: (shape, reader) => {
    const dim = readFields(reader.child("Dimension"), { value: null as number | string | null, denotation: null as string | null }, dimFields, []);
    shape.dims.push(dim.value);
    shape.denotations.push(dim.denotation);
  },
};

const dimFields: Fields<{ value: number | string | null; denotation: string | null }> = {
  1: (dim, reader) => (dim.value = reader.integer()),
  2: (dim, reader) => (dim.value = reader.string() || null),
  3: (dim, reader) => (dim.denotation = reader.string()),
};

function readValueInfo(reader: WireReader): ValueInfo {
  const info: ValueInfo = { name: "", type: null, unknown: [] };
  const type: TypeScratch = { verbatim: [], tensor: false, other: false, dataType: 0, shape: null, typeUnknown: [], tensorUnknown: [] };
  readFields(reader, { info, type }, valueInfoFields, info.unknown);
  if (type.tensor && !type.other) {
    const { dataType, shape } = type;
    info.type = { dtype: dtypeOf(dataType), dataType, shape: shape?.dims ?? null };
    if (shape?.denotations.some((denotation) => denotation !== null)) info.type.denotations = shape.denotations;
    // Written as one more `type` field: protobuf merges it with the one made from `info.type`.
    for (const field of type.tensorUnknown) info.unknown.push(new WireWriter().message(2, new WireWriter().message(1, new WireWriter().verbatim(field))).finish());
    for (const field of type.typeUnknown) info.unknown.push(new WireWriter().message(2, new WireWriter().verbatim(field)).finish());
  } else {
    for (const field of type.verbatim) info.unknown.push(new WireWriter().bytes(2, field).finish());
  }
  return info;
}

/**
 * Names of sparse initializers: they are values of the graph, but stay in `unknown`.
 * (GraphProto field 15: SparseTensorProto, whose field 1 is a TensorProto with the name in field 8.)
 */
export function sparseInitializerNames(graph: GraphProto): string[] {
  const names: string[] = [];
  const sparseFields: Fields<string[]> = { 1: (into, reader) => into.push(readTensor([reader.child("TensorProto")]).name) };
  const unknownFields: Fields<string[]> = { 15: (into, reader) => readFields(reader.child("SparseTensorProto"), into, sparseFields, []) };
  for (const field of graph.unknown) readFields(new WireReader(field, "GraphProto"), names, unknownFields, []);
  return names;
}

