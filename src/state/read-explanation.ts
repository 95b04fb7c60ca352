/** Explanations that stand in the page as JSON. Whatever comes in is checked before an element draws it. */
import { LexiscopeError } from "../base/errors.js";
import type { KindChecks } from "../explanation/kinds.js";
import { checkExplanation } from "../explanation/parse.js";
import type { Explanation } from "../explanation/types.js";

/** Throws `bad-explanation` where the text is not JSON or not an explanation; `checks` holds the kinds that are looked into. */
export function readExplanation(json: string, checks: KindChecks): Explanation {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new LexiscopeError("bad-explanation", `explanation: not JSON: ${(error as Error).message}`, { cause: error });
  }
  return checkExplanation(value, checks);
}
