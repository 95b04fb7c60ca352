/**
 * Attributes of a tree ensemble node as plain arrays, whichever of their two spellings the file uses (`nodes_values` or
 * `nodes_values_as_tensor`), with their lengths checked.
 */
import { LexiscopeError } from "../base/errors.js";
import { tensorData } from "../onnx/tensor-data.js";
import type { Node } from "../onnx/types.js";

export class TreeAttributes {
  constructor(readonly node: Node) {}

  fail(message: string): never {
    throw new LexiscopeError("bad-model", `${this.node.opType} ${JSON.stringify(this.node.name)}: ${message}; convert the model again`, { phase: "model", node: this.node.name });
  }

  has(name: string): boolean {
    return this.node.attributes.has(name) || this.node.attributes.has(`${name}_as_tensor`);
  }

  /** Numbers of a list, of a tensor, or of `name_as_tensor`; empty where the node has none. */
  numbers(name: string): number[] {
    const attribute = this.node.attributes.get(name) ?? this.node.attributes.get(`${name}_as_tensor`);
    if (!attribute) return [];
    if (attribute.type === "ints") return attribute.value.map(Number);
    if (attribute.type === "floats") return [...attribute.value];
    if (attribute.type === "tensor") {
      const { dtype } = attribute.value;
      if (dtype !== "float32" && dtype !== "float64" && dtype !== "uint8") this.fail(`attribute "${name}" is a tensor of ${dtype}`);
      return Array.from(tensorData(attribute.value).data, Number);
    }
    // an empty list may be written without saying of what
    if (attribute.type === "other" || (attribute.type === "strings" && attribute.value.length === 0)) return [];
    return this.fail(`attribute "${name}" is of type ${attribute.type}, not a list of numbers`);
  }

  strings(name: string): readonly string[] {
    const attribute = this.node.attributes.get(name);
    return attribute?.type === "strings" ? attribute.value : [];
  }

  /** A list that must have `length` entries; `fallback` everywhere where the node has none of them. */
  column(name: string, length: number, fallback?: number): number[] {
    const values = this.numbers(name);
    if (values.length === 0 && fallback !== undefined) return new Array<number>(length).fill(fallback);
    if (values.length !== length) this.fail(`attribute "${name}" has ${values.length} entries, not ${length}`);
    return values;
  }

  /** One of the names of a table. */
  choice<Name extends string>(name: string, fallback: Name, choices: readonly Name[]): Name {
    const attribute = this.node.attributes.get(name);
    const value = attribute?.type === "string" ? attribute.value : attribute?.type === "int" ? choices[Number(attribute.value)] : attribute ? undefined : fallback;
    const found = choices.find((choice) => choice === value);
    return found ?? this.fail(`attribute "${name}" is ${attribute?.type === "int" ? attribute.value : JSON.stringify(value)}, not one of ${choices.join(", ")}`);
  }
}
