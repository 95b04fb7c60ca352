/**
 * Explanations that already exist: in a file, in the page's HTML, in a program's hand. Nothing is computed here. Whatever comes in is
 * checked before an element draws it.
 */
import { LexiscopeError } from "../base/errors.js";
import { parseExplanation } from "../explanation/parse.js";
import type { Explanation } from "../explanation/types.js";

/** Throws `bad-explanation` where the text is not JSON or not an explanation. */
export function readExplanation(json: string): Explanation {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new LexiscopeError("bad-explanation", `explanation: not JSON: ${(error as Error).message}`, { cause: error });
  }
  return parseExplanation(value);
}

/** Throws `network` or `not-found` with the address, `bad-explanation`, or the signal's AbortError. */
export async function fetchExplanation(url: string, signal: AbortSignal): Promise<Explanation> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LexiscopeError("network", `cannot fetch the explanation "${url}"`, { phase: "download", cause: error });
  }
  if (!response.ok) {
    throw new LexiscopeError(response.status === 404 ? "not-found" : "network", `cannot fetch the explanation "${url}": status ${response.status}`, { phase: "download" });
  }
  return readExplanation(await response.text());
}
