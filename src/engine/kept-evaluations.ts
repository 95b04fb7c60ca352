/**
 * What sampling methods have evaluated on a model, of the questions asked last: a larger budget, or the same one after a stop, goes on from there.
 * Not results, and not on disk: plain numbers, given up by age and when they grow too many.
 */
import type { Memory } from "../methods/refining.js";

/** Questions kept. */
const MOST_QUESTIONS = 6;
/** Numbers kept of all questions together: 64 MB of float32. */
const MOST_NUMBERS = 2 ** 24;

/** All values of a memory have one length. */
function numbersIn(memory: Memory): number {
  for (const value of memory.values()) return memory.size * (typeof value === "number" ? 1 : value.length);
  return 0;
}

export class KeptEvaluations {
  readonly #kept = new Map<string, Memory>();

  /** What is kept of a question, or a new memory; whoever evaluates adds to it. */
  of(question: unknown): Memory {
    const key = JSON.stringify(question);
    const memory = this.#kept.get(key) ?? (new Map() as Memory);
    this.#kept.delete(key);
    this.#kept.set(key, memory);
    let numbers = [...this.#kept.values()].reduce((sum, each) => sum + numbersIn(each), 0);
    for (const [oldest, dropped] of this.#kept) {
      if (oldest === key || (this.#kept.size <= MOST_QUESTIONS && numbers <= MOST_NUMBERS)) break;
      this.#kept.delete(oldest);
      numbers -= numbersIn(dropped);
    }
    return memory;
  }
}
