/**
 * Second sessions of one model with another backward graph (`Variant`), opened when a method asks and kept for the next question: one at a time, for
 * each holds the weights once more. Does not know what a variant is for.
 */
import type { AnyRunner, Facts } from "./answering.js";
import { Backend } from "./backend.js";
import { instrument, type Variant } from "./instrument.js";
import { fetchModelFile } from "./model-files.js";
import { Runner } from "./runner.js";

export class Variants {
  #kept: { readonly key: string; readonly runner: Promise<AnyRunner> } | null = null;

  constructor(readonly facts: Facts) {}

  /** The session with that backward graph. Throws what opening throws; the next call tries again. */
  async open(variant: Variant, signal?: AbortSignal): Promise<AnyRunner> {
    const key = JSON.stringify(variant);
    if (this.#kept?.key === key) {
      const runner = await this.#kept.runner;
      if (runner.backend.usable) return runner;
    }
    await this.dispose();
    const runner = this.#make(variant, signal);
    this.#kept = { key, runner };
    runner.catch(() => (this.#kept = null));
    return runner;
  }

  async #make(variant: Variant, signal: AbortSignal | undefined): Promise<AnyRunner> {
    const { location, options, backend: name, filling } = this.facts;
    const { rulesOf } = await import("./variant-rules.js");
    const file = await fetchModelFile(location, { signal, integrity: options.integrity });
    const instrumented = instrument(file, name, true, variant, rulesOf(variant));
    const backend = await Backend.open(name, file, instrumented);
    return new Runner(backend, instrumented, filling);
  }

  async dispose(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.runner.then((runner) => runner.backend.dispose(), () => undefined);
  }
}
