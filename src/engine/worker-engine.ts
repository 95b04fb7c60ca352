/**
 * The engine in a worker, seen from the page. Owns the questions that are open; knows nothing of models. A worker that cannot start
 * (policy, file:, other origin) makes `startWorkerEngine` reject with the reason, and the page computes itself.
 */
import { aborted, LexiscopeError } from "../base/errors.js";
import { absoluteConfiguration } from "./locations.js";
import { fromPlainError, type CallName, type Calls, type Engine, type FromWorker, type ToWorker } from "./protocol.js";
import type { Progress, RunOptions } from "./types.js";

const HANDSHAKE_MS = 20_000;

interface Open {
  readonly resolve: (answer: Calls[CallName][1]) => void;
  readonly reject: (error: LexiscopeError) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

class WorkerEngine implements Engine {
  readonly inWorker = true;
  dead = false;
  readonly #open = new Map<number, Open>();
  #next = 0;

  constructor(readonly worker: Worker) {
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#receive(data));
    worker.addEventListener("error", (event) => this.#die(event.message));
    worker.addEventListener("messageerror", () => this.#die("an answer could not be read"));
  }

  call<Name extends CallName>(name: Name, request: Calls[Name][0], { signal, onProgress }: RunOptions = {}): Promise<Calls[Name][1]> {
    if (this.dead) return Promise.reject(new LexiscopeError("runtime", "the worker has stopped", { phase: "run" }));
    const id = this.#next++;
    return new Promise<Calls[Name][1]>((resolve, reject) => {
      const leave = () => {
        if (!this.#open.delete(id)) return;
        this.#post({ type: "abort", id });
        reject(aborted());
      };
      const settle = () => signal?.removeEventListener("abort", leave);
      this.#open.set(id, {
        resolve: (answer) => (settle(), resolve(answer)),
        reject: (error) => (settle(), reject(error)),
        onProgress,
      });
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      this.#post({ type: "call", id, name, request });
    });
  }

  #post(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  /** An answer to a question that nobody waits for any more is dropped. */
  #receive(message: FromWorker): void {
    if (message.type === "ready") return;
    const open = this.#open.get(message.id);
    if (!open) return this.#drop(message);
    if (message.type === "progress") return open.onProgress?.(message.progress);
    this.#open.delete(message.id);
    if (message.type === "answer") open.resolve(message.answer);
    else open.reject(fromPlainError(message.error));
  }

  /** A model that finished loading after its asker had gone is given back. */
  #drop(message: FromWorker): void {
    if (message.type !== "answer" || !message.answer || !("handle" in message.answer)) return;
    this.#post({ type: "call", id: this.#next++, name: "dispose", request: { handle: message.answer.handle } });
  }

  #die(reason: string): void {
    this.dead = true;
    this.worker.terminate();
    for (const { reject } of this.#open.values()) reject(new LexiscopeError("runtime", `the worker stopped: ${reason}`, { phase: "run" }));
    this.#open.clear();
  }
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;
/** Under `require-trusted-types-for 'script'` a worker's address must come from a policy; ours is called "lexiscope". */
function trustedUrl(url: string): string {
  const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!trusted) return url;
  policy ??= trusted.createPolicy("lexiscope", { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}

/** A script of another origin (CDN) cannot be a worker; a blob that imports it can. */
function fromBlob(url: string): Worker {
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: "text/javascript" }));
  return new Worker(trustedUrl(blob), { type: "module", name: "lexiscope" });
}

function open(): Worker {
  const url = new URL("./worker.js", import.meta.url);
  if (url.origin !== location.origin || url.protocol === "file:") return fromBlob(url.href);
  if ("trustedTypes" in globalThis) return new Worker(trustedUrl(url.href), { type: "module", name: "lexiscope" });
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "lexiscope" }); // bundlers look for this form
}

/** Rejects with the reason when no worker can be had here. */
export async function startWorkerEngine(): Promise<Engine> {
  const configuration = await absoluteConfiguration();
  const worker = open();
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      worker.terminate();
      reject(new LexiscopeError("unsupported", reason));
    };
    const timer = setTimeout(() => fail(`the worker did not answer within ${HANDSHAKE_MS / 1000} s`), HANDSHAKE_MS);
    const refused = (event: Event) => fail((event as ErrorEvent).message || "the page's policy or origin refuses workers");
    worker.addEventListener("error", refused);
    worker.addEventListener("message", () => {
      clearTimeout(timer);
      worker.removeEventListener("error", refused);
      resolve(new WorkerEngine(worker));
    }, { once: true });
    const configureMessage: ToWorker = { type: "configure", configuration };
    worker.postMessage(configureMessage);
  });
}
