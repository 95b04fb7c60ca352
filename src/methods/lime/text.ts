/**
 * Words of a text as LIME sees them, and texts with some of them taken out. "Word" is a run of letters, digits and underscores by Unicode
 * property, as Python's \w (JavaScript's is ASCII only); a run of Chinese is then one word: give spans of your own segmentation instead.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Runs of word characters, in UTF-16 offsets. */
export function wordSpans(text: string): Span[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}_]+/gu)].map(({ index, 0: word }) => ({ start: index, end: index + word.length }));
}

/** Every word and every separator in order, as LIME's split keeps them: starts of the pieces. */
export function pieceStarts(text: string): number[] {
  const starts: number[] = [];
  let end = 0;
  for (const span of wordSpans(text)) {
    if (span.start > end) starts.push(end);
    starts.push(span.start);
    end = span.end;
  }
  if (end < text.length) starts.push(end);
  return starts;
}

/** Spans grouped into players: "bag" puts all occurrences of a word together (case counts), "position" keeps them apart. */
export function playersOfWords(text: string, spans: readonly Span[], mode: "bag" | "position"): Span[][] {
  if (mode === "position") return spans.map((span) => [span]);
  const byWord = new Map<string, Span[]>();
  for (const span of spans) {
    const word = text.slice(span.start, span.end);
    byWord.set(word, [...(byWord.get(word) ?? []), span]);
  }
  return [...byWord.values()];
}

/** The text with the absent players' spans replaced by `mask` ("" deletes them); what stands between stays. */
export function perturbText(text: string, players: readonly (readonly Span[])[], present: ArrayLike<number>, mask: string): string {
  const absent = players.flatMap((spans, player) => (present[player] ? [] : spans)).sort((a, b) => a.start - b.start);
  let result = "";
  let from = 0;
  for (const { start, end } of absent) {
    result += text.slice(from, start) + mask;
    from = end;
  }
  return result + text.slice(from);
}
