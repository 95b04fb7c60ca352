/** Explanations that stand in a file of their own. */
import { LexiscopeError } from "../base/errors.js";
import type { KindChecks } from "../explanation/kinds.js";
import type { Explanation } from "../explanation/types.js";
import { readExplanation } from "./read-explanation.js";

/** Throws `network` or `not-found` with the address, `bad-explanation`, or the signal's AbortError. */
export async function fetchExplanation(url: string, checks: KindChecks, signal: AbortSignal): Promise<Explanation> {
  const failed = (code: "network" | "not-found", why: string, cause?: unknown) => new LexiscopeError(code, `cannot fetch the explanation "${url}"${why}`, { phase: "download", cause });
  const cut = (error: unknown): never => {
    throw signal.aborted ? error : failed("network", "", error);
  };
  const response = await fetch(url, { signal }).catch(cut);
  if (!response.ok) throw failed(response.status === 404 ? "not-found" : "network", `: status ${response.status}`);
  return readExplanation(await response.text().catch(cut), checks);
}
