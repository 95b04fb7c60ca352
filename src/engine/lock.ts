/**
 * One at a time, first come first served. onnxruntime-web hangs or dies when two calls overlap, so every create, run and release of the
 * page goes through `runtimeLock`. Not a queue of results: who no longer waits leaves the line without being run.
 */
import { aborted, throwIfAborted } from "../base/errors.js";

export class Lock {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones have settled. An abort while it waits rejects at once; a task that has begun is not interrupted. */
  run<T>(task: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    let begun = false;
    const turn = this.#tail.then(() => {
      throwIfAborted(signal);
      begun = true;
      return task();
    });
    this.#tail = turn.catch(() => undefined);
    if (!signal) return turn;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        if (!begun) reject(aborted());
      };
      if (signal.aborted) leave();
      signal.addEventListener("abort", leave, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  }
}

/** The lock of every onnxruntime call of this thread. */
export const runtimeLock = new Lock();
