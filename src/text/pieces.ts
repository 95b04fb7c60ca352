/**
 * Finds a model's tokens again inside the pre-token that they were made of: units [start, end) a token.
 * Not a model: the library says which tokens. It exists because `##ing`, `ing</w>`, `<0xE4>` and `[UNK]` are not what stands in the text.
 */

export interface PieceRules {
  readonly isKnown: (token: string) => boolean;
  readonly unknown: string | undefined;
  /** `##` of WordPiece: in front of every token but a word's first */
  readonly continuingPrefix: string;
  /** `</w>` of older BPE: behind a word's last token */
  readonly endOfWord: string;
  /** unknown letters are written as tokens `<0xE4>` for their UTF-8 bytes */
  readonly byteFallback: boolean;
  /** one unknown token stands for the whole pre-token */
  readonly unknownIsWhole: boolean;
}

export interface Piece {
  readonly start: number;
  readonly end: number;
}

const BYTE = /^<0x[0-9A-F]{2}>$/;

export function locatePieces(preToken: string, tokens: readonly string[], rules: PieceRules): Piece[] {
  const pieces: Piece[] = [];
  let cursor = 0;
  let bytesLeft = 0; // of the letter at the cursor, when its bytes are being read
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const surface = surfaceOf(token, i, rules);
    if (isByte(token, rules)) {
      const length = lengthAt(preToken, cursor);
      if (bytesLeft === 0) bytesLeft = utf8Length(preToken.codePointAt(cursor) ?? 0);
      pieces.push({ start: cursor, end: cursor + length });
      if (--bytesLeft === 0) cursor += length;
    } else if (isUnknown(token, rules)) {
      const end = rules.unknownIsWhole ? preToken.length : endOfUnknown(preToken, cursor, tokens, i, rules);
      pieces.push({ start: cursor, end });
      cursor = end;
    } else {
      // letters that the model dropped (no unknown token) may lie before it
      const found = preToken.indexOf(surface, cursor);
      const start = found < 0 ? cursor : found;
      cursor = Math.min(preToken.length, start + surface.length);
      pieces.push({ start, end: cursor });
    }
  }
  return pieces;
}

function isByte(token: string, rules: PieceRules): boolean {
  return rules.byteFallback && BYTE.test(token);
}

function isUnknown(token: string, rules: PieceRules): boolean {
  return token === rules.unknown || !rules.isKnown(token);
}

function surfaceOf(token: string, index: number, rules: PieceRules): string {
  let surface = token;
  if (index > 0 && rules.continuingPrefix !== "" && surface.startsWith(rules.continuingPrefix)) surface = surface.slice(rules.continuingPrefix.length);
  if (rules.endOfWord !== "" && surface.endsWith(rules.endOfWord)) surface = surface.slice(0, -rules.endOfWord.length);
  return surface;
}

/** An unknown token reaches to the next known one; before another unknown or a byte it is one letter. */
function endOfUnknown(preToken: string, cursor: number, tokens: readonly string[], index: number, rules: PieceRules): number {
  const token = tokens[index]!;
  const next = tokens[index + 1];
  if (token !== rules.unknown && preToken.startsWith(token, cursor)) return cursor + token.length; // Unigram: the letters themselves
  if (next === undefined) return preToken.length;
  const one = Math.min(preToken.length, cursor + lengthAt(preToken, cursor));
  if (isUnknown(next, rules) || isByte(next, rules)) return one;
  const found = preToken.indexOf(surfaceOf(next, index + 1, rules), one);
  return found < 0 ? one : found;
}

function lengthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}
