/**
 * What a lowering is: one fused operator, said in primitives. It looks first and emits later: it returns what it will do, so that a
 * node that is refused stays as it was.
 */
import type { Graph } from "../graph/graph.js";
import type { Node } from "../onnx/types.js";
import type { Builder, Value } from "./builder.js";

export interface Site {
  readonly b: Builder;
  readonly graph: Graph;
  readonly node: Node;
  /** an input; "" where it is left out */
  readonly x: (index: number) => Value;
  /** an output; "" where it is left out */
  readonly y: (index: number) => Value;
  /** an output that is named, and read by somebody */
  readonly used: (index: number) => boolean;
}

/** Emits nodes that make the node's outputs, which are gone when it is called. */
export type Plan = () => void;

/** A plan; `{ refused }` with the reason; null where the node is best left as it is. */
export type Lowering = (site: Site) => Plan | { readonly refused: string } | null;

export const refused = (reason: string): { readonly refused: string } => ({ refused: reason });

/** The first input that is there and should not be. */
export function unwanted({ x }: Site, inputs: Readonly<Record<number, string>>): { readonly refused: string } | null {
  const found = Object.keys(inputs).map(Number).find((index) => x(index) !== "");
  return found === undefined ? null : refused(inputs[found] as string);
}
