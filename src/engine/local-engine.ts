/**
 * The engine of this thread: which models are loaded, shared among all who asked for the same, freed with the last of them.
 */
import { LexiscopeError } from "../base/errors.js";
import { locateModel } from "./locations.js";
import { loadLocalModel, type AnyModel } from "./load-local-model.js";
import type { CallName, Calls, Engine, LoadRequest } from "./protocol.js";
import { SharedTasks } from "./shared-task.js";
import type { RunOptions } from "./types.js";

interface Loaded {
  readonly key: string;
  readonly model: AnyModel;
  users: number;
}

type Answers = { readonly [Name in CallName]: (request: Calls[Name][0], options: RunOptions) => Promise<Calls[Name][1]> };

export class LocalEngine implements Engine {
  readonly dead = false;
  readonly #loading = new SharedTasks<Loaded>();
  readonly #loaded = new Map<string, Loaded>();
  readonly #handles = new Map<number, Loaded>();
  #next = 0;

  /** @param threadReason why there is no worker, when one was wanted */
  constructor(readonly inWorker: boolean, readonly threadReason = "") {}

  call<Name extends CallName>(name: Name, request: Calls[Name][0], options: RunOptions = {}): Promise<Calls[Name][1]> {
    return this.#answers[name](request, options);
  }

  readonly #answers: Answers = {
    load: async (request, options) => {
      const loaded = await this.#load(request, options);
      loaded.users++;
      const handle = this.#next++;
      this.#handles.set(handle, loaded);
      return { handle, description: loaded.model.describe() };
    },
    dispose: async ({ handle }) => {
      const loaded = this.#handles.get(handle);
      if (!loaded) return null;
      this.#handles.delete(handle);
      if (--loaded.users > 0) return null;
      this.#loaded.delete(loaded.key);
      await loaded.model.dispose();
      return null;
    },
    tokenize: (request) => this.#model(request).tokenize(request),
    predict: async (request, options) => this.#model(request).predict(request, options),
    attention: async (request, options) => this.#model(request).attention(request, options),
    hiddenStates: async (request, options) => this.#model(request).hiddenStates(request, options),
    gradient: async (request, options) => this.#model(request).gradient(request, options),
    attribute: async (request, options) => this.#model(request).attribute(request, options),
    explain: async (request, options) => this.#model(request).explain(request, options),
    corpusVectors: async (request, options) => this.#model(request).corpusVectors(request.choice, options),
  };

  #model({ handle }: { readonly handle: number }): AnyModel {
    const loaded = this.#handles.get(handle);
    if (!loaded) throw new LexiscopeError("bad-input", "this model was disposed of; load it again", { phase: "request" });
    return loaded.model;
  }

  async #load({ reference, backend = "auto", integrity }: LoadRequest, { signal, onProgress }: RunOptions): Promise<Loaded> {
    const location = await locateModel(reference);
    const key = JSON.stringify([location.candidates, backend, integrity ?? ""]);
    const known = this.#loaded.get(key);
    if (known) return known;
    const start = async (shared: AbortSignal, report: NonNullable<RunOptions["onProgress"]>): Promise<Loaded> => {
      const options = { backend, signal: shared, onProgress: report, ...(integrity !== undefined && { integrity }) };
      const loaded = { key, model: await loadLocalModel(location, options, this.inWorker, this.threadReason), users: 0 };
      this.#loaded.set(key, loaded);
      return loaded;
    };
    return this.#loading.run(key, start, { signal, onProgress });
  }
}
