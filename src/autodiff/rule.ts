/**
 * What a gradient rule is: the vector–Jacobian product of one operator, as mathematics. Not a walk, not bookkeeping: a rule does not
 * know which inputs are wanted, does not accumulate, and need not undo broadcasting (the walk does, for the operators in `broadcasting`).
 */
import type { Node } from "../onnx/types.js";
import type { Emitter } from "./emitter.js";
import type { Value } from "./value.js";

export type { Value };

/** Inputs of a node, padded with "" (an optional input that is left out), so that a rule may take them apart by position. */
export type Inputs = readonly [Value, Value, Value, Value, Value, ...Value[]];

/** Where a rule is applied. */
export interface Site {
  readonly m: Emitter;
  readonly node: Node;
  /** primal inputs */
  readonly x: Inputs;
  /** primal first output */
  readonly y: Value;
  /** cotangent of the first output, same shape as y */
  readonly dy: Value;
  /** cotangents of all outputs; null where nothing flows back. `dy` is a zero tensor when only a later output has one. */
  readonly dys: readonly (Value | null)[];
}

/** Emits the cotangent of one input; called at most once, and only where it is wanted. null: this input has none. */
export type Pullback = (() => Value) | null;

export type Rule = (site: Site) => readonly Pullback[];
