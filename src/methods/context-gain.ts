/**
 * What a context changes about the next token: the divergence of the whole distribution, and how many bits the context brings for the one token that
 * came. The two runs, with and without context, are the caller's.
 *
 * Sources: Sarti et al. 2024, arXiv:2310.01188 (PECoRe: context-sensitive tokens); Fernandes et al. 2021, arXiv:2105.03482 (P-CXMI).
 */
import { LexiscopeError } from "../base/errors.js";

export interface ContextGain {
  /** KL(without ∥ with), nats; Infinity where the context rules out what was possible without it */
  readonly divergence: number;
  /** −log₂(p without ÷ p with): above 0 where the context makes the token likelier */
  readonly bits: number;
}

/** Probabilities of the next token, [token], with and without the context. Throws `bad-input` when they are not of one vocabulary. */
export function contextGain(withContext: ArrayLike<number>, without: ArrayLike<number>, token: number): ContextGain {
  if (withContext.length !== without.length || !(token in withContext)) {
    throw new LexiscopeError("bad-input", `distributions over ${withContext.length} and ${without.length} tokens cannot be compared at token ${token}`);
  }
  let divergence = 0;
  for (let each = 0; each < without.length; each++) if (without[each]! > 0) divergence += without[each]! * Math.log(without[each]! / withContext[each]!);
  return { divergence, bits: -Math.log2(without[token]! / withContext[token]!) };
}
