/**
 * The rule of convolutions with a stored kernel, as some encoders have beside attention. Moved by more than one place at a time, the input's
 * last elements may be read by none, and how many is known in the run only: those are refused.
 */
import { intsAttribute, stringAttribute } from "../../onnx/attributes.js";
import type { Graph } from "../../graph/graph.js";
import type { Node } from "../../onnx/types.js";
import type { Rule } from "../rule.js";

/** dx is the transposed convolution of dy with the same kernel. x: [batch, channel, ..], kernel: [out, channel / group, ..] */
const conv: Rule = ({ m, node, dy, x: [, kernel] }) => [() => {
  const kept = ["dilations", "group", "kernel_shape", "pads"].flatMap((name) => (node.attributes.has(name) ? [[name, node.attributes.get(name)!] as const] : []));
  return m.op("ConvTranspose", [dy, kernel], new Map(kept));
}];

/** Why a convolution has no rule, or null. */
export function convolutionRefusal(node: Node, graph: Graph): string | null {
  if (intsAttribute(node, "strides", []).some((stride) => stride !== 1)) return "with strides";
  if (stringAttribute(node, "auto_pad", "NOTSET").startsWith("SAME")) return "padded by itself";
  return node.inputs.slice(1, 3).every((input) => input === "" || graph.initializer(input) !== undefined || graph.constant(input) !== undefined) ? null : "its kernel is computed in the run";
}

export const convolution = { Conv: conv } satisfies Record<string, Rule>;
