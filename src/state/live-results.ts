/**
 * Live explanations, shared: requests that are equal are one, and the last ones are kept. Not a model cache in bytes (the engine
 * has that); it exists because a page shows the same model and text in several elements, and readers flip back and forth.
 */
import { SharedTasks } from "../engine/shared-task.js";
import type { ExplainRequest, LanguageModel, LoadModel, LoadOptions, RunOptions } from "../engine/types.js";
import type { Explanation } from "../explanation/types.js";
import { loadModel } from "./engine.js";

/** Everything that decides an answer. */
export interface LiveRequest {
  readonly model: string;
  readonly backend: NonNullable<LoadOptions["backend"]>;
  readonly explain: ExplainRequest;
}

/** Equal for equal requests, whatever the order of their fields. */
export function requestKey(request: LiveRequest): string {
  return JSON.stringify(request, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/** A map that keeps the `capacity` entries used last and hands the others to `onDrop`. */
class Recent<T> {
  readonly #entries = new Map<string, T>();
  constructor(readonly capacity: number, readonly onDrop: (value: T) => void = () => {}) {}

  get(key: string): T | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: string, value: T): void {
    this.delete(key);
    this.#entries.set(key, value);
    for (const [oldest, dropped] of this.#entries) {
      if (this.#entries.size <= this.capacity) break;
      this.#entries.delete(oldest);
      this.onDrop(dropped);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

export class LiveResults {
  readonly #results: Recent<Explanation>;
  readonly #models: Recent<LanguageModel>;
  readonly #explaining = new SharedTasks<Explanation>();
  readonly #loading = new SharedTasks<LanguageModel>();
  /** requests that a model is working on now; a dropped model is disposed of when there are none */
  readonly #busy = new Map<LanguageModel, number>();
  readonly #dropped = new Set<LanguageModel>();

  /** `results`, `models`: how many are kept. */
  constructor(readonly load: LoadModel, results = 64, models = 3) {
    this.#results = new Recent(results);
    this.#models = new Recent(models, (model) => {
      this.#dropped.add(model);
      this.#sweep();
    });
  }

  /** Throws what the engine throws; `aborted` when `signal` fires. `fresh` computes again what is kept. */
  async explain(request: LiveRequest, options: RunOptions & { readonly fresh?: boolean } = {}): Promise<Explanation> {
    const key = requestKey(request);
    if (options.fresh) this.#results.delete(key);
    const kept = this.#results.get(key);
    if (kept) return kept;
    const explanation = await this.#explaining.run(key, (signal, onProgress) => this.#compute(request, { signal, onProgress }), options);
    this.#results.set(key, explanation);
    return explanation;
  }

  async #compute(request: LiveRequest, options: RunOptions): Promise<Explanation> {
    const model = await this.#model(request, options);
    this.#busy.set(model, (this.#busy.get(model) ?? 0) + 1);
    try {
      return await model.explain(request.explain, options);
    } finally {
      this.#busy.set(model, this.#busy.get(model)! - 1);
      this.#sweep();
    }
  }

  async #model({ model: reference, backend }: LiveRequest, options: RunOptions): Promise<LanguageModel> {
    const key = JSON.stringify([reference, backend]);
    const kept = this.#models.get(key);
    if (kept) return kept;
    const model = await this.#loading.run(key, (signal, onProgress) => this.load(reference, { backend, signal, onProgress }), options);
    this.#models.set(key, model);
    return model;
  }

  #sweep(): void {
    for (const model of this.#dropped) {
      if (this.#busy.get(model)) continue;
      this.#dropped.delete(model);
      this.#busy.delete(model);
      void model.dispose();
    }
  }
}

/** The page's own. */
export const liveResults = new LiveResults(loadModel);
