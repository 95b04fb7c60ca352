/** What one element wants to know. Plain data. */
import type { LexiscopeError } from "../base/errors.js";
import type { KindChecks } from "../explanation/kinds.js";
import type { Explanation } from "../explanation/types.js";
import type { LiveRequest } from "./live-results.js";

/** One question, with every place that may hold the answer: a stored one that fits comes first, the model after it. */
export interface Question {
  /** equal for equal questions */
  readonly key: string;
  /** why this cannot be asked at all */
  readonly problem: LexiscopeError | null;
  /** an explanation that a program handed over */
  readonly given: unknown;
  /** JSON that stands in the page */
  readonly json: string | null | undefined;
  readonly src: string | null;
  readonly live: LiveRequest | null;
  /** checks of the kinds that a stored explanation may be of */
  readonly checks: KindChecks;
  /** "" when a stored explanation answers this question, otherwise why it does not */
  readonly misfit: (explanation: Explanation) => string;
}
