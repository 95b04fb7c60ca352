import { expect } from "@open-wc/testing";
import { LexiscopeError } from "../../src/base/errors.js";
import { decodeModel, sparseInitializerNames } from "../../src/onnx/decode.js";
import { encodeModel } from "../../src/onnx/encode.js";
import { tensorData } from "../../src/onnx/tensor-data.js";
import type { Attribute, TensorProto } from "../../src/onnx/types.js";
import { type Bytes, bytesOf, f32, f64, fixed32, fixed64, int, message, text, varint } from "./bytes.js";

const GRAPH = 7;
const graph = (...parts: readonly Bytes[]): Uint8Array => bytesOf(message(GRAPH, ...parts));
const tensor = (...parts: readonly Bytes[]): TensorProto => decodeModel(graph(message(5, ...parts))).graph.initializers[0]!;
const attribute = (...parts: readonly Bytes[]): Attribute | undefined => decodeModel(graph(message(1, text(4, "Op"), message(5, text(1, "a"), ...parts)))).graph.nodes[0]!.attributes.get("a");

function failure(bytes: Uint8Array): LexiscopeError {
  try {
    decodeModel(bytes);
  } catch (error) {
    if (error instanceof LexiscopeError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("decodeModel: tensors", () => {
  it("raw_data is a view into the file", () => {
    const file = graph(message(5, int(1, 2), int(2, 1), message(9, f32(1), f32(-2)), text(8, "w")));
    const { raw, shape, name } = decodeModel(file).graph.initializers[0]!;
    expect(raw!.buffer).to.equal(file.buffer);
    expect([name, ...shape]).to.deep.equal(["w", 2]);
    expect([...tensorData(decodeModel(file).graph.initializers[0]!).data]).to.deep.equal([1, -2]);
  });

  const typed: readonly (readonly [what: string, dataType: number, fields: Bytes, expected: readonly (number | bigint)[]])[] = [
    ["float_data, packed", 1, message(4, f32(1.5), f32(-2)), [1.5, -2]],
    ["float_data, one at a time", 1, [...fixed32(4, 1.5), ...fixed32(4, -2)], [1.5, -2]],
    ["double_data, packed and not", 11, [...message(10, f64(0.1)), ...fixed64(10, -7)], [0.1, -7]],
    ["int32_data, negative", 6, message(5, varint(-5), varint(7)), [-5, 7]],
    ["int32_data, one at a time", 6, [...int(5, -5), ...int(5, 7)], [-5, 7]],
    ["int32_data as int8", 3, message(5, varint(-128), varint(127)), [-128, 127]],
    ["int32_data as uint8", 2, message(5, varint(255), varint(3)), [255, 3]],
    ["int32_data as int16", 5, message(5, varint(-300), varint(300)), [-300, 300]],
    ["int32_data as uint16", 4, message(5, varint(65535), varint(1)), [65535, 1]],
    ["int32_data as bool", 9, message(5, varint(1), varint(0)), [1, 0]],
    ["int32_data as float16 bits", 10, message(5, varint(0x3c00), varint(0xc000)), [0x3c00, 0xc000]],
    ["int32_data as bfloat16 bits", 16, message(5, varint(0x3f80), varint(0)), [0x3f80, 0]],
    ["int64_data, large and negative", 7, message(7, varint(-1), varint(2n ** 62n)), [-1n, 2n ** 62n]],
    ["int64_data in two pieces", 7, [...message(7, varint(-1)), ...int(7, 9)], [-1n, 9n]],
    ["uint64_data", 13, message(11, varint(2n ** 64n - 1n), varint(1)), [2n ** 64n - 1n, 1n]],
    ["uint64_data as uint32", 12, message(11, varint(4294967295), varint(1)), [4294967295, 1]],
  ];
  for (const [what, dataType, fields, expected] of typed) {
    it(`${what} becomes little-endian bytes`, () => {
      expect([...tensorData(tensor(int(1, 2), int(2, dataType), fields)).data]).to.deep.equal(expected);
    });
  }

  it("4-bit integers are two a byte, low nibble first", () => {
    expect([...tensorData(tensor(int(1, 3), int(2, 22), message(9, [0xf1, 0x08]))).data]).to.deep.equal([1, -1, -8]);
    expect([...tensorData(tensor(int(1, 3), int(2, 21), message(5, varint(0xf1), varint(0x08)))).data]).to.deep.equal([1, 15, 8]);
  });

  it("dims packed and not, in any order of fields", () => {
    expect(tensor(message(9, f32(1), f32(2)), message(1, varint(1), varint(2)), int(2, 1)).shape).to.deep.equal([1, 2]);
  });

  it("strings stay bytes", () => {
    const { strings, raw } = tensor(int(1, 1), int(2, 8), message(6, [0xff, 0x00]));
    expect(raw).to.equal(null);
    expect([...strings![0]!]).to.deep.equal([0xff, 0x00]);
  });

  it("external data: entries, the missing length from the shape, other keys kept", () => {
    const entry = (key: string, value: string): Bytes => message(13, text(1, key), text(2, value));
    const proto = tensor(int(1, 3), int(2, 1), entry("location", "w.bin"), entry("offset", "4096"), entry("checksum", "ab"), int(14, 1));
    expect(proto.external).to.deep.equal({ location: "w.bin", offset: 4096, length: 12 });
    expect(proto.raw).to.equal(null);
    expect(proto.unknown).to.have.length(1);
    expect(() => tensorData(proto)).to.throw(LexiscopeError, "w.bin");
    expect(failure(graph(message(5, int(2, 1), entry("offset", "-4"), int(14, 1)))).code).to.equal("bad-model");
  });

  it("an element type from the future keeps its bytes", () => {
    const proto = tensor(int(1, 1), int(2, 99), message(9, [1, 2, 3]));
    expect([proto.dtype, proto.dataType, proto.raw!.length]).to.deep.equal(["undefined", 99, 3]);
  });

  it("shape and bytes must agree before numbers are made", () => {
    expect(() => tensorData(tensor(int(1, 2 ** 40), int(2, 1), message(9, f32(1))))).to.throw(LexiscopeError, "needs 4398046511104 bytes and has 4");
  });
});

describe("decodeModel: messages", () => {
  it("a second graph merges into the first: trailers", () => {
    const model = decodeModel(bytesOf(message(GRAPH, text(2, "main"), message(1, text(4, "A"))), message(GRAPH, message(12, text(1, "y")), message(1, text(4, "B")))));
    expect(model.graph.name).to.equal("main");
    expect(model.graph.nodes.map(({ opType }) => opType)).to.deep.equal(["A", "B"]);
    expect(model.graph.outputs.map(({ name }) => name)).to.deep.equal(["y"]);
  });

  it("of two imports of one domain the last wins; ai.onnx is the default domain", () => {
    const model = decodeModel(bytesOf(message(GRAPH), message(8, int(2, 17)), message(8, text(1, "ai.onnx"), int(2, 18)), message(8, text(1, "com.microsoft"), int(2, 1))));
    expect([...model.opsets]).to.deep.equal([["", 18], ["com.microsoft", 1]]);
  });

  it("attributes: every kind, packed lists, the type inferred where an old file has none", () => {
    expect(attribute(fixed32(2, 0.5), int(20, 1))).to.deep.equal({ type: "float", value: 0.5 });
    expect(attribute(int(3, -7))).to.deep.equal({ type: "int", value: -7n });
    expect(attribute(text(4, "né"))).to.deep.equal({ type: "string", value: "né" });
    expect(attribute(message(8, varint(-1), varint(2n ** 40n)))).to.deep.equal({ type: "ints", value: [-1n, 2n ** 40n] });
    expect(attribute(int(8, 3), int(8, 4), int(20, 7))).to.deep.equal({ type: "ints", value: [3n, 4n] });
    expect(attribute(message(7, f32(1), f32(2)))).to.deep.equal({ type: "floats", value: [1, 2] });
    expect(attribute(text(9, "a"), text(9, "b"))).to.deep.equal({ type: "strings", value: ["a", "b"] });
    expect(attribute(int(20, 7))).to.deep.equal({ type: "ints", value: [] });
    expect(attribute(message(5, int(2, 1)))?.type).to.equal("tensor");
    expect(attribute(message(6, text(2, "body")))?.type).to.equal("graph");
    expect(attribute(message(22, int(1, 1)), int(20, 11))?.type, "sparse tensor").to.equal("other");
    expect(attribute(message(4, [0xff, 0xfe]), int(20, 3))?.type, "a blob that is not text").to.equal("other");
    expect(attribute(message(6, text(2, "a")), message(6, message(12, text(1, "y"))))?.type).to.equal("graph");
  });

  it("value types: names, numbers, unknown axes; what is not a tensor stays verbatim", () => {
    const type = message(2, message(1, int(1, 7), message(2, message(1, text(2, "batch")), message(1, int(1, -1)), message(1), message(1, int(1, 5))))); 
    const sequence = message(2, message(4, message(1, message(1, int(1, 1)))));
    const { inputs } = decodeModel(graph(message(11, text(1, "x"), type), message(11, text(1, "s"), sequence), message(11, text(1, "n")))).graph;
    expect(inputs[0]!.type).to.deep.equal({ dtype: "int64", dataType: 7, shape: ["batch", -1, null, 5] });
    expect([inputs[1]!.type, inputs[1]!.unknown.length]).to.deep.equal([null, 1]);
    expect(inputs[2]!.type).to.equal(null);
  });

  it("sparse initializers are found by name", () => {
    const model = decodeModel(graph(message(15, message(1, text(8, "sparse"), int(2, 1)))));
    expect(sparseInitializerNames(model.graph)).to.deep.equal(["sparse"]);
  });

  it("everything unknown survives a round trip", () => {
    const property = (field: number): Bytes => message(field, text(1, "key"), text(2, "value"));
    const file = bytesOf(
      int(1, 9), text(2, "by hand"), text(3, "1.2"), text(4, "domain"), int(5, 77), text(6, "doc"), property(14), message(20, text(1, "training")), message(25, text(1, "f"), text(10, "local")), int(500, 3),
      [...varint(600 * 8 + 3), ...int(1, 5), ...varint(600 * 8 + 4)], // a group
      message(GRAPH,
        message(1, text(1, "x"), text(2, "y"), text(3, "n"), text(4, "Op"), text(6, "doc"), text(8, "overload"), property(9), message(5, text(1, "a"), int(3, 1), int(20, 2), text(13, "doc of an attribute"))),
        message(5, int(1, 1), int(2, 1), text(8, "w"), message(9, f32(1)), text(12, "doc"), property(16)),
        text(10, "doc"), message(14, text(1, "w")), property(16),
        message(11, text(1, "x"), message(2, message(1, int(1, 1), message(2, message(1, int(1, 2), text(3, "DATA_BATCH")))), text(6, "IMAGE")), text(3, "doc"), property(4)),
        message(12, text(1, "y"), message(2, message(9, message(1, message(1, int(1, 1)))))),
      ));
    const model = decodeModel(file);
    const written = encodeModel(model);
    expect(decodeModel(written)).to.deep.equal(model);
    const inside = new TextDecoder("latin1").decode(written);
    for (const word of ["1.2", "domain", "doc of an attribute", "overload", "DATA_BATCH", "IMAGE", "training", "local"]) expect(inside, word).to.include(word);
    expect(inside.split("key").length - 1, "metadata properties").to.equal(5);
    expect(model.unknown).to.have.length(8);
    expect(encodeModel(decodeModel(written)), "writing is stable").to.deep.equal(written);
  });
});

describe("decodeModel: malformed bytes", () => {
  it("says what, where and in which message", () => {
    const error = failure(bytesOf(message(GRAPH, text(2, "main"), [...varint(12 * 8 + 2), 100])));
    expect(error.code).to.equal("bad-model");
    expect(error.message).to.equal("not a readable model: 100 bytes are announced, 0 are left, at byte 10, in GraphProto");
    expect(error.detail.offset).to.equal(10);
  });

  it("refuses what is not a model", () => {
    expect(failure(new Uint8Array()).message).to.include("no graph in 0 bytes");
    expect(failure(new TextEncoder().encode("<!doctype html><html>")).code).to.equal("bad-model");
    expect(failure(bytesOf(message(GRAPH, [0]))).message).to.include("impossible tag 0");
    expect(failure(bytesOf(int(GRAPH, 1))).message).to.include("wire type 0, not 2");
    expect(failure(graph(message(1, message(4, [0xff])))).message).to.include("not UTF-8");
    expect(failure(bytesOf([...varint(8), ...new Array<number>(11).fill(0x80), 0])).message).to.include("longer than 10 bytes");
    expect(failure(graph(message(5, int(1, -3), int(2, 1)))).message).to.include("dimension of -3");
    expect(failure(bytesOf(varint(600 * 8 + 3))).message).to.include("a group is not closed");
    expect(failure(bytesOf(varint(600 * 8 + 4))).message).to.include("a group is closed that is not open");
  });

  it("graphs inside graphs without end are refused, not followed", () => {
    let body: Bytes = [];
    for (let depth = 0; depth < 60; depth++) body = message(1, text(4, "If"), message(5, text(1, "b"), int(20, 5), message(6, body)));
    expect(failure(graph(body)).message).to.include("more than 100 messages inside each other");
    const groups = new Array<Bytes>(500).fill(varint(600 * 8 + 3));
    expect(failure(bytesOf(...groups)).message).to.include("groups inside each other");
  });

  it("a file of empty messages does not become a hundred times its size", () => {
    const file = new Uint8Array(20_000_012);
    const nodes = 10_000_000;
    file.set([...varint(GRAPH * 8 + 2), ...varint(nodes * 2)]);
    for (let at = file.length - nodes * 2; at < file.length; at += 2) file[at] = 0x0a;
    const header = [...varint(GRAPH * 8 + 2), ...varint(nodes * 2)].length;
    expect(failure(file.subarray(0, header + nodes * 2)).code).to.equal("bad-model");
  }).timeout(20_000);
});
