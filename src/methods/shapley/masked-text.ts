/**
 * Texts with some of their segments masked, as SHAP's text masker writes them. Segments are pieces of the author's string, spaces included, that
 * join to the whole text.
 */

export interface MaskStyle {
  /** the tokenizer's mask token; "..." for models without one */
  readonly mask: string;
  /** runs of masks become one (SHAP's choice for "...") */
  readonly collapse: boolean;
}

export function maskStyle(maskToken: string | null): MaskStyle {
  return maskToken === null ? { mask: "...", collapse: true } : { mask: maskToken, collapse: false };
}

/** A masked segment becomes a space and the mask; runs of white space become one space, the ends are trimmed. Empty segments (special tokens) stay. */
export function maskedText(segments: readonly string[], present: ArrayLike<number>, { mask, collapse }: MaskStyle): string {
  const pieces: string[] = [];
  let wasMasked = false;
  segments.forEach((segment, index) => {
    const masked = !present[index] && segment !== "";
    if (!masked) pieces.push(segment);
    else if (!(collapse && wasMasked)) pieces.push(` ${mask}`, segment.endsWith(" ") ? " " : "");
    if (segment !== "") wasMasked = masked;
  });
  return pieces.join("").replace(/\s+/gu, " ").trim();
}

/** From token offsets to segments: each token with what stands before the next one, [token]; special tokens get "". */
export function textSegments(text: string, tokens: readonly { readonly start: number; readonly end: number; readonly special: boolean }[]): string[] {
  const real = tokens.flatMap((token, index) => (token.special ? [] : [index]));
  const segments = tokens.map(() => "");
  real.forEach((index, place) => {
    const start = place === 0 ? 0 : (tokens[index]?.start as number);
    const next = real[place + 1];
    segments[index] = text.slice(start, next === undefined ? text.length : (tokens[next]?.start));
  });
  return segments;
}
