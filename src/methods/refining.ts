/**
 * What every method that samples has in common: it tells what it knows when a part of its budget is spent, and goes on from what was evaluated
 * before. Samples follow from the seed one by one, whatever the budget, so a larger budget begins with the same ones. Samples nothing itself.
 */
import type { MethodOptions } from "./types.js";

/**
 * What was evaluated, by what it is of; filled while a method runs, so it also serves after a stop. Good for one function, input, seed and set of
 * options, the budget excepted; for games (`remembered`) for one game, whatever the seed and the method.
 */
export type Memory = Map<string, number | ArrayLike<number>>;

export interface Refining<Result> extends MethodOptions {
  /**
   * Told the result of the samples so far, with its standard errors, when 1/16, 1/8, 1/4 and 1/2 of the budget are spent, at the end of the batch that
   * reaches them; it equals the result of so small a budget. Not before errors can be told. `share`: of the budget, 0 to 1
   */
  readonly onPartial?: ((partial: Result, share: number) => void) | undefined;
  /** what an earlier call left here is not evaluated again; the result is as if it were */
  readonly memory?: Memory | undefined;
}

/** Shares of the budget after which a partial result is due. */
export const STAGES = [1 / 16, 1 / 8, 1 / 4, 1 / 2] as const;

/** Tells when a partial result is due. */
export class Stages {
  #next = 0;

  /** @param least samples without which no errors can be told */
  constructor(readonly total: number, readonly least = 0) {}

  /** Whether `done` samples reach a stage that was not reached before. The whole budget is no stage. */
  reached(done: number): boolean {
    if (done < this.least || done >= this.total) return false;
    const before = this.#next;
    while (this.#next < STAGES.length && done >= STAGES[this.#next]! * this.total) this.#next++;
    return this.#next > before;
  }
}
