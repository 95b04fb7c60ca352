/**
 * What one element asks for and gets: idle → loading → running → ready or error. Not an element (no DOM here) and not an engine. It
 * exists so that "the last question wins", cancelling, and "stored if it answers, live otherwise" are written once and tested alone.
 */
import { aborted, asLexiscopeError, LexiscopeError, type Phase } from "../base/errors.js";
import type { Progress } from "../engine/types.js";
import { checkExplanation } from "../explanation/parse.js";
import type { Explanation } from "../explanation/types.js";
import type { Question } from "./question.js";
import { readExplanation } from "./read-explanation.js";

export type State = "idle" | "loading" | "running" | "ready" | "error";

export interface Listener {
  changed(): void;
  progressed(progress: Progress): void;
  explained(explanation: Explanation): void;
  failed(error: LexiscopeError, phase: Phase): void;
}

interface Deferred {
  readonly promise: Promise<Explanation>;
  readonly resolve: (explanation: Explanation) => void;
  readonly reject: (error: LexiscopeError) => void;
}

function deferred(): Deferred {
  let resolve!: Deferred["resolve"];
  let reject!: Deferred["reject"];
  const promise = new Promise<Explanation>((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => {}); // a failure is shown and told by an event; who awaits `ready` gets it as well
  return { promise, resolve, reject };
}

/** Texts that follow one another faster than this are being typed: only the last is asked. Milliseconds. */
export const TYPING_PAUSE = 200;

export class Explainer {
  state: State = "idle";
  /** the last answer; it stays while the next one is on its way */
  explanation: Explanation | null = null;
  error: LexiscopeError | null = null;
  progress: Progress | null = null;

  #question: Question | null = null;
  #answer = deferred();
  /** the answer's promise has no question yet: the next one takes it */
  #free = true;
  #abort: AbortController | null = null;
  #pending = false;
  #asked = -Infinity;

  constructor(readonly listener: Listener) {}

  /** The answer to the question asked now, or else to the next one; rejects with the error, or with `aborted` when the question is cancelled or another takes its place. */
  get ready(): Promise<Explanation> {
    return this.#answer.promise;
  }

  /** Whether there is a question that waits for `start`. */
  get waiting(): boolean {
    return this.#pending;
  }

  /** Asks; a question equal to the last one changes nothing. What is in the page is answered at once, the rest after `start()`. */
  ask(question: Question | null): void {
    if (question?.key === this.#question?.key) return;
    this.#stop();
    if (!this.#free) {
      this.#answer.reject(aborted());
      this.#answer = deferred();
    }
    this.#free = !question;
    this.#question = question;
    if (!question) {
      this.explanation = null;
      return this.#become("idle");
    }
    try {
      if (question.problem) throw question.problem;
      const stored = question.given ? checkExplanation(question.given, question.checks) : question.json ? readExplanation(question.json, question.checks) : null;
      const why = stored && question.misfit(stored);
      if (why === "") return this.#settle(stored!);
      if (why && !question.src && !question.live) throw new LexiscopeError("bad-input", why);
    } catch (error) {
      return this.fail(asLexiscopeError(error, "bad-explanation", "explain"), "request");
    }
    this.#pending = Boolean(question.src ?? question.live);
    if (!this.#pending) this.explanation = null;
    this.#become("idle");
  }

  /** Begins what waits. `fresh` computes again what other elements already have. */
  start(fresh = false): void {
    const question = this.#question;
    if (!this.#pending || !question) return;
    this.#pending = false;
    const abort = (this.#abort = new AbortController());
    const pause = performance.now() - this.#asked < TYPING_PAUSE ? TYPING_PAUSE : 0;
    this.#asked = performance.now();
    this.#become("loading");
    const run = () => {
      if (!abort.signal.aborted) void this.#run(question, abort.signal, fresh);
    };
    if (pause) setTimeout(run, pause);
    else run();
  }

  /** Asks the same question again. */
  refresh(): void {
    const question = this.#question;
    if (!question) return;
    this.#question = null;
    this.ask(question);
    this.start(true);
  }

  /** Stops what runs; `ready` rejects with `aborted`. The last answer stays. */
  cancel(): void {
    if (!this.#abort && !this.#pending) return;
    this.#stop();
    this.#answer.reject(aborted());
    this.#become(this.explanation ? "ready" : "idle");
  }

  /** Nobody looks any more: what runs is stopped, and asked anew when somebody does. */
  leave(): void {
    if (!this.#abort) return;
    this.cancel();
    this.#question = null;
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = this.error = this.progress = null;
    this.#pending = false;
  }

  async #run(question: Question, signal: AbortSignal, fresh: boolean): Promise<void> {
    const late = () => signal.aborted;
    try {
      const { soughtAnswer } = await import("./sought-answer.js");
      const onProgress = (progress: Progress) => {
        if (late()) return;
        this.progress = progress;
        if (progress.partial) this.explanation = progress.partial;
        this.#become(progress.phase === "run" || progress.phase === "explain" ? "running" : "loading");
        this.listener.progressed(progress);
      };
      const explanation = await soughtAnswer(question, { signal, onProgress, fresh });
      if (!late()) this.#settle(explanation);
    } catch (error) {
      if (!late()) this.fail(asLexiscopeError(error, "runtime", "run"), this.state === "loading" ? "download" : "run");
    }
  }

  #settle(explanation: Explanation): void {
    this.#end("ready", explanation, null);
    this.#answer.resolve(explanation);
    this.listener.explained(explanation);
  }

  /** What was asked ends in this error: also when its answer cannot be drawn. */
  fail(error: LexiscopeError, phase: Phase): void {
    this.#end("error", null, error);
    this.#answer.reject(error);
    this.listener.failed(error, error.detail.phase ?? phase);
  }

  #end(state: State, explanation: Explanation | null, error: LexiscopeError | null): void {
    this.#abort = this.progress = null;
    this.explanation = explanation;
    this.error = error;
    this.#become(state);
  }

  #become(state: State): void {
    this.state = state;
    this.listener.changed();
  }
}
