/**
 * What can be asked of an engine, and how a question travels to a worker and its answer back. Everything here is plain data that a
 * structured clone takes; a signal becomes an `abort` message, progress becomes `progress` messages.
 */
import type { AttentionExplanation, AttributionExplanation, Explanation, PredictionExplanation, Token } from "../explanation/types.js";
import { LexiscopeError, type ErrorCode, type Phase } from "../base/errors.js";
import type { CorpusChoice } from "./corpus-requests.js";
import type { Configuration } from "./locations.js";
import type { AttentionRequest, AttributionRequest, ExplainRequest, GradientResult, HiddenStatesRequest, LoadOptions, ModelDescription, Progress, RunOptions, TargetName, TextInput } from "./types.js";

export type LoadRequest = { readonly reference: string } & Pick<LoadOptions, "backend" | "integrity">;
export type HiddenStates = { tokens: Token[]; states: Float32Array; width: number };

/** name → [request, answer] */
export interface Calls {
  load: [LoadRequest, { handle: number; description: ModelDescription }];
  dispose: [{ handle: number }, null];
  tokenize: [{ handle: number } & TextInput, Token[]];
  predict: [{ handle: number } & TextInput, PredictionExplanation];
  attention: [{ handle: number } & AttentionRequest, AttentionExplanation];
  hiddenStates: [{ handle: number } & HiddenStatesRequest, HiddenStates];
  gradient: [{ handle: number; target?: TargetName } & TextInput, GradientResult];
  attribute: [{ handle: number } & AttributionRequest, AttributionExplanation];
  explain: [{ handle: number } & ExplainRequest, Explanation];
  corpusVectors: [{ handle: number; choice: CorpusChoice }, Uint8Array];
}

export type CallName = keyof Calls;

/** Answers calls: in this thread or by asking a worker. */
export interface Engine {
  readonly inWorker: boolean;
  /** nothing can be asked any more; everything that was loaded in it is gone */
  readonly dead: boolean;
  call<Name extends CallName>(name: Name, request: Calls[Name][0], options?: RunOptions): Promise<Calls[Name][1]>;
}

export type ToWorker =
  | { readonly type: "configure"; readonly configuration: Configuration }
  | { readonly type: "call"; readonly id: number; readonly name: CallName; readonly request: Calls[CallName][0] }
  | { readonly type: "abort"; readonly id: number };

export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: { readonly phase?: Phase; readonly offset?: number; readonly node?: string };
}

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "answer"; readonly id: number; readonly answer: Calls[CallName][1] }
  | { readonly type: "error"; readonly id: number; readonly error: PlainError };

/** An error without its cause, which need not be cloneable. */
export function toPlainError(error: LexiscopeError): PlainError {
  const { phase, offset, node } = error.detail;
  return { code: error.code, message: error.message, detail: { ...(phase && { phase }), ...(offset !== undefined && { offset }), ...(node !== undefined && { node }) } };
}

export function fromPlainError({ code, message, detail }: PlainError): LexiscopeError {
  return new LexiscopeError(code, message, detail);
}

/** The buffers of an answer that can be handed over instead of copied. */
export function transferablesOf(answer: Calls[CallName][1]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  if (answer && typeof answer === "object") for (const value of Object.values(answer)) if (value instanceof Float32Array && value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
  return [...buffers];
}
