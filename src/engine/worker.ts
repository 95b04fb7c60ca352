/**
 * The worker's entry: one a page, holds runtime, device, kernels and models. It only translates messages into calls of the local
 * engine; what the calls do is the same on the page's thread.
 */
import { asLexiscopeError } from "../base/errors.js";
import { configure } from "./locations.js";
import { LocalEngine } from "./local-engine.js";
import { toPlainError, transferablesOf, type FromWorker, type ToWorker } from "./protocol.js";

/** The part of a worker's global scope that is used; the library's types are those of a page. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const engine = new LocalEngine(true);
const running = new Map<number, AbortController>();

async function answer({ id, name, request }: Extract<ToWorker, { type: "call" }>): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const result = await engine.call(name, request, {
      signal: abort.signal,
      onProgress: (progress) => scope.postMessage({ type: "progress", id, progress }),
    });
    scope.postMessage({ type: "answer", id, answer: result }, transferablesOf(result));
  } catch (error) {
    scope.postMessage({ type: "error", id, error: toPlainError(asLexiscopeError(error, "runtime", "run")) });
  } finally {
    running.delete(id);
  }
}

scope.addEventListener("message", ({ data }) => {
  if (data.type === "configure") {
    configure(data.configuration);
    scope.postMessage({ type: "ready" });
  } else if (data.type === "call") void answer(data);
  else running.get(data.id)?.abort();
});
