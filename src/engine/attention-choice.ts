/** Which blocks of a model an attention request means, and which of their heads. */
import type { Anatomy, AttentionPart } from "../anatomy/types.js";
import { LexiscopeError } from "../base/errors.js";
import type { HeadChoice } from "./attention-maps.js";
import type { Instrumented } from "./instrument.js";
import type { AttentionRequest } from "./requests.js";

export interface AttentionChoice {
  readonly part: AttentionPart;
  /** [layer] → index among the anatomy's blocks */
  readonly blocks: readonly number[];
  /** 0 when it is not known */
  readonly heads: number;
  readonly layer: HeadChoice;
  readonly head: HeadChoice;
  readonly causal: boolean;
}

/** Measures that follow attention from the input up to a layer. */
const FROM_THE_INPUT: ReadonlySet<string> = new Set(["rollout", "flow"]);

/** Throws `unsupported` where the model has no attention to be read, `bad-input` for a part, layer or head that is not there. */
export function attentionChoice({ patterns, anatomy }: Instrumented, { attention: part = "self", layer, head = "mean", measure = "pattern" }: AttentionRequest): AttentionChoice {
  if (patterns.length === 0) throw new LexiscopeError("unsupported", `no attention found in this model: ${reasonFor(anatomy, "attention")}`, { phase: "model" });
  const blocks = anatomy.attention.flatMap((block, index) => (block.part === part ? [index] : []));
  if (blocks.length === 0) throw new LexiscopeError("bad-input", `no attention="${part}" in this model: it reads one text and writes none; there is attention="self"`, { phase: "request" });
  const most = Math.min(...blocks.map((block) => anatomy.attention[block]!.heads ?? Infinity));
  const heads = Number.isFinite(most) ? most : 0;
  return {
    part, blocks, heads,
    layer: choice(layer ?? (FROM_THE_INPUT.has(measure) ? blocks.length - 1 : "mean"), blocks.length, "layer"),
    head: choice(head, heads, "head"),
    causal: blocks.every((block) => anatomy.attention[block]!.causal),
  };
}

/** Why a part of a transformer was not found. */
export function reasonFor({ missing }: Anatomy, what: string): string {
  return missing.find((one) => one.what === what)?.reason ?? "nothing like it in the graph";
}

/** A layer or head that exists, or "mean" or "max". */
function choice(value: HeadChoice, count: number, what: string): HeadChoice {
  if (value === "mean" || value === "max") return value;
  if (Number.isInteger(value) && value >= 0 && value < count) return value;
  throw new LexiscopeError("bad-input", `no ${what} ${String(value)}: there are 0 to ${count - 1}, mean and max`, { phase: "request" });
}
