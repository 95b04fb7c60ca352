/**
 * `loadModel`: the public way in. Chooses where to compute (one worker a page; the page's thread where workers are refused; always
 * this thread in Node) and hands out a `LanguageModel` that asks there. A worker that died is replaced, and its models are loaded again.
 */
import { asLexiscopeError, LexiscopeError, throwIfAborted } from "../base/errors.js";
import type { Explanation, Token } from "../explanation/types.js";
import { absoluteChoice, absoluteReference, absoluteRequest, namedAsAsked } from "./absolute-request.js";
import { checkedRequest } from "./checked-request.js";
import type { CorpusChoice } from "./corpus-requests.js";
import { inNode } from "./environment.js";
import { configuration } from "./locations.js";
import type { CallName, Calls, Engine } from "./protocol.js";
import type { AttentionRequest, AttributionRequest, ExplainRequest, HiddenStatesRequest, LanguageModel, LoadModel, LoadOptions, ModelDescription, Progress, RunOptions, TargetName, TextInput } from "./types.js";

const BACKENDS = ["auto", "webgpu", "wasm"];

const bad = (message: string) => new LexiscopeError("bad-input", message, { phase: "request" });

/** Programs without types give anything. */
function checkLoad(reference: unknown, { backend }: LoadOptions): void {
  if (typeof reference !== "string") throw bad(`a model is named by a string ("sentiment", the address of a folder, "hf:owner/name"), not ${String(reference)}`);
  if (backend !== undefined && !BACKENDS.includes(backend)) throw bad(`backend "${String(backend)}" is not possible; use ${BACKENDS.join(", ")}`);
}

async function localEngine(reason: string): Promise<Engine> {
  const { LocalEngine } = await import("./local-engine.js");
  return new LocalEngine(false, reason);
}

async function startEngine(): Promise<Engine> {
  if (inNode) return localEngine("");
  if (configuration().worker === false) return localEngine("");
  if (typeof Worker === "undefined") return localEngine("no workers here");
  try {
    const { startWorkerEngine } = await import("./worker-engine.js");
    return await startWorkerEngine();
  } catch (error) {
    return localEngine(`computed on the page's thread: ${(error as Error).message}`);
  }
}

const engines = new Map<boolean, Promise<Engine>>();

/** The engine of this page; one with and one without worker, if `configure` changes its mind. */
async function currentEngine(): Promise<Engine> {
  const key = configuration().worker !== false;
  const known = engines.get(key);
  if (known && !(await known).dead) return known;
  if (engines.get(key) === known) engines.set(key, startEngine());
  return engines.get(key)!;
}

interface Loaded {
  readonly engine: Engine;
  readonly handle: number;
  readonly description: ModelDescription;
}

class ModelHandle implements LanguageModel {
  #loaded: Promise<Loaded>;
  #disposed = false;

  constructor(readonly reference: string, readonly options: LoadOptions, first: Promise<Loaded>) {
    this.#loaded = first;
  }

  static async load(reference: string, options: LoadOptions): Promise<Loaded> {
    checkLoad(reference, options);
    throwIfAborted(options.signal);
    const engine = await currentEngine();
    throwIfAborted(options.signal);
    const { backend, integrity, signal, onProgress } = options;
    const request = { reference: await absoluteReference(reference), ...(backend && { backend }), ...(integrity !== undefined && { integrity }) };
    const { handle, description } = await engine.call("load", request, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
    return { engine, handle, description: { ...description, reference } };
  }

  async #call<Name extends Exclude<CallName, "load" | "dispose">>(name: Name, request: Omit<Calls[Name][0], "handle">, options?: RunOptions): Promise<Calls[Name][1]> {
    if (this.#disposed) throw bad(`model "${this.reference}" was disposed of; load it again`);
    const asked = name === "corpusVectors" ? request : checkedRequest(name, request);
    throwIfAborted(options?.signal);
    let loaded = await this.#loaded;
    if (loaded.engine.dead) {
      const { backend, integrity } = this.options;
      this.#loaded = ModelHandle.load(this.reference, { ...(backend && { backend }), ...(integrity !== undefined && { integrity }) });
      loaded = await this.#loaded;
    }
    try {
      return await loaded.engine.call(name, { ...asked, handle: loaded.handle } as Calls[Name][0], options);
    } catch (error) {
      throw asLexiscopeError(error, "runtime", "run");
    }
  }

  /** The model is named as its author named it; the engine knows it by its address. */
  async #explain<Name extends "predict" | "attention" | "attribute">(name: Name, request: Omit<Calls[Name][0], "handle">, options?: RunOptions): Promise<Calls[Name][1]> {
    const explanation = await this.#call(name, request, options);
    return { ...explanation, model: { ...explanation.model, reference: this.reference } };
  }

  async describe(): Promise<ModelDescription> {
    return (await this.#loaded).description;
  }
  tokenize(input: TextInput): Promise<Token[]> {
    return this.#call("tokenize", input);
  }
  predict(input: TextInput, options?: RunOptions) {
    return this.#explain("predict", input, options);
  }
  attention(request: AttentionRequest, options?: RunOptions) {
    return this.#explain("attention", request, options);
  }
  hiddenStates(input: HiddenStatesRequest, options?: RunOptions) {
    return this.#call("hiddenStates", input, options);
  }
  gradient(input: TextInput & { readonly target?: TargetName }, options?: RunOptions) {
    return this.#call("gradient", input, options);
  }
  attribute(request: AttributionRequest, options?: RunOptions) {
    return this.#explain("attribute", request, options);
  }
  async explain(given: ExplainRequest | AttributionRequest, options?: RunOptions) {
    const checked = checkedRequest("explain", given);
    const request: ExplainRequest = "kind" in checked ? checked : { kind: "attribution", ...checked };
    const named = (explanation: Explanation): Explanation => namedAsAsked({ ...explanation, model: { ...explanation.model, reference: this.reference } }, request);
    const onProgress = options?.onProgress && ((progress: Progress) => options.onProgress!(progress.partial ? { ...progress, partial: named(progress.partial) } : progress));
    return named(await this.#call("explain", await absoluteRequest(request), { ...options, ...(onProgress && { onProgress }) }));
  }
  async corpusVectors(choice: CorpusChoice, options?: RunOptions) {
    return this.#call("corpusVectors", { choice: await absoluteChoice(choice) }, options);
  }
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const { engine, handle } = await this.#loaded;
    if (!engine.dead) await engine.call("dispose", { handle });
  }
}

/**
 * Loads a model: "sentiment" (built in), the address of a folder or of an .onnx file, or "hf:owner/name". Equal loads are shared; the
 * download stops when nobody waits for it any more. Throws LexiscopeError: `not-found`, `network`, `bad-model`, `unsupported`, `aborted`.
 */
export const loadModel: LoadModel = async (reference, options = {}) => {
  const loaded = await ModelHandle.load(reference, options);
  return new ModelHandle(reference, options, Promise.resolve(loaded));
};
