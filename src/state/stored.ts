/**
 * Explanations that already exist: in a file, in the page's HTML, in a program's hand. Nothing is computed here. Whatever comes in is
 * checked before an element draws it.
 */
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

/** Throws `network` or `not-found` with the address, `bad-explanation`, or the signal's AbortError. */
export async function fetchExplanation(url: string, checks: KindChecks, signal: AbortSignal): Promise<Explanation> {
  const failed = (code: "network" | "not-found", why: string, cause?: unknown) => new LexiscopeError(code, `cannot fetch the explanation "${url}"${why}`, { phase: "download", cause });
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    throw signal.aborted ? error : failed("network", "", error);
  }
  if (!response.ok) throw failed(response.status === 404 ? "not-found" : "network", `: status ${response.status}`);
  return readExplanation(await response.text(), checks);
}
