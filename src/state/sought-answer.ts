/**
 * The answer to a question that the page does not hold itself: fetched, or else computed. Loaded when there is such a question, so that a page of
 * stored pictures paints without it.
 */
import { LexiscopeError } from "../base/errors.js";
import type { RunOptions } from "../engine/types.js";
import type { Explanation } from "../explanation/types.js";
import { fetchExplanation } from "./fetch-explanation.js";
import type { Question } from "./question.js";

export interface SeekOptions extends RunOptions {
  readonly signal: AbortSignal;
  /** compute again what other elements already have */
  readonly fresh: boolean;
}

/** Throws what fetching and the engine throw; `bad-input` when what was fetched answers another question and there is no model to ask. */
export async function soughtAnswer({ src, live, checks, misfit }: Question, options: SeekOptions): Promise<Explanation> {
  if (src) {
    const stored = await fetchExplanation(src, checks, options.signal);
    const why = misfit(stored);
    if (!why) return stored;
    if (!live) throw new LexiscopeError("bad-input", why);
  }
  const { liveResults } = await import("./live-results.js");
  return liveResults.explain(live!, options);
}
