/**
 * The one error class of the library. Not a logger, not a place for texts shown to readers (elements translate by `code`).
 * It exists so that an element, a command and a test can tell failures apart without parsing sentences.
 */

/** What kind of thing failed. `aborted` is not shown as an error: somebody stopped waiting. */
export type ErrorCode =
  | "aborted" // the caller's signal fired
  | "bad-input" // an attribute, option or argument is wrong
  | "bad-model" // bytes are not a model, or the graph is malformed
  | "bad-explanation" // a stored explanation does not follow the schema
  | "not-found" // a file or a name does not exist
  | "network" // fetch failed, was cut, or answered something else
  | "unsupported" // understood, but cannot be done; `reason` says why
  | "no-gradient" // an operator on the path has no gradient rule
  | "device" // the GPU device is lost or refused
  | "runtime"; // onnxruntime failed

/** Where it failed; becomes `detail.phase` of the `lexi-error` event. */
export type Phase = "request" | "download" | "tokenizer" | "model" | "session" | "run" | "explain" | "draw";

export class LexiscopeError extends Error {
  override readonly name = "LexiscopeError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** phase: where; offset: byte offset in a file; node: name of the ONNX node; cause: the original error */
    readonly detail: { readonly phase?: Phase; readonly offset?: number; readonly node?: string; readonly cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
  }
}

/** What everybody gets who stopped waiting. */
export function aborted(cause?: unknown): LexiscopeError {
  return new LexiscopeError("aborted", "stopped: nobody waits for this any more", { cause });
}

/** Throws `aborted` when the signal has fired. */
export function throwIfAborted(signal?: AbortSignal | null): void {
  if (signal?.aborted) throw aborted();
}

/** Any thrown thing as a LexiscopeError; AbortError becomes `aborted`. */
export function asLexiscopeError(error: unknown, code: ErrorCode, phase: Phase): LexiscopeError {
  if (error instanceof LexiscopeError) return error;
  if (error instanceof DOMException && error.name === "AbortError") return aborted(error);
  const message = error instanceof Error ? error.message : String(error);
  return new LexiscopeError(code, message, { phase, cause: error });
}
