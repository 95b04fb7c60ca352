/**
 * Nodes and attributes, made and read: the constructor of a node, plain values as attributes, attributes as JavaScript numbers.
 */
import { LexiscopeError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { tensorProto } from "./tensor-data.js";
import type { Attribute, GraphProto, Node } from "./types.js";

/**
 * What a caller may write for an attribute. A bare number or array of numbers is an integer; a float must be said:
 * `{ axis: -1, alpha: { float: 1 }, perm: [0, 2, 1] }`.
 */
export type AttributeLiteral =
  | number | bigint | string
  | readonly number[] | readonly bigint[] | readonly string[]
  | { readonly int: number | bigint } | { readonly ints: readonly (number | bigint)[] }
  | { readonly float: number } | { readonly floats: readonly number[] }
  | Tensor | GraphProto | Attribute;

export type AttributeLiterals = Readonly<Record<string, AttributeLiteral>> | ReadonlyMap<string, Attribute>;

function integer(value: number | bigint): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new LexiscopeError("bad-input", `${value} is not an integer attribute; write { float: ${value} }`);
  return BigInt(value);
}

/** A plain value as an ONNX attribute. @throws bad-input for a bare number that is not an integer */
export function attributeOf(value: AttributeLiteral): Attribute {
  if (typeof value === "number" || typeof value === "bigint") return { type: "int", value: integer(value) };
  if (typeof value === "string") return { type: "string", value };
  if (isArray(value)) return typeof value[0] === "string" ? { type: "strings", value: value as readonly string[] } : { type: "ints", value: (value as readonly (number | bigint)[]).map(integer) };
  if ("int" in value) return { type: "int", value: integer(value.int) };
  if ("ints" in value) return { type: "ints", value: value.ints.map(integer) };
  if ("float" in value) return { type: "float", value: value.float };
  if ("floats" in value) return { type: "floats", value: value.floats };
  if ("type" in value) return value;
  if ("nodes" in value) return { type: "graph", value };
  return { type: "tensor", value: tensorProto("", value) };
}

const isArray: (value: unknown) => value is readonly unknown[] = Array.isArray;

/** A new node. `domain` "" is ai.onnx. */
export function node(opType: string, inputs: readonly string[], outputs: readonly string[], attributes: AttributeLiterals = {}, domain = "", name = ""): Node {
  const entries: Iterable<[string, AttributeLiteral]> = attributes instanceof Map ? attributes : Object.entries(attributes);
  return {
    opType, domain, name, inputs: [...inputs], outputs: [...outputs],
    attributes: new Map(Array.from(entries, ([key, value]) => [key, attributeOf(value)])),
    unknown: [],
  };
}

/** An integer attribute, or `fallback` where the node has none. */
export function intAttribute<F>(from: Node, name: string, fallback: F): number | F {
  const attribute = from.attributes.get(name);
  return attribute?.type === "int" ? Number(attribute.value) : fallback;
}

/** A list of integers, or `fallback`. */
export function intsAttribute<F>(from: Node, name: string, fallback: F): number[] | F {
  const attribute = from.attributes.get(name);
  return attribute?.type === "ints" ? attribute.value.map(Number) : fallback;
}

/** A float attribute, or `fallback`. */
export function floatAttribute<F>(from: Node, name: string, fallback: F): number | F {
  const attribute = from.attributes.get(name);
  return attribute?.type === "float" ? attribute.value : fallback;
}

/** A string attribute, or `fallback`. */
export function stringAttribute<F>(from: Node, name: string, fallback: F): string | F {
  const attribute = from.attributes.get(name);
  return attribute?.type === "string" ? attribute.value : fallback;
}
