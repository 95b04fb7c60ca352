/**
 * Equal work done once for many who wait. The work stops only when the last of them has gone; each gets the progress since it came.
 * Not a cache: a settled task is forgotten, its owner keeps the result.
 */
import { aborted } from "../base/errors.js";
import type { Progress } from "./types.js";

interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Task<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  readonly waiters: Set<Waiting>;
  last: Progress | null;
}

export class SharedTasks<T> {
  readonly #tasks = new Map<string, Task<T>>();

  /** Joins the task of that key, or starts it. */
  run(key: string, start: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>, waiting: Waiting = {}): Promise<T> {
    if (waiting.signal?.aborted) return Promise.reject(aborted());
    const task = this.#tasks.get(key) ?? this.#start(key, start);
    task.waiters.add(waiting);
    if (task.last) waiting.onProgress?.(task.last);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        task.waiters.delete(waiting);
        if (task.waiters.size === 0) {
          this.#forget(key, task);
          task.abort.abort();
        }
        reject(aborted());
      };
      waiting.signal?.addEventListener("abort", leave, { once: true });
      task.result.then(resolve, reject).finally(() => waiting.signal?.removeEventListener("abort", leave));
    });
  }

  #start(key: string, start: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>): Task<T> {
    const abort = new AbortController();
    const waiters = new Set<Waiting>();
    const begun = { abort, waiters, last: null as Progress | null }; // there before `start`, which may report at once
    const result = start(abort.signal, (progress) => {
      begun.last = progress;
      for (const { onProgress } of waiters) onProgress?.(progress);
    });
    const task: Task<T> = Object.assign(begun, { result });
    this.#tasks.set(key, task);
    task.result.then(() => this.#forget(key, task), () => this.#forget(key, task));
    return task;
  }

  #forget(key: string, task: Task<T>): void {
    if (this.#tasks.get(key) === task) this.#tasks.delete(key);
  }
}
